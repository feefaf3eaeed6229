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
)

// DB is the receipts database. It may be used by many goroutines at once.
type DB struct {
	sql     *sqlx.DB
	dialect dialect
	shown   string
	file    string
	timeout time.Duration
	now     func() time.Time
	idle    int // connections kept; 0 where the database is in their memory

	unprepared bool // nothing outlasts a transaction on a connection: no prepared statement, no lock

	plan    atomic.Pointer[plan] // the table and its statements; replaced by the check of a mapped table
	contact chan contact         // holds the one token of whoever makes first contact
	tries   atomic.Int64         // to make first contact
	reached atomic.Bool

	mu       sync.Mutex
	prepared map[string]*sqlx.NamedStmt
}

var (
	_ provisioning.Receipts    = (*DB)(nil)
	_ provisioning.FolioSource = (*DB)(nil)
)

// contact is how the last try to make it ended.
type contact struct{ err error }

// plan is a table with the statements put together for it.
type plan struct {
	table table
	statements
}

// Open checks the configuration, not the database: it succeeds while the
// database is down. A fault is one of the configuration, and holds no password.
func Open(c Config) (*DB, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	c = c.withDefaults()
	t, err := parseDSN(c.DSN)
	if err != nil {
		return nil, err
	}
	pool := sql.OpenDB(door{t.connector, t.dialect.label, c.Reload})
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

// limitPool keeps SQLite to a few connections, for one writes at a time, and to
// the very same one where the database is that connection's memory. It returns
// how many are kept while nobody needs them.
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

// Check makes contact: it migrates our own schema, or checks a mapped table and
// returns a *MapError that names each fault. The error is CodeUnavailable while
// the database is away; Put and Find answer the same until it is mended.
func (db *DB) Check(ctx context.Context) error {
	db.reached.Store(false)
	return db.ready(ctx)
}

// Writable says, once Check found a mapped table well, which of its columns the
// login may not write: CodeUnavailable. Rights come and go, and whoever only reads
// can do without: it is no fault of the map.
func (db *DB) Writable() error { return db.table().writable() }

// ready makes first contact, one caller at a time. The others wait, and share how
// it ended: a server that swallows packets costs them one time-out, not a queue of them.
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

// contactTimeouts is how many statements' time first contact may take.
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

// ensureSchema changes nothing where nothing is owed, so that an account without
// the right to change the schema will do for all but migrating.
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

// setTable puts the statements for the table together.
func (db *DB) setTable(t table) {
	db.plan.Store(&plan{t, db.dialect.statements(&t)})
}

// statement returns the prepared statement. database/sql prepares it again on
// each new connection by itself.
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

// again does act a second time where the connection broke under it. Every act of
// this package looks at what is there first, so that once more is no harm.
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

// hangUp makes contact begin anew after an outage: the name may lead to another
// server by now, and what comes back may be a copy, and older.
func (db *DB) hangUp() {
	db.reached.Store(false)
	if db.idle > 0 {
		db.sql.SetMaxIdleConns(0) // closes them
		db.sql.SetMaxIdleConns(db.idle)
	}
}

// unreachable marks what the file system refuses as a database that is away.
func unreachable(err error) error {
	return &provisioning.Error{Code: provisioning.CodeUnavailable, Reason: ReasonUnavailable, Err: err}
}
