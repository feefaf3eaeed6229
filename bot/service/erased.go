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
	"iter"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
)

// erasedFile remembers, beside the store, who was erased and when: a backup of the store, or of the receipts,
// that is restored later has them again. A person is a keyed digest of the CURP. The first line is the key,
// each further one a person: "2026-11-30T18:00:00Z 4f0c…".
type erasedFile struct{ path string }

// erasedPath is the file of a store.
func erasedPath(store string) string { return besideStore(store, ".erased") }

// erasedPeople are the times of erasure by digest.
type erasedPeople struct {
	key []byte
	at  map[string]time.Time
}

// read returns who was erased; nobody if there is no file.
func (f erasedFile) read() (p erasedPeople, err error) {
	p.at = map[string]time.Time{}
	text, err := os.ReadFile(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return p, nil
	}
	if err != nil {
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

// add writes that a person was erased, before it returns.
func (f erasedFile) add(curp identity.CURP, at time.Time) error {
	p, err := f.read()
	if err != nil {
		return err
	}
	if p.key == nil {
		p.key = make([]byte, sha256.Size)
		_, _ = rand.Read(p.key) // never fails: https://pkg.go.dev/crypto/rand#Read
	}
	p.at[p.digest(curp)] = at
	var out strings.Builder
	fmt.Fprintln(&out, hex.EncodeToString(p.key))
	for _, digest := range slices.Sorted(maps.Keys(p.at)) {
		fmt.Fprintln(&out, p.at[digest].UTC().Format(time.RFC3339), digest)
	}
	return writeDurably(f.path, []byte(out.String()))
}

func (p erasedPeople) digest(curp identity.CURP) string {
	mac := hmac.New(sha256.New, p.key)
	mac.Write([]byte(curp))
	return hex.EncodeToString(mac.Sum(nil))
}

// before reports whether the person was erased after that time, so that what is of it should be gone.
func (p erasedPeople) before(curp identity.CURP, t time.Time) bool {
	if len(p.at) == 0 || !curp.Identifies() {
		return false
	}
	at, erased := p.at[p.digest(curp)]
	return erased && t.Before(at)
}

// returned yields the CURPs of those who were erased and are in the lines again.
func (p erasedPeople) returned(ctx context.Context, s provisioning.Store) iter.Seq2[identity.CURP, error] {
	return func(yield func(identity.CURP, error) bool) {
		if len(p.at) == 0 {
			return
		}
		for a, err := range provisioning.AllLines(s)(ctx) {
			if err != nil {
				yield("", err)
				return
			}
			if !p.before(a.Holder.Person.CURP, time.Time{}) {
				continue
			}
			again, err := p.requestedBefore(ctx, s, a)
			if (again || err != nil) && !yield(a.Holder.Person.CURP, err) {
				return
			}
		}
	}
}

// requestedBefore reports whether the line is of a request that was sent before its holder was erased: after
// that, they may ask for an account again.
func (p erasedPeople) requestedBefore(ctx context.Context, s provisioning.Store, a provisioning.Account) (before bool, err error) {
	err = s.View(ctx, func(tx provisioning.Tx) error {
		r, err := tx.Request(a.Folio())
		before = p.before(a.Holder.Person.CURP, r.SubmittedAt)
		return err
	})
	return before, err
}

// checkErased logs an error if somebody who was erased is in the store again.
func (s *Service) checkErased(ctx context.Context) {
	people, err := erasedFile{erasedPath(s.cfg.StorePath)}.read()
	n := 0
	if err == nil {
		for _, failed := range people.returned(ctx, s.records) {
			err = errors.Join(err, failed)
			n++
		}
	}
	switch {
	case err != nil && ctx.Err() == nil:
		s.log.ErrorContext(ctx, "not known whether people who were erased are in the store again", "err", err)
	case n > 0:
		s.log.ErrorContext(ctx, "people who were erased are in the store again, since a backup was restored; stop the bot and run altas person erase -again", "lines", n)
	}
}
