package cards

import (
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/provisioning/secret"
)

// approval is the first card of a request at a stage.
func (g *gallery) approval(stage provisioning.StageName, d RequestView) Approval {
	return Approval{RequestView: d, Stage: stage, Round: 1, Stock: []provisioning.Licence{{Name: "A3", Free: 212, All: 4000}}}
}

func (g *gallery) approvals() {
	t, s := g.t, g.s
	one := s.requestView(s.holders(1), provisioning.StateDirector, provisioning.AccountPending)
	g.add("approval-director", t.Approval(g.approval(provisioning.Director, one)))
	waits := g.approval(provisioning.Director, one)
	waits.Due = s.now.AddDate(0, 0, 14)
	named := t.Mentioning(t.Approval(waits), provisioning.Actor{ID: "7d1c1d3c-0a5b-4c57-9d52-3f1f2f7f1a01", Name: "Rosa Elena Villarreal"},
		provisioning.Actor{ID: "7d1c1d3c-0a5b-4c57-9d52-3f1f2f7f1a02", Name: "Íñigo *Núñez* <b>"})
	g.add("approval-names", named)
	second := s.requestView(s.holders(1), provisioning.StateSubdirector, provisioning.AccountPending)
	second.Request.Decisions[0].Comment = "Es para la inscripción de agosto."
	g.add("approval-subdirector", t.Approval(g.approval(provisioning.Subdirector, second)))
	g.add("approval-student", t.Approval(g.approval(provisioning.Director, g.student())))
	g.add("approval-centre", t.Approval(g.approval(provisioning.Director, g.centre())))
	g.add("approval-three", t.Approval(g.approval(provisioning.Director, g.withWarnings())))
	g.add("approval-ten-longest", t.Approval(g.approval(provisioning.Subdirector, g.longestNames(10))))
	g.add("approval-thirty-longest", t.Approval(g.approval(provisioning.Subdirector, g.longestNames(MaxPeople))))
	g.add("approval-short-of-licences", t.Approval(g.tooFewLicences()))
	g.add("approval-list", t.Approval(g.approval(provisioning.Director, g.longList())))
	g.add("approval-corrected", t.Approval(g.corrected()))
	refused := g.approval(provisioning.Director, g.withWarnings())
	refused.Errors = map[string]error{"comment": problem.Invalid("comment", "comment.required")}
	refused.Tried = provisioning.Return
	g.add("approval-refused", t.Approval(refused))
	all := g.approval(provisioning.Director, g.withWarnings())
	all.Tried, all.Values = provisioning.Approve, map[string]string{"exclude": "1,2", "comment": "No proceden."}
	all.Errors = map[string]error{"exclude": problem.Invalid("exclude", "exclude.all")}
	g.add("approval-all-excluded", t.Approval(all))
	g.decidedApprovals()
}

func (g *gallery) decidedApprovals() {
	t, s := g.t, g.s
	turned := s.requestView(s.holders(1), provisioning.StateSubdirector, provisioning.AccountPending)
	g.add("approval-turned", t.Approval(g.approval(provisioning.Director, turned)))
	authorised := s.requestView(s.holders(1), provisioning.StateProvisioning, provisioning.AccountReserved)
	g.add("approval-authorised", t.Approval(g.approval(provisioning.Subdirector, authorised)))
	done := s.requestView(s.holders(1), provisioning.StateCompleted, provisioning.AccountAnnounced)
	g.add("approval-completed", t.Approval(g.approval(provisioning.Subdirector, done)))
	partial := s.requestView(s.holders(3), provisioning.StateProvisioning, provisioning.AccountReserved)
	partial.Request.Decisions[1].Excluded, partial.Request.Decisions[1].Comment = []int{2}, "Ya no trabaja en la escuela."
	partial.Accounts[1].State, partial.Accounts[1].Note = provisioning.AccountExcluded, "Ya no trabaja en la escuela."
	g.add("approval-partial", t.Approval(g.approval(provisioning.Subdirector, partial)))
	returned := s.requestView(s.holders(1), provisioning.StateReturned, provisioning.AccountPending)
	g.add("approval-returned", t.Approval(g.approval(provisioning.Director, returned)))
	rejected := s.requestView(s.holders(1), provisioning.StateRejected, provisioning.AccountPending)
	g.add("approval-rejected", t.Approval(g.approval(provisioning.Subdirector, rejected)))
	for _, state := range []provisioning.RequestState{provisioning.StateCancelled, provisioning.StateExpired} {
		d := s.requestView(s.holders(1), state, provisioning.AccountPending)
		g.add("approval-"+string(state), t.Approval(g.approval(provisioning.Director, d)))
	}
	old := g.corrected()
	old.Round = 1
	g.add("approval-superseded", t.Approval(old))
}

