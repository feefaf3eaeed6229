package roster

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// sampleSize is how much of a file is looked at to tell what parts its cells.
const sampleSize = 64 << 10

func csvRows(f io.ReadSeeker) (rowReader, error) {
	from, err := encodingOf(f)
	if err != nil {
		return nil, err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	text := bufio.NewReaderSize(transform.NewReader(f, unicode.BOMOverride(from.NewDecoder())), sampleSize)
	sample, err := text.Peek(sampleSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	reader := csv.NewReader(text)
	reader.Comma = separator(sample)
	reader.FieldsPerRecord = -1
	reader.LazyQuotes = true
	reader.ReuseRecord = true
	return reader.Read, nil
}

// encodingOf tells UTF-8 from Windows-1252 by reading the file through once: text
// of the one with accents is hardly ever valid in the other. A mark at the
// beginning overrides it.
func encodingOf(r io.Reader) (encoding.Encoding, error) {
	text := bufio.NewReaderSize(r, sampleSize)
	mark, _ := text.Peek(2)
	if bytes.Equal(mark, []byte{0xff, 0xfe}) || bytes.Equal(mark, []byte{0xfe, 0xff}) {
		return unicode.UTF8, nil
	}
	for {
		c, size, err := text.ReadRune()
		switch {
		case errors.Is(err, io.EOF):
			return unicode.UTF8, nil
		case err != nil:
			return nil, err
		case c == utf8.RuneError && size == 1:
			return charmap.Windows1252, nil
		}
	}
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
