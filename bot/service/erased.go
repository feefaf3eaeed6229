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
// that is restored later has them again. A person is a keyed digest of the CURP, which lines whose CURP was
// masked have too. The first line is the key, each further one a person: "2026-11-30T18:00:00Z 4f0c…".
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

// digestOf returns the digest of a line's holder; "" if they have none.
func (p erasedPeople) digestOf(a provisioning.Account) string {
	if h := a.Holder; h.Known() && h.Type != identity.WorkCentre {
		return p.digest(h.Person.CURP)
	}
	return a.HolderDigest
}

// before reports whether the person was erased after that time, so that what is of it should be gone.
func (p erasedPeople) before(digest string, t time.Time) bool {
	at, erased := p.at[digest]
	return erased && t.Before(at)
}

// returned yields the digests of those who were erased and are in the lines again: with requests of before,
// since they may ask for an account anew.
func (p erasedPeople) returned(ctx context.Context, s provisioning.Store) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		if len(p.at) == 0 {
			return
		}
		for a, err := range provisioning.AllLines(s)(ctx) {
			if err != nil {
				yield("", err)
				return
			}
			digest := p.digestOf(a)
			if _, erased := p.at[digest]; !erased {
				continue
			}
			r, err := requestOf(ctx, s, a)
			if (err != nil || p.before(digest, r.SubmittedAt)) && !yield(digest, err) {
				return
			}
		}
	}
}

func requestOf(ctx context.Context, s provisioning.Store, a provisioning.Account) (r provisioning.Request, err error) {
	err = s.View(ctx, func(tx provisioning.Tx) (err error) {
		r, err = tx.Request(a.Folio())
		return err
	})
	return r, err
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
