package roster

import (
	"encoding/csv"
	"slices"
	"strings"
)

// Pasted are rows that were copied from a spreadsheet and pasted as a text.
type Pasted struct {
	Heading string // the line that heads the columns, as pasted; "" if there is none
	Lines   []PastedLine
}

// PastedLine is one of them: with a heading it has Cells by the names of the shape's columns, else
// Loose cells in their order. Cells that are empty are left out.
type PastedLine struct {
	Number int    // of its line in the text, the first being 1
	Text   string // as pasted, without the end of the line
	Cells  map[string]string
	Loose  []string
}

// Paste reads rows parted by tabs, as spreadsheets copy them, or by semicolons, bars or commas. The
// first is the heading if it names at least two of the shape's columns, Required among them. Empty
// lines are left out.
func Paste(text string, shape Shape) Pasted {
	rows := pastedRows(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text))
	if len(rows) == 0 {
		return Pasted{}
	}
	p := Pasted{}
	h := newFinder(shape).understand(titlesOf(rows[0].row))
	headed := h.found() >= 2 && slices.Contains(h.names, shape.Required)
	if headed {
		p.Heading, rows = rows[0].text, rows[1:]
	}
	for _, r := range rows {
		line := PastedLine{Number: r.number, Text: r.text}
		if headed {
			line.Cells = (&body{heading: h, headless: map[int]bool{}}).line(r.row).Cells
		} else {
			line.Loose = r.loose()
		}
		p.Lines = append(p.Lines, line)
	}
	return p
}

// pastedRow is a row with the text that it was read from.
type pastedRow struct {
	row
	text string
}

func (r pastedRow) loose() []string {
	var texts []string
	for _, c := range r.cells {
		if c.text != "" {
			texts = append(texts, c.text)
		}
	}
	return texts
}

// pastedRows reads the rows that are not empty. Where a quotation mark is not closed, each line is a
// row by itself, so that none is lost in another's cell.
func pastedRows(text string) []pastedRow {
	separator := pastedSeparator(text)
	rows, ok := quotedRows(text, separator)
	if ok {
		return rows
	}
	rows = nil
	for i, line := range strings.Split(text, "\n") {
		rows = appendRow(rows, i+1, strings.Split(line, string(separator)), line)
	}
	return rows
}

// pastedSeparator is a tab if there is one: spreadsheets copy with it. Else it is the one that the
// first lines have most of.
func pastedSeparator(text string) rune {
	best, most := ',', 0
	for _, c := range "\t;|," {
		n := strings.Count(text, string(c))
		if c == '\t' && n > 0 {
			return c
		}
		if n > most {
			best, most = c, n
		}
	}
	return best
}

// mostPastedBreaks bounds the line breaks of a cell; one with more has an open quotation mark.
const mostPastedBreaks = 2

func quotedRows(text string, separator rune) (rows []pastedRow, ok bool) {
	reader := newCSV(strings.NewReader(text), separator)
	for from := int64(0); ; from = reader.InputOffset() {
		cells, err := reader.Read()
		if err != nil {
			return rows, len(cells) == 0
		}
		if slices.ContainsFunc(cells, func(c string) bool { return strings.Count(c, "\n") > mostPastedBreaks }) {
			return nil, false
		}
		rows = appendRow(rows, lineOf(reader), cells, text[from:reader.InputOffset()])
	}
}

func lineOf(reader *csv.Reader) int {
	line, _ := reader.FieldPos(0)
	return line
}

// appendRow appends a row unless all its cells are empty.
func appendRow(rows []pastedRow, number int, texts []string, text string) []pastedRow {
	r := row{number: number, cells: make([]cell, min(len(texts), maxColumns))}
	for i := range r.cells {
		r.cells[i] = textCell(strings.Join(strings.Fields(texts[i]), " "))
	}
	if r.empty() {
		return rows
	}
	return append(rows, pastedRow{r, strings.Trim(text, "\n")})
}
