package roster

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// sampleSize is how much of a file is looked at to tell what parts its cells.
const sampleSize = 64 << 10

// maxBreaks is how many line breaks a cell may have: with more, its quotation
// mark was never closed, and the lines that follow are lost in it.
const maxBreaks = 20

var errOpenQuote = errors.New("a quotation mark is opened and not closed: the lines after it are lost in one cell")

func csvRows(f io.Reader) (rowReader, error) {
	text := bufio.NewReaderSize(plainText(f), sampleSize)
	sample, err := text.Peek(sampleSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	reader := csv.NewReader(text)
	reader.Comma = separator(sample)
	reader.FieldsPerRecord = -1
	reader.LazyQuotes = true
	return func() ([]string, error) {
		cells, err := reader.Read()
		for _, cell := range cells {
			if strings.Count(cell, "\n") > maxBreaks {
				return nil, errOpenQuote
			}
		}
		return cells, err
	}, nil
}

// plainText is the file in UTF-8, whatever it was saved in: UTF-16 where it says
// so, else each line as UTF-8 or, where it is none, Windows-1252.
func plainText(f io.Reader) io.Reader {
	in := bufio.NewReaderSize(f, sampleSize)
	mark, _ := in.Peek(2)
	if bytes.Equal(mark, []byte{0xff, 0xfe}) || bytes.Equal(mark, []byte{0xfe, 0xff}) {
		return transform.NewReader(in, unicode.BOMOverride(unicode.UTF8.NewDecoder()))
	}
	if mark, _ := in.Peek(3); string(mark) == "\ufeff" {
		_, _ = in.Discard(len(mark))
	}
	return &lineByLine{in: in}
}

// lineByLine tells UTF-8 from Windows-1252 by each line: text of the one with
// accents is hardly ever valid in the other, and a list that was put together
// from several may have both.
type lineByLine struct {
	in   *bufio.Reader
	rest []byte
}

// Read reads what is left of the present line.
func (l *lineByLine) Read(p []byte) (int, error) {
	if len(l.rest) == 0 {
		line, err := l.in.ReadSlice('\n') // a longer one comes in pieces
		if len(line) == 0 {
			return 0, err
		}
		if !utf8.Valid(line) {
			line, _ = charmap.Windows1252.NewDecoder().Bytes(line) // it knows every byte
		}
		l.rest = line
	}
	n := copy(p, l.rest)
	l.rest = l.rest[n:]
	return n, nil
}

// separator is what comes most often in the line that has most of any: a title
// above the heading has none.
func separator(sample []byte) rune {
	best, most := ',', 0
	for l := range strings.SplitSeq(string(sample), "\n") {
		for _, c := range ",;\t" {
			if n := strings.Count(l, string(c)); n > most {
				best, most = c, n
			}
		}
	}
	return best
}
