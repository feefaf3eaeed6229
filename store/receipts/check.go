package receipts

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// MapError says what of a TableMap the live table does not bear out, a sentence
// for each fault.
type MapError struct {
	Table  string
	Faults []string
}

// Error joins the sentences.
func (e *MapError) Error() string {
	return "receipts table " + e.Table + ": " + strings.Join(e.Faults, "; ")
}

// checkMap compares the map with the live table, and learns from it what the
// statements need to know.
func (db *DB) checkMap(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, db.timeout)
	defer cancel()
	t := *db.table()
	live, unique, err := db.inspect(ctx, &t)
	if err != nil {
		return translate("read the table's description", db.dialect, err)
	}
	c := mapCheck{table: &t, unique: unique, live: map[string]liveColumn{}, db: db}
	for _, l := range live {
		c.live[db.fold(l.name)] = l
	}
	t.columns = slices.Clone(t.columns)
	if c.run(live); len(c.faults) > 0 {
		return unreachable(&MapError{Table: t.shown(), Faults: c.faults})
	}
	db.setTable(t)
	return nil
}

func (t *table) shown() string { return strings.TrimPrefix(t.schema+"."+t.name, ".") }

// mapCheck gathers the faults of one map.
type mapCheck struct {
	db     *DB
	table  *table
	live   map[string]liveColumn
	unique map[string]bool
	faults []string
}

func (c *mapCheck) fault(format string, args ...any) {
	c.faults = append(c.faults, fmt.Sprintf(format, args...))
}

func (c *mapCheck) run(live []liveColumn) {
	if len(live) == 0 {
		c.fault("there is no such table, or this login may not read it")
		return
	}
	ours := map[string]bool{}
	for i := range c.table.columns {
		col := &c.table.columns[i]
		ours[c.db.fold(col.col)] = true
		if l, ok := c.live[c.db.fold(col.col)]; ok {
			c.column(col, l)
		} else {
			c.fault("column %s for %s is missing", col.col, col.name)
		}
	}
	for _, k := range c.table.constants {
		ours[c.db.fold(k.col)] = true
		if _, ok := c.live[c.db.fold(k.col)]; !ok {
			c.fault("column %s for a constant is missing", k.col)
		}
	}
	for _, l := range live {
		if !l.nullable && !l.filled && !ours[c.db.fold(l.name)] {
			c.fault("column %s must be filled (NOT NULL, no default) but is not mapped: map it or give it a constant", l.name)
		}
	}
}

func (c *mapCheck) column(col *column, l liveColumn) {
	want, fits := "text", isText(l.kind)
	if col.sort != text {
		want, fits = "a date or time", isTime(l.kind) || c.db.dialect.label == "sqlite" && isText(l.kind)
	}
	switch {
	case !fits && !(col.name == "object_id" && l.kind == "uuid"):
		c.fault("column %s for %s is of type %s, want %s", col.col, col.name, l.kind, want)
	case col.sort == text && l.size > 0 && l.size < col.size:
		c.fault("column %s for %s holds %d characters, want %d: widen it, or accept it by lengths: {%s: %d}", col.col, col.name, l.size, col.size, col.name, l.size)
	case !l.nullable && (col.name == "stamp" || col.name == "petition_date"):
		c.fault("column %s for %s must allow NULL: rows may have none", col.col, col.name)
	}
	if (col.name == "stamp" || col.name == "address") && !c.unique[c.db.fold(col.col)] {
		c.fault("column %s for %s needs a unique key of its own", col.col, col.name)
	}
	c.learn(col, l)
}

// learn notes what the live column does to values.
func (c *mapCheck) learn(col *column, l liveColumn) {
	col.notNull = !l.nullable
	col.padded = slices.Contains([]string{"character", "bpchar", "char", "nchar"}, l.kind)
	col.narrow = c.db.dialect.label == "sqlserver" && slices.Contains([]string{"varchar", "char", "text"}, l.kind)
	folding := slices.Contains([]string{"address", "curp", "cct"}, col.name)
	blind := l.kind == "citext" || strings.HasSuffix(l.collation, "_ci") || strings.Contains(l.collation, "_CI")
	col.fold = folding && !blind
	col.grain = grain(l)
}

// grain is how exactly the column keeps time. SQL Server's datetime rounds to
// thirds of a hundredth, so it is taken by the second.
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
