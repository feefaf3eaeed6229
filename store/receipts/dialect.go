package receipts

import (
	"context"
	"database/sql"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/pressly/goose/v3/database"
	"github.com/pressly/goose/v3/lock"
)

// dialect is what differs between the four databases.
type dialect struct {
	label   string           // also the folder of its migrations
	driver  string           // the driver name by which sqlx chooses the placeholders
	goose   database.Dialect // of goose's version table
	left    string           // quotes of an identifier
	right   string
	fault   func(error) fault
	catalog catalog
	lock    func() (lock.SessionLocker, error)                             // serialises migrations of several processes; nil if not needed
	rewrite func(ctx context.Context, conn *sqlx.Conn, table string) error // see Compact
}

func sqlite() dialect {
	return dialect{
		label: "sqlite", driver: "sqlite3", goose: database.DialectSQLite3, left: `"`, right: `"`,
		fault: sqliteFault, catalog: sqliteCatalog(), rewrite: sqliteRewrite,
	}
}

func postgres() dialect {
	return dialect{
		label: "postgres", driver: "pgx", goose: database.DialectPostgres, left: `"`, right: `"`,
		fault: postgresFault, catalog: postgresCatalog(), rewrite: postgresRewrite,
		lock: func() (lock.SessionLocker, error) { return lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 60)) },
	}
}

func mysql() dialect {
	return dialect{
		label: "mysql", driver: "mysql", goose: database.DialectMySQL, left: "`", right: "`",
		fault: mysqlFault, catalog: mysqlCatalog(), rewrite: mysqlRewrite,
		lock: func() (lock.SessionLocker, error) { return mysqlLock{}, nil },
	}
}

func sqlserver() dialect {
	return dialect{
		label: "sqlserver", driver: "sqlserver", goose: database.DialectMSSQL, left: "[", right: "]",
		fault: sqlserverFault, catalog: sqlserverCatalog(), rewrite: sqlserverRewrite,
	}
}

// transaction returns the options of a transaction. In SQLite a read-only one takes no write lock
// and needs no right to write; for the servers it has no advantage, and SQL Server's driver
// refuses it.
func (d dialect) transaction(onlyReads bool) *sql.TxOptions {
	return &sql.TxOptions{ReadOnly: onlyReads && d.label == "sqlite"}
}

// quote returns a name as a quoted identifier. A colon is doubled as sqlx's escape: a single one
// starts a named parameter.
func (d dialect) quote(name string) string {
	name = strings.ReplaceAll(name, d.right, d.right+d.right)
	return d.left + strings.ReplaceAll(name, ":", "::") + d.right
}
