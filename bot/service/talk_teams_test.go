package service_test

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
	"seducoahuila.gob.mx/altas/cards"
)

// apart puts the director's channel into a team of its own.
func apart(team *teamsfake.Team) func(*office, *tenantConfig) {
	return func(o *office, _ *tenantConfig) {
		*team = o.teams.AddTeam("Dirección General", "Solicitudes", "Nuevas")
		o.teams.InstallSilently(team.ID)
		o.channels["director"], o.channels["next"] = team.Channels["Solicitudes"], team.Channels["Nuevas"]
		o.rules(officeRules)
	}
}

func (o *office) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

// types writes in a channel or group chat, mentioning the bot.
func (o *office) types(p teamsfake.Person, place, words string) {
	o.t.Helper()
	_, err := o.teams.Say(o.within(), p.ID, place, "@Altas "+words)
	o.must(err)
}

// The bot is removed from the director's team. The platform channel gets one notice, however many
// events follow; another channel is registered, and the pending requests are posted there.
func TestTheDirectorsTeamGoes(t *testing.T) {
	t.Parallel()
	var team teamsfake.Team
	o := openOffice(t, apart(&team))
	decided := o.sends(o.silvia, iker)
	o.approves(o.rosa, "director", decided)
	before := o.sends(o.silvia, lucia)
	o.approval("director", before)
	o.must(o.teams.UninstallFromTeam(o.within(), team.ID, o.rosa.ID))
	told := func() int {
		return o.count(o.channels["platform"], o.gabriela, "Ya no se puede escribir", "Dirección General")
	}
	during := o.sends(o.silvia, luis)
	o.waits("word in the platform channel", func() bool { return told() == 1 })
	o.restart()
	o.must(o.teams.InstallInTeam(o.within(), team.ID, o.rosa.ID))
	o.types(o.gabriela, o.channels["next"], "registrar director")
	o.channels["director"] = o.channels["next"]
	for _, folio := range []string{before, during} {
		o.approves(o.rosa, "director", folio)
		o.approves(o.ernesto, "subdirector", folio)
	}
	o.announced(o.silvia, luciaMail)
	if n := told(); n != 1 {
		t.Errorf("the platform channel was told %d times", n)
	}
	if n := o.count(o.channels["next"], o.rosa, decided); n != 0 {
		t.Error("a decided card was posted anew")
	}
}

// The bot is removed from the platform's own team: the administrator is told in her chat. When it
// is added again, pending cards are posted automatically.
func TestThePlatformGoes(t *testing.T) {
	t.Parallel()
	var team teamsfake.Team
	o := openOffice(t, func(o *office, _ *tenantConfig) {
		team = o.teams.AddTeam("Plataforma", "Avisos")
		o.teams.InstallSilently(team.ID)
		o.channels["platform"] = team.Channels["Avisos"]
		o.rules(officeRules)
	})
	o.seeds(map[string]any{"userPrincipalName": luciaMail, "displayName": "Lucía Ñáñez Garza"})
	o.must(o.teams.UninstallFromTeam(o.within(), team.ID, o.gabriela.ID))
	o.authorises(o.sends(o.silvia, lucia))
	o.told(o.silvia, "requiere la atención")
	o.installs(o.gabriela)
	o.told(o.gabriela, "Ya no se puede escribir", "Plataforma")
	o.must(o.teams.InstallInTeam(o.within(), team.ID, o.gabriela.ID))
	o.card(o.channels["platform"], o.gabriela, "attention.drop", "Lucía")
	if n := o.count(o.chats[o.gabriela.ID], o.gabriela, "Ya no se puede escribir"); n != 1 {
		t.Errorf("the administrator was told %d times", n)
	}
}

