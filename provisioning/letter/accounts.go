package letter

import (
	"slices"
	"strconv"
	"strings"

	"seducoahuila.gob.mx/altas/provisioning/pdf"
)

// column is one column of the table of accounts.
type column struct {
	key   string
	share float64
	cell  func(l Line) string
}

// columns are the columns of this letter. The third is the group, where lines have one, or else the work
// centre's key; none where they have neither.
func (w writer) columns() []column {
	all := []column{
		{"accounts.number", 29, func(l Line) string { return strconv.Itoa(l.Number) }},
		{"accounts.name", 132, func(l Line) string { return line(l.Name, maxLine) }},
	}
	switch {
	case slices.ContainsFunc(w.Lines, func(l Line) bool { return l.Group != "" }):
		all = append(all, column{"accounts.group", 59, func(l Line) string { return line(l.Group, maxLine) }})
	case slices.ContainsFunc(w.Lines, func(l Line) bool { return l.CCT != "" }):
		all = append(all, column{"accounts.cct", 59, func(l Line) string { return string(l.CCT) }})
	}
	address := "accounts.address"
	if slices.ContainsFunc(w.Lines, func(l Line) bool { return w.note(l) != "" }) {
		address = "accounts.address.reason"
	}
	return append(all,
		column{address, 184, w.found},
		column{"accounts.result", 66, func(l Line) string { return w.say("result." + string(w.resultOf(l))) }})
}

// found returns the account, and why nothing was done where that was so, each on a line.
func (w writer) found(l Line) string {
	return strings.TrimPrefix(strings.TrimSuffix(string(l.Address)+"\n"+w.note(l), "\n"), "\n")
}

// note returns why nothing was done, quoted; "" where something was, or nobody said why.
func (w writer) note(l Line) string {
	note := reason(l.Note, maxNote)
	if w.resultOf(l) != excluded || note == "" {
		return ""
	}
	return w.say("quote", "reason", note)
}

func (w writer) accounts() []pdf.Block {
	if w.rejected() || len(w.Lines) == 0 {
		return nil
	}
	t := pdf.Table{After: 11}
	columns := w.columns()
	for _, c := range columns {
		t.Header, t.Widths = append(t.Header, w.say(c.key)), append(t.Widths, c.share)
	}
	for _, l := range w.Lines {
		row := make([]string, len(columns))
		for i, c := range columns {
			row[i] = c.cell(l)
		}
		t.Rows = append(t.Rows, row)
	}
	return []pdf.Block{pdf.Heading{Text: w.say("accounts.title"), Level: 1, After: 5}, t}
}
