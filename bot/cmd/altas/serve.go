package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"

	"seducoahuila.gob.mx/altas/bot/console"
	"seducoahuila.gob.mx/altas/bot/service"
	"seducoahuila.gob.mx/altas/store"
)

const serveUsage = `serve

It reads the organisation's rules from ./altas.yaml, or the file that ALTAS_CONFIG names, and from the environment:

  BOT_APP_ID, BOT_APP_PASSWORD, BOT_TENANT_ID                of the bot's registration
  AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, AZURE_TENANT_ID      of the one that makes accounts
  ALTAS_LISTEN, ALTAS_PUBLIC_URL, STORE_PATH, RECEIPTS_DSN   where it listens and keeps things
  ALTAS_LOCALE, ALTAS_TIMEZONE, LOG_LEVEL, LOG_FORMAT        how it speaks; the log is always English

Each secret may come from a file, by NAME_FILE. README.md has every variable and its default, bot/guide/instalacion.md
the installation step by step.`

// serve runs the bot until ctx ends.
func serve(ctx context.Context, c call) error {
	f := c.flags("serve", "serve")
	f.Usage = func() { c.warn("usage: altas %s", console.Phrase(serveUsage)) }
	if err := parse(c, f); err != nil {
		return err
	}
	cfg, err := service.LoadConfig(os.Getenv)
	if err != nil {
		return configError{err}
	}
	return tableFaults(service.Run(ctx, cfg, service.NewLog(c.errOut, cfg.LogLevel, cfg.LogFormat)))
}

func printVersion(_ context.Context, c call) error {
	if err := parse(c, c.flags("version", "version")); err != nil {
		return err
	}
	_, err := fmt.Fprintln(c.out, "altas", service.Version())
	return err
}

// checkStore reads the store, or a backup of it, and prints its problems. It changes nothing.
func checkStore(ctx context.Context, c call) (err error) {
	f := c.flags("check-store", "check-store [-path FILE]")
	path := f.String("path", cmp.Or(os.Getenv("STORE_PATH"), service.DefaultStorePath), "the store's `file`")
	if err := parse(c, f); err != nil {
		return err
	}
	if _, err := os.Stat(*path); err != nil { //nolint:gosec // the path is the operator's
		return console.Errorf("check-store: %w (STORE_PATH or -path names another)", err) // clearer than bbolt's error
	}
	db, err := store.Open(*path, store.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	problems, err := db.Check(ctx)
	forgotten, errForgotten := db.Forgotten(ctx)
	if err := errors.Join(err, errForgotten); err != nil {
		return err
	}
	problems = append(problems, forgotten...)
	for _, p := range problems {
		fmt.Fprintln(c.out, p)
	}
	if len(problems) > 0 {
		return console.Errorf("%s breaks %d invariants", *path, len(problems))
	}
	return c.say("%s: every invariant holds", *path)
}
