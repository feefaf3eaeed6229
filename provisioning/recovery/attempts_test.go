package recovery

import (
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/store/storetest"
)

// errs has a person identify nothing, n times.
func (w *world) errs(by string, n int) (last error) {
	w.t.Helper()
	for i := range n {
		_, last = w.Find(w.t.Context(), actor(by), Query{Address: identity.Address(fmt.Sprintf("nadie%d@docente.mx", i))})
	}
	return last
}

func (w *world) tries(by string) (t tries) {
	w.t.Helper()
	w.update(func(tx provisioning.Tx) (err error) {
		t, _, err = wrongTries.Get(tx, by)
		return err
	})
	return t
}

// wantTries fails unless a person has n wrong identifications on record.
func (w *world) wantTries(by string, n int) {
	w.t.Helper()
	if got := w.tries(by); len(got.Wrong) != n || !got.Until.IsZero() {
		w.t.Errorf("%s: %+v, want %d wrong identifications", by, got, n)
	}
}

// unknownTo fails unless a wrong identification is answered as one, which counts it.
func (w *world) unknownTo(what, by string) {
	w.t.Helper()
	wantRefused(w.t, what, w.errs(by, 1), problem.CodeNotFound, "recovery.unknown")
}

// lockedOut fails unless the person is locked out for so many minutes, also of their own account.
func (w *world) lockedOut(what, by, minutes string) {
	w.t.Helper()
	found, err := w.Find(w.t.Context(), actor(by), Query{Address: luciaMail})
	wantRefused(w.t, what, err, problem.CodeLimited, "recovery.locked", "minutes", minutes)
	if found != nil {
		w.t.Errorf("%s: found %v", what, ids(found))
	}
}

// Nine wrong identifications are answered alike. The tenth locks the person out for an hour, and
// the platform is told once. After it they begin anew.
func TestTenWrongIdentifications(t *testing.T) {
	t.Parallel()
	w := open(t)
	for i := range maxWrong - 1 {
		w.unknownTo(fmt.Sprint(i+1), "silvia")
	}
	w.wantTries("silvia", maxWrong-1)
	want(t, "told", w.kindsOf("platform"), nil)
	wantRefused(t, "the tenth", w.errs("silvia", 1), problem.CodeLimited, "recovery.locked", "minutes", "60")
	want(t, "told", w.notices("platform"), []provisioning.Notice{{
		To: "platform", Kind: NoticeLocked, At: today, Args: map[string]string{"name": "Persona silvia", "most": "10"},
	}})

	w.lockedOut("at once", "silvia", "60")
	w.later(time.Second)
	w.lockedOut("a second later", "silvia", "60")
	w.later(30 * time.Minute)
	w.lockedOut("half an hour later", "silvia", "30")
	w.later(29*time.Minute + 58*time.Second)
	w.lockedOut("a second before it ends", "silvia", "1")
	w.later(time.Second)
	if found, err := w.Find(t.Context(), actor("silvia"), Query{Address: luciaMail}); err != nil || len(found) != 1 {
		t.Errorf("after an hour: found %v, %v", ids(found), err)
	}
	for i := range maxWrong - 1 {
		w.unknownTo(fmt.Sprint(i+1, " after it"), "silvia")
	}
	want(t, "told", w.kindsOf("platform"), []provisioning.NoticeKind{NoticeLocked})
}

// Each wrong identification has an entry in the audit; what was typed has none.
func TestWrongIdentificationsAreRecorded(t *testing.T) {
	t.Parallel()
	w := open(t)
	_ = w.errs("martha", maxWrong+2) // the last two are not looked up
	var got []provisioning.Entered
	w.update(func(tx provisioning.Tx) error {
		got = nil
		for e, err := range tx.Entries("") {
			if err != nil {
				return err
			}
			e.Seq = 0
			got = append(got, e)
		}
		return nil
	})
	wanted := make([]provisioning.Entered, maxWrong)
	for i := range wanted {
		wanted[i] = provisioning.Entered{At: today, By: actor("martha"), Act: "recovery.wrong"}
	}
	wanted[maxWrong-1].Act = "recovery.locked"
	want(t, "audit", got, wanted)
}

// A wrong identification counts for a day.
func TestOldWrongIdentificationsDoNotCount(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		pause  time.Duration
		locked bool
	}{
		"a second less than a day": {day - time.Second, true},
		"a day":                    {day, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := open(t)
			_ = w.errs("martha", maxWrong-1)
			w.later(tt.pause)
			if err := w.errs("martha", 1); (problem.CodeOf(err) == problem.CodeLimited) != tt.locked {
				t.Errorf("the tenth: %v", err)
			}
			if !tt.locked {
				w.wantTries("martha", 1)
			}
		})
	}
}

// A right identification does not take back the wrong ones, nor do those of other people count.
func TestARightIdentificationTakesNothingBack(t *testing.T) {
	t.Parallel()
	w := open(t)
	_ = w.errs("silvia", maxWrong-1)
	if _, err := w.Find(t.Context(), actor("silvia"), Query{Address: luciaMail}); err != nil {
		t.Fatal(err)
	}
	w.unknownTo("another person's first", "martha")
	wantRefused(t, "the tenth", w.errs("silvia", 1), problem.CodeLimited, "recovery.locked", "minutes", "60")
	w.unknownTo("another person's second", "martha")
}

// Whatever a person may not recover counts, not only what does not exist.
func TestAnotherPersonsAccountCounts(t *testing.T) {
	t.Parallel()
	w := open(t)
	for range maxWrong {
		_, _ = w.Find(t.Context(), actor("martha"), Query{Address: luciaMail})
	}
	w.later(time.Second)
	w.lockedOut("after ten", "martha", "60")
}

