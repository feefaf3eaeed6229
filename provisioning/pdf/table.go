package pdf

import "github.com/carlos7ags/folio/layout"

// Space within a table's cells, and the gray of its headings and of the lines between rows.
const (
	cellSide    = 4
	cellTop     = 2.5
	headingGray = 0.92
	lineGray    = 0.7
)

// leastRows is how few rows a page may have of a table that has more.
const leastRows = 3

// table is a table that breaks between rows into one for each page, with the headings on each.
type table struct {
	spaced
	width float64
	limit float64 // height of a page
	head  tableRow
	rows  []tableRow
}

// tableRow is a measured row: a block for each cell.
type tableRow struct {
	cells  []layout.PlacedBlock
	height float64
}

func (b builder) table(t Table, width float64) table {
	s := style{size: sizeOr(t.Size, TableSize), leading: lineHeight}
	widths := shares(t.Widths, len(t.Header), width)
	out := table{width: width, limit: textHeight, spaced: spaced{below: t.After}}
	for _, row := range t.Rows {
		out.rows = append(out.rows, b.row("TD", row, widths, s))
	}
	s.bold = true
	out.head = b.row("TH", t.Header, widths, s)
	return out
}

func (b builder) row(tag string, texts []string, widths []float64, s style) tableRow {
	var row tableRow
	x := 0.0
	for i, width := range widths {
		text := ""
		if i < len(texts) {
			text = texts[i]
		}
		lines, height := b.face.lines(text, width-2*cellSide, s)
		row.cells = append(row.cells, tagged(tag, moved(lines, x+cellSide, cellTop)))
		row.height = max(row.height, height+2*cellTop)
		x += width
	}
	return row
}

// shares divides the width into n columns by their shares; a missing share is 1.
func shares(shares []float64, n int, width float64) []float64 {
	total, out := 0.0, make([]float64, n)
	for i := range out {
		out[i] = 1
		if i < len(shares) && shares[i] > 0 {
			out[i] = shares[i]
		}
		total += out[i]
	}
	for i := range out {
		out[i] *= width / total
	}
	return out
}

func (t table) whole() ([]layout.PlacedBlock, float64) {
	return t.cut(0, len(t.rows))
}

// lead returns the height of the headings and the first rows: of all if the table is too short to be
// divided.
func (t table) lead() float64 {
	n := leastRows
	if len(t.rows) < 2*leastRows {
		n = len(t.rows)
	}
	if _, height := t.cut(0, n); height <= t.limit {
		return height
	}
	return t.head.height
}

func (t table) flow(f *flow) {
	for from := 0; from < len(t.rows) || from == 0; {
		n := t.fit(from, f.room(), f.top())
		if n == 0 {
			f.turn()
			continue
		}
		f.put(t.cut(from, from+n))
		if from += n; from < len(t.rows) {
			f.turn()
		}
	}
}

// fit returns how many rows to put into the room, of those from a row on; 0 for none on this page.
func (t table) fit(from int, room float64, top bool) int {
	left, n, height := len(t.rows)-from, 0, t.head.height
	for n < left && height+t.rows[from+n].height <= room {
		height += t.rows[from+n].height
		n++
	}
	if n < left && left-n < leastRows && (left-leastRows >= leastRows || !top) {
		n = max(left-leastRows, 0)
	}
	switch {
	case n == left || n >= leastRows:
		return max(n, 1)
	case top: // rows of a third of a page
		return max(n, 1)
	}
	return 0
}

// cut returns the rows from..to as a table of their own, with the headings.
func (t table) cut(from, to int) ([]layout.PlacedBlock, float64) {
	rows := []layout.PlacedBlock{t.headings()}
	y := t.head.height
	for _, row := range t.rows[from:min(to, len(t.rows))] {
		tr := container("TR", row.cells, hairline(t.width, row.height, lineGray, false))
		tr.Y = y
		rows = append(rows, tr)
		y += row.height
	}
	return []layout.PlacedBlock{container("Table", rows, nil)}, y
}

func (t table) headings() layout.PlacedBlock {
	tr := container("TR", t.head.cells, hairline(t.width, t.head.height, 0.3, false))
	begin := tr.Draw
	tr.Draw = func(ctx layout.DrawContext, x, top float64) {
		begin(ctx, x, top)
		ctx.Stream.BeginMarkedContent("Artifact")
		shade(t.width, t.head.height, headingGray)(ctx, x, top)
		ctx.Stream.EndMarkedContent()
	}
	return tr
}
