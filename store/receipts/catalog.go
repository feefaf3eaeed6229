package receipts

import (
	"context"
	"regexp"
	"strconv"
	"strings"
)

// catalog is the statements that describe a live table. They take :schema (empty for the
// connection's default) and :table.
type catalog struct {
	columns string // the fields of liveColumn, in order
	unique  string // names of columns, or lower(name), that have a single-column unique key; and the condition of a partial index
	views   string // one row if the table is a view
	exact   bool   // names are case-sensitive
}

// liveColumn is a column as the database describes it.
type liveColumn struct {
	name, kind string
	size       int // in characters; 0 or less for no limit
	nullable   bool
	filled     bool // has a default, or is generated
	generated  bool // cannot be written
	collation  string
	digits     int    // of fractional seconds
	enum       string // the allowed values: enum('A','B'); "" if it is no enum
	insertable bool   // by this login
	updatable  bool
}

// liveTable is a table as the database describes it. It has no columns if the table does not
// exist.
type liveTable struct {
	columns []liveColumn
	unique  map[string]bool // by fold of the column's name
	view    bool
}

// inspect reads the description of the live table.
func (db *DB) inspect(ctx context.Context, t *table) (live liveTable, err error) {
	args := map[string]any{"schema": t.schema, "table": t.name}
	if live.columns, err = db.liveColumns(ctx, args); err != nil {
		return live, err
	}
	if live.unique, err = db.uniqueColumns(ctx, args); err != nil {
		return live, err
	}
	live.view, err = db.isView(ctx, args)
	return live, err
}

func (db *DB) liveColumns(ctx context.Context, args map[string]any) (columns []liveColumn, err error) {
	rows, err := db.sql.NamedQueryContext(ctx, db.dialect.catalog.columns, args)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var c liveColumn
		if err := rows.Scan(&c.name, &c.kind, &c.size, &c.nullable, &c.filled, &c.generated, &c.collation, &c.digits,
			&c.enum, &c.insertable, &c.updatable); err != nil {
			return nil, err
		}
		c.kind = strings.ToLower(c.kind)
		columns = append(columns, c.declared())
	}
	return columns, rows.Err()
}

var declaredSize = regexp.MustCompile(`^([a-z ]+)\(\s*(\d+)`)

// declared moves the size out of a declared type such as varchar(20), which SQLite returns whole.
func (c liveColumn) declared() liveColumn {
	if m := declaredSize.FindStringSubmatch(c.kind); m != nil && c.size == 0 {
		c.kind = strings.TrimSpace(m[1])
		c.size, _ = strconv.Atoi(m[2])
	}
	return c
}

// folded matches PostgreSQL's definition of a unique index over lower(column).
var folded = regexp.MustCompile(`^(?:lower|upper)\(\(?"?(.+?)"?\)?(?:::text)?\)$`)

func (db *DB) uniqueColumns(ctx context.Context, args map[string]any) (map[string]bool, error) {
	rows, err := db.sql.NamedQueryContext(ctx, db.dialect.catalog.unique, args)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	unique := map[string]bool{}
	for rows.Next() {
		var name, only string
		if err := rows.Scan(&name, &only); err != nil {
			return nil, err
		}
		if m := folded.FindStringSubmatch(name); m != nil {
			name = m[1]
		}
		if only == "" || onlyWhereFilled(only, name) {
			unique[db.fold(name)] = true
		}
	}
	return unique, rows.Err()
}

// onlyWhereFilled reports whether a partial index excludes only rows in which the column itself
// is NULL.
func onlyWhereFilled(condition, name string) bool {
	for _, quoted := range []string{name, `"` + strings.ReplaceAll(name, `"`, `""`) + `"`, "[" + strings.ReplaceAll(name, "]", "]]") + "]"} {
		if condition == "("+quoted+" IS NOT NULL)" {
			return true
		}
	}
	return false
}

func (db *DB) isView(ctx context.Context, args map[string]any) (bool, error) {
	rows, err := db.sql.NamedQueryContext(ctx, db.dialect.catalog.views, args)
	if err != nil {
		return false, err
	}
	defer rows.Close()
	return rows.Next(), rows.Err()
}

