package recovery

import (
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

var luciaEntry = entryOf(luciaID, luciaMail)

// mustAsk is asks for a submission that must succeed.
func (w *world) mustAsk(by string, account provisioning.Entry) provisioning.Request {
	w.t.Helper()
	r, err := w.asks(by, account, "")
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

// One open request for an account, of whatever state: its requester is told the folio, another
// person is not.
func TestOneOpenRequestForAnAccount(t *testing.T) {
	t.Parallel()
	for state, pending := range map[provisioning.RequestState]bool{
		provisioning.StateDirector: true, provisioning.StateSubdirector: true, provisioning.StateReturned: true,
		provisioning.StateProvisioning: true, provisioning.StateAttention: true,
		provisioning.StateCompleted: false, provisioning.StateRejected: false, provisioning.StateCancelled: false, provisioning.StateExpired: false,
	} {
		t.Run(string(state), func(t *testing.T) {
			t.Parallel()
			w := open(t)
			first := w.mustAsk("silvia", luciaEntry)
			w.becomes(first.Folio, state)
			w.later(40 * day) // an open one counts however old
			_, own := w.asks("silvia", luciaEntry, "")
			if !pending {
				if own != nil {
					t.Errorf("err = %v", own)
				}
				return
			}
			wantRefused(t, "one's own", own, problem.CodeConflict, "recovery.pending", "folio", string(first.Folio))
			_, others := w.asks("martha", luciaEntry, "")
			wantRefused(t, "another person's", others, problem.CodeConflict, "recovery.pending_other")
			if _, err := w.asks("martha", entryOf("another-id", "otra@docente.mx"), ""); err != nil {
				t.Errorf("another account: %v", err)
			}
		})
	}
}

// A returned request may be corrected, and counts once.
func TestACorrectedRequestCountsOnce(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.Settings.PerAccount, w.Settings.PerRequester = 2, 1
	first := w.mustAsk("silvia", luciaEntry)
	for range 3 {
		w.becomes(first.Folio, provisioning.StateReturned)
		w.later(time.Hour)
		corrected, err := w.asks("silvia", luciaEntry, first.Folio)
		if err != nil || corrected.Folio != first.Folio {
			t.Fatalf("corrected: %s, %v", corrected.Folio, err)
		}
	}
	var kept []asked
	w.update(func(tx provisioning.Tx) (err error) {
		kept, _, err = recoveries.Get(tx, luciaID)
		return err
	})
	want(t, "kept", kept, []asked{{first.Folio, today.Add(3 * time.Hour)}})
	w.becomes(first.Folio, provisioning.StateCompleted)
	w.later(day)
	second := w.mustAsk("silvia", luciaEntry)
	w.becomes(second.Folio, provisioning.StateCompleted)
	w.later(day)
	_, err := w.asks("silvia", luciaEntry, "")
	wantRefused(t, "the third", err, problem.CodeLimited, "recovery.limit_account", "most", "2")
}

// An account is recovered three times in 30 days, whoever asks. Those that came to nothing do not
// count.
func TestRecoveriesOfAnAccount(t *testing.T) {
	t.Parallel()
	type prior struct {
		ago   time.Duration
		state provisioning.RequestState
	}
	const done = provisioning.StateCompleted
	for name, tt := range map[string]struct {
		prior   []prior
		limited bool
	}{
		"none":                         {nil, false},
		"two":                          {[]prior{{2 * day, done}, {day, done}}, false},
		"three":                        {[]prior{{3 * day, done}, {2 * day, done}, {day, done}}, true},
		"three, the first a month ago": {[]prior{{30 * day, done}, {2 * day, done}, {day, done}}, false},
		"the first almost a month ago": {[]prior{{30*day - time.Second, done}, {2 * day, done}, {day, done}}, true},
		"one of three was rejected":    {[]prior{{3 * day, done}, {2 * day, provisioning.StateRejected}, {day, done}}, false},
		"one of three was cancelled":   {[]prior{{3 * day, done}, {2 * day, provisioning.StateCancelled}, {day, done}}, false},
		"one of three expired":         {[]prior{{3 * day, done}, {2 * day, provisioning.StateExpired}, {day, done}}, false},
		"four, of which one is old":    {[]prior{{30*day + day, done}, {3 * day, done}, {2 * day, done}, {day, done}}, true},
		"three and a rejected one":     {[]prior{{4 * day, done}, {3 * day, provisioning.StateRejected}, {2 * day, done}, {day, done}}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := open(t)
			for i, p := range tt.prior {
				w.later(today.Add(-p.ago).Sub(w.Clock()))
				r := w.mustAsk([]string{"silvia", "martha"}[i%2], luciaEntry)
				w.becomes(r.Folio, p.state)
			}
			w.later(today.Sub(w.Clock()))
			_, err := w.asks("luz", luciaEntry, "")
			if !tt.limited {
				if err != nil {
					t.Errorf("err = %v", err)
				}
				return
			}
			wantRefused(t, "the next", err, problem.CodeLimited, "recovery.limit_account", "most", "3")
			if _, err := w.asks("luz", entryOf("another-id", "otra@docente.mx"), ""); err != nil {
				t.Errorf("another account: %v", err)
			}
		})
	}
}

// Administrators have no limits, but wait for an open request as everybody does.
func TestAnAdministratorHasNoLimits(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.Settings.PerAccount, w.Settings.PerRequester = 1, 1
	for range 3 {
		w.becomes(w.mustAsk("ines", luciaEntry).Folio, provisioning.StateCompleted)
	}
	_, err := w.asks("silvia", luciaEntry, "")
	wantRefused(t, "after theirs, a requester", err, problem.CodeLimited, "recovery.limit_account", "most", "1")
	pending := w.mustAsk("ines", luciaEntry)
	_, err = w.asks("ines", luciaEntry, "")
	wantRefused(t, "one's own", err, problem.CodeConflict, "recovery.pending", "folio", string(pending.Folio))
}

// Only a line that renewed the password counts, whatever its request became.
func TestOnlyRenewalsOfAnAccountCount(t *testing.T) {
	t.Parallel()
	for state, counts := range map[provisioning.AccountState]bool{
		provisioning.AccountAnnounced: true, provisioning.AccountExcluded: false, provisioning.AccountPending: false,
	} {
		t.Run(string(state), func(t *testing.T) {
			t.Parallel()
			w := open(t)
			w.Settings.PerAccount = 1
			r := w.mustAsk("silvia", luciaEntry)
			w.becomes(r.Folio, provisioning.StateRejected)
			a := w.account(r.Folio)
			a.State = state
			w.update(func(tx provisioning.Tx) error { return tx.PutAccount(a) })
			if _, err := w.asks("martha", luciaEntry, ""); (problem.CodeOf(err) == problem.CodeLimited) != counts {
				t.Errorf("err = %v", err)
			}
		})
	}
}

// A request that is refused leaves nothing behind.
func TestARefusedRequestLeavesNothing(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.Settings.PerAccount = 0
	_, err := w.asks("silvia", luciaEntry, "")
	wantRefused(t, "asked", err, problem.CodeLimited, "recovery.limit_account", "most", "0")
	w.update(func(tx provisioning.Tx) error {
		if _, there, err := recoveries.Get(tx, luciaID); there || err != nil {
			t.Errorf("kept: %t, %v", there, err)
		}
		for r, err := range tx.ListRequests(provisioning.RequestFilter{}) {
			if r.Kind == Kind || err != nil {
				t.Errorf("request %s, %v", r.Folio, err)
			}
		}
		return nil
	})
}

// A request that was corrected to another account neither keeps the first from being recovered, nor
// counts as its recovery; one that was dropped renewed nothing.
func TestRequestsThatAreNotTheAccounts(t *testing.T) {
	t.Parallel()
	corrected := func(w *world) provisioning.Folio {
		r := w.mustAsk("silvia", luciaEntry)
		w.becomes(r.Folio, provisioning.StateReturned)
		if _, err := w.asks("silvia", entryOf("another-id", "otra@docente.mx"), r.Folio); err != nil {
			w.t.Fatal(err)
		}
		return r.Folio
	}
	for name, given := range map[string]func(*world){
		"corrected, and open":      func(w *world) { corrected(w) },
		"corrected, and completed": func(w *world) { w.becomes(corrected(w), provisioning.StateCompleted) },
		"dropped": func(w *world) {
			r := w.mustAsk("silvia", luciaEntry)
			w.becomes(r.Folio, provisioning.StateCompleted)
			a := w.account(r.Folio)
			a.State = provisioning.AccountExcluded
			w.update(func(tx provisioning.Tx) error { return tx.PutAccount(a) })
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := open(t)
			w.Settings.PerAccount = 1
			given(w)
			if _, err := w.asks("martha", luciaEntry, ""); err != nil {
				t.Errorf("err = %v", err)
			}
		})
	}
}

