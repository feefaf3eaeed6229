package main

import (
	"cmp"
	"context"
	"errors"
	"os"
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/bot/catalogue"
	"seducoahuila.gob.mx/altas/bot/console"
	"seducoahuila.gob.mx/altas/bot/service"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/roster"
	"seducoahuila.gob.mx/altas/store"
)

const centresUsage = "centres import [-path FILE] FILE.xlsx|csv"

var errNoCentres = errors.New("no line has the heading of a column with the CCT (cct, clave …)")

// importCentres replaces the catalogue of work centres that the form searches. The bot must be
// stopped, because only one process at a time can open the store.
func importCentres(ctx context.Context, c call) error {
	f := c.flags("centres import", centresUsage)
	path := f.String("path", cmp.Or(os.Getenv("STORE_PATH"), service.DefaultStorePath), "the store's `file`")
	arguments, err := operands(f, c.args)
	if err != nil {
		return err
	}
	if len(arguments) != 2 || arguments[0] != "import" {
		f.Usage()
		return errUsage
	}
	all, err := readCentres(c, arguments[1])
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return console.Errorf("%s has no work centre; the catalogue stays as it is", arguments[1])
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
	return c.say("%s: work centres: %d", *path, len(all))
}

// readCentres reads the list and prints the invalid lines. The shifts of a school have the same
// CCT and count as one centre.
func readCentres(c call, path string) ([]catalogue.Centre, error) {
	texts := cards.In("en")
	var all []catalogue.Centre
	first, shifts := map[identity.CCT]int{}, 0
	shape := roster.Shape{Columns: catalogue.Columns, Required: "cct", Missing: errNoCentres, Needed: catalogue.Needed(), Found: c.printColumns, Tell: c.printRemark}
	for line, err := range roster.Read(path, shape) {
		if err != nil {
			return nil, err
		}
		for _, remark := range line.Remarks {
			c.printRemark(c.texts.Sprintf("line %d: %s", line.Number, remark))
		}
		centre, err := catalogue.Parse(line.Cells)
		if err != nil {
			c.printRemark(c.texts.Sprintf("line %d left out: %s", line.Number, refusalText(texts, err)))
			continue
		}
		if n, again := first[centre.CCT]; again {
			shifts++
			if before := all[n]; before.Name != centre.Name {
				c.printRemark(c.texts.Sprintf("line %d: %s has another name here: %q is kept, not %q", line.Number, centre.CCT, before.Name, centre.Name))
			}
			continue
		}
		first[centre.CCT] = len(all)
		all = append(all, centre)
	}
	if shifts > 0 {
		c.printRemark(c.texts.Sprintf("lines with the key of an earlier one, as the shifts of a school have: %d; each key is one work centre", shifts))
	}
	return all, nil
}

// refusalText returns the text of each refusal, as in the form.
func refusalText(texts *cards.Texts, err error) string {
	parts := []error{err}
	if joined, is := err.(interface{ Unwrap() []error }); is {
		parts = joined.Unwrap()
	}
	var sentences []string
	for _, part := range parts {
		sentences = append(sentences, strings.ReplaceAll(texts.Reason(part), `\`, "")) // Reason escapes Markdown
	}
	return strings.Join(sentences, " ")
}
