package service_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"testing"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
)

// undecided fails unless the director can still decide the folio.
func (o *office) undecided(folio string) {
	o.t.Helper()
	if o.count(o.channels["director"], o.oscar, folio) != 1 || o.approval("director", folio) == nil {
		o.t.Errorf("%s was decided:\n%s", folio, o.conversations())
	}
}

// Óscar sees the card in the director's channel and presses its button.
func TestRefusedWithoutAuthority(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	folio := o.sends(o.silvia, lucia)
	card := o.approval("director", folio)
	for _, p := range []teamsfake.Person{o.oscar, o.ernesto, o.gabriela} {
		o.refused(o.presses(p, card, "approval.approve", nil), "authority.office")
	}
	o.undecided(folio)
	o.approves(o.rosa, "director", folio)
}

// Rosa asks for an account herself, and would turn it over too.
func TestRefusedOwnRequest(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.installs(o.rosa)
	folio := o.sends(o.rosa, lucia)
	o.refused(o.presses(o.rosa, o.approval("director", folio), "approval.approve", nil), "authority.own")
	o.undecided(folio)
}

// Rosa is subdirector too. She may not decide both stages.
func TestRefusedTwoStages(t *testing.T) {
	t.Parallel()
	o := openOffice(t, withRules(`approvers: ["{ernesto}"]`, `approvers: ["{ernesto}", "{rosa}"]`))
	folio := o.sends(o.silvia, lucia)
	o.approves(o.rosa, "director", folio)
	o.refused(o.presses(o.rosa, o.approval("subdirector", folio), "approval.approve", nil), "authority.twice")
	o.approves(o.ernesto, "subdirector", folio)
	o.announced(o.silvia, luciaMail)
}

// forged sends an activity like one that Teams sent, changed by the forger.
func (o *office) forged(turn *teamsfake.Turn, authorization string, change func(map[string]any)) int {
	o.t.Helper()
	raw, err := json.Marshal(turn.Activity)
	if err != nil {
		o.t.Fatal(err)
	}
	activity := make(map[string]any)
	if err := json.Unmarshal(raw, &activity); err != nil {
		o.t.Fatal(err)
	}
	activity["id"] = fmt.Sprint(activity["id"], "-forged")
	change(activity)
	if raw, err = json.Marshal(activity); err != nil {
		o.t.Fatal(err)
	}
	status, _, err := o.teams.Deliver(o.within(), raw, authorization)
	if err != nil {
		o.t.Fatal(err)
	}
	return status
}

// Óscar's click comes from the wrong place, from another organisation, or under a
// token that he made himself, in Rosa's name.
func TestRefusedForgeries(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	folio := o.sends(o.silvia, lucia)
	click := o.presses(o.oscar, o.approval("director", folio), "approval.approve", nil)
	genuine := "Bearer " + o.teams.Token(teamsfake.TokenSpec{})
	asRosa := func(a map[string]any) {
		a["from"] = map[string]any{"id": o.rosa.TeamsID, "name": o.rosa.Name, "aadObjectId": o.rosa.ID}
	}
	for name, token := range map[string]string{
		"no token":          "",
		"not a token":       "Bearer x",
		"unpublished key":   "Bearer " + o.teams.Token(teamsfake.TokenSpec{Sign: teamsfake.UnpublishedKey}),
		"stolen key id":     "Bearer " + o.teams.Token(teamsfake.TokenSpec{Sign: teamsfake.StolenKeyID}),
		"unendorsed key":    "Bearer " + o.teams.Token(teamsfake.TokenSpec{Sign: teamsfake.UnendorsedKey}),
		"no signature":      "Bearer " + o.teams.Token(teamsfake.TokenSpec{Sign: teamsfake.NoSignature}),
		"public key as MAC": "Bearer " + o.teams.Token(teamsfake.TokenSpec{Sign: teamsfake.PublicKeyAsHMAC}),
		"tampered":          "Bearer " + o.teams.Token(teamsfake.TokenSpec{Sign: teamsfake.TamperedContents}),
		"another bot's":     "Bearer " + o.teams.Token(teamsfake.TokenSpec{Claims: map[string]any{"aud": officeMaker}}),
		"another issuer's":  "Bearer " + o.teams.Token(teamsfake.TokenSpec{Claims: map[string]any{"iss": "https://sts.windows.net/" + officeTenant + "/"}}),
		"another service's": "Bearer " + o.teams.Token(teamsfake.TokenSpec{Claims: map[string]any{"serviceurl": "https://smba.trafficmanager.net/x/"}}),
	} {
		if status := o.forged(click, token, asRosa); status != http.StatusUnauthorized && status != http.StatusForbidden {
			t.Errorf("%s: status %d, want 401 or 403", name, status)
		}
	}
	for name, change := range map[string]func(map[string]any){
		"another tenant": func(a map[string]any) {
			asRosa(a)
			a["conversation"].(map[string]any)["tenantId"] = officeMaker
			a["channelData"].(map[string]any)["tenant"] = map[string]any{"id": officeMaker}
		},
		"two tenants": func(a map[string]any) {
			asRosa(a)
			a["channelData"].(map[string]any)["tenant"] = map[string]any{"id": officeMaker}
		},
		"no tenant": func(a map[string]any) {
			asRosa(a)
			delete(a["conversation"].(map[string]any), "tenantId")
			delete(a["channelData"].(map[string]any), "tenant")
		},
		"another kind of channel": func(a map[string]any) { asRosa(a); a["channelId"] = "webchat" },
		"a person whose id leads to another's form": func(a map[string]any) {
			a["from"] = map[string]any{"id": o.oscar.TeamsID, "name": o.oscar.Name, "aadObjectId": o.rosa.ID + "/2026-000001"}
		},
		"a person without object id": func(a map[string]any) {
			a["from"] = map[string]any{"id": o.rosa.TeamsID, "name": o.rosa.Name}
		},
	} {
		if status := o.forged(click, genuine, change); status != http.StatusForbidden && status != http.StatusUnauthorized && status != http.StatusBadRequest {
			t.Errorf("%s: status %d, want a refusal", name, status)
		}
	}
	o.undecided(folio)
}

