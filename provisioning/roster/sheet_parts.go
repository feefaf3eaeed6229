package roster

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"
)

// maxInMemory is how much of the texts is kept in memory; longer ones lie in a temporary
// file.
const maxInMemory = 8 << 20

// maxTexts bounds how many different texts a workbook may have.
const maxTexts = 16 << 20

// texts are the workbook's shared strings, by their number.
type texts struct {
	memory []byte
	file   *os.File // nil while memory holds all
	out    *bufio.Writer
	ends   []uint32
}

// sharedTexts reads all the texts that cells refer to.
func (b *workbook) sharedTexts(main string) (*texts, error) {
	t := &texts{}
	part := b.part(main, "sharedStrings", "xl/sharedStrings.xml")
	if part == "" {
		return t, nil
	}
	in, err := b.open(part)
	if err != nil {
		return t, err
	}
	defer in.Close()
	if err := t.read(newTags(in)); err != nil {
		return t, err
	}
	if t.out != nil {
		return t, t.out.Flush()
	}
	return t, nil
}

// part returns the part that main refers to as one of the kind, "" where it is not there.
func (b *workbook) part(main, kind, usual string) string {
	targets, _ := b.related(main, kind)
	for _, target := range targets {
		usual = target
	}
	if b.parts[partName(usual)] == nil {
		return ""
	}
	return usual
}

func (t *texts) read(tags tags) error {
	var text runs
	for {
		token, err := tags.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		text.take(token)
		end, is := token.(xml.EndElement)
		if !is || end.Name.Local != "si" {
			continue
		}
		if err := t.add(unescaped(text.String())); err != nil {
			return err
		}
		text = runs{}
	}
}

func (t *texts) add(text string) error {
	if len(t.ends) >= maxTexts {
		return errTooBig
	}
	end := uint32(len(text)) //nolint:gosec // all is less than maxUnpacked
	if n := len(t.ends); n > 0 {
		end += t.ends[n-1]
	}
	t.ends = append(t.ends, end)
	if t.file == nil {
		t.memory = append(t.memory, text...)
		if len(t.memory) <= maxInMemory {
			return nil
		}
		return t.spill()
	}
	_, err := t.out.WriteString(text)
	return err
}

func (t *texts) spill() (err error) {
	if t.file, err = os.CreateTemp("", "altas-list-"); err != nil {
		return err
	}
	t.out = bufio.NewWriterSize(t.file, sampleSize)
	_, err = t.out.Write(t.memory)
	t.memory = nil
	return err
}

func (t *texts) get(i int) (string, error) {
	if i < 0 || i >= len(t.ends) {
		return "", fmt.Errorf("%w: a text of it is missing", errDamaged)
	}
	from := uint32(0)
	if i > 0 {
		from = t.ends[i-1]
	}
	if t.file == nil {
		return string(t.memory[from:t.ends[i]]), nil
	}
	text := make([]byte, t.ends[i]-from)
	_, err := t.file.ReadAt(text, int64(from))
	return string(text), err
}

func (t *texts) close() error {
	if t.file == nil {
		return nil
	}
	return errors.Join(t.file.Close(), os.Remove(t.file.Name()))
}

var escapedCharacter = regexp.MustCompile(`_x([0-9A-Fa-f]{4})_`)

// unescaped reads the characters that XML cannot hold, as _x000D_.
func unescaped(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	return escapedCharacter.ReplaceAllStringFunc(s, func(found string) string {
		code, err := strconv.ParseUint(found[2:6], 16, 16)
		if err != nil || code < 0x20 && code != '\t' && code != '\n' {
			return ""
		}
		return string(rune(code))
	})
}

var (
	notOfTheFormat = regexp.MustCompile(`"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|(?i:general|standard|est[aá]ndar)`)
	partsOfDate    = "dmyhsDMYHS"
)

// styles are those of cells, while they are read.
type styles struct {
	custom map[string]string // the workbook's own formats, by their number
	cells  bool              // the styles of cells are being listed
	count  int
	shown  map[string]shown // how a style shows a number, by the style's; usual ones are not there
}

// shown is how a number is shown: as a date, or with so many digits, zeros before.
type shown struct {
	date   bool
	digits int
}

// shownBy returns the styles of cells that show a number as something else.
// https://learn.microsoft.com/dotnet/api/documentformat.openxml.spreadsheet.numberingformat
func (b *workbook) shownBy(main string) (map[string]shown, error) {
	part := b.part(main, "styles", "xl/styles.xml")
	if part == "" {
		return nil, nil
	}
	in, err := b.open(part)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	s := styles{custom: map[string]string{}, shown: map[string]shown{}}
	for tags := newTags(in); ; {
		token, err := tags.next()
		if errors.Is(err, io.EOF) {
			return s.shown, nil
		}
		if err != nil {
			return nil, err
		}
		s.take(token)
	}
}

