package provisioningtest

import (
	"context"
	"errors"
	"iter"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

func requestCases() cases {
	return cases{
		"a request is read as it was put":                requestRead,
		"folios start at one in each year":               foliosCount,
		"no folio is assigned twice":                     foliosOnce,
		"folios continue after a passed one":             foliosPass,
		"a list is newest first":                         listNewestFirst,
		"a page of a list is below a folio":              listPages,
		"a list is filtered by requester, state or both": listFilters,
		"a changed request is listed by its new values":  listReindexed,
		"requests may be put while a list is read":       listWhileWriting,
		"a list ends when its reader stops":              listEnds,
		"a requester's id does not match as a prefix":    listExactRequester,
	}
}

func requestRead(t *testing.T, s Subject) {
	want := Request("2026-000007", "r", 2)
	want.Petition = provisioning.Petition{Medium: "oficio", Number: "SEDU/DTI/045/2026", Date: Start}
	want.Decisions = []provisioning.Decision{{Stage: provisioning.Director, Verdict: provisioning.Approve, At: Start, Excluded: []int{2}, Round: 1}}
	want.Notes = "Niñez — “comillas” \u2028 fin"
	update(t, s, func(tx provisioning.Tx) error { return PutRequest(tx, want) })
	view(t, s, func(tx provisioning.Tx) error {
		got, err := tx.Request(want.Folio)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("Request (-want +got):\n%s", diff)
		}
		return err
	})
}

func nextFolio(t *testing.T, s provisioning.Store, year int) provisioning.Folio {
	t.Helper()
	var f provisioning.Folio
	update(t, s, func(tx provisioning.Tx) (err error) {
		if f, err = tx.NextFolio(year); err != nil {
			return err
		}
		return tx.PutRequest(Request(f, "r", 1))
	})
	return f
}

func foliosCount(t *testing.T, s Subject) {
	got := []provisioning.Folio{nextFolio(t, s, 2026), nextFolio(t, s, 2026), nextFolio(t, s, 2027), nextFolio(t, s, 2026)}
	want := []provisioning.Folio{"2026-000001", "2026-000002", "2027-000001", "2026-000003"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("folios (-want +got):\n%s", diff)
	}
}

func foliosPass(t *testing.T, s Subject) {
	pass := func(f, want provisioning.Folio) {
		t.Helper()
		update(t, s, func(tx provisioning.Tx) error {
			got, err := tx.PassFolio(f)
			if got != want {
				t.Errorf("passing %s it counts after %s, want %s", f, got, want)
			}
			return err
		})
	}
	pass("2026-000000", "2026-000000")
	pass("2026-000123", "2026-000123")
	if got := nextFolio(t, s, 2026); got != "2026-000124" {
		t.Errorf("the next is %s", got)
	}
	pass("2026-000007", "2026-000124") // passing an earlier folio changes nothing
	pass("2026-000000", "2026-000124")
	got := []provisioning.Folio{nextFolio(t, s, 2026), nextFolio(t, s, 2027)}
	if diff := cmp.Diff([]provisioning.Folio{"2026-000125", "2027-000001"}, got); diff != "" {
		t.Errorf("folios (-want +got):\n%s", diff)
	}
	pass("2026-999999", "2026-999999")
	err := s.Update(context.Background(), func(tx provisioning.Tx) error { _, err := tx.NextFolio(2026); return err })
	if problem.CodeOf(err) != problem.CodeLimited {
		t.Errorf("past the last of the year: %v", err)
	}
}

func foliosOnce(t *testing.T, s Subject) {
	const callers, each = 20, 5
	var (
		mu    sync.Mutex
		given = map[provisioning.Folio]int{}
		group sync.WaitGroup
	)
	for i := range callers {
		group.Go(func() {
			for range each {
				var f provisioning.Folio
				err := s.Update(context.Background(), func(tx provisioning.Tx) (err error) {
					if f, err = tx.NextFolio(2026); err == nil && i%4 == 0 {
						err = errRollback
					}
					return err
				})
				if err == nil {
					mu.Lock()
					given[f]++
					mu.Unlock()
				}
			}
		})
	}
	group.Wait()
	if want := callers * each * 3 / 4; len(given) != want {
		t.Errorf("%d folios given, want %d, each once", len(given), want)
	}
}

func folioOf(r provisioning.Request) provisioning.Folio { return r.Folio }

func list(f provisioning.RequestFilter) func(provisioning.Tx) iter.Seq2[provisioning.Request, error] {
	return func(tx provisioning.Tx) iter.Seq2[provisioning.Request, error] { return tx.ListRequests(f) }
}

// putSix puts six requests: the odd ones of ana, the even ones of beto; the first three await the
// director, the others are rejected.
func putSix(t *testing.T, s provisioning.Store) {
	t.Helper()
	update(t, s, func(tx provisioning.Tx) error {
		for i := range 6 {
			r := Request(provisioning.NewFolio(2025+i/3, i+1), [...]string{"ana", "beto"}[i%2], 1)
			if i >= 3 {
				r.State = provisioning.StateRejected
			}
			if err := PutRequest(tx, r); err != nil {
				return err
			}
		}
		return nil
	})
}