// A genuine click of Rosa's, but not in the director's channel: the card was
// forwarded, or its data copied.
func TestRefusedWrongChannel(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.installs(o.rosa)
	folio := o.sends(o.silvia, lucia)
	click := o.presses(o.oscar, o.approval("director", folio), "approval.approve", nil)
	for name, place := range map[string]func(a map[string]any){
		"the subdirector's": func(a map[string]any) { o.moved(a, o.channels["subdirector"]) },
		"another":           func(a map[string]any) { o.moved(a, o.channels["other"]) },
		"her own chat": func(a map[string]any) {
			a["conversation"] = map[string]any{"id": o.chats[o.rosa.ID], "conversationType": "personal", "tenantId": officeTenant}
			a["channelData"] = map[string]any{"tenant": map[string]any{"id": officeTenant}}
		},
		"her own chat, of no kind, named as the channel": func(a map[string]any) {
			a["conversation"] = map[string]any{"id": o.chats[o.rosa.ID], "tenantId": officeTenant}
		},
		"a group chat, named as the channel": func(a map[string]any) {
			a["conversation"] = map[string]any{"id": "19:junta@thread.v2", "conversationType": "groupChat", "isGroup": true, "tenantId": officeTenant}
		},
		"another channel, named as the channel": func(a map[string]any) {
			a["conversation"] = map[string]any{"id": o.channels["other"] + ";messageid=1", "conversationType": "channel", "isGroup": true, "tenantId": officeTenant}
		},
		"her own chat, named as the channel": func(a map[string]any) {
			a["conversation"] = map[string]any{"id": o.chats[o.rosa.ID], "conversationType": "personal", "tenantId": officeTenant}
		},
	} {
		status := o.forged(click, "Bearer "+o.teams.Token(teamsfake.TokenSpec{}), func(a map[string]any) {
			a["id"] = fmt.Sprint(a["id"], name)
			a["from"] = map[string]any{"id": o.rosa.TeamsID, "name": o.rosa.Name, "aadObjectId": o.rosa.ID}
			place(a)
		})
		if status >= http.StatusInternalServerError {
			t.Errorf("%s: status %d", name, status)
		}
	}
	o.undecided(folio)
}

// moved puts an activity in another channel of the team.
func (o *office) moved(a map[string]any, channel string) {
	data := a["channelData"].(map[string]any)
	data["channel"], data["teamsChannelId"] = map[string]any{"id": channel}, channel
	a["conversation"] = map[string]any{"id": channel + ";messageid=1", "conversationType": "channel", "isGroup": true, "tenantId": officeTenant}
}

