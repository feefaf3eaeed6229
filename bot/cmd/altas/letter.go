package main

import (
	"cmp"
	"context"
	"errors"
	"io"
	"os"
	"time"

	"seducoahuila.gob.mx/altas/bot/console"
	"seducoahuila.gob.mx/altas/bot/service"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/letter"
	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/store"
)

// errNotGenuine says that no letter was verified; it was printed already.
var errNotGenuine = errors.New("not genuine")

const letterUsage = `letter verify [-path FILE] [-key FILE] CODE|FILE
       altas letter sample [-o FILE]
`

// letters verifies a letter, or prints a sample.
func letters(ctx context.Context, c call) error {
	return c.choose(ctx, "letter", letterUsage, map[string]action{
		"verify": verifyLetter, "sample": func(_ context.Context, c call) error { return sampleLetter(c) },
	})
}

// verifyLetter says whether a code, or a file, is that of a letter that Altas issued, and whether it
// was annulled: what the page of the bot says, without the web.
func verifyLetter(ctx context.Context, c call) (err error) {
	f := c.flags("letter verify", "letter verify [-path FILE] [-key FILE] CODE|FILE")
	path := f.String("path", cmp.Or(os.Getenv("STORE_PATH"), service.DefaultStorePath), "the store's `file`, or that of a backup; the bot must be stopped")
	keyPath := f.String("key", "", "the `file` with the keys of the codes; beside the store if empty")
	args, err := operands(f, c.args)
	if err != nil {
		return err
	}
	if len(args) != 1 {
		f.Usage()
		return errUsage
	}
	if _, err := os.Stat(*path); err != nil { //nolint:gosec // the path is the operator's
		return console.Errorf("letter: %w (STORE_PATH or -path names the store)", err)
	}
	keys, err := service.ReadKeys(cmp.Or(*keyPath, service.KeyPath(*path)))
	if err != nil {
		return console.Errorf("letter: the keys of the codes: %w (-key names their file)", err)
	}
	db, err := store.Open(*path, store.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	l, found, err := lookUpLetter(ctx, db, keys, args[0])
	if err != nil {
		return err
	}
	return c.printVerified(l, found)
}

// maxLetterFile bounds a file that is verified: one of 9,999 accounts has 2 MB.
const maxLetterFile = 64 << 20

// lookUpLetter verifies the content of a file or, if there is no such file, a code.
func lookUpLetter(ctx context.Context, db *store.DB, keys letter.Keys, named string) (l letter.Letter, found bool, err error) {
	data, unread := readBounded(named)
	if unread != nil && letter.ParseCode(named) == "" {
		return l, false, console.Errorf("letter: neither a code, which has 16 of A-Z and 2-7 (O for 0, I for 1), nor a file: %w", unread)
	}
	err = db.View(ctx, func(tx provisioning.Tx) (err error) {
		if unread == nil {
			l, found, err = letter.VerifyFile(tx, keys, data)
			return err
		}
		l, found, err = letter.VerifyCode(tx, keys, named)
		return err
	})
	if problem.CodeOf(err) == problem.CodeUnavailable {
		err = errors.New("letter: CANNOT TELL: it was issued with a key that is missing; restore its file, or name it with -key")
	}
	return l, found, err
}

func readBounded(path string) (data []byte, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	return io.ReadAll(io.LimitReader(file, maxLetterFile))
}

func (c call) printVerified(l letter.Letter, found bool) error {
	zone, err := service.LoadLocation(os.Getenv)
	if err != nil {
		return err
	}
	if !found {
		c.note("NOT GENUINE: no letter of this store has that code, or exactly that file; of a printed or scanned letter verify the code")
		return errNotGenuine
	}
	state := c.texts.Text("VALID")
	if !l.Valid() {
		state = c.texts.Sprintf("ANNULLED on %s", l.AnnulledAt.In(zone).Format(time.DateOnly))
	}
	err = c.say("%s\nnumber   %s\nfolio    %s\ndate     %s\naccounts %d\ncode     %s\nsha-256  %s",
		state, l.Number, l.Folio, l.Date.In(zone).Format(time.DateOnly), l.Lines, l.Code, l.File)
	if err == nil && !l.Valid() {
		err = errNotGenuine
	}
	return err
}
