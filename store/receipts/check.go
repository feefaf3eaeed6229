package receipts

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// MapError lists how a TableMap does not fit the live table, one sentence per fault.
type MapError struct {
	Table  string
	Faults []string
}

// Error returns the table and its faults in one line.
func (e *MapError) Error() string {
	return "receipts table " + e.Table + ": " + strings.Join(e.Faults, "; ")
}

// checkMap compares the map with the live table and sets the properties of the columns that the
// statements depend on.
func (db *DB) checkMap(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, db.timeout)
	defer cancel()
	t := *db.table()
	live, err := db.inspect(ctx, &t)
	if err != nil {
		return translate("read the table's description", db.dialect, err)
	}
	c := mapCheck{table: &t, liveTable: live, live: map[string]liveColumn{}, db: db}
	for _, l := range live.columns {
		c.live[db.fold(l.name)] = l
	}
	t.columns, t.forbidden = slices.Clone(t.columns), nil
	if c.run(); len(c.faults) > 0 {
		return unreachable(&MapError{Table: t.shown(), Faults: c.faults})
	}
	db.setTable(t)
	return nil
}

func (t *table) writable() error {
	if len(t.forbidden) == 0 {
		return nil
	}
	return unreachable(fmt.Errorf("receipts table %s: this login may not write %s: grant it SELECT, INSERT and UPDATE", t.shown(), strings.Join(t.forbidden, ", ")))
}

func (t *table) shown() string { return strings.TrimPrefix(t.schema+"."+t.name, ".") }

// mapCheck collects the faults of one map.
type mapCheck struct {
	liveTable
	db     *DB
	table  *table
	live   map[string]liveColumn // by fold of the column's name
	faults []string
}

func (c *mapCheck) fault(format string, args ...any) {
	c.faults = append(c.faults, fmt.Sprintf(format, args...))
}

func (c *mapCheck) run() {
	switch {
	case len(c.columns) == 0:
		c.fault("there is no such table%s, or this login may not read it", c.capitals())
		return
	case c.view:
		c.fault("it is a view, which has no keys to rely on: map the table that it shows")
		return
	}
	ours := map[string]bool{}
	for i := range c.table.columns {
		col := &c.table.columns[i]
		ours[c.db.fold(col.col)] = true
		if l, ok := c.find(col.col, "for "+col.name); ok {
			c.column(col, l)
			c.rights(col.col, l.insertable && l.updatable)
		}
	}
	for _, k := range c.table.constants {
		ours[c.db.fold(k.col)] = true
		if l, ok := c.find(k.col, "for a constant"); ok {
			c.rights(k.col, l.insertable)
		}
	}
	for _, l := range c.columns {
		if !l.nullable && !l.filled && !ours[c.db.fold(l.name)] {
			c.fault("column %s must be filled (NOT NULL, no default) but is not mapped: map it or give it a constant", l.name)
		}
	}
}

func (c *mapCheck) rights(col string, granted bool) {
	if !granted {
		c.table.forbidden = append(c.table.forbidden, col)
	}
}

func (c *mapCheck) capitals() string {
	if c.db.dialect.catalog.exact {
		return " (capitals count)"
	}
	return ""
}

// find returns the live column of the name; false, with a fault, if it is missing or generated.
func (c *mapCheck) find(name, purpose string) (liveColumn, bool) {
	l, ok := c.live[c.db.fold(name)]
	if ok && l.generated {
		c.fault("column %s %s cannot be written, for the table generates it: leave it out of the map", name, purpose)
	}
	if ok {
		return l, !l.generated
	}
	for _, other := range c.columns {
		if strings.EqualFold(other.name, name) {
			c.fault("column %s %s is missing, but there is %s%s", name, purpose, other.name, c.capitals())
			return liveColumn{}, false
		}
	}
	c.fault("column %s %s is missing", name, purpose)
	return liveColumn{}, false
}

