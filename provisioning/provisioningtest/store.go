// Package provisioningtest has the conformance tests of provisioning's interfaces, and makes the
// synthetic holders of tests. Only tests import it.
//
//	func TestStore(t *testing.T) {
//		provisioningtest.Store(t, func(t testing.TB) provisioningtest.Subject { return open(t) })
//	}
package provisioningtest

import (
	"context"
	"errors"
	"iter"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// Subject is a store under test.
type Subject interface {
	provisioning.Store
	job.Queue
}

// Store runs the conformance tests: a case for each sentence of the documentation of
// provisioning.Store and job.Queue. open returns a new, empty store and closes it when the test
// ends; it is the place to check the store's invariants.
func Store(t *testing.T, open func(testing.TB) Subject) {
	for group, cases := range suite() {
		t.Run(group, func(t *testing.T) {
			t.Parallel()
			for name, run := range cases {
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					run(t, open(t))
				})
			}
		})
	}
}

type cases map[string]func(*testing.T, Subject)

func suite() map[string]cases {
	return map[string]cases{
		"transactions": transactionCases(),
		"requests":     requestCases(),
		"accounts":     accountCases(),
		"search":       searchCases(),
		"addresses":    addressCases(),
		"seats":        seatCases(),
		"outbox":       outboxCases(),
		"audit":        auditCases(),
		"documents":    documentCases(),
		"enqueue":      enqueueCases(),
		"claim":        claimCases(),
		"lease":        leaseCases(),
		"queue":        queueCases(),
	}
}

// errRollback is the error of update functions that fail on purpose.
var errRollback = errors.New("rollback")

// update runs fn in one update, which must succeed.
func update(t testing.TB, s provisioning.Store, fn func(provisioning.Tx) error) {
	t.Helper()
	if err := s.Update(context.Background(), fn); err != nil {
		t.Fatalf("Update: %v", err)
	}
}

// view runs fn in one view, which must succeed.
func view(t testing.TB, s provisioning.Store, fn func(provisioning.Tx) error) {
	t.Helper()
	if err := s.View(context.Background(), fn); err != nil {
		t.Fatalf("View: %v", err)
	}
}

// putLines puts a request of the requester with n lines; the first holder is that teacher.
func putLines(t testing.TB, s provisioning.Store, f provisioning.Folio, n, teacher int) {
	t.Helper()
	update(t, s, func(tx provisioning.Tx) error {
		if err := PutRequest(tx, Request(f, "requester", n)); err != nil {
			return err
		}
		for i := range n {
			if err := tx.PutAccount(Account(f, i+1, Teacher(teacher+i))); err != nil {
				return err
			}
		}
		return nil
	})
}

// collect returns the elements of the sequence.
func collect[T any](seq iter.Seq2[T, error]) ([]T, error) {
	var all []T
	for v, err := range seq {
		if err != nil {
			return all, err
		}
		all = append(all, v)
	}
	return all, nil
}

// wantAll fails unless the sequence that list returns, mapped by key, equals want.
func wantAll[T, K any](t testing.TB, s provisioning.Store, what string, list func(provisioning.Tx) iter.Seq2[T, error], key func(T) K, want ...K) {
	t.Helper()
	var got []K
	view(t, s, func(tx provisioning.Tx) error {
		got = nil
		all, err := collect(list(tx))
		for _, v := range all {
			got = append(got, key(v))
		}
		return err
	})
	if diff := cmp.Diff(want, got); diff != "" && len(want)+len(got) > 0 {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// wantCode fails unless the error has the code, and the reason if it is not "".
func wantCode(t testing.TB, what string, err error, code problem.Code, reason string) {
	t.Helper()
	if !errors.Is(err, &problem.Error{Code: code, Reason: reason}) {
		t.Errorf("%s = %v, want %s %s", what, err, code, reason)
	}
}
