package recovery

import (
	"errors"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
)

// No stage decides on an account that was announced to the same requester a short time ago; the
// stages of the settings decide on every other.
func TestStages(t *testing.T) {
	t.Parallel()
	const recent = 7 * day
	sub := []provisioning.StageName{provisioning.Subdirector}
	announced := func(ago time.Duration) func(*provisioning.Account) {
		return func(a *provisioning.Account) { a.AnnouncedAt = today.Add(-ago) }
	}
	state := func(s provisioning.AccountState) func(*provisioning.Account) {
		return func(a *provisioning.Account) { a.State, a.AnnouncedAt = s, today }
	}
	for name, tt := range map[string]struct {
		by       string
		line     func(*provisioning.Account)
		account  provisioning.Entry
		settings func(*Settings)
		want     []provisioning.StageName
	}{
		"announced today":                     {"silvia", announced(0), luciaEntry, nil, nil},
		"announced almost seven days ago":     {"silvia", announced(recent - time.Second), luciaEntry, nil, nil},
		"announced seven days ago":            {"silvia", announced(recent), luciaEntry, nil, sub},
		"announced long ago":                  {"silvia", announced(90 * day), luciaEntry, nil, sub},
		"announced today to another":          {"martha", announced(0), luciaEntry, nil, sub},
		"announced today, to an admin's view": {"ines", announced(0), luciaEntry, nil, sub},
		"not announced":                       {"silvia", state(provisioning.AccountRecorded), luciaEntry, nil, sub},
		"which a line only found":             {"silvia", state(provisioning.AccountExists), luciaEntry, nil, sub},
		"which the line's was dropped":        {"silvia", state(provisioning.AccountExcluded), luciaEntry, nil, sub},
		"of another object id":                {"silvia", announced(0), entryOf("another-id", luciaMail), nil, sub},
		"of an address that no line has":      {"silvia", announced(0), entryOf(luciaID, "otra@docente.mx"), nil, sub},
		"that was not found":                  {"silvia", announced(0), provisioning.Entry{}, nil, sub},
		"today, where none is recent":         {"silvia", announced(0), luciaEntry, func(s *Settings) { s.Recent = 0 }, sub},
		"long ago, where both decide": {"silvia", announced(90 * day), luciaEntry, func(s *Settings) {
			s.Stages = []provisioning.StageName{provisioning.Director, provisioning.Subdirector}
		}, []provisioning.StageName{provisioning.Director, provisioning.Subdirector}},
		"long ago, where none decides": {"silvia", announced(90 * day), luciaEntry, func(s *Settings) { s.Stages = nil }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := open(t)
			a := w.account(made)
			tt.line(&a)
			w.update(func(tx provisioning.Tx) error { return tx.PutAccount(a) })
			if tt.settings != nil {
				tt.settings(&w.Settings)
			}
			w.update(func(tx provisioning.Tx) error {
				got, err := w.Stages(tx, submissionOf(tt.by, lucia, tt.account, ""))
				if got == nil {
					t.Error("nil means all stages")
				}
				want(t, "stages", got, append([]provisioning.StageName{}, tt.want...))
				return err
			})
		})
	}
}

// Of several accounts each must be recent.
func TestStagesOfSeveral(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.account(made)
	a.AnnouncedAt = today
	w.update(func(tx provisioning.Tx) error {
		s := submissionOf("silvia", lucia, luciaEntry, "")
		old := provisioningtest.Teacher(2)
		s.Holders = append(s.Holders, old)
		s.Exist[old] = provisioning.Proposal{Address: "otra@docente.mx", ObjectID: "another-id", Exists: true}
		if err := tx.PutAccount(a); err != nil {
			return err
		}
		got, err := w.Stages(tx, s)
		want(t, "stages", got, []provisioning.StageName{provisioning.Subdirector})
		return err
	})
}

