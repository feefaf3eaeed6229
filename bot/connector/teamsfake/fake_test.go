package teamsfake_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
)

const (
	appID  = "22222222-2222-4222-8222-222222222222"
	tenant = "11111111-1111-4111-8111-111111111111"
	scope  = "https://api.botframework.com/.default"
)

// harness is a fake with a bot whose response the test sets.
type harness struct {
	*teamsfake.Fake
	url   string
	lucia teamsfake.Person
	ana   teamsfake.Person
	team  teamsfake.Team

	mu     sync.Mutex
	now    time.Time
	heard  []map[string]any
	answer string
}

func newHarness(t *testing.T, edit ...func(*teamsfake.Config)) *harness {
	t.Helper()
	s := &harness{now: time.Date(2026, 7, 14, 10, 0, 0, 0, time.UTC)}
	clock := func() time.Time { s.mu.Lock(); defer s.mu.Unlock(); return s.now }
	cfg := teamsfake.Config{
		AppID: appID, AppPassword: "secret", TenantID: tenant, Now: clock,
		Apps: []teamsfake.App{{TenantID: tenant, ID: "graph-app", Secret: "other", Scopes: []string{"https://graph.microsoft.com/.default"}}},
	}
	for _, e := range edit {
		e(&cfg)
	}
	s.Fake = teamsfake.New(cfg)
	server := httptest.NewServer(s.Fake)
	t.Cleanup(server.Close)
	bot := httptest.NewServer(http.HandlerFunc(s.listen))
	t.Cleanup(bot.Close)
	s.url = server.URL
	s.Connect(server.URL, bot.URL)
	s.lucia, s.ana = s.AddPerson(teamsfake.Person{Name: "Lucía Ñáñez"}), s.AddPerson(teamsfake.Person{Name: "Ana Ríos"})
	s.team = s.AddTeam("DGTI", "Subdirección")
	s.InstallSilently(s.lucia.ID, s.team.ID)
	return s
}

func (s *harness) listen(w http.ResponseWriter, r *http.Request) {
	var activity map[string]any
	_ = json.NewDecoder(r.Body).Decode(&activity)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.heard = append(s.heard, activity)
	_, _ = io.WriteString(w, s.answer)
}

func (s *harness) answers(answer string) { s.mu.Lock(); defer s.mu.Unlock(); s.answer = answer }

func (s *harness) pass(d time.Duration) { s.mu.Lock(); defer s.mu.Unlock(); s.now = s.now.Add(d) }

func (s *harness) token(t *testing.T, tenantID, id, secret, scope string) (int, string) {
	t.Helper()
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {id}, "client_secret": {secret}, "scope": {scope + " openid offline_access profile"}}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/"+tenantID+"/oauth2/v2.0/token", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	status, _, body := s.do(t, req)
	var answer struct {
		AccessToken string `json:"access_token"`
		Error       string
	}
	_ = json.Unmarshal(body, &answer)
	return status, answer.AccessToken + answer.Error
}

func (s *harness) do(t *testing.T, req *http.Request) (int, http.Header, []byte) {
	t.Helper()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, resp.Header, body
}

