package provisioningtest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/audit"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

func auditCases() cases {
	return cases{
		"entries are numbered without gaps":                recordNumbers,
		"a request has its own entries":                    entriesOf,
		"an entry is read as it was recorded":              entryRead,
		"entries are chained":                              entriesChained,
		"what failed leaves no trace in the chain":         chainAmongFailures,
		"the head is that of the last entry":               headOfLast,
		"what is erased is gone, and the chain verifies":   redactErases,
		"erasing again records nothing":                    redactAgain,
		"a missing entry is not erased, nor those with it": redactMissing,
		"only Redact says that entries were erased":        recordErasesNothing,
	}
}

func record(es ...provisioning.Entered) func(provisioning.Tx) error {
	return func(tx provisioning.Tx) error {
		for _, e := range es {
			if err := tx.Record(e); err != nil {
				return err
			}
		}
		return nil
	}
}

func entries(f provisioning.Folio) func(provisioning.Tx) iter.Seq2[provisioning.Entered, error] {
	return func(tx provisioning.Tx) iter.Seq2[provisioning.Entered, error] { return tx.Entries(f) }
}

func recordNumbers(t *testing.T, s Subject) {
	update(t, s, record(provisioning.Entered{Act: "a"}, provisioning.Entered{Act: "b"}))
	err := s.Update(t.Context(), func(tx provisioning.Tx) error {
		return errors.Join(tx.Record(provisioning.Entered{Act: "never"}), errRollback)
	})
	if !errors.Is(err, errRollback) {
		t.Errorf("Update = %v, want %v", err, errRollback)
	}
	update(t, s, record(provisioning.Entered{Act: "c", Seq: 99}))
	wantAll(t, s, "Seq", entries(""), func(e provisioning.Entered) uint64 { return e.Seq }, 1, 2, 3)
	wantAll(t, s, "Act", entries(""), func(e provisioning.Entered) string { return e.Act }, "a", "b", "c")
}

func entriesOf(t *testing.T, s Subject) {
	update(t, s, record(
		provisioning.Entered{Act: "a", Folio: "2026-000001"}, provisioning.Entered{Act: "b", Folio: "2026-000002"},
		provisioning.Entered{Act: "c", Folio: "2026-000001"}, provisioning.Entered{Act: "d"}))
	act := func(e provisioning.Entered) string { return e.Act }
	wantAll(t, s, "the first's", entries("2026-000001"), act, "a", "c")
	wantAll(t, s, "of none", entries("2026-000009"), act)
	wantAll(t, s, "all", entries(""), act, "a", "b", "c", "d")
}

func entryRead(t *testing.T, s Subject) {
	want := provisioning.Entered{Seq: 1, At: Start, By: provisioning.Actor{ID: "ana", Name: "Ana", Conversation: "19:a"}, Act: "approval.approve",
		Folio: "2026-000001", Stamp: line1, Before: "director", After: "subdirector", Detail: map[string]string{"stage": "director"}}
	update(t, s, record(want))
	view(t, s, func(tx provisioning.Tx) error {
		got, err := collect(tx.Entries("2026-000001"))
		if diff := cmp.Diff([]provisioning.Entered{want}, got); diff != "" {
			t.Errorf("Entries (-want +got):\n%s", diff)
		}
		return err
	})
}

// wantChain fails unless the chain verifies, is as long, and ends at Head.
func wantChain(t testing.TB, s provisioning.Store, n uint64) audit.Summary {
	t.Helper()
	var sum audit.Summary
	view(t, s, func(tx provisioning.Tx) error {
		head, errHead := tx.Head()
		var err error
		if sum, err = audit.Verify(tx.Chain(), head); err != nil {
			t.Errorf("Verify = %v", err)
		}
		if diff := cmp.Diff(head, sum.Head); diff != "" || head.Seq != n {
			t.Errorf("the head is %v, want number %d (-Head +Chain):\n%s", head, n, diff)
		}
		return errHead
	})
	return sum
}

func entriesChained(t *testing.T, s Subject) {
	wantChain(t, s, 0)
	for i := range 3 {
		update(t, s, record(
			provisioning.Entered{At: Start, Act: "a", By: provisioning.System},
			provisioning.Entered{At: Start, Act: "b", Folio: "2026-000001", Detail: map[string]string{"b": "1", "a": fmt.Sprint(i), "c": "ñ\xff"}},
		))
		wantChain(t, s, uint64(2*i+2)) //nolint:gosec // not negative
	}
}

func chainAmongFailures(t *testing.T, s Subject) {
	const callers = 60
	var group sync.WaitGroup
	for i := range callers {
		group.Go(func() {
			err := s.Update(context.Background(), func(tx provisioning.Tx) error {
				err := errors.Join(tx.Record(provisioning.Entered{Act: "a"}), tx.Record(provisioning.Entered{Act: "b"}))
				if i%3 == 0 {
					err = errors.Join(err, errRollback)
				}
				return err
			})
			if failed := errors.Is(err, errRollback); failed != (i%3 == 0) || !failed && err != nil {
				t.Errorf("Update %d = %v", i, err)
			}
		})
	}
	group.Wait()
	wantChain(t, s, 2*callers*2/3)
}

