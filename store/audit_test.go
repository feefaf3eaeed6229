package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.etcd.io/bbolt"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/audit"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
)

// auditOf records entries of two requests, and erases the second.
func auditOf(t *testing.T, n int) *DB {
	t.Helper()
	db := openTemp(t, Options{NoSync: true})
	err := db.Update(context.Background(), func(tx provisioning.Tx) error {
		for i := range n {
			f := provisioning.NewFolio(2026, 1+i%2)
			e := provisioning.Entered{
				At: provisioningtest.Start, By: provisioning.Actor{ID: "a1", Name: "Ana Peña", Conversation: "19:abc"}, Act: "approval.approve",
				Folio: f, Stamp: provisioning.NewStamp(f, 1), Before: "director", After: "subdirector", Detail: map[string]string{"stage": "director"},
			}
			if err := tx.Record(e); err != nil {
				return err
			}
		}
		return tx.Redact(provisioning.Entered{At: provisioningtest.Start, By: provisioning.System}, 2)
	})
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// verify verifies the chain as `altas audit verify` does.
func verify(t *testing.T, db *DB, anchors ...audit.Head) (sum audit.Summary, broken *audit.Break) {
	t.Helper()
	err := db.View(context.Background(), func(tx provisioning.Tx) (err error) {
		sum, err = audit.Verify(tx.Chain(), anchors...)
		return err
	})
	if err != nil && !errors.As(err, &broken) {
		t.Fatal(err)
	}
	return sum, broken
}

// changed replaces the entry with the number by what alter makes of it.
func changed(seq uint64, alter func(*audit.Entry)) func(*tx) error {
	return func(t *tx) error {
		e, err := t.link(numberKey(seq))
		if err != nil {
			return err
		}
		alter(&e)
		return t.save(bucketAudit, []byte(numberKey(seq)), e)
	}
}

// Each case damages the file; the first broken link is named, by the check of the store too.
func TestBrokenChainInTheFile(t *testing.T) {
	t.Parallel()
	key := func(seq uint64) []byte { return []byte(numberKey(seq)) }
	for name, c := range map[string]struct {
		damage func(*tx) error
		seq    uint64
		want   string
	}{
		"a changed act":           {changed(4, func(e *audit.Entry) { e.Act = "approval.reject" }), 4, `("approval.reject of 2026-000002-0001" at`},
		"a changed name":          {changed(4, func(e *audit.Entry) { e.Private.Name = "Beto" }), 4, "another name or other details"},
		"a removed name":          {changed(4, func(e *audit.Entry) { e.Private = nil }), 4, "no later entry says that they were erased"},
		"an entry brought back":   {changed(2, func(e *audit.Entry) { e.Private = &audit.Private{} }), 2, "another name or other details"},
		"an entry not readable":   {func(t *tx) error { return t.put(bucketAudit, key(4), []byte(`{"seq":4`)) }, 4, "cannot be read"},
		"a removed entry":         {func(t *tx) error { return t.del(bucketAudit, key(4)) }, 5, "entry 4, which belongs before it, is missing"},
		"the newest removed":      {func(t *tx) error { return errors.Join(t.del(bucketAudit, key(7)), t.del(bucketAudit, key(6))) }, 6, "is missing, and so are all up to the last one given, 7"},
		"two swapped":             {swapped(3, 4), 4, "entry 3, which belongs before it, is missing"},
		"one that stands for two": {func(t *tx) error { return t.put(bucketAudit, key(4), bytes.Clone(t.get(bucketAudit, key(3)))) }, 3, "stands where entry 4 belongs"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := auditOf(t, 6)
			if sum, broken := verify(t, db); broken != nil || sum.Head.Seq != 7 || sum.Redacted != 1 {
				t.Fatalf("before: %v, %v", sum, broken)
			}
			if err := db.update(context.Background(), c.damage); err != nil {
				t.Fatal(err)
			}
			_, broken := verify(t, db)
			if broken == nil || broken.Entry.Seq != c.seq || !strings.Contains(broken.Error(), c.want) {
				t.Fatalf("Verify = %v, want entry %d: %s", broken, c.seq, c.want)
			}
			problems := check(t, db)
			if !slices.ContainsFunc(problems, func(p Problem) bool { return p.Bucket == bucketAudit && p.What == broken.Error() }) {
				t.Errorf("Check = %v, want %v", problems, broken)
			}
		})
	}
}