// fold returns the name in the form in which names are compared.
func (db *DB) fold(name string) string {
	if db.dialect.catalog.exact {
		return name
	}
	return strings.ToLower(name)
}

// postgresSchema is the expression of the table's schema: :schema, else the one where the search
// path finds the table.
const postgresSchema = `COALESCE(NULLIF(CAST(:schema AS text), ''), (
  SELECT CAST(n.nspname AS text) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.oid = to_regclass(quote_ident(CAST(:table AS text)))))`

func postgresCatalog() catalog {
	return catalog{exact: true, columns: `
SELECT column_name, CASE data_type WHEN 'USER-DEFINED' THEN udt_name ELSE data_type END, COALESCE(character_maximum_length, 0),
       is_nullable = 'YES', column_default IS NOT NULL OR is_identity = 'YES' OR is_generated <> 'NEVER',
       is_generated <> 'NEVER' OR COALESCE(identity_generation, '') = 'ALWAYS',
       COALESCE(collation_name, ''), COALESCE(datetime_precision, 6),
       COALESCE((SELECT 'enum(' || string_agg(quote_literal(enumlabel), ',') || ')' FROM pg_enum
                 WHERE enumtypid = to_regtype(quote_ident(udt_schema) || '.' || quote_ident(udt_name))), ''),
       has_column_privilege(quote_ident(table_schema) || '.' || quote_ident(table_name), column_name, 'INSERT'),
       has_column_privilege(quote_ident(table_schema) || '.' || quote_ident(table_name), column_name, 'UPDATE')
FROM information_schema.columns
WHERE table_schema = ` + postgresSchema + ` AND table_name = CAST(:table AS text)
ORDER BY ordinal_position`, unique: `
SELECT COALESCE(a.attname, pg_get_indexdef(i.indexrelid, 1, true)), COALESCE(pg_get_expr(i.indpred, i.indrelid), '')
FROM pg_index i
JOIN pg_class c ON c.oid = i.indrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0] AND a.attnum > 0
WHERE n.nspname = ` + postgresSchema + ` AND c.relname = CAST(:table AS text)
  AND i.indisunique AND i.indisvalid AND i.indnkeyatts = 1`, views: `
SELECT table_name FROM information_schema.views
WHERE table_schema = ` + postgresSchema + ` AND table_name = CAST(:table AS text)`}
}

func mysqlCatalog() catalog {
	return catalog{columns: `
SELECT COLUMN_NAME, DATA_TYPE, COALESCE(CHARACTER_MAXIMUM_LENGTH, 0),
       IS_NULLABLE = 'YES', COLUMN_DEFAULT IS NOT NULL OR EXTRA LIKE '%auto_increment%' OR EXTRA LIKE '%GENERATED%',
       COALESCE(GENERATION_EXPRESSION, '') <> '',
       COALESCE(COLLATION_NAME, ''), COALESCE(DATETIME_PRECISION, 0),
       IF(DATA_TYPE = 'enum', COLUMN_TYPE, ''), PRIVILEGES LIKE '%insert%', PRIVILEGES LIKE '%update%'
FROM information_schema.COLUMNS
WHERE TABLE_SCHEMA = COALESCE(NULLIF(:schema, ''), DATABASE()) AND TABLE_NAME = :table
ORDER BY ORDINAL_POSITION`, unique: `
SELECT MAX(COLUMN_NAME), ''
FROM information_schema.STATISTICS
WHERE TABLE_SCHEMA = COALESCE(NULLIF(:schema, ''), DATABASE()) AND TABLE_NAME = :table AND NON_UNIQUE = 0
GROUP BY INDEX_NAME
HAVING COUNT(*) = 1 AND MAX(SUB_PART) IS NULL AND MAX(COLUMN_NAME) IS NOT NULL`, views: `
SELECT TABLE_NAME FROM information_schema.VIEWS
WHERE TABLE_SCHEMA = COALESCE(NULLIF(:schema, ''), DATABASE()) AND TABLE_NAME = :table`}
}

