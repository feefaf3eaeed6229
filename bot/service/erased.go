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
	"seducoahuila.gob.mx/altas/provisioning/retention"
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
	if len(text) == 0 { // put there by somebody who has lost it
		lines[0] = newKey()
	}
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
	if p.key, err = hex.DecodeString(newKey()); err != nil {
		return p, err
	}
	return p, f.write(p)
}

// newKey returns a key as the first line of the file has it.
func newKey() string {
	key := make([]byte, sha256.Size)
	_, _ = rand.Read(key) // never fails: https://pkg.go.dev/crypto/rand#Read
	return hex.EncodeToString(key)
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
	if a.Holder.HasCURP() {
		return p.digest(a.Holder.Person.CURP)
	}
	return a.HolderDigest
}

// before reports whether the person was erased after that time, so that what is of it should be gone.
func (p erasedPeople) before(digest string, t time.Time) bool {
	at, erased := p.at[digest]
	return erased && t.Before(at)
}

// rowsOf yields every row of the receipts; receipts.DB.Rows is one.
type rowsOf func(context.Context) iter.Seq2[provisioning.Receipt, error]

// returned returns those who were erased and are in the lines or rows again: in those that were asked for
// before, since they may ask for an account anew.
func (p erasedPeople) returned(ctx context.Context, s provisioning.Store, rows rowsOf) ([]retention.Subject, error) {
	found := map[string]retention.Subject{}
	if len(p.at) == 0 {
		return nil, nil
	}
	for line, err := range provisioning.AllLines(s)(ctx) {
		if err == nil {
			err = p.returnedLine(ctx, s, line, found)
		}
		if err != nil {
			return nil, err
		}
	}
	for row, err := range rows(ctx) {
		if err != nil {
			return nil, err
		}
		if !row.Holder.HasCURP() {
			continue
		}
		digest := p.digest(row.Holder.Person.CURP)
		if _, is := found[digest]; is || p.before(digest, requestedAt(row)) {
			found[digest] = retention.Subject{CURP: row.Holder.Person.CURP}
		}
	}
	return slices.Collect(maps.Values(found)), nil
}

func (p erasedPeople) returnedLine(ctx context.Context, s provisioning.Store, a provisioning.Account, found map[string]retention.Subject) error {
	digest := p.digestOf(a)
	if _, erased := p.at[digest]; !erased {
		return nil
	}
	var r provisioning.Request
	err := s.View(ctx, func(tx provisioning.Tx) (err error) {
		r, err = tx.Request(a.Folio())
		return err
	})
	if err != nil || !p.before(digest, r.SubmittedAt) {
		return err
	}
	switch _, is := found[digest]; {
	case a.Holder.HasCURP():
		found[digest] = retention.Subject{CURP: a.Holder.Person.CURP}
	case !is:
		found[digest] = retention.Subject{Digest: digest}
	}
	return nil
}

// requestedAt is when a row's account was asked for; of one that was imported, when it was made.
func requestedAt(row provisioning.Receipt) time.Time {
	if row.RequestedAt.IsZero() {
		return row.CreatedAt
	}
	return row.RequestedAt
}

// lost reports whether the file is not there although lines were masked, or people erased: neither can be
// told any more.
func (p erasedPeople) lost(ctx context.Context, s provisioning.Store) (bool, error) {
	if p.key != nil {
		return false, nil
	}
	for a, err := range provisioning.AllLines(s)(ctx) {
		if err != nil || a.Withheld() {
			return err == nil, err
		}
	}
	return false, nil
}

// checkErased logs an error if somebody who was erased is in the store or the receipts again.
func (s *Service) checkErased(ctx context.Context, people erasedPeople) {
	path := erasedPath(s.cfg.StorePath)
	lost, err := people.lost(ctx, s.records)
	var again []retention.Subject
	if err == nil {
		again, err = people.returned(ctx, s.records, s.receipts.Rows)
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
