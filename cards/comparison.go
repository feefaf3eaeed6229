package cards

import (
	"strconv"

	"seducoahuila.gob.mx/altas/provisioning"
)

// table is a Table. Its rows are equally wide, whatever they contain.
type table struct {
	Type    string        `json:"type"`
	Grid    bool          `json:"showGridLines"`
	Header  bool          `json:"firstRowAsHeader"`  // in the schema
	Headers bool          `json:"firstRowAsHeaders"` // in Microsoft's renderer for browsers
	Columns []tableColumn `json:"columns"`
	Rows    []tableRow    `json:"rows"`
}

type tableColumn struct {
	Width int `json:"width"` // relative to the others
}

type tableRow struct {
	Type  string      `json:"type"`
	Style string      `json:"style,omitempty"`
	Cells []tableCell `json:"cells"`
}

type tableCell struct {
	Type  string `json:"type"`
	Items []any  `json:"items"`
}

// comparison is a table of what was requested and each account found, the same data in the same
// order, so that the head of department sees which is the same person.
func (t *Texts) comparison(a provisioning.Account, entries []provisioning.Entry) table {
	asked := []any{nameLine(a.Holder.DisplayName()), addressText(a.Address)}
	shown := table{Type: "Table", Grid: true, Columns: []tableColumn{{1}, {3}}, Rows: []tableRow{
		recordRow(styleEmphasis, t.fixed["attention.asked"], append(asked, t.requestedLines(a)...)),
	}}
	for i, e := range entries {
		found := []any{nameLine(e.DisplayName), addressText(e.Address)}
		title := t.plain("attention.found_which", "number", strconv.Itoa(i+1))
		shown.Rows = append(shown.Rows, recordRow("", title, append(found, t.entryData(e, a.Holder.CCT())...)))
	}
	return shown
}

func nameLine(name string) textBlock {
	b := next(escape(clip(name, 190)))
	b.Weight = "Bolder"
	return b
}

// recordRow is one row: what it is, and its data.
func recordRow(style, title string, items []any) tableRow {
	return tableRow{Type: "TableRow", Style: style, Cells: []tableCell{
		{Type: "TableCell", Items: []any{small(title)}}, {Type: "TableCell", Items: items},
	}}
}
