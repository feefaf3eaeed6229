package cards

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/provisioning/secret"
)

// verbs returns the verbs of a card, also in a closed ShowCard.
func verbs(t *testing.T, c Card) map[string]bool {
	t.Helper()
	offered := map[string]bool{}
	walk(decoded(t, c), func(n node) {
		if n.text("type") == "Action.Execute" {
			offered[n.text("verb")] = true
		}
	})
	return offered
}

func written(t *testing.T, c Card) string {
	t.Helper()
	raw, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func testGallery() *gallery { return &gallery{t: In(Spanish).At(tuesday), s: sample{tuesday}} }

func TestADecidedRequestHasNoDeadButtons(t *testing.T) {
	t.Parallel()
	g := testGallery()
	for _, state := range []provisioning.RequestState{
		provisioning.StateReturned, provisioning.StateProvisioning, provisioning.StateCompleted,
		provisioning.StateRejected, provisioning.StateCancelled, provisioning.StateExpired,
	} {
		d := g.s.requestView(g.s.holders(2), state, provisioning.AccountPending)
		for _, stage := range []provisioning.StageName{provisioning.Director, provisioning.Subdirector} {
			if offered := verbs(t, g.t.Approval(g.approval(stage, d))); len(offered) > 0 {
				t.Errorf("%s before %s offers %v", state, stage, offered)
			}
		}
	}
	corrected := g.corrected()
	corrected.Round = 1
	if offered := verbs(t, g.t.Approval(corrected)); len(offered) > 0 {
		t.Errorf("the card of the first round offers %v", offered)
	}
}

func TestAPendingRequestCanBeDecidedInFourWays(t *testing.T) {
	t.Parallel()
	g := testGallery()
	offered := verbs(t, g.t.Approval(g.approval(provisioning.Director, g.withWarnings())))
	for _, verb := range []string{ApprovalApprove, ApprovalReturn, ApprovalReject} {
		if !offered[verb] {
			t.Errorf("no %s", verb)
		}
	}
	if card := written(t, g.t.Approval(g.approval(provisioning.Director, g.withWarnings()))); strings.Count(card, `"id":"exclude"`) != 1 {
		t.Error("nobody of several can be left out")
	}
	if card := written(t, g.t.Approval(g.approval(provisioning.Director, g.student()))); strings.Contains(card, `"id":"exclude"`) {
		t.Error("the only person can be left out")
	}
}

func TestAStageOfTheConfigurationIsToldByItsName(t *testing.T) {
	t.Parallel()
	g := testGallery()
	d := g.s.requestView(g.s.holders(1), "contraloría", provisioning.AccountPending)
	d.Stages = []provisioning.StageName{provisioning.Director, "contraloría", provisioning.Subdirector}
	for _, c := range []Card{g.t.Status(d), g.t.Approval(g.approval("contraloría", d))} {
		if !strings.Contains(written(t, c), "contraloría") {
			t.Errorf("%s does not name the stage", c.Summary)
		}
	}
}

func TestTheRequesterMayCancelUntilItIsAuthorised(t *testing.T) {
	t.Parallel()
	g := testGallery()
	for state, want := range map[provisioning.RequestState]bool{
		provisioning.StateDirector: true, provisioning.StateSubdirector: true, provisioning.StateReturned: true,
		provisioning.StateProvisioning: false, provisioning.StateAttention: false, provisioning.StateCompleted: false, provisioning.StateRejected: false,
	} {
		d := g.s.requestView(g.s.holders(1), state, provisioning.AccountPending)
		if got := verbs(t, g.t.Status(d))[RequestCancel]; got != want {
			t.Errorf("%s: cancel = %v, want %v", state, got, want)
		}
	}
}

func TestTheSentCardFollowsTheRequest(t *testing.T) {
	t.Parallel()
	g := testGallery()
	d := g.s.requestView(g.s.holders(1), provisioning.StateCompleted, provisioning.AccountAnnounced)
	if sent := g.t.Sent(d); strings.Contains(written(t, sent), g.t.fixed["sent.title"]) {
		t.Errorf("still says %q", sent.Summary)
	}
}

// A card that stays in a channel for weeks has absolute dates.
func TestACardThatStandsNamesItsDays(t *testing.T) {
	t.Parallel()
	returned := In(Spanish).At(tuesday).Notice(news(provisioning.NoticeReturned)).Card
	for _, g := range append(Gallery(tuesday), GalleryCard{Name: "approval-returned-notice", Locale: Spanish, Card: returned}) {
		kind, _, _ := strings.Cut(g.Name, "-")
		if !slices.Contains([]string{"approval", "attention", "settled", "sent", "ready"}, kind) {
			continue
		}
		card := unbroken(written(t, g.Card))
		for _, word := range []string{"when.today", "when.yesterday", "when.tomorrow"} {
			if text := In(g.Locale).fixed[word]; strings.Contains(card, text+",") || strings.Contains(card, text+".") {
				t.Errorf("%s/%s says %q", g.Locale, g.Name, text)
			}
		}
	}
}

func TestOnlyOneCardShowsThePassword(t *testing.T) {
	t.Parallel()
	g := testGallery()
	p, err := secret.NewPassword(strings.NewReader(strings.Repeat("not random at all ", 40)))
	if err != nil {
		t.Fatal(err)
	}
	d := g.delivery()
	d.Account.Handover = provisioning.Handover{Reveals: 1}
	c := g.t.Password(d, p)
	if !strings.Contains(written(t, c), p.Reveal()) {
		t.Error("the password is not on its card")
	}
	if strings.Contains(c.Summary, p.Reveal()) {
		t.Error("the summary, which notifications show, has the password")
	}
	if n := strings.Count(written(t, c), p.Reveal()); n != 1 {
		t.Errorf("the password stands %d times on the card", n)
	}
}

func TestAClosedDeliveryOffersNoPassword(t *testing.T) {
	t.Parallel()
	g := testGallery()
	d := g.delivery()
	d.Closed = problem.Refuse(problem.CodeConflict, "password.used")
	if offered := verbs(t, g.t.Ready(d)); len(offered) > 0 {
		t.Errorf("offers %v", offered)
	}
}

func TestATroubleThatCameBackCanBeDecidedAgain(t *testing.T) {
	t.Parallel()
	g := testGallery()
	v := g.trouble("trouble.permission")
	v.Settled = &provisioning.Settlement{Verb: AttentionRetry, By: marta, At: v.Account.Trouble.Since.Add(-1)}
	if !verbs(t, g.t.Attention(v))[AttentionRetry] {
		t.Error("no button, although it came back after it was tried again")
	}
	v.Settled.At = v.Account.Trouble.Since.Add(1)
	if offered := verbs(t, g.t.Attention(v)); len(offered) > 0 {
		t.Errorf("settled, and offers %v", offered)
	}
}

// Where there is nothing new to send, the review does not show texts about sending.
func TestNothingNewToSend(t *testing.T) {
	t.Parallel()
	texts := In(Spanish)
	const warned = "Puede enviar con avisos"
	f := Form{People: []Entry{{Warnings: []problem.Warning{{Reason: "cct.check_letter"}}}}}
	if shown := written(t, texts.Review(f)); !strings.Contains(shown, warned) {
		t.Errorf("the review does not tell of its warnings:\n%s", shown)
	}
	f.People[0].Existing = "lucia@docentecoahuila.gob.mx"
	if shown := written(t, texts.Review(f)); !strings.Contains(shown, "No hay nada nuevo que enviar") || strings.Contains(shown, warned) {
		t.Errorf("the review with nothing new shows:\n%s", shown)
	}
}

// Where only the address is the problem, another one is offered, and it is required.
func TestAnAddressThatWillNotDoIsAskedFor(t *testing.T) {
	t.Parallel()
	g := testGallery()
	first := func(reason string, entries ...provisioning.Entry) string {
		return written(t, Card{actions: g.t.remedies(g.trouble(reason, entries...))[:1]})
	}
	if card := first("trouble.addresses"); !strings.Contains(card, AttentionRename) || !strings.Contains(card, `"isRequired":true`) {
		t.Errorf("first of all: %s", card)
	}
	if card := first("trouble.no_seats"); !strings.Contains(card, AttentionRetry) {
		t.Errorf("without licences, first of all: %s", card)
	}
	homonym := written(t, g.t.Attention(g.trouble("trouble.homonym", g.entry())))
	if strings.Contains(homonym, g.t.fixed["button.readdress"]) || !strings.Contains(homonym, g.t.fixed["attention.rename"]) {
		t.Errorf("a homonym: %s", homonym)
	}
}

func TestWhatPeopleTypeIsNotMarkdown(t *testing.T) {
	t.Parallel()
	g := testGallery()
	const hostile = "[Autorizado](https://malo.example) **ya** <at>Altas</at> {{DATE(x)}}"
	h := identity.Holder{Type: identity.WorkCentre, Centre: identity.Centre{CCT: "05EPR0093X", Name: hostile, Responsible: hostile}}
	d := g.s.requestView([]identity.Holder{h}, provisioning.StateSubdirector, provisioning.AccountPending)
	d.Request.Area, d.Request.Notes, d.Request.Petition.Number, d.Request.Requester.Name = hostile, hostile, hostile, hostile
	d.Request.Decisions[0].Comment, d.Request.Decisions[0].By.Name = hostile, hostile
	form := g.s.form(0).typed(map[string]string{"type": "centro", "oficio": hostile, "area": hostile})
	form.People = []Entry{{Holder: h}}
	attention := g.trouble("trouble.homonym", provisioning.Entry{DisplayName: hostile, Department: hostile, JobTitle: hostile})
	attention.Account.Holder = h
	for name, c := range map[string]Card{
		"status": g.t.Status(d), "sent": g.t.Sent(d), "approval": g.t.Approval(g.approval(provisioning.Subdirector, d)),
		"turned": g.t.Approval(g.approval(provisioning.Director, d)), "review": g.t.Review(form), "attention": g.t.Attention(attention),
		"mine": g.t.Mine(List{Rows: []Row{{Request: d.Request}}, First: true}), "pending": g.t.Pending(List{Rows: []Row{{Request: d.Request}}, First: true}),
		"ready": g.t.Ready(Delivery{Account: d.Accounts[0]}),
	} {
		walk(decoded(t, c), func(n node) {
			texts := []string{n.text("text")}
			facts, _ := n["facts"].([]any)
			for _, f := range facts {
				texts = append(texts, node(f.(map[string]any)).text("value"))
			}
			for _, text := range texts {
				if strings.Contains(text, "malo") && !strings.Contains(text, `\[Autorizado\]`) {
					t.Errorf("%s: %s", name, text)
				}
			}
		})
	}
}

func BenchmarkApproval(b *testing.B) {
	g := testGallery()
	view := g.approval(provisioning.Director, g.withWarnings())
	for b.Loop() {
		if _, err := json.Marshal(g.t.Approval(view)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReviewTen(b *testing.B) {
	g := testGallery()
	view := g.reviewLongest(10)
	for b.Loop() {
		if _, err := json.Marshal(g.t.Review(view)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkStatus(b *testing.B) {
	g := testGallery()
	view := g.mixed()
	for b.Loop() {
		if _, err := json.Marshal(g.t.Status(view)); err != nil {
			b.Fatal(err)
		}
	}
}
