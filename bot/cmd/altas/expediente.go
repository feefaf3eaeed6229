package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/bot/console"
	"seducoahuila.gob.mx/altas/bot/service"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/audit"
	"seducoahuila.gob.mx/altas/provisioning/expediente"
	"seducoahuila.gob.mx/altas/provisioning/letter"
	"seducoahuila.gob.mx/altas/provisioning/retention"
	"seducoahuila.gob.mx/altas/store"
)

const expedienteUsage = "expediente export [-path FILE] [-o FILE.zip] FOLIO"

// runExpediente exports the file of a request.
func runExpediente(ctx context.Context, c call) error {
	return c.choose(ctx, "expediente", expedienteUsage, map[string]action{"export": exportExpediente})
}

// exportExpediente writes the expediente of a request that has ended, and records that in the audit.
func exportExpediente(ctx context.Context, c call) (err error) {
	f := c.flags("expediente export", expedienteUsage)
	path := f.String("path", defaultStorePath(), storePathUsage+"; the bot must be stopped")
	out := f.String("o", "", "the `file` to write, expediente-FOLIO.zip if empty; it names people")
	args, err := operands(f, c.args)
	if err != nil {
		return err
	}
	if len(args) != 1 {
		f.Usage()
		return errUsage
	}
	folio := provisioning.Folio(strings.TrimSpace(args[0]))
	if !folio.Valid() {
		return console.Errorf("%q is no folio, such as 2026-000123", args[0])
	}
	zone, err := service.LoadLocation(os.Getenv)
	if err != nil {
		return configError{err}
	}
	cover, err := expedienteCover(zone)
	if err != nil {
		return configError{err}
	}
	e := export{
		folio: folio, out: cmp.Or(*out, "expediente-"+string(folio)+".zip"), store: *path,
		exporter: expediente.Exporter{Cover: cover, Location: zone}, record: expediente.Record,
	}
	sum, err := e.run(ctx)
	if err != nil {
		return err
	}
	return c.say("%s: the expediente of %s\nsha-256 %s", e.out, folio, sum)
}

// expedienteCover returns what the rules' file says for the carátula; without such a file it is what
// letters have by default.
func expedienteCover(zone *time.Location) (expediente.Cover, error) {
	named := os.Getenv("ALTAS_CONFIG")
	rules, err := service.LoadRules(cmp.Or(named, "altas.yaml"))
	if named == "" && errors.Is(err, fs.ErrNotExist) {
		return expediente.Cover{Letterhead: letter.DefaultTemplate().Letterhead}, nil
	}
	if err != nil {
		return expediente.Cover{}, err
	}
	template, err := rules.LetterTemplate(zone)
	cover := expediente.Cover{Letterhead: template.Letterhead, File: rules.Letter.File}
	if a := rules.Archive; a != nil {
		cover.Classification = expediente.Classification{
			Fund: a.Fondo, Section: a.Seccion, Series: a.Serie,
			Term: retention.Term{Tramite: a.Tramite, Concentracion: *a.Concentracion},
		}
	}
	return cover, err
}

// export is one export of an expediente to a file.
type export struct {
	folio      provisioning.Folio
	out, store string
	exporter   expediente.Exporter
	record     func(tx provisioning.Tx, by provisioning.Actor, f provisioning.Folio, sum string, at time.Time) error
}

// run writes the file, completely or not at all, and returns its SHA-256 in hexadecimal. No file is
// there without its audit entry: the entry is recorded when the content is on disk, and the file then
// gets its name.
func (e export) run(ctx context.Context) (sum string, err error) {
	if _, err := os.Stat(e.store); err != nil {
		return "", console.Errorf("expediente: %w (STORE_PATH or -path names the store)", err)
	}
	if err := e.vacant(); err != nil {
		return "", err
	}
	db, err := store.Open(e.store, store.Options{})
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	temporary, sum, err := e.write(ctx, db)
	if err != nil {
		return "", err
	}
	err = db.Update(ctx, func(tx provisioning.Tx) error {
		return e.record(tx, operator(), e.folio, sum, time.Now())
	})
	if err == nil {
		err = e.vacant()
	}
	if err == nil {
		err = store.Replace(temporary, e.out)
	}
	if err != nil {
		return "", errors.Join(err, remove(temporary))
	}
	return sum, nil
}

// vacant returns an error if there is a file of that name.
func (e export) vacant() error {
	switch _, err := os.Lstat(e.out); {
	case err == nil:
		return console.Errorf("%s exists; remove it, or name another with -o", e.out)
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	return nil
}

// write writes the expediente to a temporary file beside the one that is wanted, which only its owner
// may read. After an error there is no such file.
func (e export) write(ctx context.Context, db *store.DB) (name, sum string, err error) {
	file, err := os.CreateTemp(filepath.Dir(e.out), filepath.Base(e.out)+".*")
	if err != nil {
		return "", "", err
	}
	hash := sha256.New()
	err = db.View(ctx, func(tx provisioning.Tx) error {
		return e.exporter.Write(releasingTx{tx, db}, io.MultiWriter(file, hash), e.folio)
	})
	if err == nil {
		err = file.Sync()
	}
	err = e.explain(err)
	if err = errors.Join(err, file.Close()); err != nil {
		return "", "", errors.Join(err, remove(file.Name()))
	}
	return file.Name(), hex.EncodeToString(hash.Sum(nil)), nil
}

// explain words the errors that an operator can act on.
func (e export) explain(err error) error {
	open, isOpen := errors.AsType[*expediente.OpenError](err)
	broken, isBroken := errors.AsType[*audit.Break](err)
	switch {
	case isOpen:
		return open
	case isBroken:
		return console.Errorf("the audit is broken, so nothing is exported: %w; -path may name a backup that is sound", broken)
	case errors.Is(err, expediente.ErrUnknown):
		return console.Errorf("there is no request %s in %s", e.folio, e.store)
	}
	return err
}

// remove removes a temporary file, if it is still there.
func remove(path string) error {
	if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// releasingTx is a transaction that releases the store's mapped pages while it reads the audit.
type releasingTx struct {
	provisioning.Tx
	db *store.DB
}

func (t releasingTx) Chain() iter.Seq2[audit.Entry, error] { return releasing(t.db, t.Tx.Chain()) }

func (t releasingTx) Entries(f provisioning.Folio) iter.Seq2[provisioning.Entered, error] {
	return releasing(t.db, t.Tx.Entries(f))
}
