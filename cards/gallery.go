package cards

import (
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// GalleryCard is a card of the gallery. Name is stable, for instance "approval-director"; with
// Locale it is a file name.
type GalleryCard struct {
	Name   string
	Locale string
	Card   Card
}

// Gallery returns every card in every state and both languages, at an instant in its location. The
// people are invented.
func Gallery(now time.Time) []GalleryCard { return galleryWith(ExecuteButtons, now) }

func galleryWith(buttons Buttons, now time.Time) []GalleryCard {
	var all []GalleryCard
	for _, locale := range Locales {
		g := gallery{t: In(locale).At(now).With(buttons), s: sample{now}}
		g.forms()
		g.requests()
		g.lists()
		g.approvals()
		g.deliveries()
		g.handovers()
		g.pasting()
		g.attentions()
		g.recoveries()
		g.letters()
		g.greetings()
		g.privacyNotices()
		g.flows()
		g.reports()
		all = append(all, g.cards...)
	}
	return all
}

type gallery struct {
	t     *Texts
	s     sample
	cards []GalleryCard
}

func (g *gallery) add(name string, c Card) {
	g.cards = append(g.cards, GalleryCard{name, g.t.locale, c})
}

func (g *gallery) forms() {
	t, s := g.t, g.s
	g.add("petition-new", t.Petition(Form{Draft: "K3VQ7M2PXA4R", Version: 1}))
	g.add("petition-filled", t.Petition(s.form(0)))
	g.add("petition-errors", t.Petition(g.petitionErrors()))
	correcting := s.form(1)
	correcting.Folio, correcting.Mark, correcting.Comment = "2026-000123", sampleMark, "La CURP no corresponde al nombre."
	g.add("petition-correcting", t.Petition(correcting))

	g.add("holder-teacher", t.Holder(s.form(0)))
	g.add("holder-student", t.Holder(s.form(2).typed(map[string]string{"type": "alumno", "cct": "05DES0040M", "level": "secundaria"})))
	g.add("holder-centre", t.Holder(s.form(0).typed(map[string]string{"type": "centro"})))
	g.add("holder-errors", t.Holder(g.holderErrors()))
	search := s.form(0)
	search.Catalogue = true
	g.add("holder-search-new", t.Holder(search))
	search = search.typed(map[string]string{"cct": "05DPR0221C"})
	search.Catalogue, search.Centre = true, "Escuela Primaria Benito Juárez · Saltillo"
	g.add("holder-search", t.Holder(search))
	search = search.typed(map[string]string{"type": "centro"})
	g.add("holder-search-centre", t.Holder(search))
	search = search.typed(map[string]string{"cctTyped": "05DJN00"})
	search.Errors = map[string]error{"cct": problem.Invalid("cct", "cct.length", "got", "7", "want", "10")}
	g.add("holder-search-typed", t.Holder(search))

	g.add("review-one", t.Review(s.form(1)))
	g.add("review-three", t.Review(g.reviewWarnings()))
	g.add("review-ten-longest", t.Review(g.reviewLongest(10)))
	g.add("review-thirty-longest", t.Review(g.reviewLongest(MaxPeople)))
	g.add("review-centre", t.Review(g.reviewCentre()))
	refused := s.form(1)
	refused.Refused = problem.Refuse(problem.CodeConflict, "request.nothing_new")
	refused.People[0].Existing = refused.People[0].Address
	g.add("review-refused", t.Review(refused))
	g.add("review-guarded", t.Review(g.reviewGuarded()))
	g.add("form-discarded", t.Discarded())
	g.add("form-lapsed", t.Lapsed())
	g.add("card-outdated", t.Outdated())
	g.add("card-newer", t.Newer(Data{Folio: "2026-000123", Mark: sampleMark}))
}

func (g *gallery) petitionErrors() Form {
	f := g.s.form(0).typed(map[string]string{"oficio": "-", "phone": "411 88"})
	f.Errors = map[string]error{
		"oficio": problem.Invalid("oficio", "oficio.empty"),
		"phone":  problem.Invalid("phone", "phone.length", "got", "5"),
	}
	return f
}

func (g *gallery) holderErrors() Form {
	f := g.s.form(1).typed(map[string]string{
		"givenNames": "Lucía", "firstSurname": "Ñáñez 2", "secondSurname": "Garza", "curp": "XAGL910703MCLXRC01", "cct": "05DPR0221",
	})
	f.Editing = 1
	f.Errors = map[string]error{
		"firstSurname": problem.Invalid("firstSurname", "name.digit", "character", "2"),
		"curp":         problem.Invalid("curp", "curp.check_digit"),
		"cct":          problem.Invalid("cct", "cct.length", "got", "9", "want", "10"),
	}
	return f
}

func (g *gallery) reviewWarnings() Form {
	f := g.s.form(3).typed(map[string]string{"notes": "Son para la inscripción de agosto."})
	f.People[0].Existing, f.People[0].Address = f.People[0].Address, ""
	f.People[1].Taken = []identity.Address{"jose.garcia@docentecoahuila.gob.mx"}
	f.People[1].Warnings = []problem.Warning{
		{Reason: "curp.given_names_mismatch", Field: "givenNames"}, {Reason: "curp.second_surname_mismatch", Field: "secondSurname"},
		{Reason: "cct.check_letter", Field: "cct"},
	}
	f.People[2].Pending, f.People[2].Address = "2026-000098", ""
	return f
}

// reviewGuarded is a form whose holders have, or seem to have, accounts or requests of others.
func (g *gallery) reviewGuarded() Form {
	f := g.s.form(3)
	f.People[0].Existing, f.People[0].Address, f.People[0].Guarded = f.People[0].Address, "", true
	f.People[1].Pending, f.People[1].Address, f.People[1].Guarded = "2026-000098", "", true
	f.People[2].Warnings = []problem.Warning{{Reason: "trouble.homonym", Args: map[string]string{"address": string(f.People[2].Address)}}}
	return f
}

// reviewLongest is the review of that many people, with the longest names.
func (g *gallery) reviewLongest(people int) Form {
	f := g.s.form(0).typed(map[string]string{"type": "alumno"})
	for i := range people {
		f.People = append(f.People, Entry{
			Holder: longest(i), Address: identity.Address(strings.Repeat("a", 64) + "@alumnocoahuila.gob.mx"),
			Warnings: []problem.Warning{{Reason: "curp.first_surname_mismatch"}, {Reason: "cct.check_letter"}},
		})
	}
	return f
}

func (g *gallery) reviewCentre() Form {
	f := g.s.form(0).typed(map[string]string{"type": "centro"})
	h := identity.Holder{Type: identity.WorkCentre, Centre: sampleCentre}
	f.People = []Entry{{Holder: h, Address: sampleAddress(h, 1)}}
	return f
}

func (g *gallery) requests() {
	t, s := g.t, g.s
	g.add("sent", t.Sent(s.requestView(s.holders(1), provisioning.StateDirector, provisioning.AccountPending)))
	g.add("sent-three", t.Sent(s.requestView(s.holders(3), provisioning.StateDirector, provisioning.AccountPending)))
	for _, c := range []struct {
		state provisioning.RequestState
		lines provisioning.AccountState
	}{
		{provisioning.StateDirector, provisioning.AccountPending},
		{provisioning.StateSubdirector, provisioning.AccountPending},
		{provisioning.StateReturned, provisioning.AccountPending},
		{provisioning.StateProvisioning, provisioning.AccountReserved},
		{provisioning.StateAttention, provisioning.AccountAttention},
		{provisioning.StateCompleted, provisioning.AccountAnnounced},
		{provisioning.StateRejected, provisioning.AccountPending},
		{provisioning.StateCancelled, provisioning.AccountPending},
		{provisioning.StateExpired, provisioning.AccountPending},
	} {
		g.add("status-"+string(c.state), t.Status(s.requestView(s.holders(1), c.state, c.lines)))
	}
	g.add("status-cancelling", t.Cancel(s.requestView(s.holders(1), provisioning.StateDirector, provisioning.AccountPending)))
	queue := s.requestView(s.holders(1), provisioning.StateProvisioning, provisioning.AccountPending)
	queue.Place = 14
	g.add("status-queue", t.Status(queue))
	g.add("status-mixed", t.Status(g.mixed()))
	g.add("status-handed", t.Status(g.handed(1, 1)))
	g.add("status-handed-some", t.Status(g.handed(3, 2)))
	list := s.requestView(s.holders(12), provisioning.StateProvisioning, provisioning.AccountCreated)
	list.Request.Lines = 2950
	list.Tally = provisioning.Tally{
		provisioning.AccountAnnounced: 1900, provisioning.AccountExists: 48, provisioning.AccountCreated: 12,
		provisioning.AccountPending: 985, provisioning.AccountAttention: 2, provisioning.AccountExcluded: 3,
	}
	g.add("status-list", t.Status(list))
}

// mixed is a request whose lines have different final states.
func (g *gallery) mixed() RequestView {
	d := g.s.requestView(g.s.holders(3), provisioning.StateAttention, provisioning.AccountAnnounced)
	d.Accounts[1].State = provisioning.AccountAttention
	d.Accounts[2].State, d.Accounts[2].Note = provisioning.AccountExcluded, "Ya no trabaja en la escuela."
	return d
}

func (g *gallery) lists() {
	t, s := g.t, g.s
	states := []provisioning.RequestState{
		provisioning.StateDirector, provisioning.StateReturned, provisioning.StateProvisioning,
		provisioning.StateAttention, provisioning.StateCompleted, provisioning.StateRejected,
	}
	var mine, pending List
	for i, state := range states {
		r := s.request(1+i%3, state)
		r.Folio, r.Subject, r.SubmittedAt = provisioning.NewFolio(2026, 123-i), teacher(i%3).DisplayName(), s.ago(26*(i+1))
		mine.Rows = append(mine.Rows, Row{Request: r})
		r = s.request(1+i%3, provisioning.StateDirector)
		r.Folio, r.Subject, r.StageSince = provisioning.NewFolio(2026, 118+i), teacher(i%3).DisplayName(), s.ago(26-i)
		pending.Rows = append(pending.Rows, Row{Request: r, Worked: time.Duration(9-i) * time.Hour, URL: "https://teams.microsoft.com/l/message/19:1"})
	}
	g.add("mine-none", t.Mine(List{First: true}))
	mine.First = true
	g.add("mine", t.Mine(List{Rows: mine.Rows[:3], First: true}))
	mine.Total, mine.More = 240, true
	g.add("mine-first-page", t.Mine(mine))
	mine.Total, mine.First = 0, false
	g.add("mine-next-page", t.Mine(mine))
	g.found(mine.Rows)
	g.add("pending-none", t.Pending(List{Stage: provisioning.Director, First: true}))
	pending.Stage, pending.First, pending.Total, pending.More = provisioning.Director, true, 17, true
	g.add("pending", t.Pending(pending))
}

func (g *gallery) found(rows []Row) {
	t, s := g.t, g.s
	h := Hits{Query: "05DPR0221C", First: true, More: true}
	for i, row := range rows[:4] {
		states := []provisioning.AccountState{provisioning.AccountPending, provisioning.AccountPending, provisioning.AccountReserved, provisioning.AccountAttention}
		holder := teacher(i % 2)
		h.Hits = append(h.Hits, Hit{provisioning.Account{
			Stamp: provisioning.NewStamp(row.Request.Folio, 1), Number: 1, Holder: holder, State: states[i], Address: sampleAddress(holder, 1+i%2),
		}, row.Request, true})
	}
	g.add("found", t.Found(h))
	g.add("found-stage", t.StageFound(h))
	for i := range h.Hits {
		h.Hits[i].Office = false
	}
	h.First, h.More = false, false
	g.add("found-own", t.Found(h))
	g.add("found-none", t.Found(Hits{Query: "Ñáñez *Garza*", First: true}))
	others := s.requestView(s.holders(1), provisioning.StateReturned, provisioning.AccountPending)
	others.Others = true
	g.add("status-others", t.Status(others))
	g.add("found-stage-none", t.StageFound(Hits{Query: "Ñáñez", First: true}))
	g.add("status-stage", t.StageStatus(s.requestView(s.holders(3), provisioning.StateDirector, provisioning.AccountPending), "https://teams.microsoft.com/l/message/19:1"))
	waiting := List{Rows: rows[:3], First: true, Total: 17, More: true}
	waiting.Rows[1].URL = ""
	g.add("waiting", t.Waiting(waiting))
	g.add("waiting-none", t.Waiting(List{First: true}))
}
