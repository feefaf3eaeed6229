package receipts

import (
	"fmt"
	"strings"
)

// statements are all that is ever asked of the table, put together once. Values
// are named, and bound; nothing of a row is ever part of a statement.
type statements struct {
	all, byKey, byAddress, byCURP, byCCT string
	insert, update, adopt                string
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
		byCURP:    where(is("type"), is("curp")),
		byCCT:     where(is("type"), is("cct")),
		insert:    d.insert(t),
		update:    set + " WHERE " + is("stamp"),
		adopt:     set + " WHERE " + is("address") + " AND " + free,
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

// insert fills the constants too; an update leaves them as they are.
func (d dialect) insert(t *table) string {
	var cols, values []string
	for _, c := range t.columns {
		cols, values = append(cols, d.quote(c.col)), append(values, ":"+c.name)
	}
	for i, k := range t.constants {
		cols, values = append(cols, d.quote(k.col)), append(values, ":"+constantName(i))
	}
	return "INSERT INTO " + d.tableName(t) + " (" + strings.Join(cols, ", ") + ") VALUES (" + strings.Join(values, ", ") + ")"
}

// match compares a column with its named value. Where the column tells capitals
// apart and others fill it, its own are folded; our schema holds them folded.
func (d dialect) match(t *table, name string) string {
	for _, c := range t.columns {
		if c.name != name {
			continue
		}
		col := d.quote(c.col)
		switch {
		case c.fold && c.name == "address":
			col = "LOWER(" + col + ")"
		case c.fold:
			col = "UPPER(" + col + ")"
		}
		return col + " = :" + name
	}
	return "1 = 0"
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
