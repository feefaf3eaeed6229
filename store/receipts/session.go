package receipts

import (
	"context"
	"database/sql"
	"errors"

	"github.com/jmoiron/sqlx"
)

// session runs statements: in tx, or each on its own if tx is nil.
type session struct {
	db *DB
	tx *sqlx.Tx
}

// transact runs act in one transaction. The statements needed for writing are prepared before it,
// because an in-memory database has a single connection; if there are none, it is read-only.
func (db *DB) transact(ctx context.Context, needed []string, act func(session) error) error {
	for _, text := range needed {
		if _, err := (session{db: db}).statement(ctx, text); err != nil {
			return err
		}
	}
	tx, err := db.sql.BeginTxx(ctx, db.dialect.transaction(len(needed) == 0))
	if err != nil {
		return err
	}
	if err := act(session{db, tx}); err != nil {
		if undone := tx.Rollback(); !errors.Is(undone, sql.ErrTxDone) { // ErrTxDone if the context ended
			err = errors.Join(err, undone)
		}
		return err
	}
	return tx.Commit()
}

// statement is a statement with named parameters, usually prepared.
type statement interface {
	ExecContext(ctx context.Context, args any) (sql.Result, error)
	QueryContext(ctx context.Context, args any) (*sql.Rows, error)
}

func (s session) statement(ctx context.Context, text string) (statement, error) {
	switch {
	case s.db.unprepared && s.tx == nil:
		return unprepared{s.db.sql, text}, nil
	case s.db.unprepared:
		return unprepared{s.tx, text}, nil
	}
	stmt, err := s.db.statement(ctx, text)
	if err != nil || s.tx == nil {
		return stmt, err
	}
	return s.tx.NamedStmtContext(ctx, stmt), nil
}

// unprepared is a statement for a pooler that may assign each transaction another connection,
// which has no prepared statements.
type unprepared struct {
	conn sqlx.ExtContext
	text string
}

// ExecContext implements statement.
func (u unprepared) ExecContext(ctx context.Context, args any) (sql.Result, error) {
	return sqlx.NamedExecContext(ctx, u.conn, u.text, args)
}

// QueryContext implements statement.
func (u unprepared) QueryContext(ctx context.Context, args any) (*sql.Rows, error) {
	rows, err := sqlx.NamedQueryContext(ctx, u.conn, u.text, args)
	if err != nil {
		return nil, err
	}
	return rows.Rows, nil
}

// exec runs a statement and returns the number of affected rows.
func (s session) exec(ctx context.Context, text string, args map[string]any) (int64, error) {
	ctx, cancel := context.WithTimeout(ctx, s.db.timeout)
	defer cancel()
	stmt, err := s.statement(ctx, text)
	if err != nil {
		return 0, err
	}
	result, err := stmt.ExecContext(ctx, args)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// query returns the rows of a lookup by key, which are few.
func (s session) query(ctx context.Context, text string, args map[string]any) ([]record, error) {
	ctx, cancel := context.WithTimeout(ctx, s.db.timeout)
	defer cancel()
	stmt, err := s.statement(ctx, text)
	if err != nil {
		return nil, err
	}
	return s.read(ctx, stmt, args)
}

// queryAnew is query with a newly prepared statement: with a reused one PostgreSQL may keep the
// plan that was chosen while the table was empty.
// https://www.postgresql.org/docs/current/sql-prepare.html#SQL-PREPARE-NOTES
func (s session) queryAnew(ctx context.Context, text string, args map[string]any) ([]record, error) {
	ctx, cancel := context.WithTimeout(ctx, s.db.timeout)
	defer cancel()
	if s.db.unprepared {
		return s.read(ctx, unprepared{s.tx, text}, args)
	}
	stmt, err := s.tx.PrepareNamedContext(ctx, text)
	if err != nil {
		return nil, err
	}
	found, err := s.read(ctx, stmt, args)
	return found, errors.Join(err, stmt.Close())
}

func (s session) read(ctx context.Context, stmt statement, args map[string]any) ([]record, error) {
	rows, err := stmt.QueryContext(ctx, args)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	t := s.db.table()
	var found []record
	for rows.Next() {
		var rec record
		if err := rows.Scan(t.scan(&rec)...); err != nil {
			return nil, err
		}
		found = append(found, rec)
	}
	return found, rows.Err()
}