// rest calls the Connector with the bot's access token.
func (s *harness) rest(t *testing.T, method, path, body string) (int, http.Header, map[string]any) {
	t.Helper()
	_, token := s.token(t, tenant, appID, "secret", scope)
	req, err := http.NewRequestWithContext(t.Context(), method, s.ServiceURL()+"v3/"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	status, header, raw := s.do(t, req)
	var answer map[string]any
	_ = json.Unmarshal(raw, &answer)
	return status, header, answer
}

func (s *harness) send(t *testing.T, conversation, body string) (int, map[string]any) {
	t.Helper()
	status, _, answer := s.rest(t, http.MethodPost, "conversations/"+url.PathEscape(conversation)+"/activities", body)
	return status, answer
}

func TestAuthority(t *testing.T) {
	t.Parallel()
	s := newHarness(t)
	for name, c := range map[string]struct {
		tenant, id, secret, scope string
		status                    int
		code                      string
	}{
		"wrong secret":        {tenant, appID, "guess", scope, 401, "invalid_client"},
		"empty secret":        {tenant, appID, "", scope, 401, "invalid_client"},
		"unknown app":         {tenant, "nobody", "secret", scope, 400, "unauthorized_client"},
		"unknown tenant":      {"elsewhere", appID, "secret", scope, 400, "invalid_request"},
		"Graph for the bot":   {tenant, appID, "secret", "https://graph.microsoft.com/.default", 400, "invalid_scope"},
		"Connector for Graph": {tenant, "graph-app", "other", scope, 400, "invalid_scope"},
	} {
		if status, code := s.token(t, c.tenant, c.id, c.secret, c.scope); status != c.status || code != c.code {
			t.Errorf("%s: %d %s, want %d %s", name, status, code, c.status, c.code)
		}
	}
	_, token := s.token(t, tenant, "graph-app", "other", "https://graph.microsoft.com/.default")
	if g, known := s.Grant(token); !known || g.AppID != "graph-app" {
		t.Errorf("Grant = %+v, %v", g, known)
	}
	s.pass(2 * time.Hour)
	if _, known := s.Grant(token); known {
		t.Error("an expired token is still known")
	}
}

func TestConnectorRefusals(t *testing.T) {
	t.Parallel()
	s := newHarness(t)
	hola := `{"type":"message","text":"hola"}`
	for name, c := range map[string]struct {
		method, path, body string
		status             int
		code               string
	}{
		"unknown conversation": {"POST", "conversations/a:nobody/activities", hola, 404, "ConversationNotFound"},
		"unknown thread":       {"POST", "conversations/" + s.team.ID + ";messageid=1/activities", hola, 404, "ConversationNotFound"},
		"update of nothing":    {"PUT", "conversations/" + s.Chat(s.lucia.ID) + "/activities/1", hola, 404, "ActivityNotFoundInConversation"},
		"delete of nothing":    {"DELETE", "conversations/" + s.Chat(s.lucia.ID) + "/activities/1", "", 404, "ActivityNotFoundInConversation"},
		"empty message":        {"POST", "conversations/" + s.Chat(s.lucia.ID) + "/activities", `{"type":"message"}`, 400, "BadSyntax"},
		"too large":            {"POST", "conversations/" + s.Chat(s.lucia.ID) + "/activities", `{"type":"message","text":"` + strings.Repeat("x", 52_000) + `"}`, 413, "MessageSizeTooBig"},
		"person of nowhere":    {"POST", "conversations", `{"members":[{"id":"29:x"}],"tenantId":"` + tenant + `"}`, 403, "ForbiddenOperationException"},
		"person of elsewhere":  {"POST", "conversations", `{"members":[{"id":"` + s.lucia.ID + `"}],"tenantId":"other"}`, 403, "ForbiddenOperationException"},
	} {
		status, _, answer := s.rest(t, c.method, c.path, c.body)
		failed, _ := answer["error"].(map[string]any)
		if status != c.status || failed["code"] != c.code {
			t.Errorf("%s: %d %v, want %d %s", name, status, answer, c.status, c.code)
		}
	}
	req, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, s.ServiceURL()+"v3/conversations", strings.NewReader("{}"))
	req.Header.Set("Authorization", "Bearer invented")
	if status, _, _ := s.do(t, req); status != http.StatusUnauthorized {
		t.Errorf("invented token: status = %d, want 401", status)
	}
}

func TestDocumentedLimits(t *testing.T) {
	t.Parallel()
	s := newHarness(t)
	path := "conversations/" + s.Chat(s.lucia.ID) + "/activities"
	for i := range 7 {
		if status, _, _ := s.rest(t, "POST", path, `{"type":"message","text":"x"}`); status != 201 {
			t.Fatalf("message %d: status = %d", i+1, status)
		}
	}
	status, header, _ := s.rest(t, "POST", path, `{"type":"message","text":"x"}`)
	if status != 429 || header.Get("Retry-After") != "1" {
		t.Errorf("8th in a second: status = %d, Retry-After = %q", status, header.Get("Retry-After"))
	}
	s.pass(time.Second)
	if status, _, _ := s.rest(t, "POST", path, `{"type":"message","text":"x"}`); status != 201 {
		t.Errorf("a second later: status = %d", status)
	}
	if status, _, _ := s.rest(t, "POST", path, `{"type":"message","text":"x"}`); status != 429 {
		t.Errorf("9th in two seconds: status = %d, want 429", status)
	}
}

// All calls that change a chat share one limit: seven in a second.
func TestChangesCountTogether(t *testing.T) {
	t.Parallel()
	s := newHarness(t)
	path := "conversations/" + s.Chat(s.lucia.ID) + "/activities"
	const text = `{"type":"message","text":"x"}`
	_, _, sent := s.rest(t, "POST", path, text)
	id := fmt.Sprint(sent["id"])
	for range 5 {
		if status, _, _ := s.rest(t, "PUT", path+"/"+id, text); status != 200 {
			t.Fatalf("update: status = %d", status)
		}
	}
	if status, _, _ := s.rest(t, "DELETE", path+"/"+id, ""); status != 200 {
		t.Fatalf("delete: status = %d", status)
	}
	for _, method := range []string{"POST", "PUT", "DELETE"} {
		if status, _, _ := s.rest(t, method, path, text); status != 429 {
			t.Errorf("%s, the 8th change in a second: status = %d, want 429", method, status)
		}
	}
	thread := `{"isGroup":true,"channelData":{"channel":{"id":"` + s.team.Channels["Subdirección"] + `"}},"activity":` + text + `}`
	for i := range 8 {
		want := 201
		if i == 7 {
			want = 429
		}
		if status, _, answer := s.rest(t, "POST", "conversations", thread); status != want {
			t.Errorf("new thread %d in a second: status = %d, %v, want %d", i+1, status, answer, want)
		}
	}
}

