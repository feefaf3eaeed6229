package pdf

import (
	"testing"

	"github.com/carlos7ags/folio/layout"
	"pgregory.net/rapid"
)

// Whatever the heights of a table's rows, and wherever on a page it begins, each row is printed
// once and in order, no page overflows, and none has fewer than three rows unless there are fewer.
func TestATableIsDividedWhole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		height, head := 640.0, tableRow{height: 16}
		rows := make([]tableRow, rapid.IntRange(0, 200).Draw(t, "rows"))
		for i := range rows {
			rows[i] = tableRow{height: rapid.Float64Range(15, 100).Draw(t, "height")}
		}
		f := newFlow(height)
		before := rapid.Float64Range(0, height).Draw(t, "before")
		f.add([]part{solid{height: before}, table{limit: height, head: head, rows: rows}})
		printed := 0
		for i, page := range f.pages {
			n := rowsOf(page)
			if n == 0 && i > 0 && len(rows) > 0 {
				t.Fatalf("page %d of %d has no rows", i+1, len(f.pages))
			}
			if n > 0 && n < leastRows && len(rows) >= leastRows {
				t.Fatalf("page %d of %d has %d rows of %d", i+1, len(f.pages), n, len(rows))
			}
			used := head.height
			if i == 0 {
				used += before
			}
			for _, row := range rows[printed : printed+n] {
				used += row.height
			}
			if n > 0 && used > height+0.01 {
				t.Fatalf("page %d is filled to %.1f of %.1f", i+1, used, height)
			}
			printed += n
		}
		if printed != len(rows) {
			t.Fatalf("%d rows were printed of %d", printed, len(rows))
		}
	})
}

// rowsOf returns how many rows, without the headings, a page has.
func rowsOf(page []layout.PlacedBlock) int {
	n := 0
	for _, b := range page {
		if b.Tag == "Table" {
			n += len(b.Children) - 1
		}
	}
	return n
}

// Paragraphs leave at least two lines on each page, and lose none.
func TestAParagraphIsDividedWhole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		lines := rapid.IntRange(1, 200).Draw(t, "lines")
		before := rapid.Float64Range(0, 640).Draw(t, "before")
		f := newFlow(640)
		f.add([]part{solid{height: before}, prose{tag: "P", each: 13, lines: make([]layout.PlacedBlock, lines)}})
		printed := 0
		for i, page := range f.pages {
			for _, b := range page {
				if n := len(b.Children); b.Tag == "P" {
					if n < least && lines >= least {
						t.Fatalf("page %d of %d has %d lines of %d", i+1, len(f.pages), n, lines)
					}
					printed += n
				}
			}
		}
		if f.y > 640.01 || printed != lines {
			t.Fatalf("%d lines were printed of %d, the last page to %.1f", printed, lines, f.y)
		}
	})
}

func TestWhatStaysTogether(t *testing.T) {
	t.Parallel()
	block := func(height float64, keep bool) part {
		return solid{spaced{keep: keep}, make([]layout.PlacedBlock, 1), height}
	}
	rows := func(n int) part {
		return table{limit: 640, head: tableRow{height: 16}, rows: make([]tableRow, n)}
	}
	for name, c := range map[string]struct {
		parts []part
		first int // blocks on the first page
	}{
		"a heading goes with what follows":       {[]part{block(600, false), block(30, true), block(30, false)}, 1},
		"a chain goes as one":                    {[]part{block(560, false), block(30, true), block(30, true), block(30, false)}, 1},
		"a heading goes with the first rows":     {[]part{block(600, false), block(30, true), rows(3)}, 1},
		"what fits stays":                        {[]part{block(560, false), block(30, true), block(30, false)}, 3},
		"a group goes as one":                    {[]part{block(600, false), group{parts: []part{block(30, false), block(30, false)}, limit: 640}}, 1},
		"a group larger than a page is broken":   {[]part{group{parts: []part{block(600, false), block(600, false)}, limit: 640}}, 1},
		"a page break breaks":                    {[]part{block(10, false), pageBreak{}, block(10, false)}, 1},
		"a page break at the top breaks nothing": {[]part{pageBreak{}, block(10, false)}, 1},
	} {
		f := newFlow(640)
		f.add(c.parts)
		if got := len(f.pages[0]); got != c.first {
			t.Errorf("%s: the first page has %d blocks, want %d", name, got, c.first)
		}
	}
}
