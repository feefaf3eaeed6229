package service

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/retention"
)

// erasedFile remembers, beside the store, who was erased and when: a backup of the store, or of the receipts,
// that is restored later has them again. A person is a keyed digest of the CURP, which lines whose CURP was
// masked have too. The first line is the key, each further one a person: "2026-11-30T18:00:00Z 4f0c…".
type erasedFile struct{ path string }

// erasedPath is the file of a store.
func erasedPath(store string) string { return besideStore(store, ".erased") }

// erasedPeople is the content of the file.
type erasedPeople struct {
	there bool   // the file exists
	key   []byte // nil if it is not made yet
	at    retention.Remembered
}

// read returns who was erased; nobody if there is no file, or an empty one, put there by whoever has lost it.
func (f erasedFile) read() (p erasedPeople, err error) {
	p.at = retention.Remembered{}
	text, err := os.ReadFile(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return p, nil
	}
	if p.there = true; err != nil || len(text) == 0 {
		return p, err
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	if p.key, err = hex.DecodeString(strings.TrimSpace(lines[0])); err != nil || len(p.key) != sha256.Size {
		return p, fmt.Errorf("%s: not the list of those who were erased; restore it from its backup", f.path)
	}
	for i, line := range lines[1:] {
		at, digest, _ := strings.Cut(strings.TrimSpace(line), " ")
		if p.at[digest], err = time.Parse(time.RFC3339, at); err != nil || len(digest) != 2*sha256.Size {
			return p, fmt.Errorf("%s: line %d is not a time and a digest; restore the file from its backup", f.path, i+2)
		}
	}
	return p, nil
}

// keyed returns who was erased, after making the key if there is none.
func (f erasedFile) keyed() (erasedPeople, error) {
	p, err := f.read()
	if err != nil || p.key != nil {
		return p, err
	}
	p.key = make([]byte, sha256.Size)
	_, _ = rand.Read(p.key) // never fails: https://pkg.go.dev/crypto/rand#Read
	return p, f.write(p)
}

// add writes that a person was erased, before it returns.
func (f erasedFile) add(digest string, at time.Time) error {
	p, err := f.keyed()
	if err != nil {
		return err
	}
	p.at[digest] = at
	return f.write(p)
}

func (f erasedFile) write(p erasedPeople) error {
	var out strings.Builder
	fmt.Fprintln(&out, hex.EncodeToString(p.key))
	for _, digest := range slices.Sorted(maps.Keys(p.at)) {
		fmt.Fprintln(&out, p.at[digest].UTC().Format(time.RFC3339Nano), digest)
	}
	return writeDurably(f.path, []byte(out.String()))
}

func (p erasedPeople) digest(curp identity.CURP) string {
	mac := hmac.New(sha256.New, p.key)
	mac.Write([]byte(curp))
	return hex.EncodeToString(mac.Sum(nil))
}

// lost reports whether the file is not there although lines were masked, or people erased: neither can be
// told any more.
func (p erasedPeople) lost(ctx context.Context, s provisioning.Store) (bool, error) {
	if p.there {
		return false, nil
	}
	return retention.Withholds(ctx, s)
}

// checkErased logs an error if somebody who was erased is in the store or the receipts again.
func (s *Service) checkErased(ctx context.Context, people erasedPeople) {
	path := erasedPath(s.cfg.StorePath)
	lost, err := people.lost(ctx, s.records)
	var again []retention.Subject
	if err == nil {
		archive := retention.Archive{Store: s.records, Digest: people.digest}
		again, err = archive.Returned(ctx, people.at, s.receipts.Rows)
	}
	switch {
	case err != nil && ctx.Err() == nil:
		s.log.ErrorContext(ctx, "not known whether people who were erased are kept again", "err", err)
	case lost:
		s.log.ErrorContext(ctx, "the file of those who were erased is missing: stop the bot and put back that of a backup, or nobody knows whose the masked lines are, and who was erased", "file", path)
	case len(again) > 0:
		s.log.ErrorContext(ctx, "people who were erased are kept again, since a backup was restored; stop the bot and run altas person erase -again", "people", len(again))
	}
}