func swapped(a, b uint64) func(*tx) error {
	return func(t *tx) error {
		one, other := bytes.Clone(t.get(bucketAudit, []byte(numberKey(a)))), bytes.Clone(t.get(bucketAudit, []byte(numberKey(b))))
		return errors.Join(t.put(bucketAudit, []byte(numberKey(a)), other), t.put(bucketAudit, []byte(numberKey(b)), one))
	}
}

// A file whose newest entries were removed, with their number, is sound by itself. An anchor tells.
func TestCutFileAndItsAnchor(t *testing.T) {
	t.Parallel()
	db := auditOf(t, 6)
	more := func(tx provisioning.Tx) error {
		return errors.Join(tx.Record(provisioning.Entered{Act: "x"}), tx.Record(provisioning.Entered{Act: "y"}))
	}
	if err := db.Update(context.Background(), more); err != nil {
		t.Fatal(err)
	}
	noted, _ := verify(t, db)
	err := db.update(context.Background(), func(t *tx) error {
		return errors.Join(t.del(bucketAudit, []byte(numberKey(9))), t.del(bucketAudit, []byte(numberKey(8))),
			t.bolt.Bucket([]byte(bucketAudit)).SetSequence(7))
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, broken := verify(t, db); broken != nil {
		t.Errorf("by itself: %v", broken)
	}
	if _, broken := verify(t, db, noted.Head); broken == nil || broken.Entry.Seq != 9 || !strings.Contains(broken.Error(), "the audit ends at entry 7") {
		t.Errorf("with the anchor: %v", broken)
	}
}

// People's work goes on after the newest entry was removed; the gap stays, and verification names it.
func TestRecordAfterACut(t *testing.T) {
	t.Parallel()
	db := auditOf(t, 6)
	if err := db.update(context.Background(), func(t *tx) error { return t.del(bucketAudit, []byte(numberKey(7))) }); err != nil {
		t.Fatal(err)
	}
	record := func(tx provisioning.Tx) error { return tx.Record(provisioning.Entered{Act: "x"}) }
	for range 2 {
		if err := db.Update(context.Background(), record); err != nil {
			t.Fatal(err)
		}
	}
	if _, broken := verify(t, db); broken == nil || broken.Entry.Seq != 7 && broken.Entry.Seq != 8 {
		t.Errorf("Verify = %v", broken)
	}
}

// The entries of the last release, and of the first schema, are chained when the file is opened: each
// says what it said, and new ones follow.
func TestOldEntriesAreChained(t *testing.T) {
	t.Parallel()
	first := filepath.Join(t.TempDir(), "v1.db")
	unpack(t, v1, first)
	for _, path := range []string{unpackRelease(t), first} {
		var want []provisioning.Entered
		for _, e := range entries(t, path)[bucketAudit] {
			var old provisioning.Entered // as the last release read it
			if err := json.Unmarshal(e.value, &old); err != nil {
				t.Fatal(err)
			}
			want = append(want, old)
		}
		db, err := Open(path, Options{NoSync: true})
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		var got []provisioning.Entered
		err = db.Update(context.Background(), func(tx provisioning.Tx) error {
			got = nil
			for e, err := range tx.Entries("") {
				if err != nil {
					return err
				}
				got = append(got, e)
			}
			return tx.Record(provisioning.Entered{Act: "request.submit", At: provisioningtest.Start})
		})
		if diff := cmp.Diff(want, got); diff != "" || err != nil || len(want) < 2 {
			t.Errorf("%d entries: %v (-as before +as chained):\n%s", len(want), err, diff)
		}
		if sum, broken := verify(t, db); broken != nil || sum.Head.Seq != uint64(len(want))+1 || sum.Redacted != 0 {
			t.Errorf("Verify = %v, %v", sum, broken)
		}
	}
}

// A file whose old entries have a gap goes on; the gap stays, and verification names it.
func TestOldEntriesWithAGap(t *testing.T) {
	t.Parallel()
	path := unpackRelease(t)
	b, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = b.Update(func(tx *bbolt.Tx) error { return tx.Bucket([]byte(bucketAudit)).Delete([]byte(numberKey(3))) })
	if err := errors.Join(err, b.Close()); err != nil {
		t.Fatal(err)
	}
	db, err := Open(path, Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, broken := verify(t, db); broken == nil || broken.Entry.Seq != 3 && broken.Entry.Seq != 4 {
		t.Errorf("Verify = %v", broken)
	}
}