func headOfLast(t *testing.T, s Subject) {
	update(t, s, func(tx provisioning.Tx) error {
		before, err := tx.Head()
		if err != nil || before.Seq != 0 {
			t.Errorf("Head of no entries = %v, %v", before, err)
		}
		if err := tx.Record(provisioning.Entered{Act: "a"}); err != nil {
			return err
		}
		after, err := tx.Head()
		if after.Seq != 1 || len(after.Hash) == 0 {
			t.Errorf("Head in the same update = %v", after)
		}
		return err
	})
	wantChain(t, s, 1)
}

// redacted records three entries about Ana and erases the first and the third.
func redacted(t *testing.T, s Subject) {
	t.Helper()
	e := provisioning.Entered{
		At: Start, By: provisioning.Actor{ID: "ana", Name: "Ana Peña", Conversation: "19:a"}, Act: "inquiry.told", Folio: "2026-000001",
		Before: "x", After: "y", Detail: map[string]string{"key": "PEXA"},
	}
	update(t, s, record(e, e, e))
	update(t, s, func(tx provisioning.Tx) error {
		return tx.Redact(provisioning.Entered{At: Start, By: provisioning.Actor{ID: "beto", Name: "Beto"}, Detail: map[string]string{"why": "ARCO"}}, 3, 1)
	})
}

func redactErases(t *testing.T, s Subject) {
	redacted(t, s)
	if n := wantChain(t, s, 4).Redacted; n != 2 {
		t.Errorf("%d entries are erased, want 2", n)
	}
	kept := provisioning.Actor{ID: "ana", Name: "Ana Peña", Conversation: "19:a"}
	detail := map[string]string{"key": "PEXA"}
	gone := provisioning.Actor{ID: "ana", Conversation: "19:a"}
	entry := func(seq uint64, by provisioning.Actor, detail map[string]string) provisioning.Entered {
		return provisioning.Entered{Seq: seq, At: Start, By: by, Act: "inquiry.told", Folio: "2026-000001", Before: "x", After: "y", Detail: detail, Erased: detail == nil}
	}
	view(t, s, func(tx provisioning.Tx) error {
		got, err := collect(tx.Entries(""))
		want := []provisioning.Entered{
			entry(1, gone, nil), entry(2, kept, detail), entry(3, gone, nil),
			{Seq: 4, At: Start, By: provisioning.Actor{ID: "beto", Name: "Beto"}, Act: audit.Redact, Detail: map[string]string{"why": "ARCO"}},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("Entries (-want +got):\n%s", diff)
		}
		for e, err := range tx.Chain() {
			if err != nil {
				return err
			}
			text, err := json.Marshal(e)
			if err != nil || e.Seq != 2 && strings.Contains(string(text), "Ana") {
				t.Errorf("entry %d is %s, %v", e.Seq, text, err)
			}
			if diff := cmp.Diff(map[bool][]uint64{true: {3, 1}}[e.Seq == 4], e.Redacts); diff != "" {
				t.Errorf("Redacts of %d (-want +got):\n%s", e.Seq, diff)
			}
		}
		return err
	})
}

func redactAgain(t *testing.T, s Subject) {
	redacted(t, s)
	update(t, s, func(tx provisioning.Tx) error { return tx.Redact(provisioning.Entered{At: Start}, 1, 3) })
	wantChain(t, s, 4)
	update(t, s, func(tx provisioning.Tx) error { return tx.Redact(provisioning.Entered{At: Start}, 1, 2, 2) })
	if n := wantChain(t, s, 5).Redacted; n != 3 {
		t.Errorf("%d entries are erased, want 3", n)
	}
}

func redactMissing(t *testing.T, s Subject) {
	redacted(t, s)
	err := s.Update(t.Context(), func(tx provisioning.Tx) error { return tx.Redact(provisioning.Entered{At: Start}, 2, 9) })
	wantCode(t, "Redact", err, problem.CodeNotFound, "audit.unknown")
	if n := wantChain(t, s, 4).Redacted; n != 2 {
		t.Errorf("%d entries are erased, want 2", n)
	}
}

func recordErasesNothing(t *testing.T, s Subject) {
	update(t, s, record(provisioning.Entered{At: Start, Act: audit.Redact, Erased: true, By: provisioning.Actor{ID: "ana", Name: "Ana"}}))
	if n := wantChain(t, s, 1).Redacted; n != 0 {
		t.Errorf("%d entries are erased, want none", n)
	}
	wantAll(t, s, "names", entries(""), func(e provisioning.Entered) string { return e.By.Name }, "Ana")
}
