package cards

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf16"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/input"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// mostUnits is the maximum size of a card, in UTF-16 units: the connector refuses messages above 80
// KB, and the activity adds to the card.
const mostUnits = 39 << 10

// A request with the most people, the longest names and all warnings, returned and corrected many
// times: every card of it fits a message. A card that is too large could never be posted, and the
// request would be stuck.
func TestTheLargestCardsFit(t *testing.T) {
	t.Parallel()
	g := testGallery()
	words := strings.Repeat("*[😀]*", input.MaxNotes/6)
	name := strings.Repeat("<at>😀 ", 40)
	var holders []identity.Holder
	for i := range MaxPeople {
		holders = append(holders, longest(i))
	}
	d := g.s.requestView(holders, provisioning.StateSubdirector, provisioning.AccountPending)
	d.Request.Notes, d.Request.Area, d.Request.Requester.Name = words, strings.Repeat("<", 120), name
	d.Request.Petition.Number = strings.Repeat("<", 60)
	warnings := []problem.Warning{{Reason: "curp.first_surname_mismatch"}, {Reason: "curp.second_surname_mismatch"}, {Reason: "curp.given_names_mismatch"}, {Reason: "cct.check_letter"}}
	for i := range d.Accounts {
		d.Accounts[i].Warnings, d.Accounts[i].Note = warnings, words
		d.Accounts[i].Address = identity.Address(strings.Repeat("a", 64) + "@docentecoahuila.gob.mx")
	}
	for range 60 {
		d.Request.Decisions = append(d.Request.Decisions, provisioning.Decision{
			Stage: provisioning.Director, Verdict: provisioning.Return, By: provisioning.Actor{Name: name}, At: g.s.ago(1), Comment: words,
		})
	}
	asked := g.approval(provisioning.Subdirector, d)
	asked.Errors = map[string]error{"exclude": problem.Invalid("exclude", "exclude.all"), "comment": problem.Invalid("comment", "comment.required")}
	asked.Values, asked.Tried = map[string]string{"comment": words}, provisioning.Approve
	excluded := d
	excluded.Request.State = provisioning.StateCompleted
	excluded.Accounts = append([]provisioning.Account(nil), d.Accounts...)
	for i := range excluded.Accounts {
		excluded.Accounts[i].State = provisioning.AccountExcluded
	}
	var entries []provisioning.Entry
	for range 100 {
		entries = append(entries, provisioning.Entry{ID: strings.Repeat("0", 36), DisplayName: name, Department: name, JobTitle: name, Address: d.Accounts[0].Address})
	}
	attention := g.trouble("trouble.homonym", entries...)
	attention.Account.Holder = longest(0)
	hits := Hits{Query: strings.Repeat("😀", 200), First: true, More: true}
	for i := range PageSize {
		hits.Hits = append(hits.Hits, Hit{Account: d.Accounts[i], Request: d.Request, Office: true})
	}
	rows := List{First: true, More: true, Stage: provisioning.Director}
	for range PageSize {
		rows.Rows = append(rows.Rows, Row{Request: d.Request, URL: "https://teams.microsoft.com/" + strings.Repeat("x", 400)})
	}
	handover, revealed := g.handover(provisioning.MostTogether), g.revealed(provisioning.MostTogether)
	for i := range revealed {
		revealed[i].Account.Holder, revealed[i].Account.Address = longest(i), d.Accounts[0].Address
		handover.Open[i].Account = revealed[i].Account
	}
	for what, c := range map[string]Card{
		"handover": g.t.Handover(handover), "passwords": g.t.Passwords(handover, revealed, 0, ""),
		"approval": g.t.Approval(asked), "left out": g.t.Approval(g.approval(provisioning.Director, excluded)), "status": g.t.Status(d), "sent": g.t.Sent(d),
		"completed": g.t.Status(excluded), "review": g.t.Review(g.reviewLongest(MaxPeople)), "attention": g.t.Attention(attention),
		"found": g.t.Found(hits), "mine": g.t.Mine(rows), "pending": g.t.Pending(rows),
	} {
		raw, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		if n := len(utf16.Encode([]rune(string(raw)))); n > mostUnits {
			t.Errorf("%s: %d units, more than %d", what, n, mostUnits)
		}
	}
}