// Silvia uninstalls the app. Her notices are kept, and delivered in order when she installs it
// again; she is greeted once more, and has the same cards as before.
func TestNoticesAreKeptInOrder(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	folio := o.sends(o.silvia, lucia)
	o.told(o.silvia, "Solicitud enviada", folio)
	o.must(o.teams.Uninstall(o.within(), o.silvia.ID))
	o.authorises(folio)
	o.account(luciaMail, folio)
	o.restart()
	o.installs(o.silvia)
	o.announced(o.silvia, luciaMail)
	greeting := cards.In("es-MX").Welcome().Summary
	greeted := func() (n int) {
		for _, m := range o.teams.Messages(o.chats[o.silvia.ID], o.silvia.ID) {
			if m.Card != nil && strings.Contains(m.Card.Text(), greeting) || strings.Contains(m.Summary, greeting) {
				n++
			}
		}
		return n
	}
	o.waits("greeting once more", func() bool { return greeted() > 1 })
	var order []string
	for _, m := range o.teams.Messages(o.chats[o.silvia.ID], o.silvia.ID) {
		if strings.Contains(m.Text, "fue turnada") {
			order = append(order, "turned")
		}
		if m.Card != nil && m.Card.Offers("password.reveal") {
			order = append(order, "ready")
		}
	}
	if !slices.Equal(order, []string{"turned", "ready"}) || greeted() != 2 {
		t.Errorf("told %v, greeted %d times", order, greeted())
	}
	o.waits("one true card of the request", func() bool { return o.count(o.chats[o.silvia.ID], o.silvia, folio, "Se avisó a quien solicita") == 1 })
}

// Activities that the bot does not handle are ignored: an edited message, a reaction, a deleted
// message, an unknown event.
func TestIgnoredPolitely(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	turn := o.says(o.silvia, "ayuda")
	o.told(o.silvia, "Qué puede pedir")
	before := len(o.teams.Messages(o.chats[o.silvia.ID], o.silvia.ID))
	for kind, more := range map[string]map[string]any{
		"messageUpdate":   {"text": "solicitar", "channelData": map[string]any{"eventType": "editMessage"}},
		"messageDelete":   {"channelData": map[string]any{"eventType": "softDeleteMessage"}},
		"messageReaction": {"reactionsAdded": []any{map[string]any{"type": "like"}}, "replyToId": "1"},
		"typing":          {}, "event": {"name": "application/vnd.microsoft.readReceipt"}, "somethingNew": {"value": []any{1, "x"}},
		"endOfConversation": {},
	} {
		activity := maps.Clone(turn.Activity)
		delete(activity, "text")
		activity["type"], activity["id"] = kind, "n-"+kind
		data, _ := activity["channelData"].(map[string]any)
		data = maps.Clone(data)
		if extra, ok := more["channelData"].(map[string]any); ok {
			maps.Copy(data, extra)
		}
		maps.Copy(activity, more)
		activity["channelData"] = data
		if _, err := o.teams.DeliverActivity(o.within(), activity); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
	}
	o.says(o.silvia, "estado")
	o.told(o.silvia, "Aún no tiene")
	if n := len(o.teams.Messages(o.chats[o.silvia.ID], o.silvia.ID)); n != before+2 {
		t.Errorf("%d messages more, want her word and its answer\n%s", n-before, o.conversations())
	}
}

// A file gets an answer where none is expected; unknown words get the help.
func TestAFileNobodyAskedFor(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	_, err := o.teams.SendFile(o.within(), o.silvia.ID, "lista.pdf", []byte("%PDF"))
	o.must(err)
	o.told(o.silvia, "no se esperaba un archivo")
	o.says(o.martha, "quiero una cuenta")
	o.told(o.martha, "oprima «Solicitar cuentas»")
	if o.count(o.chats[o.martha.ID], o.martha, "no se esperaba") > 0 {
		t.Error("plain words were taken for a file")
	}
}