// Several clicks at once, all looked up before any is counted: one of them is the tenth, and the
// platform is told once.
func TestTheTenthOfSeveralAtOnce(t *testing.T) {
	t.Parallel()
	const clicks = 5
	w := open(t)
	_ = w.errs("martha", maxWrong-1)
	var looking, done sync.WaitGroup
	looking.Add(clicks)
	w.dir.before = func() { looking.Done(); looking.Wait() }
	refused := make([]error, clicks)
	for i := range clicks {
		done.Go(func() { _, refused[i] = w.Find(t.Context(), actor("martha"), Query{Address: "nadie@docente.mx"}) })
	}
	done.Wait()
	for _, err := range refused {
		if problem.CodeOf(err) != problem.CodeLimited {
			t.Errorf("err = %v", err)
		}
	}
	want(t, "told", w.kindsOf("platform"), []provisioning.NoticeKind{NoticeLocked})
	acts := w.acts()
	if len(acts) != maxWrong || acts[maxWrong-1] != "martha recovery.locked" {
		t.Errorf("audit: %q", acts)
	}
}

// The count and the lock-out outlast the process.
func TestWrongIdentificationsAreStored(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "altas.db")
	again := func(do func(*world)) {
		t.Helper()
		db := storetest.OpenAt(t, path)
		do(empty(t, db))
		storetest.Check(t, db)
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	again(func(w *world) { _ = w.errs("martha", maxWrong-1) })
	again(func(w *world) {
		wantRefused(t, "the tenth", w.errs("martha", 1), problem.CodeLimited, "recovery.locked", "minutes", "60")
	})
	again(func(w *world) {
		w.later(time.Minute + time.Second)
		w.lockedOut("a minute later", "martha", "59")
	})
}

// Tidy drops the recoveries of accounts for which no request is open, and none was sent in 30 days.
func TestTidyRecoveries(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		state provisioning.RequestState
		ago   time.Duration
		kept  bool
	}{
		"open, long ago":             {provisioning.StateSubdirector, 90 * day, true},
		"returned, long ago":         {provisioning.StateReturned, 90 * day, true},
		"done, almost a month ago":   {provisioning.StateCompleted, AccountPeriod - time.Second, true},
		"done, a month ago":          {provisioning.StateCompleted, AccountPeriod, false},
		"rejected, a month ago":      {provisioning.StateRejected, AccountPeriod, false},
		"rejected, less than that":   {provisioning.StateRejected, day, true},
		"cancelled, a long time ago": {provisioning.StateCancelled, 90 * day, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := open(t)
			w.becomes(w.mustAsk("silvia", luciaEntry).Folio, tt.state)
			w.later(tt.ago)
			if err := w.Tidy(t.Context()); err != nil {
				t.Fatal(err)
			}
			w.update(func(tx provisioning.Tx) error {
				_, there, err := recoveries.Get(tx, luciaID)
				want(t, "kept", there, tt.kept)
				return err
			})
		})
	}
}

// A folio that the store lost does not keep a record for ever.
func TestTidyDropsLostFolios(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.update(func(tx provisioning.Tx) error { return recoveries.Put(tx, luciaID, []asked{{"2026-000901", today}}) })
	w.later(AccountPeriod)
	if err := w.Tidy(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.update(func(tx provisioning.Tx) error {
		_, there, err := recoveries.Get(tx, luciaID)
		want(t, "kept", there, false)
		return err
	})
}

// An open request keeps the record with its older ones, and may then not be asked for again.
func TestTidyKeepsAnOpenRequest(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.becomes(w.mustAsk("silvia", luciaEntry).Folio, provisioning.StateCompleted)
	pending := w.mustAsk("silvia", luciaEntry)
	w.later(90 * day)
	if err := w.Tidy(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, err := w.asks("silvia", luciaEntry, "")
	wantRefused(t, "asked again", err, problem.CodeConflict, "recovery.pending", "folio", string(pending.Folio))
}

// Tidy drops the records of those whose wrong identifications all are older than a day, or whose
// lock-out is over.
func TestTidy(t *testing.T) {
	t.Parallel()
	at := func(ago ...time.Duration) (all tries) {
		for _, d := range ago {
			all.Wrong = append(all.Wrong, today.Add(-d))
		}
		return all
	}
	kept := map[string]tries{
		"now":      at(0),
		"one":      at(3*day, day-time.Second),
		"locked":   {Until: today.Add(time.Second)},
		"together": {Wrong: at(3 * day).Wrong, Until: today.Add(time.Hour)},
	}
	dropped := map[string]tries{
		"old":      at(day, 3*day),
		"unlocked": {Until: today},
		"nothing":  {},
	}
	w := fresh(t)
	w.update(func(tx provisioning.Tx) error {
		for _, all := range []map[string]tries{kept, dropped} {
			for person, record := range all {
				if err := wrongTries.Put(tx, person, record); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err := w.Tidy(t.Context()); err != nil {
		t.Fatal(err)
	}
	left := map[string]tries{}
	w.update(func(tx provisioning.Tx) error {
		clear(left)
		for person, err := range wrongTries.Keys(tx, "") {
			if err != nil {
				return err
			}
			if left[person], _, err = wrongTries.Get(tx, person); err != nil {
				return err
			}
		}
		return nil
	})
	if diff := cmp.Diff(kept, left); diff != "" {
		t.Errorf("left (-want +got):\n%s", diff)
	}
}
