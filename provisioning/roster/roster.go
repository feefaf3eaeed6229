// Package roster reads the lists that people keep in spreadsheets: .xlsx, or .csv in
// whatever way it was saved. A Shape says which columns are wanted, by the words that
// people head them with; Read yields the lines below the heading.
package roster

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/unicode/norm"
)

// Line is one line of a list: its number in the file, the first being 1, and its
// cells by the names of the Shape's columns. Empty cells are left out.
type Line struct {
	Number int
	Cells  map[string]string
}

// Shape is what a list must look like.
type Shape struct {
	Columns  map[string]string // by name: the words that people head the column with, folded, parted by |
	Required string            // the name of the column without which it is another list
	Missing  error             // what a list without that column gives
}

// headings returns the name of each folded heading.
func (s Shape) headings() map[string]string {
	known := make(map[string]string)
	for name, words := range s.Columns {
		for word := range strings.SplitSeq(words, "|") {
			known[word] = name
		}
	}
	return known
}

// Fold folds what people write above a column: "Correo Electrónico" is
// "correoelectronico", "No. empleado" is "noempleado".
func Fold(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFD.String(s))
}

// headingLines is how far down a list's heading may stand, below a title.
const headingLines = 20

// Read yields the lines of an .xlsx, .csv or .txt file, however long, in constant
// memory. It ends at the first error. Columns that the shape does not know are passed over.
func Read(path string, shape Shape) iter.Seq2[Line, error] {
	return func(yield func(Line, error) bool) {
		file, err := openRows(path)
		if err == nil {
			err = shape.each(file.next, yield)
			err = errors.Join(err, file.close())
		}
		if err != nil && !errors.Is(err, errStopped) {
			yield(Line{}, fmt.Errorf("read %s%s: %w", filepath.Base(path), file.sheet, err))
		}
	}
}

var errStopped = errors.New("no more wanted")

// rowReader gives the cells of the next row, io.EOF after the last.
type rowReader func() ([]string, error)

// rowFile is an open list.
type rowFile struct {
	next  rowReader
	close func() error
	sheet string // which of several is read: ", sheet X, the first of 3"
}

func openRows(path string) (rowFile, error) {
	switch ext := strings.ToLower(filepath.Ext(path)); ext {
	case ".xlsx", ".xlsm":
		return openSheet(path)
	case ".csv", ".txt":
		return openCSV(path)
	default:
		return rowFile{}, fmt.Errorf("%q is no list: want .xlsx or .csv", ext)
	}
}

// each yields what is below the heading: among the first lines, the one that names
// most columns. Above it may stand a title, or the headings of groups of columns.
func (s Shape) each(next rowReader, yield func(Line, error) bool) error {
	var top [][]string
	for len(top) < headingLines {
		cells, err := next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("line %d: %w", len(top)+1, err)
		}
		top = append(top, cells)
	}
	names, number := s.heading(top)
	if names == nil {
		return s.Missing
	}
	next = replay(top[number:], next)
	for {
		number++
		cells, err := next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("line %d: %w", number, err)
		}
		if l := line(number, names, cells); len(l.Cells) > 0 && !yield(l, nil) {
			return errStopped
		}
	}
}

// replay gives the rows that were read already, then the others.
func replay(rows [][]string, next rowReader) rowReader {
	return func() ([]string, error) {
		if len(rows) == 0 {
			return next()
		}
		cells := rows[0]
		rows = rows[1:]
		return cells, nil
	}
}

// heading returns the name of each column, "" for those that the shape does not
// know, and the number of the line that tells; nil where none has the required one.
func (s Shape) heading(top [][]string) (names []string, number int) {
	known, most := s.headings(), 0
	for i, cells := range top {
		here, found := make([]string, len(cells)), map[string]bool{}
		for j, cell := range cells {
			here[j] = known[Fold(cell)]
			found[here[j]] = true
		}
		delete(found, "")
		if found[s.Required] && len(found) > most {
			names, number, most = here, i+1, len(found)
		}
	}
	return names, number
}

// line leaves out cells that are empty, so that an empty line has none.
func line(number int, names, cells []string) Line {
	l := Line{Number: number, Cells: map[string]string{}}
	for i, cell := range cells {
		if cell = strings.TrimSpace(cell); cell != "" && i < len(names) && names[i] != "" && l.Cells[names[i]] == "" {
			l.Cells[names[i]] = cell
		}
	}
	return l
}

// Limits of a spreadsheet: what it may unpack to, and what of that is kept in
// memory rather than in a temporary file.
const (
	maxUnpacked = 2 << 30
	maxInMemory = 8 << 20
)

// openSheet reads the first sheet, as its cells are stored rather than shown.
func openSheet(path string) (rowFile, error) {
	book, err := excelize.OpenFile(path, excelize.Options{RawCellValue: true, UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: maxInMemory})
	if err != nil {
		return rowFile{}, err
	}
	first := book.GetSheetName(0)
	rows, err := book.Rows(first)
	if err != nil {
		return rowFile{}, errors.Join(err, book.Close())
	}
	file := rowFile{close: func() error { return errors.Join(rows.Close(), book.Close()) }}
	if n := book.SheetCount; n > 1 {
		file.sheet = fmt.Sprintf(", sheet %s, the first of %d", first, n)
	}
	file.next = func() ([]string, error) {
		if !rows.Next() {
			if err := rows.Error(); err != nil {
				return nil, err
			}
			return nil, io.EOF
		}
		return rows.Columns()
	}
	return file, nil
}

// openCSV reads what spreadsheets and editors in Mexico save: parted by commas,
// semicolons or tabs, in UTF-8 with or without its mark, UTF-16 or Windows-1252.
func openCSV(path string) (rowFile, error) {
	f, err := os.Open(path)
	if err != nil {
		return rowFile{}, err
	}
	next, err := csvRows(f)
	if err != nil {
		return rowFile{}, errors.Join(err, f.Close())
	}
	return rowFile{next: next, close: f.Close}, nil
}