// What no longer counts is not kept.
func TestOldRecoveriesAreDropped(t *testing.T) {
	t.Parallel()
	w := open(t)
	var folios []provisioning.Folio
	for range 3 {
		r := w.mustAsk("silvia", luciaEntry)
		w.becomes(r.Folio, provisioning.StateCompleted)
		folios = append(folios, r.Folio)
		w.later(15 * day)
	}
	w.update(func(tx provisioning.Tx) error {
		kept, _, err := recoveries.Get(tx, luciaID)
		want(t, "kept", kept, []asked{{folios[1], today.Add(15 * day)}, {folios[2], today.Add(30 * day)}})
		return err
	})
}

// A folio that the store lost is none.
func TestALostFolioDoesNotCount(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.update(func(tx provisioning.Tx) error {
		return recoveries.Put(tx, luciaID, []asked{{"2026-000901", today}, {"2026-000902", today}, {"2026-000903", today}})
	})
	r := w.mustAsk("silvia", luciaEntry)
	w.update(func(tx provisioning.Tx) error {
		kept, _, err := recoveries.Get(tx, luciaID)
		want(t, "kept", kept, []asked{{r.Folio, today}})
		return err
	})
}

// A person asks for so many accounts in a day, whatever became of it. Requests for new accounts,
// and those of other people, do not count.
func TestRecoveriesOfARequester(t *testing.T) {
	t.Parallel()
	other := entryOf("another-id", "otra@docente.mx")
	third := entryOf("third-id", "tercera@docente.mx")
	for name, tt := range map[string]struct {
		given   func(*world)
		limited bool
	}{
		"nothing":                       {func(*world) {}, false},
		"one":                           {func(w *world) { w.mustAsk("silvia", other) }, false},
		"two":                           {func(w *world) { w.mustAsk("silvia", other); w.mustAsk("silvia", third) }, true},
		"two, one of another person":    {func(w *world) { w.mustAsk("silvia", other); w.mustAsk("martha", third) }, false},
		"two, one a day ago":            {func(w *world) { w.mustAsk("silvia", other); w.later(day); w.mustAsk("silvia", third) }, false},
		"two, one almost a day ago":     {func(w *world) { w.mustAsk("silvia", other); w.later(day - 1); w.mustAsk("silvia", third) }, true},
		"two, which she cancelled":      {func(w *world) { w.cancels(other); w.cancels(third) }, true},
		"one, and one for new accounts": {func(w *world) { w.mustAsk("silvia", other); w.creates("silvia") }, false},
		"two, and one for new accounts": {func(w *world) { w.mustAsk("silvia", other); w.creates("silvia"); w.mustAsk("silvia", third) }, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := open(t)
			w.Settings.PerRequester = 2
			tt.given(w)
			_, err := w.asks("silvia", luciaEntry, "")
			if !tt.limited {
				if err != nil {
					t.Errorf("err = %v", err)
				}
				return
			}
			wantRefused(t, "the next", err, problem.CodeLimited, "recovery.limit_requester", "most", "2")
		})
	}
}

// cancels has Silvia ask for an account, and cancel.
func (w *world) cancels(account provisioning.Entry) {
	w.t.Helper()
	f := w.mustAsk("silvia", account).Folio
	w.update(func(tx provisioning.Tx) error {
		_, err := w.work.Cancel(tx, f, actor("silvia"))
		return err
	})
}

// creates stores a request for new accounts, of now.
func (w *world) creates(by string) {
	w.t.Helper()
	var f provisioning.Folio
	w.update(func(tx provisioning.Tx) (err error) {
		f, err = tx.NextFolio(2026)
		return err
	})
	w.request(f, by, func(r *provisioning.Request) { r.SubmittedAt = w.Clock() })
}
