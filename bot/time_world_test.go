package bot_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
	_ "time/tzdata" // not every machine has the zone

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/bot"
	"seducoahuila.gob.mx/altas/bot/catalogue"
	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
	"seducoahuila.gob.mx/altas/bot/recipient"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/calendar"
	"seducoahuila.gob.mx/altas/provisioning/creation"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/input"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/privacy"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
	"seducoahuila.gob.mx/altas/provisioning/recovery"
	"seducoahuila.gob.mx/altas/store"
)

const (
	officeTenant = "11111111-1111-4111-8111-111111111111"
	officeApp    = "22222222-2222-4222-8222-222222222222"
)

// office is a bot, its store and Teams, with a clock that the test sets. Jobs run when the clock is
// advanced.
type office struct {
	t     testing.TB
	rules *provisioning.Rules
	path  string
	teams *teamsfake.Fake
	conn  *connector.Connector
	zone  *time.Location

	mu     sync.Mutex
	now    time.Time
	bot    *bot.Bot
	db     *store.DB
	runner *job.Runner
	desk   *provisioning.Workflow

	rosa, elena, saul, ines teamsfake.Person
	channels                map[provisioning.StageName]string
	seen                    map[string]int
	log                     []string // messages, with place and time
}

// newOffice opens an office at an instant, "2022-09-15 15:00" in Monterrey.
func newOffice(t testing.TB, clock string) *office {
	t.Helper()
	o := &office{t: t, path: filepath.Join(t.TempDir(), "altas.db"), channels: map[provisioning.StageName]string{}, seen: map[string]int{}}
	var err error
	if o.zone, err = time.LoadLocation("America/Monterrey"); err != nil {
		t.Fatal(err)
	}
	o.now = o.at(clock)
	o.openTeams()
	o.openRules()
	o.open()
	t.Cleanup(o.close)
	if _, err := o.teams.Install(t.Context(), o.rosa.ID); err != nil {
		t.Fatal(err)
	}
	o.settle()
	o.log = nil
	return o
}

func (o *office) at(clock string) time.Time {
	o.t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", clock, o.zone)
	if err != nil {
		o.t.Fatal(err)
	}
	return at
}

func (o *office) Now() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.now
}

