package receipts

import (
	"strings"
	"testing"
	"time"

	mysqldriver "github.com/go-sql-driver/mysql"
)

func TestParseDSN(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ dsn, label, shown, fault string }{
		"sqlite":              {dsn: "sqlite:data/receipts.db", label: "sqlite", shown: "sqlite:data/receipts.db"},
		"sqlite in memory":    {dsn: "sqlite::memory:", label: "sqlite", shown: "sqlite::memory:"},
		"sqlite without path": {dsn: "sqlite:", fault: "needs a path"},
		"postgres":            {dsn: "postgres://altas:s3cr3t@db.local:5432/recibos?sslmode=verify-full", label: "postgres", shown: "postgres://altas@db.local:5432/recibos"},
		"postgresql":          {dsn: "postgresql://altas:s3cr3t@db.local/recibos", label: "postgres", shown: "postgresql://altas@db.local/recibos"},
		"postgres, bad mode":  {dsn: "postgres://altas:s3cr3t@db.local/recibos?sslmode=s3cr3t", fault: "sslmode"},
		"postgres, bad port":  {dsn: "postgres://altas:s3cr3t@db.local:s3cr3t/recibos", fault: "special characters"},
		"mysql":               {dsn: "mysql://altas:s3cr3t@db.local/recibos", label: "mysql", shown: "mysql://altas@db.local/recibos"},
		"mariadb":             {dsn: "mariadb://altas:s3cr3t@db.local:3307/recibos?ssl-mode=REQUIRED", label: "mysql", shown: "mariadb://altas@db.local:3307/recibos"},
		"mysql by socket":     {dsn: "mysql://altas@/recibos?socket=/run/mysqld/mysqld.sock", label: "mysql", shown: "mysql://altas@/recibos"},
		"mysql, no database":  {dsn: "mysql://altas:s3cr3t@db.local", fault: "name the database"},
		"mysql, odd option":   {dsn: "mysql://altas:s3cr3t@db.local/recibos?multiStatements=true", fault: "unknown option"},
		"mysql, odd mode":     {dsn: "mysql://altas:s3cr3t@db.local/recibos?ssl-mode=maybe", fault: "ssl-mode is one of"},
		"mysql, no such ca":   {dsn: "mysql://altas:s3cr3t@db.local/recibos?ssl-ca=/nowhere.pem", fault: "ssl-ca"},
		"sqlserver":           {dsn: "sqlserver://altas:s3cr3t@db.local:1433?database=recibos&encrypt=true", label: "sqlserver", shown: "sqlserver://altas@db.local:1433"},
		"unknown":             {dsn: "oracle://altas:s3cr3t@db.local/x", fault: "begin with"},
		"nothing":             {fault: "begin with"},
		"unescaped password":  {dsn: "postgres://altas:s3cr3t%zz@db.local/x", fault: "special characters"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := parseDSN(c.dsn)
			if c.fault != "" {
				if err == nil || !strings.Contains(err.Error(), c.fault) || strings.Contains(err.Error(), "s3cr3t") {
					t.Fatalf("error = %v, want one with %q and no password", err, c.fault)
				}
				return
			}
			if err != nil || got.dialect.label != c.label || got.shown != c.shown {
				t.Errorf("parseDSN = %s %s, %v; want %s %s", got.dialect.label, got.shown, err, c.label, c.shown)
			}
		})
	}
}

func TestMySQLSSLModes(t *testing.T) {
	t.Parallel()
	for mode, want := range map[string]struct {
		named       string
		tls, verify bool
	}{
		"":                {named: "preferred"},
		"DISABLED":        {},
		"PREFERRED":       {named: "preferred"},
		"required":        {tls: true},
		"VERIFY_IDENTITY": {tls: true, verify: true},
	} {
		config := mysqldriver.NewConfig()
		if err := mysqlTLS(config, map[string][]string{"ssl-mode": {mode}}, "db.local"); err != nil {
			t.Errorf("%s: %v", mode, err)
		}
		verifies := config.TLS != nil && !config.TLS.InsecureSkipVerify && config.TLS.ServerName == "db.local"
		if config.TLSConfig != want.named || (config.TLS != nil) != want.tls || verifies != want.verify {
			t.Errorf("%s: named %q, TLS %v, verifies %v", mode, config.TLSConfig, config.TLS != nil, verifies)
		}
	}
}

// SQL Server's statements are compared with a golden file, because the tests have no server.
func TestSQLServerStatements(t *testing.T) {
	t.Parallel()
	own, mapped := ownSchema(), mappedTable(*correosMap())
	recovering := correosMap()
	recovering.Columns["recovered_at"], recovering.Columns["recovery_folio"], recovering.Columns["updated_at"] = "RECUPERADO", "RECUPERO", "CAMBIADO"
	both := mappedTable(*recovering)
	for _, t := range []*table{&mapped, &both} {
		t.schema = "dbo"
		for i := range t.columns {
			t.columns[i].fold = t.columns[i].name == "address"
		}
	}
	var out strings.Builder
	for _, table := range []table{own, mapped} {
		s := sqlserver().statements(&table)
		for _, text := range []string{s.all, s.byKey, s.byAddress, s.byCURP, s.byCCT, s.byPerson, s.insert, s.update, s.adopt, s.recovered, s.erase,
			sqlserver().matchAny(&table, "address", 3), sqlserver().insert(&table, 2)} {
			out.WriteString(bound(t, "sqlserver", text) + "\n\n")
		}
	}
	out.WriteString(bound(t, "sqlserver", sqlserver().statements(&both).recovered) + "\n\n")
	out.WriteString(bound(t, "sqlserver", sqlserverCatalog().columns) + "\n\n" + bound(t, "sqlserver", sqlserverCatalog().unique) +
		"\n\n" + bound(t, "sqlserver", sqlserverCatalog().views) + "\n")
	out.WriteString("\n" + sqlserverRewriting(sqlserver().tableName(&own)) + "\n")
	golden(t, "testdata/sqlserver.sql", out.String())
}

// SQL Server reads 2026-03-02 by the login's language, but 20260302 always as year, month, day.
func TestSQLServerDaysHaveNoLanguage(t *testing.T) {
	t.Parallel()
	own := ownSchema()
	c := mapCheck{db: &DB{dialect: sqlserver()}, table: &own}
	for i := range own.columns {
		if col := &own.columns[i]; col.sort == day {
			c.learn(col, liveColumn{kind: "datetime", digits: 3})
			if got := col.arg(record{petitionDate: time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)}); got != "20260302" {
				t.Errorf("%s = %v", col.name, got)
			}
		}
	}
}

func TestQuoteMakesAnyNameAnIdentifier(t *testing.T) {
	t.Parallel()
	for _, name := range []string{`a"b`, "a`b", "a]b", "a:b", "a::b", "; DROP TABLE x; --", "año ?", "a$1@p1"} {
		for _, d := range []dialect{sqlite(), postgres(), mysql(), sqlserver()} {
			want := d.left + strings.ReplaceAll(name, d.right, d.right+d.right) + d.right
			if got := bound(t, d.driver, d.quote(name)+" "); got != want {
				t.Errorf("%s: %s, want %s", d.label, got, want)
			}
		}
	}
}
