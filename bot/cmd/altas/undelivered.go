package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"text/tabwriter"
	"time"

	"seducoahuila.gob.mx/altas/bot/console"
	"seducoahuila.gob.mx/altas/bot/recipient"
	"seducoahuila.gob.mx/altas/bot/service"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/store"
)

// undelivered lists the notices that Teams refused permanently, and with -resend enqueues them
// again. It prints recipient, request and kind: the text is made when a notice is sent.
func undelivered(ctx context.Context, c call) (err error) {
	f := c.flags("undelivered", "undelivered [-path FILE] [-resend]")
	path := f.String("path", cmp.Or(os.Getenv("STORE_PATH"), service.DefaultStorePath), "the store's `file`; the bot must be stopped")
	resend := f.Bool("resend", false, "have them sent again when the bot next starts")
	if err := parse(c, f); err != nil {
		return err
	}
	if _, err := os.Stat(*path); err != nil { //nolint:gosec // the path is the operator's
		return console.Errorf("undelivered: %w (STORE_PATH or -path names the store)", err)
	}
	db, err := store.Open(*path, store.Options{ReadOnly: !*resend})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var all []recipient.Undelivered
	err = db.View(ctx, func(tx provisioning.Tx) error {
		all = nil
		for u, err := range recipient.DeadLetters(tx) {
			if err != nil {
				return err
			}
			all = append(all, u)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := printUndelivered(c, all); err != nil || !*resend {
		return err
	}
	return db.Update(ctx, func(tx provisioning.Tx) error {
		var errs []error
		for _, u := range all {
			errs = append(errs, recipient.Resend(tx, u.Notice, time.Now()))
		}
		return errors.Join(errs...)
	})
}

func printUndelivered(c call, all []recipient.Undelivered) error {
	if len(all) == 0 {
		return c.say("nothing is undelivered")
	}
	w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, c.texts.Text("AT\tTO\tFOLIO\tKIND\tCAUSE"))
	for _, u := range all {
		n := u.Notice
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%q\n", n.At.Format(time.DateTime), n.To, cmp.Or(string(n.Folio), "-"), n.Kind, u.Cause)
	}
	return w.Flush()
}
