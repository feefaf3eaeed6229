package receipts

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/input"
)

// TableMap maps the fields of receipts to an existing table. Columns named neither in Columns nor
// in Constants are not written. README.md has an example.
type TableMap struct {
	// Table is the table's name, with its schema if that is not the connection's default:
	// "dbo.Correos".
	Table string `yaml:"table" json:"table" koanf:"table"`
	// Columns maps our fields (the columns of our own schema) to the table's columns.
	// stamp, address, type, curp and cct are required.
	Columns map[string]string `yaml:"columns" json:"columns" koanf:"columns"`
	// Constants maps further columns to the value that is written in each new row.
	Constants map[string]string `yaml:"constants" json:"constants" koanf:"constants"`
	// Values translates a field's values to those of the table: {"type": {"alumno": "A"}}.
	// Other values are written as they are.
	Values map[string]map[string]string `yaml:"values" json:"values" koanf:"values"`
	// Lengths accepts columns that are shorter than ours, by field, in characters. Longer values
	// are refused, never truncated.
	Lengths map[string]int `yaml:"lengths" json:"lengths" koanf:"lengths"`
	// Zone is the time zone of columns that store a date or time without one,
	// "America/Monterrey"; "" for UTC.
	Zone string `yaml:"zone" json:"zone" koanf:"zone"`
}

func requiredFields() []string { return []string{"stamp", "address", "type", "curp", "cct"} }

// Validate returns all faults that can be found without the database.
func (m *TableMap) Validate() error {
	v := mapFaults{known: map[string]field{}, taken: map[string]string{}}
	for _, f := range fields() {
		v.known[f.name] = f
	}
	if parts := strings.Split(m.Table, "."); m.Table == "" || len(parts) > 2 || slices.ContainsFunc(parts, badName) {
		v.fault("name %q is not a table's, or schema.table", m.Table)
	}
	for _, name := range requiredFields() {
		if m.Columns[name] == "" {
			v.fault("field %s needs a column", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(m.Columns)) {
		v.column(name, m.Columns[name])
	}
	for _, col := range slices.Sorted(maps.Keys(m.Constants)) {
		if name, twice := v.taken[strings.ToLower(col)]; twice || badName(col) {
			v.fault("constant for column %q: no column's name, or field %s has it", col, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(m.Lengths)) {
		if f, ok := v.known[name]; !ok || f.sort != text || m.Lengths[name] < 1 || m.Lengths[name] > f.size {
			v.fault("length of %s: want 1 to %d of a text field", name, f.size)
		}
	}
	for _, name := range translatedFields() {
		v.values(name, m)
	}
	if _, err := time.LoadLocation(m.Zone); err != nil {
		v.fault("zone %q is none; America/Monterrey, for one", m.Zone)
	}
	for _, name := range slices.Sorted(maps.Keys(m.Values)) {
		if err := m.validateValues(name); err != nil {
			v.errs = append(v.errs, err)
		}
	}
	return errors.Join(v.errs...)
}

// mapFaults collects the faults of a map.
type mapFaults struct {
	known map[string]field
	taken map[string]string // by column, in lower case: the field that has it
	errs  []error
}

func (v *mapFaults) fault(format string, args ...any) {
	v.errs = append(v.errs, fmt.Errorf("receipts table: "+format, args...))
}

func (v *mapFaults) column(name, col string) {
	if _, ok := v.known[name]; !ok {
		v.fault("no field is called %s", name)
	}
	if badName(col) {
		v.fault("field %s: %q is not a column's name", name, col)
	}
	if other, twice := v.taken[strings.ToLower(col)]; twice {
		v.fault("fields %s and %s share the column %s", other, name, col)
	}
	v.taken[strings.ToLower(col)] = name
}

// values checks that each known value of a field fits its column; otherwise all its rows would be
// refused.
func (v *mapFaults) values(name string, m *TableMap) {
	size := cmp.Or(m.Lengths[name], v.known[name].size)
	for _, ours := range valuesOf(name) {
		theirs := cmp.Or(m.Values[name][ours], ours)
		if m.Columns[name] != "" && units(theirs) > size {
			v.fault("%s is written as %q, which is longer than %d: translate it by values: {%s: {%s: …}}", name, theirs, size, name, ours)
		}
	}
}

// translatedFields returns the fields with a fixed set of values, which may be translated.
func translatedFields() []string { return []string{"type", "state", "petition_medium"} }

func translated(name string) bool { return slices.Contains(translatedFields(), name) }

// valuesOf returns the values of such a field that every table must accept. The state of an
// imported row is not among them: only tables into which rows are imported need it.
func valuesOf(name string) (values []string) {
	switch name {
	case "type":
		for _, t := range identity.AccountTypes {
			values = append(values, string(t))
		}
	case "state":
		values = []string{string(provisioning.ReceiptActive), string(provisioning.ReceiptDisabled)}
	case "petition_medium":
		for _, m := range input.Media() {
			values = append(values, string(m))
		}
	}
	return values
}

// validateValues refuses a translation that cannot be reversed.
func (m *TableMap) validateValues(name string) error {
	if !translated(name) {
		return fmt.Errorf("receipts table: values of %s cannot be translated, only those of type, state and petition_medium", name)
	}
	theirs := map[string]bool{}
	for _, v := range m.Values[name] {
		if theirs[v] {
			return fmt.Errorf("receipts table: two values of %s become %q", name, v)
		}
		theirs[v] = true
	}
	return nil
}

func badName(s string) bool {
	return strings.TrimSpace(s) == "" || len(s) > 128 || strings.ContainsFunc(s, unicode.IsControl)
}
