package roster

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"unicode/utf8"
)

// sampleSize is how much of a file is looked at to tell what parts its cells.
const sampleSize = 64 << 10

// Bounds of a line: with more line breaks in a cell, or more bytes, a quotation mark was
// never closed, and the lines that follow are lost in it.
const (
	maxBreaks = 20
	maxRecord = 1 << 20
)

var errOpenQuote = errors.New("a quotation mark is opened and not closed: the lines after it are lost in one cell")

// openText reads what spreadsheets and editors in Mexico save: parted by commas,
// semicolons, tabs or bars, in UTF-8 with or without its mark, UTF-16, Windows-1252, and
// the older MacRoman and CP850.
func (s *finder) openText(f *os.File) (rowFile, error) {
	script, err := scriptOf(f)
	if err != nil {
		return rowFile{}, err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return rowFile{}, err
	}
	limit := &meter{in: script.reader(f), left: maxRecord}
	text := bufio.NewReaderSize(limit, sampleSize)
	sample, err := text.Peek(sampleSize)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, errOpenQuote) {
		return rowFile{}, err
	}
	number, named := 0, ""
	if m := separatorLine.FindSubmatch(sample); m != nil {
		_, _ = text.Discard(len(m[0]))
		number, named, sample = 1, string(m[1]), sample[len(m[0]):]
	}
	records := &records{csv: newCSV(text, s.separator(string(sample), named)), limit: limit, number: number}
	file := rowFile{next: records.next, close: func() error { return nil }}
	if script.remark != "" {
		file.remarks = []string{script.remark}
	}
	return file, nil
}

// separatorLine is what Excel reads the separator from: sep=;
var separatorLine = regexp.MustCompile(`^(?i:"?sep=(.)"?)\n`)

func newCSV(in io.Reader, separator rune) *csv.Reader {
	reader := csv.NewReader(in)
	reader.Comma = separator
	reader.FieldsPerRecord = -1
	reader.LazyQuotes = true
	reader.TrimLeadingSpace = separator != '\t' // with tabs it would drop empty cells
	return reader
}

// separator is the one by which the heading is found; where none is, the one that parts
// a line into most cells, for the message.
func (s *finder) separator(sample, named string) rune {
	best, most := ',', -1
	for _, c := range named + ",;\t|" {
		if c == '"' || c == utf8.RuneError || c == '\n' {
			continue
		}
		top := sampleRows(sample, c)
		h, err := s.heading(top)
		score := h.found() * sampleSize
		if err != nil && h.found() == 0 {
			for _, r := range top {
				score = max(score, len(r.cells))
			}
		}
		if score > most {
			best, most = c, score
		}
	}
	return best
}

func sampleRows(sample string, separator rune) []row {
	reader := records{csv: newCSV(strings.NewReader(sample), separator)}
	var top []row
	for len(top) < headingLines {
		r, err := reader.next()
		if err != nil {
			break
		}
		top = append(top, r)
	}
	return top
}

// records numbers the rows as a spreadsheet does that opens the file: an empty line is
// one, and one whose cells have line breaks is one too.
type records struct {
	csv    *csv.Reader
	limit  *meter // nil for a sample
	number int
	after  int // the line of the text on which the last record ended
}

func (r *records) next() (row, error) {
	if r.limit != nil {
		r.limit.left = maxRecord
	}
	texts, err := r.csv.Read()
	if errors.Is(err, io.EOF) {
		return row{}, io.EOF
	}
	if err != nil {
		return row{}, fmt.Errorf("line %d: %w", r.number+1, err)
	}
	begins, _ := r.csv.FieldPos(0)
	r.number += begins - r.after
	r.after = begins
	out := row{number: r.number, cells: make([]cell, len(texts))}
	for i, text := range texts {
		breaks := strings.Count(text, "\n")
		if breaks > maxBreaks {
			return row{}, fmt.Errorf("line %d: %w", r.number, errOpenQuote)
		}
		r.after += breaks
		out.cells[i] = textCell(text)
	}
	return out, nil
}

// meter fails where more is read than one line may have.
type meter struct {
	in   io.Reader
	left int
}

// Read reads no more than is left, and the buffer of whoever reads.
func (m *meter) Read(p []byte) (int, error) {
	if m.left <= 0 {
		return 0, errOpenQuote
	}
	n, err := m.in.Read(p)
	m.left -= n
	return n, err
}

// lineEnds makes \n of \r\n, and of the \r alone with which Excel for Mac ends a line.
type lineEnds struct {
	in io.Reader
	cr bool // the last byte was one
}

// Read never gives nothing without an error.
func (l *lineEnds) Read(p []byte) (int, error) {
	for {
		n, err := l.in.Read(p)
		kept := p[:0]
		for _, c := range p[:n] {
			switch {
			case c == '\r':
				kept = append(kept, '\n')
			case c != '\n' || !l.cr:
				kept = append(kept, c)
			}
			l.cr = c == '\r'
		}
		if len(kept) > 0 || err != nil {
			return len(kept), err
		}
	}
}
