package receipts

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

const ownTable = "receipts"

// table is where the rows are: our own schema, or an existing table.
type table struct {
	schema, name string
	columns      []column
	constants    []constant
	mapped       bool
	zone         *time.Location // of the people of a mapped table
	forbidden    []string       // columns that the login could not write when the table was checked
}

// column is a field with its place in the table. What the live table says is
// filled in by the check; our own schema is known without asking.
type column struct {
	field
	col     string
	notNull bool              // empty is written as '' instead of NULL
	fold    bool              // the column tells capitals apart although our lookups do not
	padded  bool              // CHAR(n): filled up with blanks
	narrow  bool              // one byte a character: SQL Server would write ? for the rest
	grain   time.Duration     // how exactly it keeps time
	layout  string            // of a day; 2006-01-02 where empty
	zone    *time.Location    // whose clock an instant is written by, where the column keeps none; nil for UTC
	theirs  map[string]string // values, ours to the table's
	ours    map[string]string // and back
}

type constant struct{ col, value string }

func ownSchema() table {
	t := table{name: ownTable}
	for _, f := range fields() {
		t.columns = append(t.columns, column{field: f, col: f.name, grain: time.Microsecond})
	}
	return t
}

func mappedTable(m TableMap) table {
	t := table{name: m.Table, mapped: true}
	if schema, name, ok := strings.Cut(m.Table, "."); ok {
		t.schema, t.name = schema, name
	}
	t.zone, _ = time.LoadLocation(m.Zone) // validated
	for _, f := range fields() {
		col, ok := m.Columns[f.name]
		if !ok {
			continue
		}
		if n := m.Lengths[f.name]; n > 0 {
			f.size = n
		}
		c := column{field: f, col: col, grain: time.Microsecond, theirs: m.Values[f.name], ours: map[string]string{}}
		for ours, theirs := range c.theirs {
			c.ours[theirs] = ours
		}
		t.columns = append(t.columns, c)
	}
	for _, col := range slices.Sorted(maps.Keys(m.Constants)) {
		t.constants = append(t.constants, constant{col, m.Constants[col]})
	}
	return t
}

// settle returns rec as the table would give it back: keys in their canonical
// form, times as exact as it keeps them, fields that it lacks empty. It refuses
// what the table cannot hold.
func (t *table) settle(rec record) (record, error) {
	var out record
	for i := range t.columns {
		c := &t.columns[i]
		if c.sort != text {
			*c.at(&out) = c.round(*c.at(&rec))
			if c.notNull && c.name != "updated_at" && c.at(&out).IsZero() { // that one is the writing's own
				return record{}, refuse(c.name, "empty")
			}
			continue
		}
		if err := c.check(c.write(*c.str(&rec))); err != nil { // folding capitals would mend what is broken
			return record{}, err
		}
		s := canonical(c.name, *c.str(&rec))
		if err := c.check(c.write(s)); err != nil {
			return record{}, err
		}
		*c.str(&out) = s
	}
	return out, nil
}

func (c *column) round(at time.Time) time.Time {
	if at.IsZero() {
		return time.Time{}
	}
	at = at.UTC()
	if c.sort == day {
		return time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC)
	}
	return c.instant(c.clock(at).Truncate(c.grain))
}

// clock is what the clock of the column's people shows at that instant, as if they
// lived in UTC: so it goes over the wire.
func (c *column) clock(at time.Time) time.Time {
	if c.zone == nil {
		return at.UTC()
	}
	return sameClock(at.In(c.zone), time.UTC)
}

// instant is when their clock shows that.
func (c *column) instant(clock time.Time) time.Time {
	if c.zone == nil {
		return clock.UTC()
	}
	return sameClock(clock.UTC(), c.zone).UTC()
}

func sameClock(t time.Time, zone *time.Location) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), zone)
}

func (c *column) write(s string) string {
	if theirs, ok := c.theirs[s]; ok {
		return theirs
	}
	return s
}

// args are the named values of a statement that writes rec.
func (t *table) args(rec record) map[string]any {
	args := map[string]any{}
	for i := range t.columns {
		c := &t.columns[i]
		args[c.name] = c.arg(rec)
	}
	for i, k := range t.constants {
		args[constantName(i)] = k.value
	}
	return args
}

func constantName(i int) string { return fmt.Sprintf("constant%d", i) }

// arg is what goes over the wire: nil for nothing, a day as its date, so that no
// time zone can move it.
func (c *column) arg(rec record) any {
	if c.sort == text {
		s := c.write(*c.str(&rec))
		if s == "" && !c.notNull {
			return nil
		}
		return s
	}
	switch at := *c.at(&rec); {
	case at.IsZero():
		return nil
	case c.sort == day:
		return at.Format(cmp.Or(c.layout, time.DateOnly))
	default:
		return c.clock(at)
	}
}

// scan returns the targets of one row, in the order of the columns.
func (t *table) scan(rec *record) []any {
	targets := make([]any, len(t.columns))
	for i := range t.columns {
		targets[i] = &cell{column: &t.columns[i], rec: rec}
	}
	return targets
}

// cell reads one column of a row into its record.
type cell struct {
	column *column
	rec    *record
}

// Scan takes what the drivers give: text as string or bytes, time as time or, in
// SQLite, as text. A date that nobody can read, in a table that others fill, is none.
func (c *cell) Scan(src any) error {
	if at, ok := src.(time.Time); ok {
		return c.set("", at)
	}
	switch v := src.(type) {
	case nil:
		return nil
	case string:
		return c.set(v, time.Time{})
	case []byte:
		return c.set(string(v), time.Time{})
	default:
		return c.set(fmt.Sprint(v), time.Time{})
	}
}

func (c *cell) set(s string, at time.Time) error {
	if c.column.sort != text {
		if s != "" {
			at = parseTime(s)
		}
		if c.column.sort == instant && !at.IsZero() {
			at = c.column.instant(at)
		}
		*c.column.at(c.rec) = c.column.round(at)
		return nil
	}
	if s == "" && !at.IsZero() {
		s = at.Format(time.DateOnly)
	}
	if c.column.padded {
		s = strings.TrimRight(s, " ")
	}
	if ours, ok := c.column.ours[s]; ok {
		s = ours
	}
	*c.column.str(c.rec) = canonical(c.column.name, s)
	return nil
}

func parseTime(s string) time.Time {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02 15:04:05.999999999-07:00", time.DateTime, time.DateOnly} {
		if at, err := time.Parse(layout, s); err == nil {
			return at
		}
	}
	return time.Time{}
}
