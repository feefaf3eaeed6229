package receipts

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"slices"
	"strings"
	"syscall"

	mysqldriver "github.com/go-sql-driver/mysql"
	"github.com/jackc/pgx/v5/pgconn"
	mssql "github.com/microsoft/go-mssqldb"
	sqlitelib "modernc.org/sqlite"

	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// fault is the class of a driver's error.
type fault int

const (
	unknown   fault = iota
	lost            // the connection broke and the statement may have been executed, or a deadlock, and it was not
	away            // temporary: slow, starting, read-only, full, locked, no such login, the table was altered
	duplicate       // a unique key refuses the row
	refused         // a value cannot be stored
)

// translate converts a driver's error to a *problem.Error: CodeUnavailable, or CodeInvalid
// and Permanent. An error of unknown class is only wrapped, and so retried with back-off.
func translate(act string, d dialect, err error) error {
	if err == nil {
		return nil
	}
	if _, ours := errors.AsType[*problem.Error](err); ours {
		return err
	}
	err = &driverError{act, err}
	switch classify(d, err) {
	case lost, away:
		return &problem.Error{Code: problem.CodeUnavailable, Reason: ReasonUnavailable, Err: err}
	case refused, duplicate:
		return job.Permanent(&problem.Error{Code: problem.CodeInvalid, Reason: ReasonRefused, Err: err})
	}
	return err
}

// driverError wraps a driver's error with the failing act.
type driverError struct {
	act string
	err error
}

func (e *driverError) Error() string { return "receipts: " + e.act + ": " + e.err.Error() }
func (e *driverError) Unwrap() error { return e.err }

func classify(d dialect, err error) fault {
	if _, outside := errors.AsType[*connectError](err); outside {
		return away
	}
	if f := d.fault(err); f != unknown {
		return f
	}
	var network net.Error
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return away
	case errors.Is(err, driver.ErrBadConn), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF),
		errors.Is(err, net.ErrClosed), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return lost
	case errors.As(err, &network):
		return away
	}
	return unknown
}

// postgresFault classifies by SQLSTATE:
// https://www.postgresql.org/docs/current/errcodes-appendix.html
func postgresFault(err error) fault {
	var refusal *pgconn.PgError
	if !errors.As(err, &refusal) {
		return unknown
	}
	switch code := refusal.Code; {
	case code == "23505":
		return duplicate
	case strings.HasPrefix(code, "22"), strings.HasPrefix(code, "23"), code == "P0001": // a trigger's RAISE
		return refused
	case strings.HasPrefix(code, "08"), code == "57P01", code == "57P02", code == "40001", code == "40P01":
		return lost
	case hasAnyPrefix(code, "0A000", "25", "28", "3D", "3F", "42501", "42703", "42P01", "53", "55", "57", "58", "XX"):
		return away
	}
	return unknown
}

func hasAnyPrefix(s string, prefixes ...string) bool {
	return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(s, p) })
}

// mysqlFault classifies by the server's error numbers:
// https://mariadb.com/kb/en/mariadb-error-code-reference/
func mysqlFault(err error) fault {
	if errors.Is(err, mysqldriver.ErrInvalidConn) || errors.Is(err, mysqldriver.ErrMalformPkt) || errors.Is(err, mysqldriver.ErrPktSync) {
		return lost
	}
	var refusal *mysqldriver.MySQLError
	if !errors.As(err, &refusal) {
		return unknown
	}
	switch refusal.Number {
	case 1062, 1586: // duplicate entry
		return duplicate
	case 1048, 1264, 1265, 1267, 1292, 1364, 1366, 1406, 1451, 1452, 1644, 3819, 4025: // null, range, truncated, not in its character set, incorrect, no default, too long, constraints, a trigger's SIGNAL
		return refused
	case 1020, 1053, 1152, 1213, 1317, 1927, 2006, 2013: // changed since it was read (innodb_snapshot_isolation), shutdown, aborted, deadlock, interrupted, killed, gone away, lost
		return lost
	case 1021, 1026, 1030, 1037, 1038, 1040, 1041, 1114, 1129, 1130, 1135, 1203, 1205, 1226, // full, out of memory, too many connections, blocked host, locks
		1044, 1045, 1049, 1054, 1142, 1143, 1146, 1227, 1698, 1820, 1862, 3118, 4151, // rights, no such database, column or table, expired or locked login
		1290, 1792, 1836, 1969, 3024: // read-only, took too long
		return away
	}
	return unknown
}

// sqliteFault classifies by the result codes: https://www.sqlite.org/rescode.html
func sqliteFault(err error) fault {
	var refusal *sqlitelib.Error
	if !errors.As(err, &refusal) {
		return unknown
	}
	switch code := refusal.Code(); {
	case code == 2067, code == 1555: // unique, primary key
		return duplicate
	case slices.Contains([]int{18, 19, 20}, code&0xff): // too big, constraint, mismatch
		return refused
	case slices.Contains([]int{3, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 17, 23, 26}, code&0xff): // busy, locked, read-only, I/O, full, cannot open …
		return away
	}
	return unknown
}

// sqlserverFault classifies by the engine's error numbers:
// https://learn.microsoft.com/sql/relational-databases/errors-events/database-engine-events-and-errors
func sqlserverFault(err error) fault {
	var refusal mssql.Error
	if !errors.As(err, &refusal) {
		var stream mssql.StreamError
		var retry mssql.RetryableError
		if errors.As(err, &stream) || errors.As(err, &retry) {
			return lost
		}
		return unknown
	}
	if refusal.Number >= 50000 { // a trigger's THROW or RAISERROR
		return refused
	}
	switch refusal.Number {
	case 2601, 2627: // unique index, unique constraint
		return duplicate
	case 220, 241, 242, 245, 515, 547, 2628, 8114, 8115, 8152: // overflow, conversion, null, constraint, truncation
		return refused
	case 596, 1205, 6005: // session killed, deadlock, shutting down
		return lost
	case 207, 208, 229, 230, 701, 802, 916, 1101, 1105, 1222, 1204, 3906, 3908, 4060, 9002, 10928, 10929,
		17142, 17188, 18401, 18452, 18456, 18461, 18486, 18487, 18488, 40197, 40501, 40544, 40613, 49918, 49919, 49920:
		return away // no such column or table, rights, memory, full, locks, read-only, login, log full, paused, throttled
	}
	return unknown
}
