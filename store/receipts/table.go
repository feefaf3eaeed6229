package receipts

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
)

const ownTable = "receipts"

// table describes the receipts table: our own schema, or an existing table.
type table struct {
	schema, name string
	columns      []column
	constants    []constant
	mapped       bool
	zone         *time.Location // of the local times in a mapped table
	forbidden    []string       // columns that the login may not write, as of the check
}

// column is a field with its column. In a mapped table, the properties below are set by the check
// of the live table.
type column struct {
	field
	col     string            // its name in the table
	notNull bool              // empty is written as '' instead of NULL
	fold    bool              // the column is case-sensitive, but lookups are not
	padded  bool              // CHAR(n): padded with blanks
	narrow  bool              // SQL Server's varchar: characters outside Windows-1252 would become ?
	grain   time.Duration     // precision of times
	layout  string            // of a day; "" is 2006-01-02
	zone    *time.Location    // of instants, if the column stores none; nil for UTC
	theirs  map[string]string // values: ours to the table's
	ours    map[string]string // values: the table's to ours
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

// settle returns rec as it would be read back from the table: keys in canonical form, times in
// the columns' precision, fields without a column empty. It refuses values that the table cannot
// store.
func (t *table) settle(rec record) (record, error) {
	var out record
	for i := range t.columns {
		if err := t.columns[i].settle(rec, &out); err != nil {
			return record{}, err
		}
	}
	return out, nil
}

// settle sets the column's field of out: see table.settle.
func (c *column) settle(rec record, out *record) error {
	if c.sort != text {
		*c.at(out) = c.round(*c.at(&rec))
		if c.notNull && c.name != "updated_at" && c.at(out).IsZero() { // updated_at is set when the row is written
			return refuse(c.name, "empty")
		}
		return nil
	}
	if err := c.check(c.write(*c.str(&rec))); err != nil { // checked before canonical, which would repair invalid UTF-8
		return err
	}
	s := canonical(c.name, *c.str(&rec))
	if err := c.check(c.write(s)); err != nil {
		return err
	}
	*c.str(out) = s
	return nil
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

// clock returns the local time in the column's zone, labelled as UTC, as it is sent to the
// database.
func (c *column) clock(at time.Time) time.Time {
	if c.zone == nil {
		return at.UTC()
	}
	return sameClock(at.In(c.zone), time.UTC)
}

// instant is the inverse of clock.
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

// args returns the named values of a statement that writes rec.
func (t *table) args(rec record) map[string]any {
	args := map[string]any{erasedState: string(provisioning.ReceiptErased)}
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

// arg returns the value sent to the database: nil for empty; a day as a date string, so that no
// time zone can shift it.
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

// scan returns the scan targets of one row, in the order of the columns.
func (t *table) scan(rec *record) []any {
	targets := make([]any, len(t.columns))
	for i := range t.columns {
		targets[i] = &cell{column: &t.columns[i], rec: rec}
	}
	return targets
}

// cell is the sql.Scanner of one column, which sets the record's field.
type cell struct {
	column *column
	rec    *record
}

// Scan implements sql.Scanner. Drivers return text as string or bytes, and times as time.Time or,
// in SQLite, as text. An unreadable date, which others may have written, becomes the zero time.
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
