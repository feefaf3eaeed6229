package recovery

import (
	"fmt"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
)

// next is a request of another person than Silvia.
const next provisioning.Folio = "2026-000002"

// right is what gives a person the right to recover an account; asking gives one without a warning.
type right string

const (
	none          right = ""
	asking        right = "asking"
	area          right = "recovery.area"
	centre        right = "recovery.centre"
	administrator right = "recovery.administrator"
)

// change changes the request of announcedTo and its line.
type change func(*provisioning.Request, *provisioning.Account)

// announcedTo stores a completed request of a person's, of another area than the account's, and its
// line, which created an account of another work centre and was announced.
func announcedTo(by string, changes ...change) func(*world) {
	return func(w *world) {
		w.t.Helper()
		h := provisioningtest.Teacher(50)
		h.Person.CCT = provisioningtest.CCT(99)
		line := provisioningtest.Account(next, 1, h)
		line.State, line.Address, line.ObjectID = provisioning.AccountAnnounced, "cincuenta@docente.mx", "50-id"
		line.CreatedAt, line.AnnouncedAt = provisioningtest.Start, provisioningtest.Start
		w.request(next, by, func(r *provisioning.Request) {
			r.Area, r.CCT, r.Lines = "Otra área", provisioningtest.CCT(99), 1
			for _, change := range changes {
				change(r, &line)
			}
		})
		w.line(next, line.Holder, func(a *provisioning.Account) { *a = line })
	}
}

// inArea has the request name an area.
func inArea(name string) change {
	return func(r *provisioning.Request, _ *provisioning.Account) { r.Area = name }
}

// atCentre has the line's holder work at a centre.
func atCentre(cct identity.CCT) change {
	return func(_ *provisioning.Request, a *provisioning.Account) { a.Holder.Person.CCT = cct }
}

// inRecovery has the request recover its account, rather than create it.
func inRecovery(r *provisioning.Request, a *provisioning.Account) { r.Kind, a.Kind = Kind, Kind }

// sent has the request submitted, and its line announced, so long ago.
func sent(before time.Duration) change {
	return func(r *provisioning.Request, a *provisioning.Account) {
		r.SubmittedAt, a.AnnouncedAt = today.Add(-before), today.Add(-before)
	}
}

// Who may recover the account that Silvia's request created, for the area "Supervisión de zona 12".
// To whoever may not, the answer is that of an address that nobody has.
func TestWhoMayRecover(t *testing.T) {
	t.Parallel()
	const zone = "Supervisión de zona 12"
	for name, tt := range map[string]struct {
		by    string
		given func(*world)
		right right
	}{
		"the requester of its creation":      {by: "silvia", right: asking},
		"an administrator":                   {by: "ines", right: administrator},
		"a stranger":                         {by: "martha"},
		"an approver of a stage":             {by: "elena"},
		"nobody Teams can name":              {by: ""},
		"another object id than the admin's": {by: "INES"},
		"a substitute of a stage":            {by: "saul", given: func(w *world) { w.substitutes("saul") }},

		"the same area":                     {"martha", announcedTo("martha", inArea(zone)), area},
		"the same area in capitals":         {"martha", announcedTo("martha", inArea("SUPERVISIÓN DE ZONA 12")), area},
		"the same area without accents":     {"martha", announcedTo("martha", inArea("supervision de zona 12")), area},
		"another area":                      {"martha", announcedTo("martha", inArea("Supervisión de zona 1")), none},
		"an area that begins alike":         {"martha", announcedTo("martha", inArea("Supervisión de zona 123")), none},
		"no area":                           {"martha", announcedTo("martha", inArea("")), none},
		"the same area, of another's":       {"luz", announcedTo("martha", inArea(zone)), none},
		"the same area, 400 days ago":       {"martha", announcedTo("martha", inArea(zone), sent(400*day)), area},
		"the same area, more than that ago": {"martha", announcedTo("martha", inArea(zone), sent(400*day+time.Second)), none},
		"the same area, in a recovery":      {"martha", announcedTo("martha", inArea(zone), inRecovery), none},
		"the same area, of the kind Create": {"martha", announcedTo("martha", inArea(zone), func(r *provisioning.Request, a *provisioning.Account) {
			r.Kind, a.Kind = provisioning.Create, provisioning.Create
		}), area},
		"an area that is a placeholder": {"martha", func(w *world) {
			w.request(made, "silvia", func(r *provisioning.Request) { r.Area, r.Lines = "S/N", 1 })
			announcedTo("martha", inArea("S/N"))(w)
		}, none},

		"the holder's work centre":                  {"martha", announcedTo("martha", atCentre(lucia.Person.CCT)), centre},
		"the holder's work centre, of another's":    {"luz", announcedTo("martha", atCentre(lucia.Person.CCT)), none},
		"the work centre of its creation's request": {"martha", announcedTo("martha", atCentre(provisioningtest.CCT(12))), none},
		"the work centre, typed as their own": {"martha", announcedTo("martha", func(r *provisioning.Request, _ *provisioning.Account) {
			r.CCT = lucia.Person.CCT
		}), none},
		"the work centre, 400 days ago":       {"martha", announcedTo("martha", atCentre(lucia.Person.CCT), sent(400*day)), centre},
		"the work centre, more than that ago": {"martha", announcedTo("martha", atCentre(lucia.Person.CCT), sent(400*day+time.Second)), none},
		"the work centre, in a recovery":      {"martha", announcedTo("martha", atCentre(lucia.Person.CCT), inRecovery), none},
		"the CCT in a name": {"martha", announcedTo("martha", func(_ *provisioning.Request, a *provisioning.Account) {
			a.Holder.Person.GivenNames = string(lucia.Person.CCT)
		}), none},
		"the area and the work centre": {"martha", announcedTo("martha", inArea(zone), atCentre(lucia.Person.CCT)), area},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := open(t)
			if tt.given != nil {
				tt.given(w)
			}
			w.wantMay(tt.by, tt.right)
		})
	}
}

