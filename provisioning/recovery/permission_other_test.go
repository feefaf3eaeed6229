package recovery

import (
	"errors"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
)

// An account that was taken out of its request, or is not announced yet, is for administrators
// alone: its requester was not given it, nor were others of their area or centre.
func TestAWithheldAccount(t *testing.T) {
	t.Parallel()
	for state, withheld := range map[provisioning.AccountState]bool{
		provisioning.AccountAnnounced: false, provisioning.AccountExcluded: true, provisioning.AccountAttention: true,
	} {
		for by, r := range map[string]right{"silvia": asking, "martha": area, "ines": administrator} {
			t.Run(string(state)+" "+by, func(t *testing.T) {
				t.Parallel()
				w := open(t)
				announcedTo("martha", inArea("Supervisión de zona 12"), atCentre(lucia.Person.CCT))(w)
				a := w.account(made)
				if a.State = state; state == provisioning.AccountAttention {
					a.Trouble = &provisioning.Trouble{Reason: "trouble.refused", Resume: provisioning.AccountCreated}
					w.becomes(made, provisioning.StateAttention)
				}
				w.update(func(tx provisioning.Tx) error { return tx.PutAccount(a) })
				if withheld && r != administrator {
					r = none
				}
				w.wantMay(by, r)
			})
		}
	}
}

// The accounts of approvers and administrators are for administrators alone: with them somebody
// could decide in their place.
func TestAnAccountInOffice(t *testing.T) {
	t.Parallel()
	substitute := func(from, until time.Time) func(*world) {
		return func(w *world) {
			w.named = []provisioning.Substitute{{Stage: provisioning.Director, To: actor(luciaID), From: from, Until: until}}
		}
	}
	for office, tt := range map[string]struct {
		appoint func(*world)
		silvia  right // who asked for the account
	}{
		"approver of the first stage":  {func(w *world) { w.Rules.Stages[0].Approvers = append(w.Rules.Stages[0].Approvers, luciaID) }, none},
		"approver of the second stage": {func(w *world) { w.Rules.Stages[1].Approvers = append(w.Rules.Stages[1].Approvers, luciaID) }, none},
		"administrator":                {func(w *world) { w.Rules.Administrators = append(w.Rules.Administrators, luciaID) }, none},
		"in an approver group":         {func(w *world) { w.group = []string{"somebody", luciaID} }, none},
		"in a group or not":            {func(w *world) { w.dir.fails["groups"] = errors.New("away") }, none},
		"substitute today":             {substitute(today.Add(-day), today.Add(day)), none},
		"substitute next week":         {substitute(today.Add(7*day), today.Add(8*day)), none},
		"substitute last week":         {substitute(today.Add(-8*day), today.Add(-7*day)), asking},
		"in another's group":           {func(w *world) { w.group = []string{"somebody"} }, asking},
	} {
		for by, right := range map[string]right{"silvia": tt.silvia, "ines": administrator} {
			t.Run(office+" "+by, func(t *testing.T) {
				t.Parallel()
				w := open(t)
				tt.appoint(w)
				w.wantMay(by, right)
			})
		}
	}
	w := open(t)
	w.group = []string{luciaID}
	announcedTo("martha", inArea("Supervisión de zona 12"), atCentre(lucia.Person.CCT))(w)
	w.wantMay("martha", none)
}

// Nobody recovers their own account, whatever else they may, and it does not count as wrong.
func TestOnesOwnAccount(t *testing.T) {
	t.Parallel()
	for name, given := range map[string]func(*world){
		"a holder":         func(*world) {},
		"an administrator": func(w *world) { w.Rules.Administrators = append(w.Rules.Administrators, luciaID) },
		"who asked for it": func(w *world) {
			w.request(made, luciaID, func(r *provisioning.Request) { r.Lines = 1 })
		},
	} {
		for how, q := range map[string]Query{"address": {Address: luciaMail}, "CURP": {CURP: lucia.Person.CURP, Name: "Lucía Ñáñez Garza"}} {
			t.Run(name+" by "+how, func(t *testing.T) {
				t.Parallel()
				w := open(t)
				given(w)
				found, err := w.Find(t.Context(), actor(luciaID), q)
				wantRefused(t, "Find", err, problem.CodeForbidden, "recovery.own")
				wantRefused(t, "Confirm", w.Confirm(t.Context(), actor(luciaID), luciaMail, luciaID), problem.CodeForbidden, "recovery.own")
				want(t, "found", ids(found), nil)
				w.wantTries(luciaID, 0)
				want(t, "audit", w.acts(), nil)
			})
		}
	}
}

