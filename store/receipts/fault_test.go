package receipts

import (
	"context"
	"crypto/x509"
	"database/sql/driver"
	"fmt"
	"io"
	"testing"

	mysqldriver "github.com/go-sql-driver/mysql"
	"github.com/jackc/pgx/v5/pgconn"
	mssql "github.com/microsoft/go-mssqldb"

	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// Errors of the servers that a test cannot easily cause are classified.
func TestFaultsOfTheServers(t *testing.T) {
	t.Parallel()
	pg := func(code string) error { return &pgconn.PgError{Code: code} }
	my := func(n uint16) error { return &mysqldriver.MySQLError{Number: n} }
	ms := func(n int32) error { return mssql.Error{Number: n} }
	for name, c := range map[string]struct {
		dialect dialect
		err     error
		want    fault
	}{
		"postgres, wrong password":         {postgres(), pg("28P01"), away},
		"postgres, disk full":              {postgres(), pg("53100"), away},
		"postgres, too many connections":   {postgres(), pg("53300"), away},
		"postgres, read-only":              {postgres(), pg("25006"), away},
		"postgres, starting":               {postgres(), pg("57P03"), away},
		"postgres, stopped under us":       {postgres(), pg("57P01"), lost},
		"postgres, deadlock":               {postgres(), pg("40P01"), lost},
		"postgres, duplicate":              {postgres(), pg("23505"), duplicate},
		"postgres, too long":               {postgres(), pg("22001"), refused},
		"postgres, not in its encoding":    {postgres(), pg("22P05"), refused},
		"postgres, our own mistake":        {postgres(), pg("42601"), unknown},
		"mariadb, wrong password":          {mysql(), my(1045), away},
		"mariadb, read-only":               {mysql(), my(1290), away},
		"mariadb, disk full":               {mysql(), my(1021), away},
		"mariadb, table full":              {mysql(), my(1114), away},
		"mariadb, lock wait":               {mysql(), my(1205), away},
		"mariadb, shutting down":           {mysql(), my(1053), lost},
		"mariadb, changed meanwhile":       {mysql(), my(1020), lost},
		"mariadb, connection broke":        {mysql(), mysqldriver.ErrInvalidConn, lost},
		"mariadb, duplicate":               {mysql(), my(1062), duplicate},
		"mariadb, too long":                {mysql(), my(1406), refused},
		"mariadb, not in its encoding":     {mysql(), my(1366), refused},
		"mariadb, our own mistake":         {mysql(), my(1064), unknown},
		"sql server, a trigger says no":    {sqlserver(), ms(50000), refused},
		"sql server, login failed":         {sqlserver(), ms(18456), away},
		"sql server, log full":             {sqlserver(), ms(9002), away},
		"sql server, read-only":            {sqlserver(), ms(3906), away},
		"sql server, duplicate index":      {sqlserver(), ms(2601), duplicate},
		"sql server, duplicate constraint": {sqlserver(), ms(2627), duplicate},
		"sql server, would be cut":         {sqlserver(), ms(2628), refused},
		"any, a stranger's certificate":    {mysql(), &connectError{x509.UnknownAuthorityError{}}, away},
		"any, bad connection":              {sqlite(), driver.ErrBadConn, lost},
		"any, cut off":                     {postgres(), io.ErrUnexpectedEOF, lost},
		"any, out of time":                 {sqlserver(), context.DeadlineExceeded, away},
	} {
		if got := classify(c.dialect, fmt.Errorf("wrapped: %w", c.err)); got != c.want {
			t.Errorf("%s = %d, want %d", name, got, c.want)
		}
	}
}

func TestTranslateKeepsWhatIsOurs(t *testing.T) {
	t.Parallel()
	conflict := taken(record{address: "a@x.mx"})
	if got := translate("put", sqlite(), conflict); problem.CodeOf(got) != problem.CodeConflict || !job.IsPermanent(got) {
		t.Errorf("translate = %v", got)
	}
	if got := translate("put", postgres(), &pgconn.PgError{Code: "42601"}); problem.CodeOf(got) != problem.CodeInternal || job.IsPermanent(got) {
		t.Errorf("translate = %v", got)
	}
}