func (c *mapCheck) column(col *column, l liveColumn) {
	want, fits := "text", isText(l.kind)
	if col.sort != text {
		want, fits = "a date or time", isTime(l.kind) || c.db.dialect.label == "sqlite" && isText(l.kind)
	}
	switch {
	case l.enum != "" && translated(col.name):
		c.enum(col, l)
	case !fits && !(col.name == "object_id" && l.kind == "uuid"):
		c.fault("column %s for %s is of type %s, want %s", col.col, col.name, l.kind, want)
	case col.sort == text && l.size > 0 && l.size < col.size:
		c.fault("column %s for %s holds %d characters, want %d: widen it, or accept it by lengths: {%s: %d}", col.col, col.name, l.size, col.size, col.name, l.size)
	case !l.nullable && slices.Contains([]string{"stamp", "petition_date", "recovered_at"}, col.name):
		c.fault("column %s for %s must allow NULL: rows may have none", col.col, col.name)
	}
	if (col.name == "stamp" || col.name == "address") && !c.unique[c.db.fold(col.col)] {
		c.fault("column %s for %s needs a unique key of its own", col.col, col.name)
	}
	c.learn(col, l)
}

// enum checks that each value that is written is one of the column's, in the same case: values
// are read back as the enum spells them.
func (c *mapCheck) enum(col *column, l liveColumn) {
	for _, ours := range valuesOf(col.name) {
		if theirs := col.write(ours); !strings.Contains(l.enum, "'"+strings.ReplaceAll(theirs, "'", "''")+"'") {
			c.fault("column %s for %s takes only %s, not %s: translate it by values: {%s: {%s: …}}", col.col, col.name, l.enum, theirs, col.name, ours)
		}
	}
}

// learn records how the live column stores values: padding, case, precision, time zone.
func (c *mapCheck) learn(col *column, l liveColumn) {
	col.notNull = !l.nullable
	col.padded = slices.Contains([]string{"character", "bpchar", "char", "nchar"}, l.kind)
	col.narrow = c.db.dialect.label == "sqlserver" && slices.Contains([]string{"varchar", "char", "text"}, l.kind)
	folding := slices.Contains([]string{"address", "curp", "cct"}, col.name)
	blind := l.kind == "citext" || strings.HasSuffix(l.collation, "_ci") || strings.Contains(l.collation, "_CI")
	col.fold = folding && !blind
	col.grain = grain(l)
	col.zone = nil
	if c.zoneless(l) {
		col.zone = c.table.zone
	}
	if c.db.dialect.label == "sqlserver" {
		// With a Spanish login, a datetime column reads 2026-03-02 as 3 February:
		// https://learn.microsoft.com/sql/t-sql/statements/set-dateformat-transact-sql
		col.layout = "20060102"
	}
}

// zoneless reports whether the column stores a local time without a zone. SQLite stores the zone
// with the text.
func (c *mapCheck) zoneless(l liveColumn) bool {
	if c.db.dialect.label == "sqlite" {
		return l.kind == "date"
	}
	return slices.Contains([]string{"date", "datetime", "datetime2", "smalldatetime", "timestamp without time zone"}, l.kind)
}

// grain returns the precision of the column's times. SQL Server's datetime rounds to 1/300 s, so
// it is used with whole seconds.
func grain(l liveColumn) time.Duration {
	switch l.kind {
	case "date":
		return 24 * time.Hour
	case "smalldatetime":
		return time.Minute
	}
	if l.kind == "datetime" && l.digits == 3 {
		return time.Second
	}
	grain := time.Second
	for range min(l.digits, 6) {
		grain /= 10
	}
	return grain
}

func isText(kind string) bool {
	return slices.Contains([]string{
		"character varying", "character", "varchar", "char", "nvarchar", "nchar", "text", "ntext", "citext", "bpchar",
		"tinytext", "mediumtext", "longtext", "clob", "nvarchar2", "native character", "varying character",
	}, kind)
}

func isTime(kind string) bool {
	return strings.HasPrefix(kind, "timestamp") || strings.HasPrefix(kind, "datetime") || kind == "date" || kind == "smalldatetime"
}