// The request goes to the stage of the settings, or is authorised by its submission.
func TestSubmittedToItsStages(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		stages []provisioning.StageName
		want   provisioning.RequestState
		told   []provisioning.NoticeKind
	}{
		"the subdirector": {[]provisioning.StageName{provisioning.Subdirector}, provisioning.StateSubdirector, nil},
		"both":            {[]provisioning.StageName{provisioning.Director, provisioning.Subdirector}, provisioning.StateDirector, nil},
		"none":            {nil, provisioning.StateProvisioning, []provisioning.NoticeKind{provisioning.NoticeAuthorized}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := open(t)
			w.Settings.Stages = tt.stages
			r := w.mustAsk("silvia", luciaEntry)
			want(t, "state", r.State, tt.want)
			want(t, "kind", r.Kind, Kind)
			want(t, "told", w.kindsOf("silvia"), tt.told)
		})
	}
}

// A line has the account that the form found, and its warnings; one that was not found is refused.
func TestOpen(t *testing.T) {
	t.Parallel()
	synced := problem.Warning{Reason: "recovery.synchronised"}
	for name, tt := range map[string]struct {
		seen provisioning.Proposal
		ok   bool
	}{
		"found":                {provisioning.Proposal{Exists: true, Address: luciaMail, ObjectID: luciaID, Warnings: []problem.Warning{synced}}, true},
		"not found":            {provisioning.Proposal{}, false},
		"proposed, not found":  {provisioning.Proposal{Address: luciaMail, ObjectID: luciaID}, false},
		"without an object id": {provisioning.Proposal{Exists: true, Address: luciaMail}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := open(t)
			line := provisioningtest.Account(next, 1, lucia)
			line.Kind, line.Warnings = Kind, []problem.Warning{{Reason: "curp.first_surname_mismatch", Field: "curp"}}
			var opened provisioning.Account
			err := w.db.Update(t.Context(), func(tx provisioning.Tx) (err error) {
				s := submissionOf("silvia", lucia, luciaEntry, "")
				s.Exist[lucia] = tt.seen
				opened, err = w.Open(tx, s, line)
				return err
			})
			if !tt.ok {
				wantRefused(t, "Open", err, problem.CodeNotFound, "recovery.unknown")
				return
			}
			line.Address, line.ObjectID, line.Warnings = luciaMail, luciaID, []problem.Warning{synced}
			if err != nil {
				t.Error(err)
			}
			want(t, "line", opened, line)
		})
	}
}

// The moves of a line: every pair that the table does not name is a conflict and changes nothing.
func TestMoves(t *testing.T) {
	t.Parallel()
	allowed := map[[2]provisioning.AccountState]bool{
		{provisioning.AccountPending, provisioning.AccountAnnounced}:   true,
		{provisioning.AccountPending, provisioning.AccountExcluded}:    true,
		{provisioning.AccountPending, provisioning.AccountAttention}:   true,
		{provisioning.AccountAttention, provisioning.AccountPending}:   true,
		{provisioning.AccountAttention, provisioning.AccountExcluded}:  true,
		{provisioning.AccountAttention, provisioning.AccountAnnounced}: false, // only through pending, where the password is renewed
	}
	all := []provisioning.AccountState{provisioning.AccountPending, provisioning.AccountReserved, provisioning.AccountCreated, provisioning.AccountLicensed,
		provisioning.AccountRecorded, provisioning.AccountAnnounced, provisioning.AccountExists, provisioning.AccountAttention, provisioning.AccountExcluded}
	for _, from := range all {
		for _, to := range all {
			a := provisioning.Account{State: from, Trouble: &provisioning.Trouble{Reason: "x"}}
			got, err := (&Recovery{}).Moves().Move(a, to)
			switch {
			case allowed[[2]provisioning.AccountState{from, to}]:
				if err != nil || got.State != to || to != provisioning.AccountAttention && got.Trouble != nil {
					t.Errorf("%s → %s: %s, %v, trouble %v", from, to, got.State, err, got.Trouble)
				}
			case problem.CodeOf(err) != problem.CodeConflict || got.State != from:
				t.Errorf("%s → %s: %s, %v; it is not allowed", from, to, got.State, err)
			}
		}
	}
}