func sqliteCatalog() catalog {
	return catalog{columns: `
SELECT name, type, 0, NOT ("notnull" OR pk), dflt_value IS NOT NULL OR hidden > 0 OR (pk AND UPPER(type) = 'INTEGER'),
       hidden > 1, '', 6, '', 1, 1
FROM pragma_table_xinfo(:table, COALESCE(NULLIF(:schema, ''), 'main'))
ORDER BY cid`, unique: `
SELECT (SELECT name FROM pragma_index_info(l.name, COALESCE(NULLIF(:schema, ''), 'main'))) AS col, ''
FROM pragma_index_list(:table, COALESCE(NULLIF(:schema, ''), 'main')) l
WHERE l."unique" = 1 AND NOT l.partial AND col IS NOT NULL
  AND (SELECT COUNT(*) FROM pragma_index_info(l.name, COALESCE(NULLIF(:schema, ''), 'main'))) = 1`, views: `
SELECT name FROM pragma_table_list(:table) WHERE type = 'view' AND schema = COALESCE(NULLIF(:schema, ''), 'main')`}
}

func sqlserverCatalog() catalog {
	return catalog{columns: `
SELECT COLUMN_NAME, DATA_TYPE, COALESCE(CHARACTER_MAXIMUM_LENGTH, 0),
       CAST(CASE IS_NULLABLE WHEN 'YES' THEN 1 ELSE 0 END AS bit),
       CAST(CASE WHEN COLUMN_DEFAULT IS NOT NULL
              OR COLUMNPROPERTY(OBJECT_ID(QUOTENAME(TABLE_SCHEMA) + '.' + QUOTENAME(TABLE_NAME)), COLUMN_NAME, 'IsIdentity') = 1
              OR COLUMNPROPERTY(OBJECT_ID(QUOTENAME(TABLE_SCHEMA) + '.' + QUOTENAME(TABLE_NAME)), COLUMN_NAME, 'IsComputed') = 1
              OR DATA_TYPE IN ('timestamp', 'rowversion') THEN 1 ELSE 0 END AS bit),
       CAST(CASE WHEN COLUMNPROPERTY(OBJECT_ID(QUOTENAME(TABLE_SCHEMA) + '.' + QUOTENAME(TABLE_NAME)), COLUMN_NAME, 'IsIdentity') = 1
              OR COLUMNPROPERTY(OBJECT_ID(QUOTENAME(TABLE_SCHEMA) + '.' + QUOTENAME(TABLE_NAME)), COLUMN_NAME, 'IsComputed') = 1
              OR DATA_TYPE IN ('timestamp', 'rowversion') THEN 1 ELSE 0 END AS bit),
       COALESCE(COLLATION_NAME, ''), COALESCE(DATETIME_PRECISION, 0), '',
       CAST(COALESCE(HAS_PERMS_BY_NAME(QUOTENAME(TABLE_SCHEMA) + '.' + QUOTENAME(TABLE_NAME), 'OBJECT', 'INSERT'), 0) AS bit),
       CAST(COALESCE(HAS_PERMS_BY_NAME(QUOTENAME(TABLE_SCHEMA) + '.' + QUOTENAME(TABLE_NAME), 'OBJECT', 'UPDATE', COLUMN_NAME, 'COLUMN'), 0) AS bit)
FROM INFORMATION_SCHEMA.COLUMNS
WHERE TABLE_SCHEMA = COALESCE(NULLIF(:schema, ''), SCHEMA_NAME()) AND TABLE_NAME = :table
ORDER BY ORDINAL_POSITION`, unique: `
SELECT MAX(c.name), COALESCE(MAX(i.filter_definition), '')
FROM sys.indexes i
JOIN sys.index_columns k ON k.object_id = i.object_id AND k.index_id = i.index_id AND k.is_included_column = 0
JOIN sys.columns c ON c.object_id = k.object_id AND c.column_id = k.column_id
WHERE i.object_id = OBJECT_ID(QUOTENAME(COALESCE(NULLIF(:schema, ''), SCHEMA_NAME())) + '.' + QUOTENAME(:table))
  AND i.is_unique = 1 AND i.is_disabled = 0
GROUP BY i.index_id
HAVING COUNT(*) = 1`, views: `
SELECT TABLE_NAME FROM INFORMATION_SCHEMA.VIEWS
WHERE TABLE_SCHEMA = COALESCE(NULLIF(:schema, ''), SCHEMA_NAME()) AND TABLE_NAME = :table`}
}