// The answer to an offered file reaches the files, whoever forged it: no file of that key is offered.
func TestAnAnswerToAFileThatIsNotOffered(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	activity := o.says(o.silvia, "ayuda").Activity
	delete(activity, "text")
	activity["type"], activity["name"], activity["id"] = "invoke", "fileConsent/invoke", "f:consent"
	activity["value"] = map[string]any{
		"type": "fileUpload", "action": "accept", "context": map[string]any{"key": "passwords/1"},
		"uploadInfo": map[string]any{"uploadUrl": o.urls.graph, "contentUrl": o.urls.graph, "name": "x.pdf"},
	}
	for range 2 { // Teams repeats it
		turn, err := o.teams.DeliverActivity(o.within(), activity)
		o.must(err)
		if len(turn.Body) > 0 {
			t.Errorf("the invoke is answered %q", turn.Body)
		}
	}
	o.told(o.silvia, "Ese archivo ya no está disponible")
	o.says(o.silvia, "estado")
	o.told(o.silvia, "Aún no tiene")
	if n := o.count(o.chats[o.silvia.ID], o.silvia, "Ese archivo ya no"); n != 1 {
		t.Errorf("she is told %d times\n%s", n, o.conversations())
	}
}

// In a group chat the bot answers only messages that mention it, and does nothing personal there.
func TestGroupChat(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	group := o.teams.AddGroupChat("Equipo", o.silvia.ID, o.oscar.ID)
	o.must(o.teams.InstallInGroup(o.within(), group, o.silvia.ID))
	if _, err := o.teams.Say(o.within(), o.silvia.ID, group, "solicitar"); !errors.Is(err, teamsfake.ErrUnheard) {
		t.Fatal(err)
	}
	for _, words := range []string{"solicitar", "estado", "buscar Lucía", "idioma"} {
		before := o.count(group, o.oscar, "Eso se pide en privado")
		o.types(o.silvia, group, words)
		o.waits("refusal of "+words, func() bool { return o.count(group, o.oscar, "Eso se pide en privado") == before+1 })
	}
	o.types(o.silvia, group, "ayuda")
	o.waits("help", func() bool { return o.count(group, o.oscar, "Altas en este canal") == 1 })
}

// A guest of the tenant is told that Altas is not for guests, and can send nothing; nor can one who
// was not greeted because Altas was down when the app was installed.
func TestGuestsAreRefused(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	guest := o.teams.AddPerson(teamsfake.Person{Name: "Ivo Externo", UPN: "ivo_proveedor.mx#EXT#@" + centresMail})
	o.installs(guest)
	o.told(guest, "su cuenta es de invitado")
	o.says(guest, "solicitar")
	o.waits("refusal", func() bool { return o.count(o.chats[guest.ID], guest, "su cuenta es de invitado") == 2 })
	if card := o.teams.NewestCard(o.chats[guest.ID], guest.ID, "request.next"); card != nil {
		t.Errorf("a guest has a form:\n%s", card.Text())
	}
	missed := o.teams.AddPerson(teamsfake.Person{Name: "Ada Externa", UPN: "ada_proveedor.mx#EXT#@" + centresMail})
	o.teams.InstallSilently(missed.ID)
	o.chats[missed.ID] = o.teams.Chat(missed.ID)
	o.says(missed, "solicitar")
	o.told(missed, "su cuenta es de invitado")
}

// reclicks sends a click like an earlier one, with another action.
func (o *office) reclicks(turn *teamsfake.Turn, action map[string]any) (kind, said string) {
	o.t.Helper()
	activity := maps.Clone(turn.Activity)
	activity["id"] = "f:old-" + action["verb"].(string)
	activity["value"] = map[string]any{"action": action, "trigger": "manual"}
	again, err := o.teams.DeliverActivity(o.within(), activity)
	o.must(err)
	var answer struct {
		Type  string
		Value json.RawMessage
	}
	o.must(json.Unmarshal(again.Body, &answer))
	return answer.Type, string(answer.Value)
}