// Rosa presses twice; Teams delivers a click again, with its id and with a new
// one; her telephone still shows the card as it was.
func TestASecondClickChangesNothing(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	folio := o.sends(o.silvia, lucia)
	stale := o.approval("director", folio)
	first := o.presses(o.rosa, stale, "approval.approve", nil)
	for _, again := range []func() (*teamsfake.Turn, error){
		func() (*teamsfake.Turn, error) { return o.teams.Again(o.within(), first) },
		func() (*teamsfake.Turn, error) { return o.teams.AgainAsNew(o.within(), first) },
		func() (*teamsfake.Turn, error) {
			return o.teams.Click(o.within(), o.rosa.ID, stale, "approval.approve", nil)
		},
	} {
		turn, err := again()
		if err != nil || turn.Status != http.StatusOK {
			t.Fatalf("again: %v %+v", err, turn)
		}
	}
	o.approves(o.ernesto, "subdirector", folio)
	late := o.shows(o.rosa, stale.Toggle("Rechazar"), "approval.reject", teamsfake.Inputs{"comment": "Demasiado tarde."})
	if late.Offers("approval.reject") {
		t.Errorf("a card decided long ago can be decided again:\n%s", late.Text())
	}
	o.announced(o.silvia, luciaMail)
	o.stop()
	o.oneEach()
	approvals := 0
	for _, act := range o.acts(folio) {
		if act == "approval.approve" {
			approvals++
		}
	}
	if approvals != 2 || len(o.stamped()) != 1 {
		t.Errorf("%d approvals, %d accounts; want 2 and 1", approvals, len(o.stamped()))
	}
}

// Silvia's form is delivered twice: one request.
func TestAFormIsSentOnce(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	review := o.asks(o.silvia, lucia)
	first := o.presses(o.silvia, review, "request.submit", nil)
	for _, again := range []func() (*teamsfake.Turn, error){
		func() (*teamsfake.Turn, error) { return o.teams.Again(o.within(), first) },
		func() (*teamsfake.Turn, error) { return o.teams.AgainAsNew(o.within(), first) },
		func() (*teamsfake.Turn, error) {
			return o.teams.Click(o.within(), o.silvia.ID, review, "request.submit", nil)
		},
	} {
		if turn, err := again(); err != nil || turn.Status != http.StatusOK {
			t.Fatalf("again: %v %+v", err, turn)
		}
	}
	folio := folioShape.FindString(first.Card.Text())
	o.authorises(folio)
	o.announced(o.silvia, luciaMail)
	if n := len(o.teams.Cards(o.channels["director"], o.oscar.ID)); n != 1 {
		t.Errorf("%d requests reached the director, want 1", n)
	}
}

// Martha has Silvia's card, or its data: neither the password, nor the request, is
// hers. Without the requester no password is shown to anybody.
func TestRefusedAnothersPassword(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	folio := o.sends(o.silvia, lucia)
	o.authorises(folio)
	card := o.card(o.chats[o.silvia.ID], o.silvia, "password.reveal", luciaMail)
	mine := o.says(o.martha, "ayuda")
	for _, verb := range []string{"password.reveal", "password.done", "password.hide", "request.cancel", "request.correct", "request.status"} {
		status := o.forged(mine, "Bearer "+o.teams.Token(teamsfake.TokenSpec{}), func(a map[string]any) {
			data := maps.Clone(card.Action("password.reveal").Raw["data"].(map[string]any))
			data["verb"] = verb
			a["id"] = "f:" + verb
			a["type"], a["name"], a["replyToId"] = "invoke", "adaptiveCard/action", card.Message
			a["value"] = map[string]any{"action": map[string]any{"type": "Action.Execute", "verb": verb, "data": data}, "trigger": "manual"}
			delete(a, "text")
		})
		if status >= http.StatusInternalServerError {
			t.Errorf("%s: status %d", verb, status)
		}
	}
	if n := o.tenant.Count("users.update"); n != 0 {
		t.Errorf("%d passwords were set", n)
	}
	o.signsIn(luciaMail, o.reveals(o.silvia, luciaMail))
	old, err := o.teams.ClickOldClient(o.within(), o.silvia.ID, card, "password.reveal", nil)
	if err != nil || old.Status != http.StatusOK {
		t.Fatal(err)
	}
	o.told(o.silvia, "Teams")
}
