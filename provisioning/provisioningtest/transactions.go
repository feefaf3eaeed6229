package provisioningtest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

func transactionCases() cases {
	return cases{
		"an update is visible once it returned":                seenAfterwards,
		"an error rolls back and is returned unchanged":        errorRollsBack,
		"a panic rolls back and reaches the caller":            panicRollsBack,
		"a view cannot write":                                  viewCannotWrite,
		"a view is a snapshot":                                 viewSnapshot,
		"a cancelled context writes nothing":                   endedContext,
		"a context that is cancelled meanwhile writes nothing": contextEndsMeanwhile,
		"concurrent updates all take effect":                   concurrentUpdates,
		"a failed update rolls back no other":                  failureAmongOthers,
		"an update reads only committed records":               readsCommitted,
		"missing records are not found":                        notFound,
		"a record is a value":                                  recordsAreValues,
	}
}

func save(key string, v int) func(provisioning.Tx) error {
	return func(tx provisioning.Tx) error { return tx.Save("case", key, v) }
}

func wantSaved(t *testing.T, s provisioning.Store, key string, want int, wantFound bool) {
	t.Helper()
	view(t, s, func(tx provisioning.Tx) error {
		got := 0
		found, err := tx.Load("case", key, &got)
		if got != want || found != wantFound {
			t.Errorf("Load(%q) = %d, %v, want %d, %v", key, got, found, want, wantFound)
		}
		return err
	})
}

func seenAfterwards(t *testing.T, s Subject) {
	update(t, s, save("a", 1))
	wantSaved(t, s, "a", 1, true)
	update(t, s, func(tx provisioning.Tx) error {
		var got int
		if _, err := tx.Load("case", "a", &got); err != nil {
			return err
		}
		return tx.Save("case", "a", got+1)
	})
	wantSaved(t, s, "a", 2, true)
}

func errorRollsBack(t *testing.T, s Subject) {
	err := s.Update(context.Background(), func(tx provisioning.Tx) error {
		f, err := tx.NextFolio(2026)
		return errors.Join(err, tx.PutRequest(Request(f, "r", 1)), tx.PutAccount(Account(f, 1, Teacher(1))),
			tx.Enqueue(job.Job{Kind: provisioning.JobCards, Key: string(f)}),
			tx.Record(provisioning.Entered{Act: "case", Folio: f}), errRollback)
	})
	if !errors.Is(err, errRollback) {
		t.Errorf("Update = %v, want %v", err, errRollback)
	}
	view(t, s, func(tx provisioning.Tx) error {
		_, err := tx.Request("2026-000001")
		wantCode(t, "Request", err, problem.CodeNotFound, "request.unknown")
		entries, err := collect(tx.Entries(""))
		if len(entries) > 0 {
			t.Errorf("Entries = %v, want none", entries)
		}
		return err
	})
	wantDue(t, s, provisioning.JobCards, zeroTime)
}

func panicRollsBack(t *testing.T, s Subject) {
	func() {
		defer func() {
			if r := recover(); r != "case" {
				t.Errorf("recover() = %v, want the panic of fn", r)
			}
		}()
		_ = s.Update(context.Background(), func(tx provisioning.Tx) error {
			if err := tx.Save("case", "a", 1); err != nil {
				return err
			}
			panic("case")
		})
	}()
	wantSaved(t, s, "a", 0, false)
	update(t, s, save("b", 1))
}

func viewCannotWrite(t *testing.T, s Subject) {
	const f = provisioning.Folio("2026-000001")
	line := provisioning.NewStamp(f, 1)
	writes := map[string]func(provisioning.Tx) error{
		"NextFolio":  func(tx provisioning.Tx) error { _, err := tx.NextFolio(2026); return err },
		"PassFolio":  func(tx provisioning.Tx) error { _, err := tx.PassFolio("2026-000009"); return err },
		"PutRequest": func(tx provisioning.Tx) error { return tx.PutRequest(Request(f, "r", 1)) },
		"PutAccount": func(tx provisioning.Tx) error { return tx.PutAccount(Account(f, 1, Teacher(1))) },
		"Reserve":    func(tx provisioning.Tx) error { return tx.Reserve("a@docente.example", line) },
		"Hold":       func(tx provisioning.Tx) error { return tx.Hold("sku", line) },
		"Wait":       func(tx provisioning.Tx) error { return tx.Wait("docente", line) },
		"Enqueue":    func(tx provisioning.Tx) error { return tx.Enqueue(job.Job{Kind: "start", Key: string(f)}) },
		"Post":       func(tx provisioning.Tx) error { return tx.Post(provisioning.Notice{To: "r"}) },
		"Record":     func(tx provisioning.Tx) error { return tx.Record(provisioning.Entered{Act: "case"}) },
		"Redact":     func(tx provisioning.Tx) error { return tx.Redact(provisioning.Entered{}, 1) },
		"Save":       save("a", 1),
	}
	update(t, s, record(provisioning.Entered{Act: "case"}))
	for name, write := range writes {
		if err := s.View(context.Background(), write); err == nil {
			t.Errorf("%s in a View succeeded", name)
		}
	}
	wantSaved(t, s, "a", 0, false)
}

