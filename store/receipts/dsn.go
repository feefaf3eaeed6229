package receipts

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/microsoft/go-mssqldb/msdsn"
	sqlitelib "modernc.org/sqlite"
)

// target is a parsed DSN.
type target struct {
	dialect   dialect
	connector driver.Connector
	shown     string // the address without the password
	file      string // SQLite's; "" in memory, and for servers

	unprepared bool // see DB
}

// connectTimeout is the timeout of dialling if the DSN sets none; the statement's own timeout
// includes it.
const connectTimeout = 5 * time.Second

// silence is how long SQL Server's driver waits for the next bytes of an answer; the contexts of
// statements end earlier.
const silence = time.Minute

const application = "altas"

// parseDSN parses a DSN. Its errors never contain the DSN, which has the password.
func parseDSN(dsn string) (target, error) {
	scheme, rest, _ := strings.Cut(dsn, ":")
	parse := map[string]func(*url.URL) (target, error){
		"postgres": postgresTarget, "postgresql": postgresTarget,
		"mysql": mysqlTarget, "mariadb": mysqlTarget, "sqlserver": sqlserverTarget,
	}[scheme]
	switch {
	case scheme == "sqlite":
		return sqliteTarget(rest)
	case parse == nil:
		return target{}, errors.New("receipts: database address: begin with sqlite:, postgres://, mysql:// or sqlserver://")
	}
	u, err := url.Parse(dsn)
	if err != nil || u.Host == "" && u.Query().Get("host") == "" && u.Query().Get("socket") == "" {
		return target{}, fmt.Errorf("receipts: database address: want %s://USER:PASSWORD@HOST:PORT/…, special characters of the password as %%XX", scheme)
	}
	t, err := parse(u)
	if err != nil {
		return target{}, fmt.Errorf("receipts: database address: %s", withoutPassword(err.Error(), u))
	}
	t.shown = (&url.URL{Scheme: u.Scheme, User: url.User(u.User.Username()), Host: u.Host, Path: u.Path}).String()
	return t, nil
}

// withoutPassword makes sure of what a driver's message might repeat.
func withoutPassword(msg string, u *url.URL) string {
	hide := []string{u.RawQuery}
	if pw, ok := u.User.Password(); ok {
		hide = append(hide, pw, url.QueryEscape(pw), url.PathEscape(pw), u.User.String())
	}
	for _, s := range hide {
		if s != "" {
			msg = strings.ReplaceAll(msg, s, "[redacted]")
		}
	}
	return msg
}

// sqliteTarget sets options so that commits are synced to disk and a locked file is waited for.
// A transaction takes the write lock when it begins: one that reads first and then writes would
// fail with SQLITE_BUSY, without waiting, if another has written meanwhile.
// https://sqlite.org/lang_transaction.html#deferred_immediate_and_exclusive_transactions
func sqliteTarget(path string) (target, error) {
	if path == "" || strings.ContainsRune(path, 0) {
		return target{}, errors.New("receipts: database address: sqlite: needs a path")
	}
	options := "?_time_format=sqlite&_txlock=immediate&_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)"
	t := target{dialect: sqlite(), shown: "sqlite:" + path, file: path}
	name := "file:" + (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath() + options
	if path == ":memory:" {
		t.file, name = "", ":memory:"+options
	}
	t.connector = named{driver: &sqlitelib.Driver{}, name: name}
	return t, nil
}

// makeFile creates the file and its folder with access for the owner only; SQLite would create
// it readable for all.
func makeFile(path string) error {
	if path == "" {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil { //nolint:gosec // the path is the operator's
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600) //nolint:gosec // the same
	if err != nil {
		return err
	}
	return f.Close()
}

func postgresTarget(u *url.URL) (target, error) {
	config, err := pgx.ParseConfig(u.String())
	if err != nil {
		return target{}, err
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = connectTimeout
	}
	config.RuntimeParams["timezone"] = "UTC"
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = application
	}
	return target{
		dialect: postgres(), connector: stdlib.GetConnector(*config),
		unprepared: config.DefaultQueryExecMode == pgx.QueryExecModeSimpleProtocol,
	}, nil
}

func sqlserverTarget(u *url.URL) (target, error) {
	config, err := msdsn.Parse(u.String())
	if err != nil {
		return target{}, err
	}
	if config.DialTimeout == 0 {
		config.DialTimeout = connectTimeout
	}
	if config.ConnTimeout == 0 {
		config.ConnTimeout = silence
	}
	config.AppName = application
	return target{dialect: sqlserver(), connector: sqlserverConnector{config}}, nil
}

// named is a driver.Connector for a driver that has none and opens by name.
type named struct {
	driver driver.Driver
	name   string
}

// Connect implements driver.Connector. The driver's Open takes no context.
func (n named) Connect(context.Context) (driver.Conn, error) { return n.driver.Open(n.name) }

// Driver implements driver.Connector.
func (n named) Driver() driver.Driver { return n.driver }

// reloader is the driver.Connector of the pool. It reloads the DSN before each connection, if it can
// change, and wraps every failure to connect in a connectError: certificate, login, limit, file.
type reloader struct {
	driver.Connector
	label  string
	reload func() (string, error) // nil if the DSN cannot change
}

// Connect opens a connection with the current DSN.
func (d reloader) Connect(ctx context.Context) (driver.Conn, error) {
	connector, err := d.present()
	if err != nil {
		return nil, &connectError{err}
	}
	conn, err := connector.Connect(ctx)
	if err != nil {
		return nil, &connectError{err}
	}
	return conn, nil
}

func (d reloader) present() (driver.Connector, error) {
	if d.reload == nil {
		return d.Connector, nil
	}
	dsn, err := d.reload()
	if err != nil {
		return nil, fmt.Errorf("read the database address again: %w", err)
	}
	t, err := parseDSN(dsn)
	if err != nil {
		return nil, err
	}
	if t.dialect.label != d.label {
		return nil, fmt.Errorf("the database address changed from %s to %s: restart", d.label, t.dialect.label)
	}
	return t.connector, nil
}

// connectError is a failure to connect.
type connectError struct{ err error }

func (e *connectError) Error() string { return e.err.Error() }
func (e *connectError) Unwrap() error { return e.err }
