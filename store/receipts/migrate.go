package receipts

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"slices"
	"time"

	"github.com/pressly/goose/v3"
)

// migrations are numbered files, never edited once merged.
//
//go:embed migrations
var migrations embed.FS

const versionTable = "altas_receipts_version"

// Migration is one migration of our own schema. Applied is zero while it is pending.
type Migration struct {
	Version int64
	Name    string
	Applied time.Time
}

// errMapped is Migrate's error for a mapped table, whose schema is not ours.
var errMapped = errors.New("receipts: an existing table is mapped; Altas does not migrate it")

// Migrate applies the pending migrations of our own schema and returns them. It fails for a
// mapped table.
func (db *DB) Migrate(ctx context.Context) ([]Migration, error) {
	if db.table().mapped {
		return nil, errMapped
	}
	if err := makeFile(db.file); err != nil {
		return nil, translate("make the file", db.dialect, unreachable(err))
	}
	provider, err := db.provider()
	if err != nil {
		return nil, err
	}
	if err := db.foreignTable(ctx); err != nil {
		return nil, err
	}
	results, err := provider.Up(ctx)
	for range provider.ListSources() {
		if err == nil || ctx.Err() != nil {
			break
		}
		// Another process may have been creating goose's version table, which MySQL commits
		// statement by statement, or in SQLite, which has no lock, may have applied the same
		// migration. If the cause was another, the first error is the more useful one.
		if again, next := provider.Up(ctx); next == nil {
			results, err = again, nil
		}
	}
	if err != nil {
		return nil, translate("migrate", db.dialect, err)
	}
	if err := db.notNewer(ctx, provider); err != nil {
		return nil, err
	}
	var taken []Migration
	for _, r := range results {
		taken = append(taken, Migration{Version: r.Source.Version, Name: r.Source.Path, Applied: db.now()})
	}
	return taken, nil
}

// notNewer refuses a schema migrated by a newer Altas, whose rows may have requirements that this
// version does not know.
func (db *DB) notNewer(ctx context.Context, provider *goose.Provider) error {
	current, known, err := provider.GetVersions(ctx)
	if err != nil {
		return translate("read the schema's version", db.dialect, err)
	}
	if current > known {
		return unreachable(fmt.Errorf("receipts: its schema was made by a newer Altas: it is %d, this one knows up to %d", current, known))
	}
	return nil
}

// foreignTable refuses a table with our name but other columns: the migrations do not create ours
// if a table of the name exists.
func (db *DB) foreignTable(ctx context.Context) error {
	schema := ""
	if db.dialect.label == "postgres" { // by itself the catalogue would go down the search path
		_ = db.sql.GetContext(ctx, &schema, "SELECT current_schema()") // on failure the migration reports the cause
	}
	columns, err := db.liveColumns(ctx, map[string]any{"schema": schema, "table": ownTable})
	if err != nil {
		return translate("look for a table of our name", db.dialect, err)
	}
	ours := func(c liveColumn) bool { return c.name == "stamp" }
	if len(columns) == 0 || slices.ContainsFunc(columns, ours) {
		return nil
	}
	return unreachable(fmt.Errorf(
		"receipts: there is a table %s that Altas did not make, for it has no column stamp: name another schema or database, or map it in the YAML file", ownTable))
}

// Status returns all migrations of our own schema, the oldest first. It changes nothing.
func (db *DB) Status(ctx context.Context) ([]Migration, error) {
	if db.table().mapped {
		return nil, errMapped
	}
	provider, err := db.provider()
	if err != nil {
		return nil, err
	}
	var all []Migration
	if _, err := os.Stat(db.file); db.file != "" && errors.Is(err, fs.ErrNotExist) {
		for _, source := range provider.ListSources() {
			all = append(all, Migration{Version: source.Version, Name: source.Path})
		}
		return all, nil
	}
	steps, err := provider.Status(ctx)
	if err != nil {
		return nil, translate("read the schema's version", db.dialect, err)
	}
	if err := db.notNewer(ctx, provider); err != nil {
		return nil, err
	}
	for _, s := range steps {
		all = append(all, Migration{Version: s.Source.Version, Name: s.Source.Path, Applied: s.AppliedAt})
	}
	return all, nil
}

func (db *DB) provider() (*goose.Provider, error) {
	folder, err := fs.Sub(migrations, "migrations/"+db.dialect.label)
	if err != nil {
		return nil, fmt.Errorf("receipts: migrations: %w", err)
	}
	options := []goose.ProviderOption{
		goose.WithTableName(versionTable), goose.WithDisableGlobalRegistry(true), goose.WithSlog(slog.New(slog.DiscardHandler)),
	}
	if db.dialect.lock != nil && !db.unprepared {
		locker, err := db.dialect.lock()
		if err != nil {
			return nil, fmt.Errorf("receipts: migrations: %w", err)
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	provider, err := goose.NewProvider(db.dialect.goose, db.sql.DB, folder, options...)
	if err != nil {
		return nil, fmt.Errorf("receipts: migrations: %w", err)
	}
	return provider, nil
}

// mysqlLock is a lock.SessionLocker for MySQL, which goose does not have. It uses GET_LOCK, which
// the server releases with the connection.
type mysqlLock struct{}

// SessionLock implements lock.SessionLocker. It waits up to a minute.
func (mysqlLock) SessionLock(ctx context.Context, conn *sql.Conn) error {
	var got sql.NullInt64
	if err := conn.QueryRowContext(ctx, "SELECT GET_LOCK(?, 60)", versionTable).Scan(&got); err != nil {
		return err
	}
	if got.Int64 != 1 {
		return errors.New("another process is migrating")
	}
	return nil
}

// SessionUnlock implements lock.SessionLocker.
func (mysqlLock) SessionUnlock(ctx context.Context, conn *sql.Conn) error {
	_, err := conn.ExecContext(ctx, "DO RELEASE_LOCK(?)", versionTable)
	return err
}