func listNewestFirst(t *testing.T, s Subject) {
	putSix(t, s)
	wantAll(t, s, "ListRequests", list(provisioning.RequestFilter{}), folioOf,
		"2026-000006", "2026-000005", "2026-000004", "2025-000003", "2025-000002", "2025-000001")
}

func listPages(t *testing.T, s Subject) {
	putSix(t, s)
	wantAll(t, s, "all below", list(provisioning.RequestFilter{Before: "2026-000004"}), folioOf,
		"2025-000003", "2025-000002", "2025-000001")
	wantAll(t, s, "a requester's below", list(provisioning.RequestFilter{Requester: "ana", Before: "2026-000005"}), folioOf,
		"2025-000003", "2025-000001")
	wantAll(t, s, "below one that is not there", list(provisioning.RequestFilter{State: provisioning.StateRejected, Before: "2026-0000055"}), folioOf,
		"2026-000005", "2026-000004")
	wantAll(t, s, "rejected, oldest first", list(provisioning.RequestFilter{State: provisioning.StateRejected, Oldest: true}), folioOf,
		"2026-000004", "2026-000005", "2026-000006")
	wantAll(t, s, "rejected above", list(provisioning.RequestFilter{State: provisioning.StateRejected, Oldest: true, After: "2026-000004"}), folioOf,
		"2026-000005", "2026-000006")
	wantAll(t, s, "all above", list(provisioning.RequestFilter{Oldest: true, After: "2025-000003", Before: "2025-000001"}), folioOf,
		"2026-000004", "2026-000005", "2026-000006")
	wantAll(t, s, "a requester's, oldest first", list(provisioning.RequestFilter{Requester: "ana", Oldest: true}), folioOf,
		"2025-000001", "2025-000003", "2026-000005")
	wantAll(t, s, "below the first", list(provisioning.RequestFilter{Before: "2025-000001"}), folioOf)
}

func listFilters(t *testing.T, s Subject) {
	putSix(t, s)
	wantAll(t, s, "ana's", list(provisioning.RequestFilter{Requester: "ana"}), folioOf,
		"2026-000005", "2025-000003", "2025-000001")
	wantAll(t, s, "rejected", list(provisioning.RequestFilter{State: provisioning.StateRejected}), folioOf,
		"2026-000006", "2026-000005", "2026-000004")
	wantAll(t, s, "ana's rejected", list(provisioning.RequestFilter{Requester: "ana", State: provisioning.StateRejected}), folioOf,
		"2026-000005")
	wantAll(t, s, "nobody's", list(provisioning.RequestFilter{Requester: "carla"}), folioOf)
	wantAll(t, s, "in no request's state", list(provisioning.RequestFilter{State: provisioning.StateCompleted}), folioOf)
}

func listReindexed(t *testing.T, s Subject) {
	putSix(t, s)
	update(t, s, func(tx provisioning.Tx) error {
		r, err := tx.Request("2025-000002")
		r.State, r.Requester.ID = provisioning.StateRejected, "ana"
		return errors.Join(err, tx.PutRequest(r))
	})
	wantAll(t, s, "with the director", list(provisioning.RequestFilter{State: provisioning.StateDirector}), folioOf,
		"2025-000003", "2025-000001")
	wantAll(t, s, "ana's rejected", list(provisioning.RequestFilter{Requester: "ana", State: provisioning.StateRejected}), folioOf,
		"2026-000005", "2025-000002")
	wantAll(t, s, "beto's", list(provisioning.RequestFilter{Requester: "beto"}), folioOf, "2026-000006", "2026-000004")
}

func listWhileWriting(t *testing.T, s Subject) {
	putSix(t, s)
	var seen []provisioning.Folio
	update(t, s, func(tx provisioning.Tx) error {
		seen = nil
		for r, err := range tx.ListRequests(provisioning.RequestFilter{State: provisioning.StateDirector}) {
			if err != nil {
				return err
			}
			seen = append(seen, r.Folio)
			r.State = provisioning.StateExpired
			if err := tx.PutRequest(r); err != nil {
				return err
			}
		}
		return nil
	})
	if want := []provisioning.Folio{"2025-000003", "2025-000002", "2025-000001"}; !slices.Equal(seen, want) {
		t.Errorf("seen %v, want %v", seen, want)
	}
	wantAll(t, s, "with the director", list(provisioning.RequestFilter{State: provisioning.StateDirector}), folioOf)
	wantAll(t, s, "expired", list(provisioning.RequestFilter{State: provisioning.StateExpired}), folioOf, seen...)
}

func listEnds(t *testing.T, s Subject) {
	putSix(t, s)
	view(t, s, func(tx provisioning.Tx) error {
		n := 0
		for _, err := range tx.ListRequests(provisioning.RequestFilter{Requester: "ana"}) {
			if err != nil {
				return err
			}
			if n++; n == 2 {
				break
			}
		}
		_, err := tx.Request("2025-000001")
		return err
	})
}

func listExactRequester(t *testing.T, s Subject) {
	update(t, s, func(tx provisioning.Tx) error {
		return errors.Join(PutRequest(tx, Request("2026-000001", "ana", 1)), PutRequest(tx, Request("2026-000002", "anabel", 1)))
	})
	wantAll(t, s, "ana's", list(provisioning.RequestFilter{Requester: "ana"}), folioOf, "2026-000001")
}
