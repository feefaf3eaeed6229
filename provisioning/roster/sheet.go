package roster

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// sheet is a sheet that is being read, a row at a time.
type sheet struct {
	tags   tags
	texts  *texts
	styles map[string]shown
	merged *merges
	hidden [][2]int // columns that nobody sees, from and to, the first being 1
	number int      // of the last row
	ended  bool
}

func (b *workbook) openSheet(info sheetInfo) (rowFile, error) {
	main := b.main()
	styles, err := b.shownBy(main)
	if err != nil {
		return rowFile{}, err
	}
	merged, err := b.merges(info.part)
	if err != nil {
		return rowFile{}, err
	}
	texts, err := b.sharedTexts(main)
	if err != nil {
		return rowFile{}, errors.Join(err, texts.close())
	}
	in, err := b.open(info.part)
	if err != nil {
		return rowFile{}, errors.Join(err, texts.close())
	}
	s := &sheet{tags: newTags(in), texts: texts, styles: styles, merged: merged}
	return rowFile{next: s.next, hides: s.hides, close: func() error { return errors.Join(in.Close(), texts.close()) }}, nil
}

func (s *sheet) hides(column int) bool {
	for _, h := range s.hidden {
		if column+1 >= h[0] && column+1 <= h[1] {
			return true
		}
	}
	return false
}

// next reads to the next row. A sheet that ends within its rows is damaged.
func (s *sheet) next() (row, error) {
	for !s.ended {
		token, err := s.token()
		if err != nil {
			return row{}, err
		}
		switch tag := token.(type) {
		case xml.StartElement:
			switch tag.Name.Local {
			case "col":
				s.column(tag)
			case "row":
				return s.row(tag)
			}
		case xml.EndElement:
			s.ended = tag.Name.Local == "sheetData"
		}
	}
	return row{}, io.EOF
}

// token is the next one, which must be there.
func (s *sheet) token() (xml.Token, error) {
	token, err := s.tags.next()
	if errors.Is(err, io.EOF) {
		err = fmt.Errorf("%w: the sheet breaks off", errDamaged)
	}
	if err != nil {
		return nil, fmt.Errorf("after row %d: %w", s.number, err)
	}
	return token, nil
}

func (s *sheet) column(tag xml.StartElement) {
	from, _ := strconv.Atoi(attr(tag, "min"))
	to, _ := strconv.Atoi(attr(tag, "max"))
	if isTrue(attr(tag, "hidden")) && len(s.hidden) < maxColumns {
		s.hidden = append(s.hidden, [2]int{from, to})
	}
}

func (s *sheet) row(tag xml.StartElement) (row, error) {
	s.number++
	if n, err := strconv.Atoi(attr(tag, "r")); err == nil && n > 0 {
		s.number = n
	}
	r := row{number: s.number, hidden: isTrue(attr(tag, "hidden"))}
	for {
		token, err := s.token()
		if err != nil {
			return r, err
		}
		switch tag := token.(type) {
		case xml.StartElement:
			if tag.Name.Local != "c" {
				continue
			}
			c, err := s.cell(tag)
			if err != nil {
				return r, err
			}
			r.put(columnOf(attr(tag, "r"), len(r.cells)), c)
		case xml.EndElement:
			if tag.Name.Local == "row" {
				r.cells = s.merged.fill(r.number, r.cells)
				return r, nil
			}
		}
	}
}

func (r *row) put(at int, c cell) {
	if at >= maxColumns {
		return
	}
	for len(r.cells) <= at {
		r.cells = append(r.cells, cell{})
	}
	r.cells[at] = c
}

// runs collects a text, which may be in several, each in a "t"; the "rPh" say how it is
// pronounced.
type runs struct {
	strings.Builder
	inside, spoken bool
}

func (r *runs) take(token xml.Token) {
	switch tag := token.(type) {
	case xml.StartElement:
		switch tag.Name.Local {
		case "v", "t":
			r.inside = !r.spoken
		case "rPh":
			r.spoken = true
		}
	case xml.CharData:
		if r.inside && r.Len() < maxToken {
			r.Write(tag)
		}
	case xml.EndElement:
		switch tag.Name.Local {
		case "v", "t":
			r.inside = false
		case "rPh":
			r.spoken = false
		}
	}
}

// written is what the XML says of a cell.
type written struct {
	kind, style string
	text        runs
	formula     bool
	valued      bool
}

// cell reads to the end of a cell.
func (s *sheet) cell(tag xml.StartElement) (cell, error) {
	w := written{kind: attr(tag, "t"), style: attr(tag, "s")}
	for {
		token, err := s.token()
		if err != nil {
			return cell{}, err
		}
		w.text.take(token)
		switch tag := token.(type) {
		case xml.StartElement:
			w.formula = w.formula || tag.Name.Local == "f"
			w.valued = w.valued || tag.Name.Local == "v"
		case xml.EndElement:
			if tag.Name.Local == "c" {
				return s.value(&w)
			}
		}
	}
}

func (s *sheet) value(w *written) (cell, error) {
	text := unescaped(w.text.String())
	switch {
	case w.formula && (!w.valued || text == "" && w.kind != "str"):
		return cell{remark: "its formula has no value saved: open the workbook in Excel and save it; left out"}, nil
	case text == "" && w.kind != "e":
		return cell{}, nil
	}
	switch w.kind {
	case "s":
		i, err := strconv.Atoi(text)
		if err != nil {
			return cell{}, fmt.Errorf("%w: a text of it is missing", errDamaged)
		}
		shared, err := s.texts.get(i)
		return textCell(shared), err
	case "e":
		return leftOut(text, "is an error of the spreadsheet, not a value"), nil
	case "b":
		return cell{text: map[bool]string{true: "TRUE", false: "FALSE"}[isTrue(text)]}, nil
	case "d":
		return leftOut(text, aDate), nil
	case "", "n":
		if s.styles[w.style].date {
			return leftOut(dateShown(text), aDate), nil
		}
		return padded(numberCell(text), s.styles[w.style].digits), nil
	}
	return textCell(text), nil
}

// padded is a number as people see it whose format is so many zeros: 00123.
func padded(c cell, digits int) cell {
	if n := digits - len(c.text); n > 0 && c.text != "" && !strings.ContainsAny(c.text, ".-") {
		c.text = strings.Repeat("0", n) + c.text
	}
	return c
}

const aDate = "is a date here, as Excel makes of 1-2 or 3/4, to be written in a column of text"

// dateShown is the day of a serial number, from 1900.
func dateShown(serial string) string {
	days, err := strconv.ParseFloat(serial, 64)
	if err != nil || days < 0 || days > 3e6 {
		return serial
	}
	return time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(days)).Format(time.DateOnly)
}

func attr(tag xml.StartElement, name string) string {
	for _, a := range tag.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func isTrue(s string) bool { return s == "1" || s == "true" }

// columnOf returns the number of the column that a reference like AB12 names, the first
// being 0; next where it names none.
func columnOf(ref string, next int) int {
	n := 0
	for _, c := range ref {
		if c >= 'a' && c <= 'z' {
			c -= 'a' - 'A'
		}
		if c < 'A' || c > 'Z' || n > maxColumns {
			break
		}
		n = n*26 + int(c-'A') + 1
	}
	if n == 0 {
		return next
	}
	return n - 1
}
