package receipts

import (
	"database/sql"
	"strings"

	"github.com/pressly/goose/v3/database"
	"github.com/pressly/goose/v3/lock"
)

// dialect is what the four databases differ in.
type dialect struct {
	label   string           // the folder of its migrations
	driver  string           // the name by which sqlx knows the placeholders
	goose   database.Dialect // by which goose keeps its own table
	left    string           // what stands around a name
	right   string
	fault   func(error) fault
	catalog catalog
	lock    func() (lock.SessionLocker, error) // keeps two processes from migrating at once; nil where one statement is enough
}

func sqlite() dialect {
	return dialect{
		label: "sqlite", driver: "sqlite3", goose: database.DialectSQLite3, left: `"`, right: `"`,
		fault: sqliteFault, catalog: sqliteCatalog(),
	}
}

func postgres() dialect {
	return dialect{
		label: "postgres", driver: "pgx", goose: database.DialectPostgres, left: `"`, right: `"`,
		fault: postgresFault, catalog: postgresCatalog(),
		lock: func() (lock.SessionLocker, error) { return lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 60)) },
	}
}

func mysql() dialect {
	return dialect{
		label: "mysql", driver: "mysql", goose: database.DialectMySQL, left: "`", right: "`",
		fault: mysqlFault, catalog: mysqlCatalog(),
		lock: func() (lock.SessionLocker, error) { return mysqlLock{}, nil },
	}
}

func sqlserver() dialect {
	return dialect{
		label: "sqlserver", driver: "sqlserver", goose: database.DialectMSSQL, left: "[", right: "]",
		fault: sqlserverFault, catalog: sqlserverCatalog(),
	}
}

// transaction is how one begins. SQLite's that only reads locks nobody out and needs
// no leave to write; the servers have nothing to gain, and SQL Server's driver refuses it.
func (d dialect) transaction(onlyReads bool) *sql.TxOptions {
	return &sql.TxOptions{ReadOnly: onlyReads && d.label == "sqlite"}
}

// quote makes any name an identifier. The colon is doubled for sqlx, which
// halves it again: alone it would begin a named value.
func (d dialect) quote(name string) string {
	name = strings.ReplaceAll(name, d.right, d.right+d.right)
	return d.left + strings.ReplaceAll(name, ":", "::") + d.right
}
