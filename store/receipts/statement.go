package receipts

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// statements are all SQL statements on the table, built once. Values are bound as named
// parameters and are never part of a statement's text.
type statements struct {
	all, byKey, byAddress, byCURP, byCCT string
	byPerson                             string // of one CURP, whatever the type
	byStamp, lastStamp                   string // see LastFolio
	insert, update, adopt                string
	recovered                            string // "" if a mapped table has no column of the recovery
	erase                                string // "" for a mapped table
	byAddresses, insertMany              string // of manyLookedUp and manyInserted rows: see rowName
}

// How many rows an import looks up and inserts in one statement. SQL Server allows 2100
// parameters in a statement, and a row has 30:
// https://learn.microsoft.com/sql/sql-server/maximum-capacity-specifications-for-sql-server
const (
	manyLookedUp = 500
	manyInserted = 50
)

// rowName returns the parameter name of a value of the given row, counted from 0.
func rowName(name string, row int) string {
	if row == 0 {
		return name
	}
	return name + "_row" + strconv.Itoa(row)
}

func (d dialect) statements(t *table) statements {
	sel := "SELECT " + strings.Join(d.selected(t), ", ") + " FROM " + d.tableName(t)
	where := func(conds ...string) string { return sel + " WHERE " + strings.Join(conds, " AND ") }
	is := func(name string) string { return d.match(t, name) }
	free := fmt.Sprintf("(%[1]s IS NULL OR %[1]s = '')", d.columnName(t, "stamp"))
	set := "UPDATE " + d.tableName(t) + " SET " + strings.Join(d.assigned(t), ", ")
	return statements{
		all:       sel,
		byKey:     where("(" + is("stamp") + " OR " + is("address") + ")"),
		byAddress: where(is("address")),
		byStamp:   where(is("stamp")),
		byCURP:    where(is("type"), is("curp")),
		byCCT:     where(is("type"), is("cct")),
		byPerson:  where(is("curp")),
		insert:    d.insert(t, 1),
		update:    set + " WHERE " + is("stamp") + d.unerased(t),
		adopt:     set + " WHERE " + is("address") + " AND " + free,
		recovered: d.recovered(t),
		erase:     d.erase(t),

		lastStamp: fmt.Sprintf("SELECT MAX(%[1]s) FROM %[2]s WHERE %[1]s >= :low AND %[1]s < :high", d.columnName(t, "stamp"), d.tableName(t)),

		byAddresses: where(d.matchAny(t, "address", manyLookedUp)), insertMany: d.insert(t, manyInserted),
	}
}

func (d dialect) selected(t *table) []string {
	var out []string
	for _, c := range t.columns {
		out = append(out, d.quote(c.col))
	}
	return out
}

// assigned returns the assignments of an update: each column but those of the recovery to its named
// parameter.
func (d dialect) assigned(t *table) []string {
	var out []string
	for _, c := range t.columns {
		if !c.recovery {
			out = append(out, d.assign(c))
		}
	}
	return out
}

func (d dialect) assign(c column) string { return d.quote(c.col) + " = :" + c.name }

// recovered returns the statement that sets the recovery of the row of an address, unless the row
// has a later one. In SQLite that condition would compare texts, and is not needed: the
// transaction that has read the row lets no other process write.
func (d dialect) recovered(t *table) string {
	var set []string
	later := ""
	for _, c := range t.columns {
		if c.recovery {
			set = append(set, d.assign(c))
		}
		if c.name == "recovered_at" && d.label != "sqlite" {
			later = fmt.Sprintf(" AND (%[1]s IS NULL OR %[1]s <= :recovered_at)", d.quote(c.col))
		}
	}
	if set == nil {
		return ""
	}
	for _, c := range t.columns {
		if c.name == "updated_at" {
			set = append(set, d.assign(c))
		}
	}
	return "UPDATE " + d.tableName(t) + " SET " + strings.Join(set, ", ") + " WHERE " + d.match(t, "address") + later
}

// Named parameters of values that a row had, or must not have.
const (
	formerAddress = "former_address"
	formerCURP    = "former_curp"
	erasedState   = "erased_state"
)

// unerased returns the condition that the row was not erased since it was read. Altas erases no rows
// of a mapped table.
func (d dialect) unerased(t *table) string {
	if t.mapped {
		return ""
	}
	return " AND " + d.columnName(t, "state") + " <> :" + erasedState
}

// erase returns the statement that sets what Erase changes, in the row of an address and a CURP.
func (d dialect) erase(t *table) string {
	if t.mapped {
		return ""
	}
	var set []string
	for _, c := range t.columns {
		if c.holder || slices.Contains([]string{"address", "petition_number", "requester_name", "state", "updated_at"}, c.name) {
			set = append(set, d.assign(c))
		}
	}
	return fmt.Sprintf("UPDATE %s SET %s WHERE %s = :%s AND %s = :%s", d.tableName(t), strings.Join(set, ", "),
		d.columnName(t, "address"), formerAddress, d.columnName(t, "curp"), formerCURP)
}

// insert returns the statement that inserts so many rows. It also sets the constants, which an
// update does not change.
func (d dialect) insert(t *table, rows int) string {
	var cols, names []string
	for _, c := range t.columns {
		cols, names = append(cols, d.quote(c.col)), append(names, c.name)
	}
	for i, k := range t.constants {
		cols, names = append(cols, d.quote(k.col)), append(names, constantName(i))
	}
	values := make([]string, rows)
	for row := range rows {
		values[row] = "(" + strings.Join(placed(names, row), ", ") + ")"
	}
	return "INSERT INTO " + d.tableName(t) + " (" + strings.Join(cols, ", ") + ") VALUES " + strings.Join(values, ", ")
}

// placed returns the named parameters of one row.
func placed(names []string, row int) []string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = ":" + rowName(name, row)
	}
	return out
}

// match returns the condition that a column equals its named parameter; false if the table has no
// such column.
func (d dialect) match(t *table, name string) string {
	if col := d.key(t, name); col != "" {
		return col + " = :" + name
	}
	return "1 = 0"
}

// matchAny returns the condition that a column equals the parameter of one of so many rows.
func (d dialect) matchAny(t *table, name string, rows int) string {
	values := make([]string, rows)
	for row := range rows {
		values[row] = ":" + rowName(name, row)
	}
	return d.key(t, name) + " IN (" + strings.Join(values, ", ") + ")"
}

// key returns a column as an expression for lookups; "" if there is none. In a mapped table, a
// case-sensitive column is folded; our own schema stores keys folded.
func (d dialect) key(t *table, name string) string {
	for _, c := range t.columns {
		switch col := d.quote(c.col); {
		case c.name != name:
		case c.fold && c.name == "address":
			return "LOWER(" + col + ")"
		case c.fold:
			return "UPPER(" + col + ")"
		default:
			return col
		}
	}
	return ""
}

func (d dialect) columnName(t *table, name string) string {
	for _, c := range t.columns {
		if c.name == name {
			return d.quote(c.col)
		}
	}
	return "NULL"
}

func (d dialect) tableName(t *table) string {
	if t.schema == "" {
		return d.quote(t.name)
	}
	return d.quote(t.schema) + "." + d.quote(t.name)
}