func (g *gallery) student() RequestView {
	h := identity.Holder{Type: identity.Student, Person: sampleStudent}
	return g.s.requestView([]identity.Holder{h}, provisioning.StateDirector, provisioning.AccountPending)
}

func (g *gallery) centre() RequestView {
	h := identity.Holder{Type: identity.WorkCentre, Centre: sampleCentre}
	return g.s.requestView([]identity.Holder{h}, provisioning.StateDirector, provisioning.AccountPending)
}

// withWarnings is a request with a warning at every line.
func (g *gallery) withWarnings() RequestView {
	d := g.s.requestView(g.s.holders(3), provisioning.StateDirector, provisioning.AccountPending)
	d.Request.Notes = "Son para la inscripción de agosto."
	d.Accounts[0].Warnings = []problem.Warning{{Reason: "curp.first_surname_mismatch"}}
	d.Accounts[1].Warnings = []problem.Warning{{Reason: "cct.other_entity", Args: map[string]string{"entity": "19"}}}
	d.Accounts[2].State = provisioning.AccountExists
	return d
}

// longestNames is a request with that many people, with the longest names.
func (g *gallery) longestNames(people int) RequestView {
	var holders []identity.Holder
	for i := range people {
		holders = append(holders, longest(i))
	}
	d := g.s.requestView(holders, provisioning.StateSubdirector, provisioning.AccountPending)
	for i := range d.Accounts {
		d.Accounts[i].Address = identity.Address(strings.Repeat("a", 64) + "@alumnocoahuila.gob.mx")
		d.Accounts[i].Warnings = []problem.Warning{{Reason: "curp.first_surname_mismatch"}, {Reason: "cct.check_letter"}}
	}
	d.Request.Notes = strings.Repeat("Observación larga ", 90)
	d.Request.Decisions[0].Comment = strings.Repeat("Indicación ", 90)
	return d
}

func (g *gallery) longList() RequestView {
	d := g.s.requestView(g.s.holders(12), provisioning.StateDirector, provisioning.AccountPending)
	d.Request.Lines, d.Tally = 2950, provisioning.Tally{provisioning.AccountPending: 2950}
	return d
}

func (g *gallery) tooFewLicences() Approval {
	a := g.approval(provisioning.Subdirector, g.s.requestView(g.s.holders(3), provisioning.StateSubdirector, provisioning.AccountPending))
	a.Stock = []provisioning.Licence{{Name: "A3", Free: 1, All: 4000}}
	return a
}

// corrected is a request in its second round.
func (g *gallery) corrected() Approval {
	d := g.s.requestView(g.s.holders(1), provisioning.StateReturned, provisioning.AccountPending)
	d.Request.State, d.Request.Round, d.Request.StageSince = provisioning.StateDirector, 2, g.s.ago(1)
	d.Request.Changed = []string{"curp", "firstSurname"}
	a := g.approval(provisioning.Director, d)
	a.Round = 2
	return a
}

func (g *gallery) delivery() Delivery {
	return Delivery{
		Account: g.s.account(1, teacher(0), provisioning.AccountAnnounced), Mark: sampleMark,
		Until: g.s.now.Add(6 * 24 * time.Hour), Left: 5,
	}
}

func (g *gallery) deliveries() {
	t := g.t
	g.add("ready", t.Ready(g.delivery()))
	shown := g.delivery()
	shown.Account.Handover.Reveals, shown.Left = 4, 1
	g.add("ready-shown", t.Ready(shown))
	waiting := shown
	waiting.Refused = problem.Refuse(problem.CodeLimited, "password.wait")
	g.add("ready-wait", t.Ready(waiting))
	for _, reason := range []string{"done", "used", "expired", "limit"} {
		closed := shown
		closed.Closed = problem.Refuse(problem.CodeConflict, "password."+reason)
		g.add("ready-"+reason, t.Ready(closed))
	}
	erased := g.delivery()
	erased.Account.ErasedAt = g.s.now
	g.add("ready-erased", t.Ready(erased))
	g.add("ready-phone", t.With(SubmitButtons).Ready(g.delivery()))
	computer := g.delivery()
	computer.OnComputer = true
	g.add("ready-on-computer", t.With(SubmitButtons).Ready(computer))
	p, _ := secret.NewPassword(strings.NewReader(strings.Repeat("a sample, not a secret ", 40)), "Lucía Ñáñez") // the reader does not end
	g.add("password", t.Password(shown, p))
}