// Clicks from cards of another version: unknown verbs, missing data or data of other types. Each
// gets an answer, and nothing happens.
func TestClicksOfAnotherVersion(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	folio := o.sends(o.silvia, lucia)
	inChannel := o.presses(o.oscar, o.approval("director", folio), "approval.approve", nil)
	o.says(o.silvia, "ayuda")
	personal := o.presses(o.silvia, o.card(o.chats[o.silvia.ID], o.silvia, "request.mine", "Qué puede pedir"), "request.mine", nil)
	for _, verb := range []string{"request.nextStep", "password.show", "x", "request.next", "request.submit", "password.reveal", "password.done", "request.find"} {
		for _, data := range []any{map[string]any{}, map[string]any{"verb": verb, "draft": 3, "stamp": "x", "folio": []any{}}, nil, "text"} {
			kind, said := o.reclicks(personal, map[string]any{"type": "Action.Execute", "verb": verb, "data": data})
			if said == `""` || strings.Contains(kind, "error") {
				t.Errorf("%s with %v: %s %s", verb, data, kind, said)
			}
		}
	}
	for _, verb := range []string{"approval.accept", "approval.approve", "approval.reject", "attention.retry", "request.next"} {
		kind, said := o.reclicks(inChannel, map[string]any{"type": "Action.Execute", "verb": verb, "data": map[string]any{"verb": verb}})
		if said == `""` || strings.Contains(kind, "error") {
			t.Errorf("%s in the channel: %s %s", verb, kind, said)
		}
	}
	o.undecided(folio)
}

// Martha and Rosa have clients without Action.Execute: every button sends a message instead, and
// the whole procedure works with them.
func TestOldClients(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	press := func(p teamsfake.Person, card *teamsfake.Card, button string, inputs teamsfake.Inputs) {
		t.Helper()
		_, err := o.teams.ClickOldClient(o.within(), p.ID, card, button, inputs)
		o.must(err)
	}
	chat := o.chats[o.martha.ID]
	before := o.teams.Cards(chat, o.martha.ID)
	o.says(o.martha, "solicitar")
	press(o.martha, o.comes(o.martha, before, "privacy.acknowledge"), "privacy.acknowledge", nil)
	typed := maps.Clone(petitionTyped)
	typed["type"] = "docente"
	press(o.martha, o.comes(o.martha, before, "request.next"), "request.next", typed)
	o.waits("second step", func() bool {
		card := o.teams.NewestCard(chat, o.martha.ID, "request.next")
		return card != nil && card.Input("curp") != nil
	})
	press(o.martha, o.teams.NewestCard(chat, o.martha.ID, "request.next"), "request.next", without(lucia, "type"))
	press(o.martha, o.card(chat, o.martha, "request.submit", "Lucía"), "request.submit", nil)
	o.waits("folio", func() bool {
		return o.count(chat, o.martha, "Folio 20") > 0 || o.count(chat, o.martha, "Su folio es 20") > 0
	})
	folio := folioShape.FindString(o.conversations())
	press(o.rosa, o.approval("director", folio), "approval.approve", nil)
	press(o.ernesto, o.approval("subdirector", folio), "approval.approve", nil)
	ready := o.announced(o.martha, luciaMail)
	press(o.martha, ready, "password.reveal", nil)
	o.told(o.martha, "Por seguridad la contraseña no se escribe en el chat")
}

// Teams refuses one message to Silvia, who did not uninstall: it is retried later, and she gets all
// notices, once and in order, without writing.
func TestRefusedByMistake(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	folio := o.sends(o.silvia, lucia)
	o.told(o.silvia, "Solicitud enviada", folio)
	o.teams.Inject(teamsfake.Fault{Method: "POST", Path: o.chats[o.silvia.ID] + "/activities", Status: 403, Code: "BotNotInConversationRoster"})
	o.authorises(folio)
	o.account(luciaMail, folio)
	o.stop()
	if n := o.count(o.chats[o.silvia.ID], o.silvia, "fue turnada"); n != 0 {
		t.Errorf("told %d times at once", n)
	}
	o.ahead = 11 * time.Minute
	o.start()
	o.announced(o.silvia, luciaMail)
	o.waits("her card, true", func() bool { return o.count(o.chats[o.silvia.ID], o.martha, folio, "Se avisó a quien solicita") == 1 })
	for _, words := range []string{"fue turnada", "Cuenta lista"} {
		if n := o.count(o.chats[o.silvia.ID], o.silvia, words); n != 1 {
			t.Errorf("told %d times: %s", n, words)
		}
	}
}