// wantMay fails unless the person finds the account of lucia by that right, of which a warning tells
// whoever decides, or is answered as of an address that nobody has; and unless Confirm says the same.
func (w *world) wantMay(by string, r right) {
	w.t.Helper()
	found, err := w.Find(w.t.Context(), actor(by), Query{Address: luciaMail})
	confirmed := w.Confirm(w.t.Context(), actor(by), luciaMail, luciaID)
	if r == none {
		wantRefused(w.t, "Find", err, problem.CodeNotFound, "recovery.unknown")
		wantRefused(w.t, "Confirm", confirmed, problem.CodeNotFound, "recovery.unknown")
		_, nobodys := w.Find(w.t.Context(), actor(by), Query{Address: "nadie@docente.mx"})
		want(w.t, "the answer, and that of no account", fmt.Sprintf("%#v", err), fmt.Sprintf("%#v", nobodys))
		return
	}
	if err != nil || confirmed != nil || len(found) != 1 || found[0].Entry.ID != luciaID {
		w.t.Fatalf("found %+v, %v; confirmed: %v", found, err, confirmed)
	}
	var reasons []right
	for _, warning := range found[0].Warnings {
		reasons = append(reasons, right(warning.Reason))
	}
	var wanted []right
	if r != asking {
		wanted = []right{r}
	}
	want(w.t, "warnings", reasons, wanted)
}

// substitutes stores that a person stands in at both stages today, as package access does.
func (w *world) substitutes(person string) {
	w.t.Helper()
	w.update(func(tx provisioning.Tx) error {
		for _, stage := range []provisioning.StageName{provisioning.Director, provisioning.Subdirector} {
			s := provisioning.Substitute{Stage: stage, To: actor(person), From: today.Add(-day), Until: today.Add(day), By: actor("ines")}
			if err := tx.Save("substitute", string(stage)+"/"+person, s); err != nil {
				return err
			}
		}
		return nil
	})
}

// The warning names who asked for the account, and its work centre.
func TestWhatAWarningNames(t *testing.T) {
	t.Parallel()
	w := open(t)
	found, err := w.Find(t.Context(), actor("ines"), Query{Address: luciaMail})
	if err != nil || len(found) != 1 {
		t.Fatalf("found %+v, %v", found, err)
	}
	want(t, "warnings", found[0].Warnings, []problem.Warning{{
		Reason: "recovery.administrator", Args: map[string]string{"name": "Solicitante silvia", "cct": string(lucia.Person.CCT)},
	}})
}

