package roster

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	gounicode "unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// script is what a text was saved in: one of the UTFs, or each line UTF-8 or else the
// older encoding: a list that was put together from several may have both.
type script struct {
	wide   encoding.Encoding // UTF-16; nil for the others
	older  *charmap.Charmap
	remark string
}

// reader gives the text in UTF-8, without its mark, each line ended by \n.
func (s script) reader(f io.Reader) io.Reader {
	if s.wide != nil {
		return &lineEnds{in: transform.NewReader(f, unicode.BOMOverride(s.wide.NewDecoder()))}
	}
	in := bufio.NewReaderSize(&lineEnds{in: f}, sampleSize)
	if mark, _ := in.Peek(len(utf8Mark)); string(mark) == utf8Mark {
		_, _ = in.Discard(len(mark))
	}
	return &lineByLine{in: in, older: s.older}
}

const utf8Mark = "\ufeff"

// scriptOf reads the file through, for one letter near its end may tell.
func scriptOf(f *os.File) (script, error) {
	head := make([]byte, look)
	n, err := f.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return script{}, err
	}
	if wide := utf16Of(head[:n]); wide != nil {
		return script{wide: wide}, nil
	}
	if bytes.IndexByte(head[:n], 0) >= 0 {
		return script{}, looksLike("no text: it has bytes that no text has", saveAs)
	}
	return olderOf(f)
}

// utf16Of knows UTF-16 by its mark or, of Latin letters, by every other byte being zero.
func utf16Of(head []byte) encoding.Encoding {
	little, big := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	zeros := [2]int{}
	for i, c := range head {
		if c == 0 {
			zeros[i%2]++
		}
	}
	switch {
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}), zeros[1] > len(head)/4 && zeros[0] == 0:
		return little
	case bytes.HasPrefix(head, []byte{0xfe, 0xff}), zeros[0] > len(head)/4 && zeros[1] == 0:
		return big
	}
	return nil
}

// tally counts the letters beyond ASCII that a text has if it is read in one encoding:
// those of Spanish in their place, strange ones, and marks where a letter must be.
type tally struct{ good, strange, bad int }

// olderOf tells Windows-1252 from MacRoman and CP850 by what the words come to. The
// bytes of their Spanish letters differ, so that one word may be enough: Mu–oz.
func olderOf(f *os.File) (script, error) {
	charmaps := []*charmap.Charmap{charmap.Windows1252, charmap.Macintosh, charmap.CodePage850}
	tallies := make([]tally, len(charmaps))
	lines := lineByLine{in: bufio.NewReaderSize(&lineEnds{in: io.NewSectionReader(f, 0, 1<<62)}, sampleSize)}
	for {
		line, err := lines.piece()
		if errors.Is(err, io.EOF) && len(line) == 0 {
			break
		}
		if err != nil && len(line) == 0 {
			return script{}, err
		}
		if utf8.Valid(line) {
			continue
		}
		for i, c := range charmaps {
			text, _ := c.NewDecoder().Bytes(line)
			tallies[i].add([]rune(string(text)))
		}
	}
	if tallies[0].bad == 0 {
		return script{older: charmap.Windows1252}, nil
	}
	for i, name := range []string{1: "MacRoman, of an older Macintosh", 2: "CP850, of MS-DOS"} {
		if t := tallies[i]; i > 0 && t.good > 0 && t.strange+t.bad == 0 {
			return script{older: charmaps[i], remark: "its letters are in " + name + ": they were read so; compare some names"}, nil
		}
	}
	return script{
		older:  charmap.Windows1252,
		remark: "some of its letters are of another encoding, as MacRoman or CP850 (Mu–oz, Mu¤oz): those names need mending. Save the list as «CSV UTF-8», or as .xlsx",
	}, nil
}

func (t *tally) add(text []rune) {
	for i, r := range text {
		if r < utf8.RuneSelf {
			continue
		}
		before, after := neighbour(text, i-1), neighbour(text, i+1)
		switch {
		case strings.ContainsRune("áéíóúñüÁÉÍÓÚÑÜ", r):
			if clashes(r, before, after) {
				t.bad++
			} else {
				t.good++
			}
		case gounicode.IsLetter(r) && r != 'µ' && r != 'ƒ':
			if clashes(r, before, after) {
				t.bad++
			} else {
				t.strange++
			}
		case strings.ContainsRune(oddMarks+"‘’´\u0081\u008d\u008f\u0090\u009d\uFFFD", r) && isMisplaced(text, i):
			t.bad++
		case !strings.ContainsRune("ªº°¿¡«»–—‘’“”…·´\u00a0 ", r):
			t.strange++
		}
	}
}

func neighbour(text []rune, i int) rune {
	if i < 0 || i >= len(text) {
		return ' '
	}
	return text[i]
}

// clashes reports whether a letter is small among capitals, or a capital after or
// between small ones.
func clashes(r, before, after rune) bool {
	if gounicode.IsLower(r) {
		return gounicode.IsUpper(after) || gounicode.IsUpper(before) && !gounicode.IsLower(after) && gounicode.IsLetter(after)
	}
	return gounicode.IsLower(before) || gounicode.IsUpper(before) && gounicode.IsLower(after)
}

// isMisplaced reports whether a mark stands where only a letter can: an apostrophe may
// follow one letter, d’Angelo, and a dash part two surnames.
func isMisplaced(text []rune, i int) bool {
	if i == 0 || i+1 == len(text) || !insideWord(text, i) {
		return false
	}
	apostrophe := strings.ContainsRune("‘’´", text[i])
	return !apostrophe || i > 1 && gounicode.IsLetter(text[i-2]) && gounicode.IsLower(text[i+1])
}

// lineByLine tells UTF-8 from the older encoding by each line: text of the one with
// accents is hardly ever valid in the other.
type lineByLine struct {
	in    *bufio.Reader
	older *charmap.Charmap
	rest  []byte // of the present line
	cut   []byte // the beginning of a letter that a piece ended in
}

// Read reads what is left of the present line.
func (l *lineByLine) Read(p []byte) (int, error) {
	if len(l.rest) == 0 {
		line, err := l.piece()
		if len(line) == 0 {
			return 0, err
		}
		if !utf8.Valid(line) {
			line, _ = l.older.NewDecoder().Bytes(line) // it knows every byte
		}
		l.rest = line
	}
	n := copy(p, l.rest)
	l.rest = l.rest[n:]
	return n, nil
}

// piece returns the next line or, of one that is too long, a part that cuts no letter.
func (l *lineByLine) piece() ([]byte, error) {
	read, err := l.in.ReadSlice('\n')
	line := slices.Concat(l.cut, read)
	l.cut = nil
	if errors.Is(err, bufio.ErrBufferFull) {
		end := len(line)
		for i := 1; i <= utf8.UTFMax && i <= len(line); i++ {
			if c := line[len(line)-i]; utf8.RuneStart(c) {
				if c >= utf8.RuneSelf && !utf8.FullRune(line[len(line)-i:]) {
					end = len(line) - i
				}
				break
			}
		}
		l.cut = bytes.Clone(line[end:])
		line = line[:end]
	}
	return line, err
}