const form = `{"type":"message","attachments":[{"contentType":"application/vnd.microsoft.card.adaptive","content":{
"type":"AdaptiveCard","version":"1.5","body":[
 {"type":"Input.Text","id":"curp","label":"CURP","isRequired":true,"regex":"^[A-Z]{4}$","errorMessage":"Revise la CURP"},
 {"type":"Input.ChoiceSet","id":"type","label":"Tipo","value":"docente","choices":[{"title":"Docente","value":"docente"},{"title":"Alumno","value":"alumno"}]},
 {"type":"ActionSet","actions":[{"type":"Action.Execute","verb":"request.back","title":"Atrás","associatedInputs":"none","fallback":{"type":"Action.Submit","data":{"verb":"request.back"}}}]}],
"actions":[
 {"type":"Action.Execute","verb":"request.next","title":"Siguiente","data":{"draft":7},"fallback":{"type":"Action.Submit","title":"Siguiente","data":{"verb":"request.next","draft":7}}},
 {"type":"Action.Execute","verb":"request.submit","title":"Enviar","isEnabled":false,"fallback":{"type":"Action.Submit"}},
 {"type":"Action.ShowCard","title":"Devolver","card":{"type":"AdaptiveCard","body":[{"type":"Input.Text","id":"comment","label":"Motivo","isRequired":true,"errorMessage":"Escriba el motivo"}],
  "actions":[{"type":"Action.Submit","title":"Devolver","data":{"verb":"approval.return"}}]}}]}}]}`

// A hidden or disabled action cannot be clicked, and inputs are validated.
func TestOnlyWhatAPersonCouldClick(t *testing.T) {
	t.Parallel()
	s := newHarness(t)
	chat := s.Chat(s.lucia.ID)
	if status, _ := s.send(t, chat, form); status != 201 {
		t.Fatalf("status = %d", status)
	}
	card := s.NewestCard(chat, s.lucia.ID, "request.next")
	for name, c := range map[string]struct {
		verb   string
		inputs teamsfake.Inputs
		want   string
	}{
		"required left empty":   {"request.next", nil, "field curp: Revise la CURP"},
		"against the pattern":   {"request.next", teamsfake.Inputs{"curp": "abcd"}, "field curp: Revise la CURP"},
		"not among the choices": {"request.next", teamsfake.Inputs{"curp": "ABCD", "type": "rector"}, `field type: "rector" is not among the choices`},
		"a field of another":    {"request.next", teamsfake.Inputs{"curp": "ABCD", "comment": "x"}, `no field "comment" on the card`},
		"greyed out":            {"request.submit", nil, `no button "request.submit" on the card; there are request.back, request.next, approval.return`},
		"inside, and required":  {"approval.return", teamsfake.Inputs{"curp": "ABCD"}, "field comment: Escriba el motivo"},
	} {
		if _, err := s.Click(t.Context(), s.lucia.ID, card, c.verb, c.inputs); err == nil || err.Error() != c.want {
			t.Errorf("%s: err = %v, want %s", name, err, c.want)
		}
	}
	if len(s.heard) != 0 {
		t.Errorf("the bot heard %d of them", len(s.heard))
	}
	s.answers(`{"statusCode":200,"type":"application/vnd.microsoft.activity.message","value":"hecho"}`)
	turn, err := s.Click(t.Context(), s.lucia.ID, card, "request.next", teamsfake.Inputs{"curp": "ABCD"})
	if err != nil || turn.Text != "hecho" {
		t.Fatalf("Click = %+v, %v", turn, err)
	}
	raw, _ := json.Marshal(s.heard[0]["value"])
	want := `{"action":{"data":{"curp":"ABCD","draft":7,"type":"docente"},"title":"Siguiente","type":"Action.Execute","verb":"request.next"},"trigger":"manual"}`
	if string(raw) != want {
		t.Errorf("value = %s, want %s", raw, want)
	}
	if _, err := s.ClickOldClient(t.Context(), s.lucia.ID, card, "request.back", nil); err != nil || s.heard[1]["type"] != "message" {
		t.Errorf("old client: %v, %v", s.heard[1], err)
	}
}