// Only a pending line has a step, waits for nothing, and reserves nothing.
func TestSteps(t *testing.T) {
	t.Parallel()
	w := open(t)
	for _, state := range []provisioning.AccountState{
		provisioning.AccountPending, provisioning.AccountAnnounced, provisioning.AccountAttention, provisioning.AccountExcluded, provisioning.AccountExists,
	} {
		a := provisioning.Account{State: state}
		if has := w.Steps()(a) != nil; has != (state == provisioning.AccountPending) {
			t.Errorf("%s has a step: %t", state, has)
		}
		if w.Waits(a) {
			t.Errorf("%s waits", state)
		}
	}
	a := w.account(made)
	w.update(func(tx provisioning.Tx) error {
		if err := w.Release(tx, a); err != nil {
			return err
		}
		holder, err := tx.HolderOf(luciaMail)
		want(t, "the line that holds the address", holder, a.Stamp)
		return err
	})
}

// Begin enqueues the jobs of the lines that are to be run.
func TestBegin(t *testing.T) {
	t.Parallel()
	for state, runs := range map[provisioning.AccountState]bool{
		provisioning.AccountPending: true, provisioning.AccountAttention: false, provisioning.AccountAnnounced: false, provisioning.AccountExcluded: false,
	} {
		t.Run(string(state), func(t *testing.T) {
			t.Parallel()
			w := open(t)
			w.Settings.Stages = nil
			r := w.mustAsk("silvia", luciaEntry)
			a := w.account(r.Folio)
			a.State = state
			if state == provisioning.AccountAttention {
				a.Trouble = &provisioning.Trouble{Reason: TroubleDisabled, Resume: provisioning.AccountPending}
			}
			w.update(func(tx provisioning.Tx) error { return tx.PutAccount(a) })
			for range 2 {
				if err := w.Begin(t.Context(), r); err != nil {
					t.Fatal(err)
				}
			}
			var wanted []string
			if runs {
				wanted = []string{string(a.Stamp)}
			}
			want(t, "jobs", w.jobs(provisioning.JobLine), wanted)
			w.update(func(tx provisioning.Tx) error { // as its end, for the invariants of the store
				a.State, a.Trouble = provisioning.AccountExcluded, nil
				return tx.PutAccount(a)
			})
		})
	}
}

// The receipts note when the line was announced, by our clock. The row of another account that had
// the address stays as it is.
func TestRecord(t *testing.T) {
	t.Parallel()
	noted := []string{"lucia.nanez@docente.mx 2026-000002 2026-11-16T15:00:00Z"}
	for name, tt := range map[string]struct {
		rows []provisioning.Receipt
		err  error
		want []string
	}{
		"no row":                  {want: noted},
		"its row":                 {rows: []provisioning.Receipt{{Address: luciaMail, ObjectID: luciaID}}, want: noted},
		"a row without an object": {rows: []provisioning.Receipt{{Address: luciaMail}}, want: noted},
		"a row of another object": {rows: []provisioning.Receipt{{Address: luciaMail, ObjectID: "another-id"}}},
		"receipts away":           {rows: []provisioning.Receipt{{Address: luciaMail, ObjectID: luciaID}}, err: away()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := open(t)
			w.rows.all, w.rows.err = tt.rows, tt.err
			a := provisioning.Account{Address: luciaMail, ObjectID: luciaID, AnnouncedAt: today}
			a.Handover.Since = today.Add(-time.Hour)
			if err := w.Record(t.Context(), w.rows, provisioning.Request{Folio: next}, a); !errors.Is(err, tt.err) {
				t.Errorf("err = %v", err)
			}
			want(t, "recovered", w.rows.recovered, tt.want)
		})
	}
}
