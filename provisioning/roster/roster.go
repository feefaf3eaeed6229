// Package roster reads the lists that people keep in spreadsheets: .xlsx, or .csv in
// whatever way it was saved. A Shape says which columns are wanted, by the words that
// people head them with; Read yields the lines below the heading. EscapeFormula is for lists that
// are written.
package roster

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Line is one line of a list: its number in the file, the first being 1, and its
// cells by the names of the Shape's columns. Empty cells are left out. Remarks are
// sentences about cells that are not quite what was typed, or were left out for it.
type Line struct {
	Number  int
	Cells   map[string]string
	Remarks []string
}

// Shape is what a list must look like.
type Shape struct {
	Columns  map[string]string // by name: the words that people head the column with, parted by |, the surest first
	Required string            // the name of the column without which it is another list
	Missing  error             // what a list without that column gives
	Needed   []string          // the names of further columns that it may not lack

	Found func(Heading) // where set, is told the heading before the first line
	Tell  func(string)  // where set, is told in sentences what is odd about the whole list
}

// Heading says which columns of a list are read.
type Heading struct {
	Number     int      // of its line
	Used       []Column // in the list's order
	PassedOver []string // as the list heads them
}

// Column is one that is read: our name, and the list's heading.
type Column struct{ Name, Heading string }

// headingLines is how far down a list's heading may stand, below a title.
const headingLines = 20

// Read yields the lines of an .xlsx, .csv or .txt file, however long, in constant
// memory. It ends at the first error; a list without lines is one.
func Read(path string, shape Shape) iter.Seq2[Line, error] {
	return func(yield func(Line, error) bool) {
		finder := newFinder(shape)
		file, err := finder.open(path)
		if err == nil {
			err = finder.each(file, yield)
			err = errors.Join(err, file.close())
		}
		if err != nil && !errors.Is(err, errStopped) {
			yield(Line{}, fmt.Errorf("read %s%s: %w", filepath.Base(path), file.sheet, err))
		}
	}
}

var errStopped = errors.New("no more wanted")

// ErrNoLines is what a list with nothing below its heading gives.
var ErrNoLines = errors.New("there is no line below the heading")

// row is one row of a file, and the number by which people know it.
type row struct {
	number int
	cells  []cell
	hidden bool
}

func (r row) empty() bool {
	return !slices.ContainsFunc(r.cells, func(c cell) bool { return c.text != "" || c.remark != "" })
}

// rowReader gives the next row, io.EOF after the last.
type rowReader func() (row, error)

// rowFile is an open list.
type rowFile struct {
	next    rowReader
	close   func() error
	sheet   string // which of several is read: ", sheet X, the first of 3"
	remarks []string
	hides   func(column int) bool // which columns nobody sees; nil for none
}

func (s *finder) open(path string) (rowFile, error) {
	f, err := os.Open(path)
	if err != nil {
		return rowFile{}, err
	}
	what, err := recognize(f, strings.ToLower(filepath.Ext(path)))
	var file rowFile
	switch {
	case err != nil:
	case what == workbookFile:
		file, err = openWorkbook(f)
	default:
		file, err = s.openText(f)
	}
	if err != nil {
		return file, errors.Join(err, f.Close())
	}
	inner := file.close
	file.close = func() error { return errors.Join(inner(), f.Close()) }
	return file, nil
}

// each yields what is below the heading.
func (s *finder) each(file rowFile, yield func(Line, error) bool) error {
	top, err := readTop(file.next)
	if errors.Is(err, errEmpty) {
		return fmt.Errorf("%w: %w", err, s.Missing)
	}
	if err != nil {
		return err
	}
	h, err := s.heading(top)
	if err != nil {
		return err
	}
	s.tellHeading(h, file)
	lines := body{heading: h, next: replay(top[h.after:], file.next)}
	if err := lines.each(yield); err != nil {
		return err
	}
	for _, remark := range lines.remarks() {
		s.tell(remark)
	}
	if lines.given == 0 {
		return fmt.Errorf("%w, which is on line %d", ErrNoLines, h.number)
	}
	return nil
}

func readTop(next rowReader) ([]row, error) {
	var top []row
	for len(top) < headingLines {
		r, err := next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		top = append(top, r)
	}
	if !slices.ContainsFunc(top, func(r row) bool { return !r.empty() }) {
		return nil, errEmpty
	}
	return top, nil
}

// replay gives the rows that were read already, then the others.
func replay(rows []row, next rowReader) rowReader {
	return func() (row, error) {
		if len(rows) == 0 {
			return next()
		}
		r := rows[0]
		rows = rows[1:]
		return r, nil
	}
}

func (s Shape) tell(sentence string) {
	if s.Tell != nil {
		s.Tell(sentence)
	}
}

func (s *finder) tellHeading(h heading, file rowFile) {
	for _, remark := range slices.Concat(file.remarks, h.remarks) {
		s.tell(remark)
	}
	for i, name := range h.names {
		if name != "" && file.hides != nil && file.hides(i) {
			s.tell(fmt.Sprintf("the column %q is hidden; it is read all the same", h.titles[i]))
		}
	}
	if s.Found != nil {
		s.Found(h.told())
	}
}

// body is what stands below the heading, while it is read.
type body struct {
	heading  heading
	next     rowReader
	given    int
	hidden   int
	headless map[int]bool // columns with something in them, but no heading
}

func (b *body) each(yield func(Line, error) bool) error {
	b.headless = map[int]bool{}
	for {
		r, err := b.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		l := b.line(r)
		if len(l.Cells) == 0 && len(l.Remarks) == 0 {
			continue
		}
		b.given++
		if !yield(l, nil) {
			return errStopped
		}
	}
}

// line leaves out cells that are empty, so that an empty line has none.
func (b *body) line(r row) Line {
	l := Line{Number: r.number, Cells: map[string]string{}}
	for i, c := range r.cells {
		switch {
		case c.text == "" && c.remark == "":
			continue
		case i >= len(b.heading.names) || b.heading.titles[i] == "":
			b.headless[i] = true
			continue
		case b.heading.names[i] == "":
			continue
		}
		if c.text != "" {
			l.Cells[b.heading.names[i]] = c.text
		}
		if c.remark != "" {
			l.Remarks = append(l.Remarks, b.heading.titles[i]+": "+c.remark)
		}
	}
	if r.hidden && len(l.Cells) > 0 {
		b.hidden++
		l.Remarks = append(l.Remarks, "the row is hidden, as by a filter")
	}
	return l
}

// maxNamed bounds how many columns are named one by one.
const maxNamed = 10

func (b *body) remarks() []string {
	var all []string
	if b.hidden > 0 {
		all = append(all, fmt.Sprintf("hidden rows, as by a filter: %d; they are read like the others", b.hidden))
	}
	var letters []string
	for i := range b.headless {
		letters = append(letters, columnName(i))
	}
	slices.SortFunc(letters, func(a, b string) int {
		if len(a) != len(b) {
			return len(a) - len(b)
		}
		return strings.Compare(a, b)
	})
	if n := len(letters); n > maxNamed {
		letters = append(letters[:maxNamed], "…")
	}
	if len(letters) > 0 {
		all = append(all, "passed over, for they have no heading: columns "+strings.Join(letters, ", "))
	}
	return all
}

// columnName returns the letters of a column, the first being 0.
func columnName(i int) string {
	name := ""
	for i++; i > 0; i = (i - 1) / 26 {
		name = string(rune('A'+(i-1)%26)) + name
	}
	return name
}
