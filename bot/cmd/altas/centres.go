package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"seducoahuila.gob.mx/altas/bot/catalogue"
	"seducoahuila.gob.mx/altas/bot/service"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/roster"
	"seducoahuila.gob.mx/altas/store"
)

const centresUsage = "centres import [-path FILE] FILE.xlsx|csv"

var errNoCentres = errors.New("no line has the heading of a column with the CCT (cct, clave …)")

// importCentres puts a list of work centres in place of the catalogue that the form
// searches. The bot must not be running: the store is its own.
func importCentres(ctx context.Context, c call) error {
	f := c.flags("centres import", centresUsage)
	path := f.String("path", cmp.Or(os.Getenv("STORE_PATH"), service.DefaultStorePath), "the store's `file`")
	words, err := operands(f, c.args)
	if err != nil {
		return err
	}
	if len(words) != 2 || words[0] != "import" {
		f.Usage()
		return errUsage
	}
	list := words[1]
	all, err := readCentres(c, list)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return fmt.Errorf("%s has no work centre; the catalogue stays as it is", list)
	}
	db, err := store.Open(*path, store.Options{})
	if err != nil {
		return err
	}
	err = db.Update(ctx, func(tx provisioning.Tx) error {
		return catalogue.Save(tx, all, time.Now().UTC().Format(time.RFC3339Nano))
	})
	if err := errors.Join(err, db.Close()); err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.out, "%d work centres\n", len(all))
	return err
}

// readCentres reads the list and prints the lines that are no centre.
func readCentres(c call, path string) ([]catalogue.Centre, error) {
	var all []catalogue.Centre
	shape := roster.Shape{Columns: catalogue.Columns, Required: "cct", Missing: errNoCentres}
	for line, err := range roster.Read(path, shape) {
		if err != nil {
			return nil, err
		}
		centre, err := catalogue.Parse(line.Cells)
		if err != nil {
			fmt.Fprintf(c.out, "line %d left out: %v\n", line.Number, err)
			continue
		}
		all = append(all, centre)
	}
	return all, nil
}