// The card in a response is seen by the person who clicked only, until the message is updated.
func TestOwnView(t *testing.T) {
	t.Parallel()
	s := newHarness(t)
	chat := s.Chat(s.lucia.ID)
	_, made := s.send(t, chat, form)
	s.answers(`{"statusCode":200,"type":"application/vnd.microsoft.card.adaptive","value":{"type":"AdaptiveCard","version":"1.5","body":[{"type":"TextBlock","text":"sólo suyo"}]}}`)
	card := s.NewestCard(chat, s.lucia.ID, "")
	turn, err := s.Click(t.Context(), s.lucia.ID, card, "request.next", teamsfake.Inputs{"curp": "ABCD"})
	if err != nil || turn.Card.Text() != "sólo suyo" {
		t.Fatalf("Click = %+v, %v", turn, err)
	}
	if mine := s.NewestCard(chat, s.lucia.ID, "").Text(); mine != "sólo suyo" {
		t.Errorf("Lucía sees %q", mine)
	}
	if s.NewestCard(chat, s.ana.ID, "request.next") == nil {
		t.Error("the others do not see the form any more")
	}
	id, _ := made["id"].(string)
	s.rest(t, "PUT", "conversations/"+chat+"/activities/"+url.PathEscape(id), `{"type":"message","text":"Enviada"}`)
	if m := s.Messages(chat, s.lucia.ID)[0]; m.Text != "Enviada" || m.Card != nil || m.Edits != 1 {
		t.Errorf("after the update Lucía sees %+v", m)
	}
}

func TestTextAndCardAreSplit(t *testing.T) {
	t.Parallel()
	s := newHarness(t)
	chat := s.Chat(s.lucia.ID)
	status, answer := s.send(t, chat, strings.Replace(form, `"type":"message"`, `"type":"message","text":"hola"`, 1))
	if status != 201 || answer["id"] != nil || len(s.Messages(chat, "")) != 2 || len(s.Complaints()) != 1 {
		t.Errorf("%d %v, %d messages, complaints %v", status, answer, len(s.Messages(chat, "")), s.Complaints())
	}
}

func TestDeliveredAgain(t *testing.T) {
	t.Parallel()
	s := newHarness(t)
	turn, err := s.Say(t.Context(), s.lucia.ID, s.Chat(s.lucia.ID), "solicitar")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Again(t.Context(), turn); err != nil {
		t.Fatal(err)
	}
	if _, err := s.AgainAsNew(t.Context(), turn); err != nil {
		t.Fatal(err)
	}
	if s.heard[0]["id"] != s.heard[1]["id"] || s.heard[0]["id"] == s.heard[2]["id"] {
		t.Errorf("ids = %v, %v, %v", s.heard[0]["id"], s.heard[1]["id"], s.heard[2]["id"])
	}
}

func TestUnheard(t *testing.T) {
	t.Parallel()
	s := newHarness(t)
	if _, err := s.Say(t.Context(), s.lucia.ID, s.team.ID, "hola a todos"); !errors.Is(err, teamsfake.ErrUnheard) {
		t.Errorf("without a mention: err = %v", err)
	}
	if _, err := s.Say(t.Context(), s.ana.ID, s.Chat(s.ana.ID), "hola"); err == nil {
		t.Error("a person without the app was heard")
	}
}

func TestAwaitGivesUp(t *testing.T) {
	t.Parallel()
	s := newHarness(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.AwaitCard(ctx, s.Chat(s.lucia.ID), s.lucia.ID, "x", nil); !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v", err)
	}
}

// Elements that an Action.ToggleVisibility shows can be used only after it was executed.
func TestPartsThatAButtonShows(t *testing.T) {
	t.Parallel()
	var content map[string]any
	if err := json.Unmarshal([]byte(`{"type":"AdaptiveCard","body":[
		{"type":"ActionSet","actions":[{"type":"Action.ToggleVisibility","title":"Devolver","targetElements":["part",{"elementId":"other","isVisible":false}]}]},
		{"type":"TextBlock","id":"other","text":"Antes"},
		{"type":"Container","id":"part","isVisible":false,"items":[{"type":"Input.Text","id":"comment","label":"Motivo"},
			{"type":"ActionSet","actions":[{"type":"Action.Submit","title":"Sí","data":{"verb":"approval.return"}}]}]}]}`), &content); err != nil {
		t.Fatal(err)
	}
	card := &teamsfake.Card{Content: content}
	if card.Offers("approval.return") || card.Toggle("Rechazar") != nil {
		t.Error("what is hidden can be pressed")
	}
	open := card.Toggle("Devolver")
	if !open.Offers("approval.return") || !open.Input("comment").Visible || open.Text() != "" {
		t.Errorf("after the button: %v, %q", open.Verbs(), open.Text())
	}
	if card.Offers("approval.return") {
		t.Error("the card before was changed too")
	}
	if again := open.Toggle("Devolver"); again.Offers("approval.return") {
		t.Error("pressed twice, the part is still there")
	}
}
