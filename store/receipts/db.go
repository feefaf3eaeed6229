package receipts

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jmoiron/sqlx"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// DB is the receipts database. Its methods may be called concurrently.
type DB struct {
	sql     *sqlx.DB
	dialect dialect
	shown   string
	file    string
	timeout time.Duration
	now     func() time.Time
	idle    int // idle connections; 0 for an in-memory database, which is never closed

	unprepared bool // a transaction pooler: prepared statements and locks end with the transaction

	plan    atomic.Pointer[plan] // the table and its statements; replaced by the check of a mapped table
	contact chan contact         // a semaphore of one for first contact, with the last result
	tries   atomic.Int64         // number of finished first contacts
	reached atomic.Bool          // the last first contact succeeded

	mu       sync.Mutex
	prepared map[string]*sqlx.NamedStmt
}

var (
	_ provisioning.Receipts    = (*DB)(nil)
	_ provisioning.FolioSource = (*DB)(nil)
)

// contact is the result of the last first contact.
type contact struct{ err error }

// plan is a table with its statements.
type plan struct {
	table table
	statements
}

// Open validates the configuration but does not connect: it succeeds while the database is down.
// Its errors are about the configuration and contain no password.
func Open(c Config) (*DB, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	c = c.withDefaults()
	t, err := parseDSN(c.DSN)
	if err != nil {
		return nil, err
	}
	pool := sql.OpenDB(reloader{t.connector, t.dialect.label, c.Reload})
	idle := limitPool(pool, c, t)
	db := &DB{
		sql: sqlx.NewDb(pool, t.dialect.driver), dialect: t.dialect, shown: t.shown, file: t.file, unprepared: t.unprepared,
		timeout: c.Timeout, now: c.Now, idle: idle, contact: make(chan contact, 1), prepared: map[string]*sqlx.NamedStmt{},
	}
	db.contact <- contact{}
	if c.Table != nil {
		db.setTable(mappedTable(*c.Table))
	} else {
		db.setTable(ownSchema())
	}
	return db, nil
}

// limitPool sets the limits of the connection pool and returns the number of idle connections.
// SQLite gets few, because one writes at a time, and an in-memory database a single one, which
// is never closed because it holds the data.
func limitPool(pool *sql.DB, c Config, t target) (idle int) {
	switch {
	case t.dialect.label == "sqlite" && t.file == "":
		pool.SetMaxOpenConns(1)
		return 0
	case t.dialect.label == "sqlite":
		c.MaxOpen = min(c.MaxOpen, 4)
	}
	pool.SetMaxOpenConns(c.MaxOpen)
	idle = min(c.MaxIdle, c.MaxOpen)
	pool.SetMaxIdleConns(idle)
	pool.SetConnMaxLifetime(c.MaxLifetime)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	return idle
}

// Close waits for running statements and closes the connections.
func (db *DB) Close() error {
	if err := db.sql.Close(); err != nil {
		return fmt.Errorf("receipts: close: %w", err)
	}
	return nil
}

// String returns the database's address without its password.
func (db *DB) String() string { return db.shown }

// Check connects and migrates our own schema, or checks a mapped table and returns a *MapError
// with all its faults. Its error is CodeUnavailable, also while the database is unavailable; Put
// and Find return the same until the cause is fixed.
func (db *DB) Check(ctx context.Context) error {
	db.reached.Store(false)
	return db.ready(ctx)
}

// Writable returns CodeUnavailable, naming the columns, if the login may not write all of a mapped
// table's columns; call it after Check. It is not part of Check because rights can change, and
// readers do not need them.
func (db *DB) Writable() error { return db.table().writable() }

// ready makes first contact, one caller at a time. The others wait and share the result, so a
// server that does not answer costs each of them one timeout only.
func (db *DB) ready(ctx context.Context) error {
	if db.reached.Load() {
		return nil
	}
	tries := db.tries.Load()
	var last contact
	select {
	case last = <-db.contact:
		defer func() { db.contact <- last }()
	case <-ctx.Done():
		return translate("wait for first contact", db.dialect, ctx.Err())
	}
	if db.tries.Load() != tries {
		return last.err
	}
	last.err = db.firstContact(ctx)
	db.tries.Add(1)
	db.reached.Store(last.err == nil)
	return last.err
}

// contactTimeouts is the timeout of first contact, in multiples of a statement's.
const contactTimeouts = 6

func (db *DB) firstContact(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, contactTimeouts*db.timeout)
	defer cancel()
	if db.table().mapped {
		return db.checkMap(ctx)
	}
	if err := makeFile(db.file); err != nil {
		return translate("make the file", db.dialect, unreachable(err))
	}
	return db.ensureSchema(ctx)
}

// ensureSchema migrates only if a migration is pending, so that a login without the right to
// change the schema suffices otherwise.
func (db *DB) ensureSchema(ctx context.Context) error {
	ping, cancel := context.WithTimeout(ctx, db.timeout)
	defer cancel()
	if err := db.sql.PingContext(ping); err != nil {
		return translate("connect", db.dialect, err)
	}
	provider, err := db.provider()
	if err != nil {
		return err
	}
	owed, err := provider.HasPending(ctx)
	if err == nil && !owed {
		return db.notNewer(ctx, provider)
	}
	_, err = db.Migrate(ctx)
	return err
}

func (db *DB) table() *table { return &db.plan.Load().table }

// setTable sets the table and builds its statements.
func (db *DB) setTable(t table) {
	db.plan.Store(&plan{t, db.dialect.statements(&t)})
}

// statement returns the prepared statement of a text. database/sql prepares it again on each new
// connection.
func (db *DB) statement(ctx context.Context, text string) (*sqlx.NamedStmt, error) {
	db.mu.Lock()
	stmt := db.prepared[text]
	db.mu.Unlock()
	if stmt != nil {
		return stmt, nil
	}
	stmt, err := db.sql.PrepareNamedContext(ctx, text)
	if err != nil {
		return nil, err
	}
	db.mu.Lock()
	defer db.mu.Unlock()
	if first := db.prepared[text]; first != nil {
		_ = stmt.Close() // another goroutine was faster
		return first, nil
	}
	db.prepared[text] = stmt
	return stmt, nil
}

// again runs act after first contact, and once more if the connection broke. This is safe
// because every act reads the rows before it writes. It translates the error.
func (db *DB) again(ctx context.Context, what string, act func(context.Context) error) error {
	if err := db.ready(ctx); err != nil {
		return err
	}
	err := act(ctx)
	if err != nil && ctx.Err() == nil && classify(db.dialect, err) == lost {
		err = act(ctx)
	}
	if err != nil && classify(db.dialect, err) == away {
		db.hangUp()
	}
	return translate(what, db.dialect, err)
}

// hangUp closes the idle connections and requires a new first contact after an outage: the host
// name may now resolve to another server, or an older copy may have been restored.
func (db *DB) hangUp() {
	db.reached.Store(false)
	if db.idle > 0 {
		db.sql.SetMaxIdleConns(0) // closes them
		db.sql.SetMaxIdleConns(db.idle)
	}
}

// unreachable returns err as an error of an unavailable database, CodeUnavailable.
func unreachable(err error) error {
	return &problem.Error{Code: problem.CodeUnavailable, Reason: ReasonUnavailable, Err: err}
}
