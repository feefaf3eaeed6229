package main

import (
	"encoding/csv"
	"errors"
	"os"

	"seducoahuila.gob.mx/altas/provisioning/roster"
)

// table is the CSV file that -o names. Only its owner can read it, because it contains addresses.
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

// write writes one line and flushes it, so that repairs are recorded even if the command is
// interrupted.
func (t *table) write(cells ...string) error {
	for i := range cells {
		cells[i] = roster.EscapeFormula(cells[i])
	}
	err := t.out.Write(cells)
	t.out.Flush()
	return errors.Join(err, t.out.Error())
}

func (t *table) close() error { return t.file.Close() }