// trouble is a line in attention for a reason, with the directory's entries.
func (g *gallery) trouble(reason string, entries ...provisioning.Entry) Attention {
	a := g.s.account(1, teacher(0), provisioning.AccountAttention)
	a.Trouble = &provisioning.Trouble{
		Reason: reason, Entries: entries, Since: g.s.ago(3), Resume: provisioning.AccountPending, Ref: "7K3F-Q2MD",
	}
	return Attention{Request: g.s.request(1, provisioning.StateAttention), Account: a}
}

func (g *gallery) entry() provisioning.Entry {
	return provisioning.Entry{
		ID: "7d1c", Address: "lucia.nanez@docentecoahuila.gob.mx", DisplayName: "LUCIA NAÑEZ GARZA", Enabled: true,
		Department: "05DPR0117J", JobTitle: "Docente", Created: g.s.now.AddDate(-3, 0, 0), LastSignIn: g.s.ago(50),
	}
}

func (g *gallery) attentions() {
	t := g.t
	other := g.entry()
	other.ID, other.Address, other.Enabled = "7d1d", "lucia.nanez.garza@docentecoahuila.gob.mx", false
	deleted := g.entry()
	deleted.Deleted = g.s.now.AddDate(0, 0, -12)
	g.add("attention-homonym", t.Attention(g.trouble("trouble.homonym", g.entry())))
	indicated := g.trouble("trouble.homonym", g.entry())
	for i, comment := range []string{"Es para la inscripción de agosto.", "Primero las del turno matutino."} {
		indicated.Request.Decisions[i].Comment = comment
	}
	g.add("attention-indications", t.Attention(indicated))
	g.add("attention-homonym-elsewhere", t.Attention(g.trouble("trouble.homonym", other)))
	g.add("attention-two-homonyms", t.Attention(g.trouble("trouble.homonym", g.entry(), other)))
	g.add("attention-five-homonyms", t.Attention(g.trouble("trouble.homonym", g.entry(), other, g.entry(), other, other)))
	g.add("attention-deleted", t.Attention(g.trouble("trouble.deleted", deleted)))
	g.ownershipAttentions()
	for _, reason := range []string{"addresses", "unseen_holder", "no_seats", "permission", "domain", "refused", "password", "type", "internal"} {
		g.add("attention-"+reason, t.Attention(g.trouble("trouble."+reason)))
	}
	for _, reason := range []string{"not_ready", "vanished", "receipts"} {
		made := g.trouble("trouble." + reason)
		made.Account.ObjectID, made.Account.Trouble.Resume = "0f6d", provisioning.AccountCreated
		g.add("attention-"+reason, t.Attention(made))
	}
	disabled := g.trouble("trouble.receipts")
	disabled.Account.ObjectID, disabled.Account.DisabledAt, disabled.Account.Trouble.Resume = "0f6d", g.s.ago(1), provisioning.AccountLicensed
	g.add("attention-receipts-disabled", t.Attention(disabled))
	chosen := g.trouble("trouble.chosen")
	chosen.Account.Trouble.Args = map[string]string{"address": string(chosen.Account.Address)}
	g.add("attention-chosen", t.Attention(chosen))
	taken := g.trouble("trouble.homonym", g.entry())
	taken.Values = map[string]string{"address": "lucia.nanez"}
	taken.Errors = map[string]error{"address": problem.Invalid("address", "address.taken", "address", "lucia.nanez@docentecoahuila.gob.mx")}
	g.add("attention-address-taken", t.Attention(taken))
	several := g.trouble("trouble.permission")
	several.Request.Lines, several.Alike = 8, 8
	g.add("attention-alike", t.Attention(several))
	wrong := g.trouble("trouble.addresses")
	wrong.Errors = map[string]error{"address": problem.Invalid("address", "address.held", "address", "lucia.nanez2@docentecoahuila.gob.mx")}
	g.add("attention-address-held", t.Attention(wrong))
	g.settledAttentions()
}

// ownershipAttentions adds the cards of accounts that belong, or may belong, to another person.
func (g *gallery) ownershipAttentions() {
	other := g.entry()
	other.Stamp, other.DisplayName = g.s.account(1, teacher(0), provisioning.AccountAttention).Stamp, teacher(0).DisplayName()
	stamp := g.trouble("trouble.stamp", other)
	g.add("attention-stamp", g.t.Attention(stamp))
	stamp.Account.Trouble.Args = map[string]string{"holder": other.DisplayName + " " + teacher(1).Key()}
	g.add("attention-stamp-recorded", g.t.Attention(stamp))
	stamp.Account.Trouble.Entries = nil
	g.add("attention-stamp-row", g.t.Attention(stamp))
	named := g.entry()
	named.DisplayName = "PEDRO OCHOA RIVAS"
	curp := g.trouble("trouble.curp", named)
	curp.Account.Trouble.Args = map[string]string{"name": named.DisplayName}
	g.add("attention-curp", g.t.Attention(curp))
	curp.Account.Trouble.Entries = nil
	g.add("attention-curp-asked", g.t.Attention(curp))
}

