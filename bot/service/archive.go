package service

import (
	"context"
	"errors"
	"os"
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/bot/console"
	"seducoahuila.gob.mx/altas/bot/post"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/retention"
	"seducoahuila.gob.mx/altas/store"
	"seducoahuila.gob.mx/altas/store/receipts"
)

// maskTerms masks the CURPs of the requests whose term has ended.
func (s *Service) maskTerms(ctx context.Context) {
	term := s.cfg.Rules.Archive.term()
	if term == (retention.Term{}) {
		return
	}
	var done retention.Masked
	people, err := erasedFile{erasedPath(s.cfg.StorePath)}.keyed()
	if err == nil {
		archive := retention.Archive{Store: s.records, Receipts: s.receipts, Digest: people.digest, Location: s.cfg.Location, Now: s.cfg.Now}
		done, err = archive.Mask(ctx, term)
	}
	if err != nil && ctx.Err() == nil {
		s.log.ErrorContext(ctx, "CURPs of requests whose term has ended not all masked; tried again tomorrow", "err", err)
	}
	if done.Lines > 0 {
		s.log.InfoContext(ctx, "CURPs masked of requests whose term has ended", "requests", done.Requests, "lines", done.Lines)
	}
	if done.Kept > 0 {
		s.log.WarnContext(ctx, "CURPs kept beyond their term, since the receipts do not have them and their accounts exist", "lines", done.Kept)
	}
}

// Archive is what Altas keeps about people, while the service is stopped. Close it when done.
type Archive struct {
	retention.Archive
	path string
	db   *store.DB
	rows *receipts.DB
}

// OpenArchive opens the store at path and the receipts, which must be there: of what is missing nothing could
// be shown or erased.
func OpenArchive(ctx context.Context, path string, of receipts.Config) (*Archive, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, console.Errorf("store: %w (STORE_PATH names another)", err)
	}
	if file, is := strings.CutPrefix(of.DSN, "sqlite:"); is {
		if _, err := os.Stat(file); err != nil {
			return nil, console.Errorf("receipts: %w (RECEIPTS_DSN names others)", err)
		}
	}
	db, err := store.Open(path, store.Options{})
	if err != nil {
		return nil, console.Errorf("%w (stop the bot for the few minutes)", err)
	}
	rows, err := receipts.Open(of)
	if err != nil {
		return nil, errors.Join(console.Errorf("RECEIPTS_DSN: %w", err), db.Close())
	}
	people, err := knownErased(ctx, erasedFile{erasedPath(path)}, db)
	if err != nil {
		return nil, errors.Join(err, rows.Close(), db.Close())
	}
	archive := retention.Archive{Store: db, Receipts: rows, Redraw: cardsOf, Digest: people.digest, Now: time.Now}
	return &Archive{Archive: archive, path: path, db: db, rows: rows}, nil
}

// knownErased returns who was erased. If their file is lost, that must be known before another is made.
func knownErased(ctx context.Context, f erasedFile, s provisioning.Store) (erasedPeople, error) {
	people, err := f.read()
	if err != nil {
		return people, err
	}
	lost, err := people.lost(ctx, s)
	if err == nil && lost {
		err = console.Errorf("%s is missing, so that nobody knows whose the masked lines are, and who was erased: put back that of a backup or, if there is none, an empty file", f.path)
	}
	if err != nil {
		return people, err
	}
	return f.keyed()
}

// cardsOf returns the jobs that draw a line's cards anew.
func cardsOf(s provisioning.Stamp) []job.Job {
	return []job.Job{{Kind: provisioning.JobCards, Key: string(s.Folio())}, {Kind: post.JobAccount, Key: string(s)}}
}

// Erasure is what was erased, and what could not be.
type Erasure struct {
	People []retention.Erased
	Rows   int                    // of the receipts
	Left   []provisioning.Receipt // rows of a table that is not ours
	Before int64                  // size of the store's file, in bytes
	After  int64
}

// Empty reports whether nothing was erased, nor left.
func (e Erasure) Empty() bool {
	found := len(e.Left) + e.Rows
	for _, p := range e.People {
		found += len(p.Lines) + p.Entries + p.Records
	}
	return found == 0
}

// Erase erases people from the store, the receipts and the files of both, and closes the store. One that
// cannot be erased does not keep the others. After an error it is run again: what is erased stays so.
func (a *Archive) Erase(ctx context.Context, act retention.Act, people ...retention.Subject) (done Erasure, err error) {
	for _, s := range people {
		err = errors.Join(err, a.erase(ctx, s, act, &done))
	}
	if failed := a.rows.Compact(ctx); failed != nil {
		err = errors.Join(err, console.Errorf("the receipts: %w", failed))
	}
	closed := a.db.Close()
	if closed == nil {
		done.Before, done.After, closed = store.Compact(a.path)
	}
	return done, errors.Join(err, closed)
}

// erase remembers the person first, so that after a kill they count as returned.
func (a *Archive) erase(ctx context.Context, s retention.Subject, act retention.Act, done *Erasure) error {
	s, err := a.Erasable(ctx, s, act)
	if err != nil {
		return err
	}
	if s.Digest != "" {
		if err := (erasedFile{erasedPath(a.path)}).add(s.Digest, a.Now()); err != nil {
			return err
		}
	}
	erased, err := a.Archive.Erase(ctx, s, act)
	if err != nil {
		return err
	}
	done.People = append(done.People, erased)
	if s.CURP == "" {
		return nil
	}
	rows, err := a.rows.Erase(ctx, s.CURP)
	done.Rows, done.Left = done.Rows+rows.Rows, append(done.Left, rows.Left...)
	if err != nil {
		return console.Errorf("the receipts: %w", err)
	}
	return nil
}

// Returned returns those who were erased and are in the store, or in the receipts, again: a backup was
// restored, or the erasure was interrupted.
func (a *Archive) Returned(ctx context.Context) ([]retention.Subject, error) {
	people, err := erasedFile{erasedPath(a.path)}.read()
	if err != nil {
		return nil, err
	}
	return a.Archive.Returned(ctx, people.at, a.rows.Rows)
}

// Close closes what OpenArchive opened.
func (a *Archive) Close() error { return errors.Join(a.rows.Close(), a.db.Close()) }