// Who may recover an account that no request of ours created: the account that a line found, or one
// of the receipts or the directory.
func TestWhoMayRecoverAnAccountOfOthers(t *testing.T) {
	t.Parallel()
	existing := func(w *world) {
		w.request(made, "silvia", func(r *provisioning.Request) { r.Lines = 1 })
		w.line(made, lucia, func(a *provisioning.Account) {
			a.State, a.Address, a.ObjectID = provisioning.AccountExists, luciaMail, luciaID
		})
	}
	row := func(requester, objectID string, s provisioning.Stamp) func(*world) {
		return func(w *world) {
			w.rows.all = []provisioning.Receipt{{Address: luciaMail, Holder: lucia, Requester: actor(requester), ObjectID: objectID, Stamp: s}}
		}
	}
	in := func(change func(*provisioning.Entry)) func(*world) {
		return func(w *world) { change(&w.dir.users[0]) }
	}
	at := func(n int) func(*world) { return announcedTo("martha", atCentre(provisioningtest.CCT(n))) }
	same := announcedTo("martha", inArea("Supervisión de zona 12"))
	stamp, former := provisioning.NewStamp(made, 1), provisioning.NewStamp("2025-000009", 1)
	lower := "05epr0007" + string(provisioningtest.CCT(7)[9:])
	department := in(func(e *provisioning.Entry) { e.Department = string(provisioningtest.CCT(7)) })
	for name, tt := range map[string]struct {
		by    string
		given []func(*world)
		right right
	}{
		"a stranger, the directory's":            {by: "martha"},
		"an administrator, the directory's":      {by: "ines", right: administrator},
		"nobody Teams can name, the directory's": {by: ""},

		"who asked for a line that found it":      {"silvia", []func(*world){existing}, none},
		"the area of a line that found it":        {"martha", []func(*world){existing, same}, none},
		"the work centre of a line that found it": {"martha", []func(*world){existing, at(3)}, none},
		"an administrator, one that a line found": {"ines", []func(*world){existing}, administrator},

		"the row's requester":                              {"silvia", []func(*world){row("silvia", luciaID, former)}, asking},
		"the row's requester, where it names no object":    {"silvia", []func(*world){row("silvia", "", former)}, asking},
		"the requester of a row without a line":            {"silvia", []func(*world){row("silvia", luciaID, "")}, none},
		"the requester of a row of another object":         {"silvia", []func(*world){row("silvia", "another-id", former)}, none},
		"who asked for a line that found it, by its row":   {"silvia", []func(*world){existing, row("silvia", luciaID, stamp)}, none},
		"the work centre of such a row":                    {"martha", []func(*world){existing, row("silvia", luciaID, stamp), at(3)}, none},
		"another than the row's requester":                 {"martha", []func(*world){row("silvia", luciaID, former)}, none},
		"nobody Teams can name, a row without a requester": {"", []func(*world){row("", luciaID, former)}, none},
		"the work centre of the row's holder":              {"martha", []func(*world){row("silvia", luciaID, former), at(3)}, centre},
		"the work centre of a row without a line":          {"martha", []func(*world){row("silvia", luciaID, ""), at(3)}, centre},
		"the work centre, of a row of another object":      {"martha", []func(*world){row("silvia", "another-id", former), at(3)}, none},

		"the CCT in its department":                     {"martha", []func(*world){department, at(7)}, centre},
		"the CCT in its office, typed in small letters": {"martha", []func(*world){in(func(e *provisioning.Entry) { e.Office = lower }), at(7)}, centre},
		"another CCT in its department":                 {"martha", []func(*world){department, at(8)}, none},
		"no CCT in its department":                      {"martha", []func(*world){in(func(e *provisioning.Entry) { e.Department = "Primarias" }), at(7)}, none},
		"the CCT in the department of one found":        {"martha", []func(*world){existing, department, at(7)}, centre},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := fresh(t)
			for _, given := range tt.given {
				given(w)
			}
			w.wantMay(tt.by, tt.right)
		})
	}
}
