package file_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
	"seducoahuila.gob.mx/altas/bot/file"
	"seducoahuila.gob.mx/altas/bot/post"
	"seducoahuila.gob.mx/altas/bot/recipient"
	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/store/storetest"
)

const (
	appID    = "22222222-2222-4222-8222-222222222222"
	tenantID = "11111111-1111-4111-8111-111111111111"
)

// world is Teams, and a bot that does nothing but offer files.
type world struct {
	*teamsfake.Fake
	t     *testing.T
	files *file.Files
	turns *turn.Responder
	lucia teamsfake.Person
	chat  connector.Conversation
	log   *journal

	edit func(*connector.Activity) // what a client forges; nil for nothing
}

// letters is a source of one letter, which is Lucía's.
type letters struct {
	owner string
	pdf   []byte
	err   error
}

func (l *letters) File(_ context.Context, by provisioning.Actor, key string) (string, []byte, error) {
	switch {
	case l.err != nil:
		return "", nil, l.err
	case key != "letter/2026-000123" || by.ID != l.owner:
		return "", nil, problem.Refuse(problem.CodeNotFound, "request.not_found")
	}
	return "oficio.pdf", l.pdf, nil
}

func (l *letters) Again(*cards.Texts, string) string { return "oficio 2026-000123" }

// newWorld returns a world in which Lucía's letter is registered. edit changes the configuration of
// the files.
func newWorld(t *testing.T, source *letters, edit ...func(*file.Config)) *world {
	t.Helper()
	w := &world{t: t, log: &journal{}}
	w.Fake = teamsfake.New(teamsfake.Config{AppID: appID, AppPassword: "s3cret", TenantID: tenantID})
	teams, entra, bot := httptest.NewServer(w.Fake), httptest.NewTLSServer(w.Fake), httptest.NewServer(http.HandlerFunc(w.hear))
	for _, s := range []*httptest.Server{teams, entra, bot} {
		t.Cleanup(s.Close)
	}
	log := slog.New(slog.NewTextHandler(w.log, nil))
	c, err := connector.New(connector.Config{
		AppID: appID, AppPassword: "s3cret", TenantID: tenantID, AuthorityURL: entra.URL, HTTPClient: entra.Client(),
		OpenIDMetadataURL: teams.URL + "/v1/.well-known/openidconfiguration",
		ServiceHosts:      []string{strings.TrimPrefix(teams.URL, "http://")},
	})
	if err != nil {
		t.Fatal(err)
	}
	db := storetest.Open(t)
	people := &recipient.Registry{Config: recipient.Config{Store: db, Rules: &provisioning.Rules{}, Locale: cards.Spanish, Location: time.UTC, Now: time.Now, Log: log}}
	posts := &post.Keeper{Config: post.Config{Store: db, Teams: c, Recipients: people, TenantID: tenantID, Now: time.Now, Log: log}}
	w.turns = turn.NewResponder(turn.Config{
		Store: db, Teams: c, Recipients: people, Posts: posts, TenantID: tenantID, Locale: cards.Spanish, Now: time.Now, Log: log,
	})
	t.Cleanup(w.turns.Finish)
	hosts, err := file.NewHosts([]string{strings.TrimPrefix(teams.URL, "http://")})
	if err != nil {
		t.Fatal(err)
	}
	cfg := file.Config{Teams: c, Turns: w.turns, Hosts: hosts, Now: time.Now, Log: log}
	for _, e := range edit {
		e(&cfg)
	}
	w.files = file.New(cfg)
	w.Connect(teams.URL, bot.URL)
	w.lucia = w.AddPerson(teamsfake.Person{Name: "Lucía Ñáñez"})
	w.InstallSilently(w.lucia.ID)
	w.chat = connector.Conversation{ServiceURL: w.ServiceURL(), ID: w.Chat(w.lucia.ID), Type: connector.Personal, TenantID: tenantID}
	if source.owner == "" {
		source.owner = w.lucia.ID
	}
	w.files.Register("letter", source)
	t.Cleanup(func() {
		for _, complaint := range w.Complaints() {
			t.Errorf("Teams: %s", complaint)
		}
	})
	return w
}

// hear is the bot's endpoint.
func (w *world) hear(rw http.ResponseWriter, r *http.Request) {
	a, err := w.receive(r)
	if err == nil {
		err = w.files.Answer(r.Context(), a)
	}
	if err != nil {
		w.t.Errorf("the bot: %v", err)
		rw.WriteHeader(http.StatusInternalServerError)
	}
}

func (w *world) receive(r *http.Request) (*connector.Activity, error) {
	c, ok := w.files.Teams.(*connector.Connector)
	if !ok {
		return nil, http.ErrNotSupported
	}
	a, err := c.Receive(r.Context(), r)
	if err == nil && w.edit != nil {
		w.edit(a)
	}
	return a, err
}

var pdf = bytes.Repeat([]byte("%PDF ñ "), 1000)

// offered offers Lucía her letter and returns the message.
func (w *world) offered() teamsfake.Message {
	w.t.Helper()
	id, err := w.files.Offer(w.within(), w.chat, cards.In(cards.Spanish), file.Offered{
		Name: "oficio.pdf", Description: "Oficio de respuesta", Size: len(pdf), Key: "letter/2026-000123",
	})
	if err != nil {
		w.t.Fatal(err)
	}
	m := w.message(id)
	if m == nil {
		w.t.Fatal("nothing is offered")
	}
	return *m
}

func (w *world) message(id string) *teamsfake.Message {
	for _, m := range w.Messages(w.chat.ID, w.lucia.ID) {
		if m.ID == id {
			return &m
		}
	}
	return nil
}

// answers answers the offer and returns the id of the upload.
func (w *world) answers(offer teamsfake.Message, accept bool) (upload string) {
	w.t.Helper()
	turn, upload, err := w.AnswerFileConsent(w.within(), w.lucia.ID, offer, accept)
	if err != nil {
		w.t.Fatal(err)
	}
	if turn.Status != http.StatusOK || len(turn.Body) > 0 {
		w.t.Errorf("the invoke is answered %d %q, want 200 and nothing", turn.Status, turn.Body)
	}
	return upload
}

// waits waits until something holds in Teams.
func (w *world) waits(what string, holds func() bool) {
	w.t.Helper()
	if err := w.Await(w.within(), holds); err != nil {
		w.t.Fatalf("%s: %v\n%s", what, err, w.log)
	}
}

// told waits for a text that has the words.
func (w *world) told(words string) {
	w.t.Helper()
	w.waits("no text has "+words, func() bool { return w.count(words) > 0 })
}

func (w *world) count(words string) (n int) {
	for _, m := range w.Messages(w.chat.ID, w.lucia.ID) {
		if strings.Contains(m.Text, words) {
			n++
		}
	}
	return n
}

// shown returns the file info cards of the chat.
func (w *world) shown() (all []map[string]any) {
	for _, m := range w.Messages(w.chat.ID, w.lucia.ID) {
		for _, a := range m.Attachments {
			if a["contentType"] == connector.ContentTypeFileInfo {
				all = append(all, a)
			}
		}
	}
	return all
}

func (w *world) within() context.Context {
	ctx, cancel := context.WithTimeout(w.t.Context(), time.Minute)
	w.t.Cleanup(cancel)
	return ctx
}

// journal is a log that is written and read concurrently.
type journal struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.buf.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.buf.String()
}
