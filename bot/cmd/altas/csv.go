package main

import (
	"encoding/csv"
	"errors"
	"os"
	"strings"
)

// table is the CSV file that -o names, while it is written. It holds addresses, so it
// is its owner's alone.
type table struct {
	file *os.File
	out  *csv.Writer
}

func createTable(path string, heading ...string) (*table, error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, err
	}
	t := &table{file: file, out: csv.NewWriter(file)}
	if err := t.write(heading...); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return t, nil
}

// write writes one line, and through: what was mended is told even where the rest
// is never reached.
func (t *table) write(cells ...string) error {
	for i := range cells {
		cells[i] = harmless(cells[i])
	}
	err := t.out.Write(cells)
	t.out.Flush()
	return errors.Join(err, t.out.Error())
}

func (t *table) close() error { return t.file.Close() }

// harmless keeps a spreadsheet from taking a cell for a formula: the values of a
// directory, or of a list, are anybody's.
func harmless(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