func (o *office) openTeams() {
	t := o.t
	o.teams = teamsfake.New(teamsfake.Config{AppID: officeApp, AppPassword: "s3cret", TenantID: officeTenant, NoLimits: true, Now: o.Now})
	plain, secure := httptest.NewServer(o.teams), httptest.NewTLSServer(o.teams)
	t.Cleanup(plain.Close)
	t.Cleanup(secure.Close)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { o.present().Handler().ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	o.teams.Connect(plain.URL, server.URL+"/api/messages")
	var err error
	o.conn, err = connector.New(connector.Config{
		AppID: officeApp, AppPassword: "s3cret", TenantID: officeTenant, HTTPClient: secure.Client(), AuthorityURL: secure.URL,
		OpenIDMetadataURL: plain.URL + "/v1/.well-known/openidconfiguration", ServiceHosts: []string{strings.TrimPrefix(plain.URL, "http://")}, Now: o.Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, p := range map[string]*teamsfake.Person{"Rosa Ibarra": &o.rosa, "Elena Treviño": &o.elena, "Saúl Valdés": &o.saul, "Inés Muñoz": &o.ines} {
		*p = o.teams.AddPerson(teamsfake.Person{Name: name})
	}
	team := o.teams.AddTeam("DGTI", "director", "subdirector", "platform")
	o.teams.InstallSilently(team.ID)
	for _, stage := range []provisioning.StageName{provisioning.Director, provisioning.Subdirector, provisioning.Platform} {
		o.channels[stage] = team.Channels[string(stage)]
	}
}

func (o *office) openRules() {
	calendar, err := calendar.New(calendar.Config{Zone: o.zone})
	if err != nil {
		o.t.Fatal(err)
	}
	o.rules = &provisioning.Rules{
		Types: map[identity.AccountType]provisioning.TypeRule{identity.Teacher: {
			Domain: "docentecoahuila.gob.mx", Patterns: identity.DefaultPatterns(identity.Teacher),
		}},
		Stages: provisioning.Stages{
			{Name: provisioning.Director, Approvers: []string{o.elena.ID}},
			{Name: provisioning.Subdirector, Approvers: []string{o.ines.ID}},
		},
		Administrators: []string{o.ines.ID},
		Limits:         provisioning.DefaultLimits(), Calendar: calendar, Deadlines: provisioning.DefaultDeadlines(calendar),
	}
}

// noDirectory is the directory of an office that creates no accounts.
type noDirectory struct {
	provisioning.Membership
	provisioning.Custody
}

// open starts the process: everything in memory is new.
func (o *office) open() {
	o.t.Helper()
	db, err := store.Open(o.path, store.Options{NoSync: true})
	if err != nil {
		o.t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	works := &provisioning.Executor{Store: db, Now: o.Now, Log: log}
	makes := &creation.Creation{Config: creation.Config{Executor: works, Store: db, Rules: o.rules, Stock: creation.NewLicenceCache(noLicences{}, time.Minute, o.Now), Now: o.Now, Log: log}}
	works.Kinds = provisioning.Kinds{provisioning.Create: makes}
	desk := &provisioning.Workflow{Rules: o.rules, Kinds: works.Kinds, Now: o.Now}
	channels := map[provisioning.StageName]recipient.Channel{}
	for stage, id := range o.channels {
		channels[stage] = recipient.Channel{ChannelID: id, ServiceURL: o.teams.ServiceURL()}
	}
	b, err := bot.New(bot.Config{
		Letters: o.letters(db), SignIn: nobody{},
		Teams: o.conn, Store: db, Workflow: desk, Rules: o.rules, Creation: makes, Recovery: &recovery.Recovery{Config: recovery.Config{Store: db, Now: o.Now}},
		Privacy: &privacy.Register{Store: db, Notice: privacy.BuiltIn(), Now: o.Now}, TemporaryPasswords: &provisioning.TemporaryPasswords{Store: db, Rules: o.rules, Now: o.Now},
		Memberships: noDirectory{}, Custody: noDirectory{}, Catalogue: catalogue.New(db, log), TenantID: officeTenant, ServiceURL: o.teams.ServiceURL(), Channels: channels,
		Locale: "es-MX", Location: o.zone, Now: o.Now, Log: log,
	})
	if err != nil {
		o.t.Fatal(err)
	}
	reminder := &provisioning.Reminder{Store: db, Rules: o.rules, Now: o.Now}
	handlers := maps.Clone(b.Handlers())
	handlers[provisioning.JobStart] = job.Handler{Do: works.Start, Workers: 1, Timeout: time.Minute}
	handlers[provisioning.JobRemind] = job.Handler{Do: reminder.Remind, Workers: 1, Timeout: time.Minute}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.db, o.desk, o.bot = db, desk, b
	o.runner = &job.Runner{Queue: db, Handlers: handlers, Now: o.Now, Log: log}
}

func (o *office) present() *bot.Bot {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.bot
}

// close stops the process.
func (o *office) close() {
	o.present().Close()
	if err := o.db.Close(); err != nil {
		o.t.Error(err)
	}
}

// settle runs the due jobs, and records the messages that they send.
func (o *office) settle() {
	o.t.Helper()
	o.runner.Drain(o.t.Context())
	o.present().Close()
	o.listen(o.teams.Chat(o.rosa.ID), "rosa")
	for _, stage := range []provisioning.StageName{provisioning.Director, provisioning.Subdirector, provisioning.Platform} {
		o.listen(o.channels[stage], string(stage))
	}
}

// links matches the address of a link to a card.
var links = regexp.MustCompile(`\]\(https://teams\.microsoft\.com/l/message/[^)]*\)`)

func (o *office) listen(place, name string) {
	messages := o.teams.Messages(place, "")
	for _, m := range messages[o.seen[place]:] {
		said := m.Text
		if m.Card != nil {
			said = "[" + m.Summary + "]"
		}
		if m.From == "" {
			said = links.ReplaceAllString(said, "]")
			o.log = append(o.log, fmt.Sprintf("%s %s: %s", o.Now().In(o.zone).Format("Mon 02 15:04"), name, strings.ReplaceAll(said, "\u00a0", " ")))
		}
	}
	o.seen[place] = len(messages)
}

// until advances the clock to an instant, from one due job to the next. Between them the process is
// restarted, and reminders of every request are enqueued again.
func (o *office) until(clock string) {
	o.t.Helper()
	for end := o.at(clock); o.Now().Before(end); {
		next := end
		for kind := range o.runner.Handlers {
			if due, err := o.db.NextDue(o.t.Context(), kind); err != nil {
				o.t.Fatal(err)
			} else if !due.IsZero() && due.Before(next) {
				next = due
			}
		}
		o.advance(next)
		o.close()
		o.open()
		o.enqueueReminders()
		o.settle()
	}
}

// advance sets the clock, and runs what is due then.
func (o *office) advance(to time.Time) {
	o.t.Helper()
	o.mu.Lock()
	o.now = to
	o.mu.Unlock()
	o.settle()
}

// enqueueReminders enqueues what a crash between a job's work and its end would leave.
func (o *office) enqueueReminders() {
	o.update(func(tx provisioning.Tx) error {
		for r, err := range tx.ListRequests(provisioning.RequestFilter{}) {
			if err != nil {
				return err
			}
			if err := tx.Enqueue(job.Job{Kind: provisioning.JobRemind, Key: string(r.Folio), Due: o.Now()}); err != nil {
				return err
			}
		}
		return nil
	})
}

func (o *office) update(fn func(provisioning.Tx) error) {
	o.t.Helper()
	if err := o.db.Update(o.t.Context(), fn); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) request(f provisioning.Folio) provisioning.Request {
	o.t.Helper()
	var r provisioning.Request
	o.update(func(tx provisioning.Tx) (err error) {
		r, err = tx.Request(f)
		return err
	})
	return r
}

// submit submits a request of Rosa's for one teacher.
func (o *office) submit(n int) provisioning.Folio {
	o.t.Helper()
	var r provisioning.Request
	o.update(func(tx provisioning.Tx) (err error) {
		r, err = o.desk.Submit(tx, provisioning.Submission{
			Type: identity.Teacher, Requester: provisioning.Actor{ID: o.rosa.ID, Name: o.rosa.Name}, Locale: "es-MX",
			Petition: provisioning.Petition{Medium: input.MediumOficio, Number: "SEDU/045/2022"},
			Holders:  []identity.Holder{provisioningtest.Teacher(n)},
		})
		return err
	})
	o.settle()
	return r.Folio
}

// decide clicks a button on the newest card of a stage's channel, and returns the text of the
// response; "" if the card changed.
func (o *office) decide(who teamsfake.Person, stage provisioning.StageName, verb string, inputs teamsfake.Inputs) string {
	o.t.Helper()
	card := o.teams.NewestCard(o.channels[stage], who.ID, cards.ApprovalApprove)
	if card != nil && verb == cards.ApprovalReturn {
		card = card.Toggle("Devolver")
	}
	turn, err := o.teams.Click(o.t.Context(), who.ID, card, verb, inputs)
	if err != nil {
		o.t.Fatal(err)
	}
	o.settle()
	return turn.Text
}

// say types a text in a stage's channel that mentions the bot and others.
func (o *office) say(who teamsfake.Person, stage provisioning.StageName, words string, others ...teamsfake.Person) {
	o.t.Helper()
	o.advance(o.Now().Add(time.Second)) // people type slower than Teams' limits
	if _, err := o.teams.Say(o.t.Context(), who.ID, o.channels[stage], words); !errors.Is(err, teamsfake.ErrUnheard) {
		o.t.Fatal(err) // only shows it in the chat; the activity for the bot is sent below
	}
	posts := o.teams.Messages(o.channels[stage], who.ID)
	post := posts[len(posts)-1]
	mention := func(id, name string) map[string]any {
		return map[string]any{"type": "mention", "text": "<at>" + name + "</at>", "mentioned": map[string]any{"id": id, "name": name}}
	}
	entities := []any{mention(o.teams.BotID(), "Altas")}
	for _, p := range others {
		entities = append(entities, mention(p.TeamsID, p.Name))
		words = strings.ReplaceAll(words, "@"+p.Name, "<at>"+p.Name+"</at>")
	}
	_, err := o.teams.DeliverActivity(o.t.Context(), map[string]any{
		"type": "message", "id": post.ID, "channelId": "msteams", "serviceUrl": o.teams.ServiceURL(),
		"text": "<at>Altas</at> " + words, "entities": entities, "timestamp": o.Now().UTC().Format(time.RFC3339),
		"from":         map[string]any{"id": who.TeamsID, "aadObjectId": who.ID, "name": who.Name},
		"recipient":    map[string]any{"id": o.teams.BotID(), "name": "Altas"},
		"conversation": map[string]any{"id": post.Conversation, "tenantId": officeTenant, "conversationType": "channel", "isGroup": true},
		"channelData":  map[string]any{"tenant": map[string]any{"id": officeTenant}, "channel": map[string]any{"id": o.channels[stage]}},
	})
	if err != nil {
		o.t.Fatal(err)
	}
	o.settle()
}

// line returns the first line of a request.
func (o *office) line(f provisioning.Folio) provisioning.Account {
	o.t.Helper()
	var a provisioning.Account
	o.update(func(tx provisioning.Tx) (err error) {
		a, err = tx.Account(provisioning.NewStamp(f, 1))
		return err
	})
	return a
}

// move changes the state of a request's line, as the executor and the head of department do.
func (o *office) move(f provisioning.Folio, to provisioning.AccountState) {
	o.t.Helper()
	a, err := (&creation.Creation{}).Moves().Move(o.line(f), to)
	if err != nil {
		o.t.Fatal(err)
	}
	if to == provisioning.AccountAttention {
		a.Trouble = &provisioning.Trouble{Reason: "trouble.internal", Since: o.Now(), Resume: provisioning.AccountPending}
	}
	o.update(func(tx provisioning.Tx) error {
		return provisioning.PutLine(tx, a, provisioning.Entered{At: o.Now(), By: provisioning.System, Act: "account." + string(to), Folio: f, Stamp: a.Stamp})
	})
	o.settle()
}

// wantTrail compares the audit entries about substitutes.
func (o *office) wantTrail(acts ...string) {
	o.t.Helper()
	var got []string
	o.update(func(tx provisioning.Tx) error {
		got = nil
		for e, err := range tx.Entries("") {
			if err != nil {
				return err
			}
			if strings.HasPrefix(e.Act, "substitute.") {
				got = append(got, e.Act)
			}
		}
		return nil
	})
	if diff := cmp.Diff(acts, got); diff != "" {
		o.t.Errorf("audit (-want +got):\n%s", diff)
	}
}

// said returns the messages since the last call.
func (o *office) said() []string {
	said := o.log
	o.log = nil
	return said
}

func (noDirectory) MemberOf(context.Context, string, []string) ([]string, error) { return nil, nil }

// noLicences is a tenant without licences.
type noLicences struct{}

func (noLicences) Licences(context.Context) ([]provisioning.Licence, error) { return nil, nil }
