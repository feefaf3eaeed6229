package receipts

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
)

// ErrNotCompacted is the error of Compact. The rows are as they are; only their former values may
// still be in the database's files.
var ErrNotCompacted = errors.New("receipts: the former values of erased rows may still be in the database's files: run it again, or have its administrator rewrite the table")

// compactTimeouts is the timeout of Compact, in multiples of a statement's.
const compactTimeouts = 30

// Compact rewrites our own table, so that the database's files do not keep what rows said before they
// were changed: those of SQLite, of which nothing else is left, and those of the table on a server,
// whose logs and backups are its administrator's. Call it after Erase, even if that blanked no row:
// an earlier run may have been interrupted in between. Meanwhile, others wait for the table. A mapped
// table is left alone.
//
// All its errors are ErrNotCompacted.
func (db *DB) Compact(ctx context.Context) error {
	if db.table().mapped {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, compactTimeouts*db.timeout)
	defer cancel()
	err := db.ready(ctx)
	if err == nil {
		err = db.rewrite(ctx)
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNotCompacted, err)
	}
	return nil
}

func (db *DB) rewrite(ctx context.Context) error {
	conn, err := db.sql.Connx(ctx)
	if err != nil {
		return err
	}
	return errors.Join(db.dialect.rewrite(ctx, conn, db.dialect.tableName(db.table())), conn.Close())
}

// sqliteRewrite copies the file and empties its write-ahead log, which has the former pages too:
// https://www.sqlite.org/lang_vacuum.html, https://www.sqlite.org/pragma.html#pragma_wal_checkpoint
func sqliteRewrite(ctx context.Context, conn *sqlx.Conn, _ string) error {
	if _, err := conn.ExecContext(ctx, "VACUUM"); err != nil {
		return err
	}
	var busy, written, moved int
	if err := conn.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &written, &moved); err != nil {
		return err
	}
	if busy != 0 {
		return errors.New("the write-ahead log was not emptied, because somebody else is reading the file")
	}
	return nil
}

// postgresRewrite copies the table. The copy has every version of a row that a running transaction
// can see, so those that began earlier are waited for. From a login that does not own the table,
// PostgreSQL accepts the statement but does nothing:
// https://www.postgresql.org/docs/current/sql-vacuum.html
func postgresRewrite(ctx context.Context, conn *sqlx.Conn, table string) error {
	if err := earlierEnded(ctx, conn); err != nil {
		return err
	}
	var before, after int64
	const file = "SELECT pg_relation_filenode(CAST($1 AS regclass))"
	err := conn.GetContext(ctx, &before, file, table)
	if err == nil {
		_, err = conn.ExecContext(ctx, "VACUUM FULL "+table)
	}
	if err == nil {
		err = conn.GetContext(ctx, &after, file, table)
	}
	if err == nil && after == before {
		err = fmt.Errorf("this login does not own the table: its owner has to execute VACUUM FULL %s", table)
	}
	return err
}

// pollEvery is how often PostgreSQL is asked whether earlier transactions have ended.
const pollEvery = 100 * time.Millisecond

// earlierEnded waits until the transactions that are running in this database have ended.
func earlierEnded(ctx context.Context, conn *sqlx.Conn) error {
	earlier, err := running(ctx, conn)
	poll := time.NewTicker(pollEvery)
	defer poll.Stop()
	for err == nil && len(earlier) > 0 {
		select {
		case <-poll.C:
		case <-ctx.Done():
		}
		var now []string
		if now, err = running(ctx, conn); err == nil {
			earlier = slices.DeleteFunc(earlier, func(id string) bool { return !slices.Contains(now, id) })
		}
	}
	if err != nil && len(earlier) > 0 {
		err = fmt.Errorf("an earlier transaction is still running, such as that of a backup: %w", err)
	}
	return err
}

// running returns the ids of the transactions of other sessions in this database, without those of
// autovacuum, which has no user and holds nothing back.
func running(ctx context.Context, conn *sqlx.Conn) (ids []string, err error) {
	err = conn.SelectContext(ctx, &ids, `
SELECT l.virtualtransaction FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'virtualxid' AND l.pid <> pg_backend_pid() AND a.datname = current_database() AND a.usesysid IS NOT NULL`)
	return ids, err
}

// mysqlRewrite copies the table. The statement reports its failure as a row:
// https://dev.mysql.com/doc/refman/8.4/en/optimize-table.html
func mysqlRewrite(ctx context.Context, conn *sqlx.Conn, table string) error {
	rows, err := conn.QueryContext(ctx, "OPTIMIZE TABLE "+table)
	if err != nil {
		return err
	}
	defer rows.Close()
	var faults []error
	for rows.Next() {
		var name, act, kind, message string
		if err := rows.Scan(&name, &act, &kind, &message); err != nil {
			return err
		}
		if strings.EqualFold(kind, "error") {
			faults = append(faults, errors.New(message))
		}
	}
	return errors.Join(append(faults, rows.Err())...)
}

// sqlserverRewrite copies the table, which is its clustered index, and its other indexes:
// https://learn.microsoft.com/sql/t-sql/statements/alter-index-transact-sql
func sqlserverRewrite(ctx context.Context, conn *sqlx.Conn, table string) error {
	_, err := conn.ExecContext(ctx, sqlserverRewriting(table))
	return err
}

func sqlserverRewriting(table string) string { return "ALTER INDEX ALL ON " + table + " REBUILD" }