func (g *gallery) settledAttentions() {
	for _, c := range []struct {
		verb  string
		state provisioning.AccountState
	}{
		{AttentionRetry, provisioning.AccountPending},
		{AttentionAdopt, provisioning.AccountExists},
		{AttentionRename, provisioning.AccountPending},
		{AttentionDrop, provisioning.AccountExcluded},
		{AttentionRestore, provisioning.AccountExists},
		{AttentionDisable, provisioning.AccountExcluded},
	} {
		v := g.trouble("trouble.homonym")
		v.Account.Trouble, v.Account.State = nil, c.state
		if c.state == provisioning.AccountExcluded {
			v.Account.Note = "Ya no trabaja en la escuela."
		}
		v.Settled = &provisioning.Settlement{Verb: c.verb, By: marta, At: g.s.ago(1)}
		if c.verb == AttentionRename {
			v.Settled.Address = v.Account.Address
		}
		g.add("settled-"+strings.TrimPrefix(c.verb, "attention."), g.t.Attention(v))
	}
	v := g.trouble("trouble.homonym")
	v.Account.Trouble, v.Account.State = nil, provisioning.AccountAnnounced
	g.add("settled", g.t.Attention(v))
}

func (g *gallery) greetings() {
	t := g.t
	g.add("welcome", t.Welcome())
	g.add("help", t.Help("", Unread{}))
	g.add("help-guide", t.Help("https://altas.example.mx/guia", Unread{}))
	g.add("help-guess", t.Help("", Unread{Said: "solicitr una *cuenta*", Guess: t.Command("begin")}))
	g.add("help-unread", t.Help("", Unread{Said: "asdf qwerty"}))
	reachable := t.WithContact(sampleContact)
	g.add("welcome-contact", reachable.Welcome())
	g.add("help-contact", reachable.Help("https://altas.example.mx/guia", Unread{}))
	g.add("help-channel-contact", reachable.HelpChannel(provisioning.Director, Unread{}))
	g.add("help-channel", t.HelpChannel(provisioning.Director, Unread{}))
	g.add("help-channel-platform", t.HelpChannel(provisioning.Platform, Unread{}))
	g.add("help-channel-unbound", t.HelpChannel("", Unread{}))
	g.add("help-channel-guess", t.HelpChannel(provisioning.Subdirector, Unread{Said: "pendintes", Guess: t.Command("pending")}))
	g.add("help-channel-guide", t.WithGuide(t.HelpChannel(provisioning.Director, Unread{}), "https://altas.example.mx/guia/autorizar"))
	g.add("help-platform-guide", t.WithPlatformGuide(t.HelpChannel(provisioning.Platform, Unread{}), "https://altas.example.mx/guia/plataforma"))
	g.add("sentence-account", reachable.Sentence(Sentence{Intent: "account", Personal: true}))
	g.add("sentence-close", reachable.Sentence(Sentence{Intent: "close", Personal: true}))
	g.add("sentence-recovery", t.Sentence(Sentence{Intent: "recovery", Personal: true}))
	g.add("sentence-handover", t.Sentence(Sentence{Intent: "handover", Personal: true}))
	g.add("sentence-topic", reachable.Sentence(Sentence{Intent: "topic", Personal: true}))
	g.add("sentence-wait", t.Sentence(Sentence{Intent: "wait", Personal: true, Days: 2}))
	g.add("sentence-person", reachable.Sentence(Sentence{Intent: "person", Personal: true}))
	g.add("sentence-decide", t.Sentence(Sentence{Intent: "decide", Stage: provisioning.Director}))
	g.add("language", t.Language())
	g.add("buttons", t.ChooseButtons())
	g.add("approval-phone", t.With(SubmitButtons).Approval(Approval{
		RequestView: g.s.requestView(g.s.holders(1), provisioning.StateDirector, provisioning.AccountPending), Stage: provisioning.Director,
	}))
	g.add("substitutes", t.Substitutes(g.substitutes()))
	g.add("substitutes-none", t.Substitutes(nil))
}

func (g *gallery) substitutes() []provisioning.Substitute {
	day := func(n int) time.Time {
		return time.Date(g.s.now.Year(), g.s.now.Month(), g.s.now.Day()+n, 0, 0, 0, 0, g.s.now.Location())
	}
	return []provisioning.Substitute{
		{Stage: provisioning.Director, To: marta, From: day(-1), Until: day(4)},
		{Stage: provisioning.Subdirector, To: rosa, From: day(20), Until: day(21)},
	}
}
