package service_test

import (
	"slices"
	"strings"
	"testing"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
)

// When the account is ready, the subdirector gets a reply in the card's thread, once: not again
// after a restart, and not in the director's channel.
func TestTheThreadIsAnsweredOnce(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	folio := o.sends(o.silvia, lucia)
	o.authorises(folio)
	said := func() int { return o.count(o.channels["subdirector"], o.ernesto, "quedó lista", luciaMail) }
	o.waits("answer in the thread", func() bool { return said() == 1 })
	card := o.teams.Cards(o.channels["subdirector"], o.ernesto.ID)[0]
	for _, m := range o.teams.Messages(o.channels["subdirector"], o.ernesto.ID) {
		if strings.Contains(m.Text, "quedó lista") && m.ReplyTo != card.Message && !strings.HasSuffix(m.Conversation, card.Message) {
			t.Errorf("the answer stands elsewhere than below the card: %+v", m)
		}
	}
	o.restart()
	o.presses(o.silvia, o.announced(o.silvia, luciaMail), "password.reveal", nil)
	second := o.sends(o.martha, luis)
	o.authorises(second)
	o.waits("the next answer", func() bool { return o.count(o.channels["subdirector"], o.ernesto, "quedó lista", "luis.ibarra") == 1 })
	if n := said(); n != 1 {
		t.Errorf("told %d times that Lucía's account is ready", n)
	}
	if n := o.count(o.channels["director"], o.rosa, "quedó lista"); n != 0 {
		t.Error("the director's channel is told too")
	}
}

// The reply is lost, and Teams refuses the next: it is posted nevertheless.
func TestTheThreadIsAnsweredDespiteTeams(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	folio := o.sends(o.silvia, lucia)
	o.approves(o.rosa, "director", folio)
	card := o.approval("subdirector", folio)
	o.teams.Inject(teamsfake.Fault{Method: "POST", Path: card.Message + "/activities", Status: 502})
	o.shows(o.ernesto, card, "approval.approve", nil)
	o.waits("answer in the thread", func() bool { return o.count(o.channels["subdirector"], o.ernesto, "quedó lista") > 0 })
}

// A homonym waits for the head of department: the subdirector is told so, and then the result.
func TestTheThreadTellsOfAttention(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.seeds(map[string]any{"userPrincipalName": luciaMail, "displayName": "Lucía Ñáñez Garza"})
	folio := o.sends(o.silvia, lucia)
	o.authorises(folio)
	o.waits("word of attention", func() bool {
		return o.count(o.channels["subdirector"], o.ernesto, "espera a la Plataforma", folio) == 1
	})
	card := o.card(o.channels["platform"], o.gabriela, "attention.drop", "Lucía")
	o.presses(o.gabriela, card, "attention.drop", teamsfake.Inputs{"comment": "Es ella misma."})
	o.waits("the end", func() bool {
		return o.count(o.channels["subdirector"], o.ernesto, "quedó fuera de la solicitud", "Es ella misma") == 1
	})
}

// Of three lines the director excludes one, and the subdirector another; each with a reason.
// Excluding all, or without a reason, is refused at the input.
func TestPartialApprovals(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	folio := o.sends(o.silvia, lucia, luis, aTeacher("Ana", "Olvera", "Cruz", 40))
	open := o.approval("director", folio).Toggle("Con indicaciones o exclusiones")
	all := o.shows(o.rosa, open, "Turnar con lo indicado", teamsfake.Inputs{"exclude": "1,2,3", "comment": "Nadie."})
	if in := all.Input("exclude"); in == nil || !in.Visible || !all.Offers("approval.approve") {
		t.Fatalf("leaving out everybody shows:\n%s", all.Text())
	}
	if all.Input("comment").Value != "Nadie." {
		t.Error("what was typed is gone")
	}
	o.shows(o.rosa, all, "Turnar con lo indicado", teamsfake.Inputs{"exclude": "3", "comment": "Ana está de permiso."})
	next := o.approval("subdirector", folio)
	if text := next.Text(); !strings.Contains(text, "Ana Olvera Cruz") || !strings.Contains(text, "Ana está de permiso.") {
		t.Errorf("the subdirector does not see whom the director left out:\n%s", text)
	}
	o.shows(o.ernesto, next.Toggle("Con indicaciones o exclusiones"), "Autorizar con lo indicado", teamsfake.Inputs{"exclude": "2", "comment": "Luis ya no trabaja ahí."})
	o.announced(o.silvia, luciaMail)
	o.told(o.silvia, "Ana Olvera Cruz", "Ana está de permiso.")
	o.told(o.silvia, "Luis Ibarra Peña", "Luis ya no trabaja ahí.")
	o.told(o.silvia, folio, "concluyó", "Se creó 1 cuenta.", "Quedó fuera Luis Ibarra Peña: Luis ya no trabaja ahí; quedó fuera Ana Olvera Cruz: Ana está de permiso.")
	o.stop()
	o.oneEach()
	if made := o.stamped(); len(made) != 1 {
		t.Errorf("accounts made: %+v", made)
	}
}

// Rosa's phone still shows the card of the request that she returned: after the correction her
// click is for another round, and does not decide.
func TestACardOfAnEarlierRoundDecidesNothing(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	folio := o.sends(o.silvia, lucia)
	stale := o.approval("director", folio)
	o.returns(o.rosa, "director", folio, "Es Luis.")
	review := o.corrects(o.silvia, folio, "Lucía")
	o.shows(o.silvia, o.shows(o.silvia, review, "request.edit", nil), "request.next", without(luis, "type"))
	o.shows(o.silvia, o.card(o.chats[o.silvia.ID], o.silvia, "request.submit", "Luis"), "request.submit", nil)
	present := o.approval("director", folio)
	for verb, inputs := range map[string]teamsfake.Inputs{
		"approval.approve": nil, "approval.return": {"comment": "Otra vez."}, "approval.reject": {"comment": "No procede."},
	} {
		card := stale
		if title := map[string]string{"approval.return": "Devolver", "approval.reject": "Rechazar"}[verb]; title != "" {
			card = stale.Toggle(title)
		}
		after := o.shows(o.rosa, card, verb, inputs)
		if after.Offers(verb) || !strings.Contains(after.Text(), "Es Luis.") {
			t.Errorf("%s on a card of the round before shows:\n%s", verb, after.Text())
		}
	}
	if now := o.approval("director", folio); now.Message != present.Message || !strings.Contains(now.Text(), "Luis") {
		t.Errorf("the present card is:\n%s", now.Text())
	}
	o.stop()
	if acts := o.acts(folio); !slices.Equal(acts, []string{"request.submit", "approval.return", "request.submit"}) {
		t.Errorf("what was done: %v", acts)
	}
}