// maxStyles bounds how many styles are known; Excel has no more.
const maxStyles = 65_490

func (s *styles) take(token xml.Token) {
	switch tag := token.(type) {
	case xml.StartElement:
		id := attr(tag, "numFmtId")
		switch {
		case tag.Name.Local == "numFmt" && len(s.custom) < maxStyles:
			s.custom[id] = attr(tag, "formatCode")
		case tag.Name.Local == "cellXfs":
			s.cells = true
		case tag.Name.Local == "xf" && s.cells:
			if as := s.understood(id); as != (shown{}) && len(s.shown) < maxStyles {
				s.shown[strconv.Itoa(s.count)] = as
			}
			s.count++
		}
	case xml.EndElement:
		s.cells = s.cells && tag.Name.Local != "cellXfs"
	}
}

var zeros = regexp.MustCompile(`^0{2,15}$`)

func (s *styles) understood(format string) shown {
	code, known := s.custom[format]
	switch {
	case !known:
		return shown{date: isDateFormat(format)}
	case zeros.MatchString(code):
		return shown{digits: len(code)}
	}
	return shown{date: strings.ContainsAny(notOfTheFormat.ReplaceAllString(code, ""), partsOfDate)}
}

// isDateFormat knows the formats that every spreadsheet has.
func isDateFormat(id string) bool {
	n, err := strconv.Atoi(id)
	return err == nil && (n >= 14 && n <= 22 || n >= 27 && n <= 36 || n >= 45 && n <= 47 || n >= 50 && n <= 58)
}

// merges are the cells that are one over several rows: what stands in the first counts
// for all.
type merges struct {
	begin  map[int][]span // by the row on which they begin
	active map[int]*span  // by column
}

type span struct {
	column, to int
	held       cell
}

// maxMerges bounds how many merged cells are known.
const maxMerges = 100_000

var mergedRange = regexp.MustCompile(`^\$?([A-Z]{1,3})\$?(\d{1,7}):\$?[A-Z]{1,3}\$?(\d{1,7})$`)

// merges reads which cells are one, which a sheet tells after its rows: they are sought
// past them without reading those.
func (b *workbook) merges(part string) (*merges, error) {
	m := &merges{begin: map[int][]span{}, active: map[int]*span{}}
	spare := workbook{parts: b.parts, left: maxUnpacked} // read twice
	in, err := spare.open(part)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	text := bufio.NewReaderSize(in, sampleSize)
	if err := skipTo(text, []byte("mergeCells")); err != nil {
		return m, nil // there are none; what is wrong with the sheet its reading tells
	}
	count := 0
	for tags := newTags(text); ; {
		token, err := tags.next()
		if err != nil {
			return m, nil
		}
		switch tag := token.(type) {
		case xml.StartElement:
			if tag.Name.Local == "mergeCell" && count < maxMerges {
				count++
				m.add(attr(tag, "ref"))
			}
		case xml.EndElement:
			if tag.Name.Local == "mergeCells" {
				return m, nil
			}
		}
	}
}

// skipTo reads up to the words, and past them.
func skipTo(in *bufio.Reader, words []byte) error {
	for {
		seen, err := in.Peek(sampleSize)
		if i := bytes.Index(seen, words); i >= 0 {
			_, err = in.Discard(i + len(words))
			return err
		}
		if err != nil {
			return err
		}
		_, _ = in.Discard(len(seen) - len(words))
	}
}

func (m *merges) add(ref string) {
	found := mergedRange.FindStringSubmatch(ref)
	if found == nil {
		return
	}
	from, _ := strconv.Atoi(found[2])
	to, _ := strconv.Atoi(found[3])
	if column := columnOf(found[1], 0); to > from && column < maxColumns {
		m.begin[from] = append(m.begin[from], span{column: column, to: to})
	}
}

// fill puts what a merged cell holds into those of its further rows.
func (m *merges) fill(number int, cells []cell) []cell {
	for column, s := range m.active {
		if number > s.to {
			delete(m.active, column)
			continue
		}
		for len(cells) <= column {
			cells = append(cells, cell{})
		}
		cells[column] = s.held
	}
	for _, s := range m.begin[number] {
		if s.column < len(cells) {
			s.held = cells[s.column]
			m.active[s.column] = &s
		}
	}
	return cells
}