func viewSnapshot(t *testing.T, s Subject) {
	update(t, s, save("a", 1))
	view(t, s, func(tx provisioning.Tx) error {
		done := make(chan error, 1)
		go func() { done <- s.Update(context.Background(), save("a", 2)) }()
		if err := <-done; err != nil {
			return err
		}
		var got int
		_, err := tx.Load("case", "a", &got)
		if got != 1 {
			t.Errorf("Load after another's update = %d, want 1", got)
		}
		return err
	})
}

func endedContext(t *testing.T, s Subject) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := s.Update(ctx, save("a", 1)); !errors.Is(err, context.Canceled) {
		t.Errorf("Update = %v, want context.Canceled", err)
	}
	if err := s.View(ctx, func(provisioning.Tx) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("View = %v, want context.Canceled", err)
	}
	wantSaved(t, s, "a", 0, false)
}

func contextEndsMeanwhile(t *testing.T, s Subject) {
	ctx, cancel := context.WithCancel(context.Background())
	err := s.Update(ctx, func(tx provisioning.Tx) error {
		cancel()
		return tx.Save("case", "a", 1)
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Update = %v, want context.Canceled", err)
	}
	wantSaved(t, s, "a", 0, false)
}

func concurrentUpdates(t *testing.T, s Subject) {
	const callers, each = 16, 20
	var group sync.WaitGroup
	for range callers {
		group.Go(func() {
			for range each {
				err := s.Update(context.Background(), func(tx provisioning.Tx) error {
					var n int
					if _, err := tx.Load("case", "n", &n); err != nil {
						return err
					}
					return tx.Save("case", "n", n+1)
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	wantSaved(t, s, "n", callers*each, true)
}

func failureAmongOthers(t *testing.T, s Subject) {
	const callers = 60
	var group sync.WaitGroup
	for i := range callers {
		group.Go(func() {
			err := s.Update(context.Background(), func(tx provisioning.Tx) error {
				if err := tx.Save("case", fmt.Sprint(i), i); err != nil {
					return err
				}
				if i%3 == 0 {
					return errRollback
				}
				return nil
			})
			if failed := errors.Is(err, errRollback); failed != (i%3 == 0) || !failed && err != nil {
				t.Errorf("Update %d = %v", i, err)
			}
		})
	}
	group.Wait()
	for i := range callers {
		if i%3 == 0 {
			wantSaved(t, s, fmt.Sprint(i), 0, false)
			continue
		}
		wantSaved(t, s, fmt.Sprint(i), i, true)
	}
}

// readsCommitted runs updates that fail after they wrote concurrently with updates that read the
// same record: none may read it.
func readsCommitted(t *testing.T, s Subject) {
	errSeen := errors.New("seen")
	var group sync.WaitGroup
	for range 200 {
		group.Go(func() {
			_ = s.Update(context.Background(), func(tx provisioning.Tx) error {
				return errors.Join(tx.Save("case", "never", 1), errRollback)
			})
		})
		group.Go(func() {
			err := s.Update(context.Background(), func(tx provisioning.Tx) error {
				var n int
				if found, err := tx.Load("case", "never", &n); found || err != nil {
					return errors.Join(errSeen, err)
				}
				return nil
			})
			if err != nil {
				t.Errorf("Update = %v: it saw what was never committed", err)
			}
		})
	}
	group.Wait()
}

func notFound(t *testing.T, s Subject) {
	view(t, s, func(tx provisioning.Tx) error {
		_, err := tx.Request("2026-000009")
		wantCode(t, "Request", err, problem.CodeNotFound, "request.unknown")
		_, err = tx.Account("2026-000009-0001")
		wantCode(t, "Account", err, problem.CodeNotFound, "account.unknown")
		holder, err := tx.HolderOf("nadie@docente.example")
		if holder != "" || err != nil {
			t.Errorf("HolderOf = %q, %v, want none", holder, err)
		}
		var n int
		found, err := tx.Load("case", "a", &n)
		if found {
			t.Error("Load of no document found one")
		}
		return err
	})
}

func recordsAreValues(t *testing.T, s Subject) {
	r := Request("2026-000001", "r", 1)
	r.Decisions = []provisioning.Decision{{Stage: provisioning.Director, Comment: "uno"}}
	update(t, s, func(tx provisioning.Tx) error { return PutRequest(tx, r) })
	r.Decisions[0].Comment = "dos"
	view(t, s, func(tx provisioning.Tx) error {
		got, err := tx.Request(r.Folio)
		if err != nil {
			return err
		}
		if got.Decisions[0].Comment != "uno" {
			t.Errorf("Comment = %q, want what was put", got.Decisions[0].Comment)
		}
		return nil
	})
}
