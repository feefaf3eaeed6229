package receipts

import (
	"fmt"
	"strconv"
	"strings"
)

// statements are all that is ever asked of the table, put together once. Values
// are named, and bound; nothing of a row is ever part of a statement.
type statements struct {
	all, byKey, byAddress, byCURP, byCCT string
	byStamp, lastStamp                   string // see LastFolio
	insert, update, adopt                string
	byAddresses, insertMany              string // of manyLookedUp and manyInserted rows: see rowName
}

// How many rows an import looks up and inserts at once. SQL Server takes 2100 values
// in a statement, and a row has 28:
// https://learn.microsoft.com/sql/sql-server/maximum-capacity-specifications-for-sql-server
const (
	manyLookedUp = 500
	manyInserted = 50
)

// rowName is the name of a value of one of several rows, the first being 0.
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
		insert:    d.insert(t, 1),
		update:    set + " WHERE " + is("stamp"),
		adopt:     set + " WHERE " + is("address") + " AND " + free,

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

// assigned are the columns that an update sets, each to its named value.
func (d dialect) assigned(t *table) []string {
	var out []string
	for _, c := range t.columns {
		out = append(out, d.quote(c.col)+" = :"+c.name)
	}
	return out
}

// insert makes so many rows. It fills the constants too; an update leaves them as
// they are.
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

// placed are the places of one row's values.
func placed(names []string, row int) []string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = ":" + rowName(name, row)
	}
	return out
}

// match compares a column with its named value.
func (d dialect) match(t *table, name string) string {
	if col := d.key(t, name); col != "" {
		return col + " = :" + name
	}
	return "1 = 0"
}

// matchAny compares a column with the values of so many rows.
func (d dialect) matchAny(t *table, name string, rows int) string {
	values := make([]string, rows)
	for row := range rows {
		values[row] = ":" + rowName(name, row)
	}
	return d.key(t, name) + " IN (" + strings.Join(values, ", ") + ")"
}

// key is a column as lookups see it, "" where there is none. Where it tells capitals
// apart and others fill it, its own are folded; our schema holds them folded.
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
