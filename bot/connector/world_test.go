package connector_test

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
)

const (
	appID    = "22222222-2222-4222-8222-222222222222"
	tenantID = "11111111-1111-4111-8111-111111111111"
	password = "a-secret-of-the-bot"
)

// world is Teams, Entra and a bot that only receives.
type world struct {
	*teamsfake.Fake
	*connector.Connector
	teams *httptest.Server
	entra *httptest.Server
	lucia teamsfake.Person
	team  teamsfake.Team

	mu       sync.Mutex
	received []*connector.Activity
	refused  []error
}

func newWorld(t testing.TB, change ...func(*connector.Config, *teamsfake.Config)) *world {
	t.Helper()
	fakeConfig := teamsfake.Config{AppID: appID, AppPassword: password, TenantID: tenantID}
	cfg := connector.Config{AppID: appID, AppPassword: password, TenantID: tenantID, CallTimeout: 5 * time.Second}
	w := &world{}
	w.teams = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { w.Fake.ServeHTTP(rw, r) }))
	t.Cleanup(w.teams.Close)
	w.entra = httptest.NewTLSServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { w.Fake.ServeHTTP(rw, r) }))
	t.Cleanup(w.entra.Close)
	cfg.HTTPClient = w.entra.Client()
	cfg.AuthorityURL = w.entra.URL
	cfg.OpenIDMetadataURL = w.teams.URL + "/v1/.well-known/openidconfiguration"
	cfg.ServiceHosts = []string{strings.TrimPrefix(w.teams.URL, "http://")}
	for _, c := range change {
		c(&cfg, &fakeConfig)
	}
	w.Fake = teamsfake.New(fakeConfig)
	var err error
	if w.Connector, err = connector.New(cfg); err != nil {
		t.Fatal(err)
	}
	bot := httptest.NewServer(http.HandlerFunc(w.listen))
	t.Cleanup(bot.Close)
	w.Fake.Connect(w.teams.URL, bot.URL)
	w.lucia = w.AddPerson(teamsfake.Person{Name: "Lucía Ñáñez"})
	w.team = w.AddTeam("DGTI", "Subdirección")
	w.InstallSilently(w.lucia.ID, w.team.ID)
	return w
}

func (w *world) listen(rw http.ResponseWriter, r *http.Request) {
	activity, err := w.Receive(r.Context(), r)
	w.mu.Lock()
	defer w.mu.Unlock()
	if err != nil {
		w.refused = append(w.refused, err)
		if refusal, ok := errors.AsType[*connector.Refusal](err); ok {
			rw.WriteHeader(refusal.Status)
		}
		return
	}
	w.received = append(w.received, activity)
	if activity.Type == connector.TypeInvoke {
		_ = json.NewEncoder(rw).Encode(connector.AnswerText("hecho"))
	}
}

func (w *world) last(t testing.TB) *connector.Activity {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.received) == 0 {
		t.Fatalf("nothing received; refused: %v", w.refused)
	}
	return w.received[len(w.received)-1]
}

func (w *world) chat() connector.Conversation {
	return connector.Conversation{ServiceURL: w.ServiceURL(), ID: w.Chat(w.lucia.ID), TenantID: tenantID}
}

// deliver sends a message of Lucía's with a token and returns the status.
func (w *world) deliver(t testing.TB, authorization string) int {
	t.Helper()
	status, _, err := w.Deliver(t.Context(), w.hello(nil), authorization)
	if err != nil {
		t.Fatal(err)
	}
	return status
}

// hello is a message of Lucía's, with some fields changed.
func (w *world) hello(change map[string]any) []byte {
	activity := map[string]any{
		"type": "message", "id": "1732362512345", "channelId": "msteams", "serviceUrl": w.ServiceURL(), "text": "hola",
		"from":         map[string]any{"id": w.lucia.TeamsID, "aadObjectId": w.lucia.ID},
		"conversation": map[string]any{"id": w.Chat(w.lucia.ID), "tenantId": tenantID, "conversationType": "personal"},
		"recipient":    map[string]any{"id": w.BotID(), "name": "Altas"},
	}
	maps.Copy(activity, change)
	raw, _ := json.Marshal(activity)
	return raw
}

// clock is a clock for bot and Teams that advances only when someone sleeps.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Sleep(_ context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	return nil
}

// on makes a world use the clock.
func (c *clock) on(cfg *connector.Config, fake *teamsfake.Config) {
	cfg.Now, cfg.Sleep, fake.Now = c.Now, c.Sleep, c.Now
}

// inTime returns a context with a time-out.
func inTime(t testing.TB) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}