// states of a request, and whether what it says counts: only once the stages have authorised it.
var states = map[provisioning.RequestState]bool{
	provisioning.StateDirector: false, provisioning.StateSubdirector: false, provisioning.StateReturned: false,
	provisioning.StateRejected: false, provisioning.StateCancelled: false, provisioning.StateExpired: false,
	provisioning.StateProvisioning: true, provisioning.StateAttention: true, provisioning.StateCompleted: true,
}

// What somebody typed as their area counts only once the stages have authorised it.
func TestAnAreaCountsOnceAuthorised(t *testing.T) {
	t.Parallel()
	for state, counts := range states {
		t.Run(string(state), func(t *testing.T) {
			t.Parallel()
			w := open(t)
			announcedTo("martha", inArea("Supervisión de zona 12"), func(r *provisioning.Request, _ *provisioning.Account) { r.State = state })(w)
			if counts {
				w.wantMay("martha", area)
				return
			}
			w.wantMay("martha", none)
		})
	}
}

// Of the lines of a request only one that created an account and was announced proves an area or a
// work centre: not one that found its account, was taken out, or is not done.
func TestOnlyAnAnnouncedLineProves(t *testing.T) {
	t.Parallel()
	for state, proves := range map[provisioning.AccountState]bool{
		provisioning.AccountAnnounced: true, provisioning.AccountExists: false, provisioning.AccountExcluded: false,
		provisioning.AccountAttention: false,
	} {
		for what, of := range map[right]change{area: inArea("Supervisión de zona 12"), centre: atCentre(lucia.Person.CCT)} {
			t.Run(string(state)+" "+string(what), func(t *testing.T) {
				t.Parallel()
				w := open(t)
				announcedTo("martha", of, func(r *provisioning.Request, a *provisioning.Account) {
					if a.State = state; state == provisioning.AccountAttention {
						a.Trouble = &provisioning.Trouble{Reason: "trouble.refused", Resume: provisioning.AccountCreated}
						r.State = provisioning.StateAttention
					}
				})(w)
				if proves {
					w.wantMay("martha", what)
					return
				}
				w.wantMay("martha", none)
			})
		}
	}
}

// Later requests that prove nothing do not hide an earlier one that does.
func TestAnEarlierRequestCounts(t *testing.T) {
	t.Parallel()
	w := open(t)
	announcedTo("martha", inArea("Supervisión de zona 12"))(w)
	for i, state := range []provisioning.RequestState{provisioning.StateRejected, provisioning.StateDirector, provisioning.StateCompleted} {
		w.request(provisioning.NewFolio(2026, 3+i), "martha", func(r *provisioning.Request) { r.State = state })
	}
	w.wantMay("martha", area)
}

// Of a person with very many requests only the newest are read.
func TestOnlySoManyRequestsAreRead(t *testing.T) {
	t.Parallel()
	for newer, right := range map[int]right{maxRead - 1: area, maxRead: none} {
		w := open(t)
		announcedTo("martha", inArea("Supervisión de zona 12"))(w)
		w.update(func(tx provisioning.Tx) error {
			for i := range newer {
				r := provisioningtest.Request(provisioning.NewFolio(2026, 3+i), "martha", 0)
				r.State = provisioning.StateCancelled
				if err := provisioningtest.PutRequest(tx, r); err != nil {
					return err
				}
			}
			return nil
		})
		w.wantMay("martha", right)
	}
}

// Two people without an area, or without a work centre, have none in common.
func TestNothingInCommon(t *testing.T) {
	t.Parallel()
	w := fresh(t)
	nobodys := lucia
	nobodys.Person.CCT = ""
	w.request(made, "silvia", func(r *provisioning.Request) { r.Area, r.CCT, r.Lines = "", "", 1 })
	w.line(made, nobodys, func(a *provisioning.Account) {
		a.State, a.Address, a.ObjectID = provisioning.AccountAnnounced, luciaMail, luciaID
	})
	announcedTo("martha", inArea(""), atCentre(""))(w)
	w.wantMay("silvia", asking)
	w.wantMay("martha", none)
}
