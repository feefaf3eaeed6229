package report

import (
	"errors"
	"fmt"
	"io"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"seducoahuila.gob.mx/altas/cards"
)

// The widths of a column, in characters.
const (
	leastWidth = 10
	mostWidth  = 48
)

// Workbook writes the tables as an Excel workbook, a sheet each: texts as texts, numbers as numbers.
func Workbook(w io.Writer, tables []cards.ReportTable) (err error) {
	f := excelize.NewFile()
	defer func() { err = errors.Join(err, f.Close()) }()
	b := book{File: f, styles: make(map[string]int)}
	for i, table := range tables {
		if err := b.addSheet(i, table); err != nil {
			return fmt.Errorf("sheet %s: %w", table.Name, err)
		}
	}
	_, err = f.WriteTo(w)
	return err
}

// book is a workbook being written, with its styles by number format.
type book struct {
	*excelize.File
	styles map[string]int
}

func (b book) addSheet(i int, table cards.ReportTable) error {
	if i == 0 {
		if err := b.SetSheetName(b.GetSheetName(0), table.Name); err != nil {
			return err
		}
	} else if _, err := b.NewSheet(table.Name); err != nil {
		return err
	}
	if err := b.writeHeadings(table); err != nil {
		return err
	}
	for i, row := range table.Rows {
		for j, value := range row {
			if err := b.writeCell(table.Name, j+1, i+2, value); err != nil {
				return err
			}
		}
	}
	return b.setWidths(table)
}

// writeHeadings writes the first row, which stays in sight.
func (b book) writeHeadings(table cards.ReportTable) error {
	style, err := b.NewStyle(&excelize.Style{
		Font:      &excelize.Font{Bold: true, Color: "FFFFFF"},
		Fill:      excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"6B1D36"}},
		Alignment: &excelize.Alignment{WrapText: true, Vertical: "center"},
	})
	if err != nil {
		return err
	}
	for i, heading := range table.Headings {
		if err := b.put(table.Name, i+1, 1, heading, style); err != nil {
			return err
		}
	}
	return b.SetPanes(table.Name, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
}

// writeCell writes a value with the number format of its type.
func (b book) writeCell(sheet string, column, row int, value any) error {
	format := ""
	switch v := value.(type) {
	case int:
		format = "#,##0"
	case float64:
		format = "#,##0.0"
	case cards.Share:
		value, format = float64(v), "0.0%"
	case time.Time:
		format = "dd/mm/yyyy"
	}
	style, err := b.styleOf(format)
	if err != nil {
		return err
	}
	return b.put(sheet, column, row, value, style)
}

func (b book) put(sheet string, column, row int, value any, style int) error {
	cell, err := excelize.CoordinatesToCellName(column, row)
	if err != nil {
		return err
	}
	return errors.Join(b.SetCellValue(sheet, cell, value), b.SetCellStyle(sheet, cell, cell, style))
}

// styleOf returns the style of a number format; 0, the usual one, for "".
func (b book) styleOf(format string) (int, error) {
	if style, ok := b.styles[format]; ok || format == "" {
		return style, nil
	}
	style, err := b.NewStyle(&excelize.Style{CustomNumFmt: &format})
	b.styles[format] = style
	return style, err
}

// setWidths makes each column as wide as its longest text, within bounds: headings wrap.
func (b book) setWidths(table cards.ReportTable) error {
	for i, heading := range table.Headings {
		longest := min(utf8.RuneCountInString(heading), 2*leastWidth)
		for _, row := range table.Rows {
			if text, ok := cellOf(row, i).(string); ok {
				longest = max(longest, utf8.RuneCountInString(text))
			}
		}
		name, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return err
		}
		if err := b.SetColWidth(table.Name, name, name, float64(min(max(longest+2, leastWidth), mostWidth))); err != nil {
			return err
		}
	}
	return nil
}

// cellOf returns the i-th cell of a row; nil if the row is shorter.
func cellOf(row []any, i int) any {
	if i >= len(row) {
		return nil
	}
	return row[i]
}
