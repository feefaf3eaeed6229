package connector_test

import (
	"context"
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

var hola = connector.Message{Text: "Hola"}

func failure(t *testing.T, err error) *connector.Error {
	t.Helper()
	var failed *connector.Error
	if !errors.As(err, &failed) {
		t.Fatalf("err = %v, want a *connector.Error", err)
	}
	return failed
}

func codeOf(err error) string {
	if failed, ok := errors.AsType[*connector.Error](err); ok {
		return failed.Code
	}
	return ""
}

func texts(w *world, conversation string) string {
	var all []string
	for _, m := range w.Messages(conversation, w.lucia.ID) {
		all = append(all, m.Text)
	}
	return strings.Join(all, "|")
}

func TestMessageLifeInAChat(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := inTime(t)
	conv, err := w.Open(ctx, w.ServiceURL(), tenantID, w.lucia.ID)
	if err != nil || conv.ID != w.Chat(w.lucia.ID) {
		t.Fatalf("Open = %+v, %v", conv, err)
	}
	id, err := w.Send(ctx, conv, connector.Message{Text: "Hola, <at>Lucía</at> & cía", Mentions: []connector.Mention{{ID: w.lucia.TeamsID, Name: "Lucía"}}, Locale: "es-MX"})
	if err != nil || id == "" {
		t.Fatalf("Send = %q, %v", id, err)
	}
	if err := w.Update(ctx, conv, id, connector.Message{Text: "Listo"}); err != nil {
		t.Fatal(err)
	}
	if got := texts(w, conv.ID); got != "Listo" {
		t.Errorf("chat = %q", got)
	}
	for range 2 { // the second finds nothing, which is no error
		if err := w.Connector.Delete(ctx, conv, id); err != nil {
			t.Fatal(err)
		}
	}
	if got := texts(w, conv.ID); got != "" {
		t.Errorf("chat after Delete = %q", got)
	}
	failed := failure(t, w.Update(ctx, conv, id, hola))
	if !failed.Gone || failed.Code != "ActivityNotFoundInConversation" {
		t.Errorf("update of a deleted message = %+v", failed)
	}
	if got := w.Complaints(); len(got) != 0 {
		t.Errorf("Complaints = %v", got)
	}
}

func TestThreadInAChannel(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := inTime(t)
	channel := w.team.Channels["Subdirección"]
	conv, id, err := w.Post(ctx, w.ServiceURL(), tenantID, channel, hola)
	if err != nil || conv.ID != channel+";messageid="+id {
		t.Fatalf("Post = %+v, %q, %v", conv, id, err)
	}
	if _, err := w.Send(ctx, conv, connector.Message{Text: "respuesta", ReplyTo: id}); err != nil {
		t.Fatal(err)
	}
	if err := w.Update(ctx, conv, id, connector.Message{Text: "Autorizada"}); err != nil {
		t.Fatal(err)
	}
	if got := texts(w, conv.ID); got != "Autorizada|respuesta" {
		t.Errorf("thread = %q", got)
	}
	if m := w.Messages(conv.ID, ""); m[1].ReplyTo != id {
		t.Errorf("ReplyTo = %q, want %q", m[1].ReplyTo, id)
	}
}

func TestMember(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := inTime(t)
	team := connector.Conversation{ServiceURL: w.ServiceURL(), ID: w.team.ID}
	m, err := w.Member(ctx, team, w.lucia.TeamsID)
	if err != nil || m.AADObjectID != w.lucia.ID || m.Name != "Lucía Ñáñez" {
		t.Errorf("Member = %+v, %v", m, err)
	}
	_, err = w.Member(ctx, team, "29:stranger")
	if failed := failure(t, err); !failed.Gone {
		t.Errorf("a stranger: err = %v, want Gone", err)
	}
}

// The message arrives, its response is lost. It is sent once, and the error is Ambiguous.
func TestLostAnswers(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]teamsfake.Fault{
		"connection broken": {After: true, Drop: true},
		"503":               {After: true, Status: 503},
		"502":               {After: true, Status: 502},
		"504":               {After: true, Status: 504},
		"500":               {After: true, Status: 500},
		"no answer in time": {After: true, Delay: time.Minute, Drop: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, func(c *connector.Config, _ *teamsfake.Config) { c.CallTimeout = 700 * time.Millisecond })
			ctx := inTime(t)
			if _, err := w.Send(ctx, w.chat(), connector.Message{Text: "antes"}); err != nil {
				t.Fatal(err)
			}
			fault.Method, fault.Path = http.MethodPost, "/activities"
			w.Inject(fault)
			_, err := w.Send(ctx, w.chat(), hola)
			if failed := failure(t, err); !failed.Ambiguous {
				t.Errorf("err = %+v, want Ambiguous", failed)
			}
			if got := texts(w, w.chat().ID); got != "antes|Hola" {
				t.Errorf("chat = %q, want Hola once", got)
			}
		})
	}
}

// An update is repeated until it succeeds: it is idempotent.
func TestUpdateSurvivesLostAnswers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := inTime(t)
	id, err := w.Send(ctx, w.chat(), hola)
	if err != nil {
		t.Fatal(err)
	}
	w.Inject(teamsfake.Fault{Method: http.MethodPut, After: true, Drop: true})
	w.Inject(teamsfake.Fault{Method: http.MethodPut, Status: 502})
	if err := w.Update(ctx, w.chat(), id, connector.Message{Text: "Listo"}); err != nil {
		t.Errorf("Update = %v", err)
	}
	if w.FaultsLeft() != 0 {
		t.Errorf("%d faults did not happen", w.FaultsLeft())
	}
}

// After 412, 429 and 401 nothing was done: the message is sent again, and exists once.
func TestRefusedBeforeTheEffect(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := inTime(t)
	w.Inject(teamsfake.Fault{Path: "/activities", Status: 412, Code: "PreconditionFailed"})
	w.Inject(teamsfake.Fault{Path: "/activities", Status: 429, RetryAfter: "1"})
	if _, err := w.Send(ctx, w.chat(), hola); err != nil {
		t.Error(err)
	}
	w.RevokeTokens()
	if _, err := w.Send(ctx, w.chat(), connector.Message{Text: "otra"}); err != nil {
		t.Error(err)
	}
	if got := texts(w, w.chat().ID); got != "Hola|otra" {
		t.Errorf("chat = %q", got)
	}
}

// A long Retry-After is left to the caller's queue, and nothing is sent to that thread before.
func TestLongRetryAfter(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := inTime(t)
	w.Inject(teamsfake.Fault{Path: "/activities", Status: 429, RetryAfter: "110"})
	for range 2 {
		_, err := w.Send(ctx, w.chat(), hola)
		if failed := failure(t, err); failed.RetryAfter < 100*time.Second || failed.Ambiguous {
			t.Errorf("err = %+v, want RetryAfter about 110 s", failed)
		}
	}
	if n := len(w.Calls()); n > 1 {
		t.Errorf("%d calls during the wait", n)
	}
}

// Cards of one chat are sent, updated and deleted at once. Teams counts all of these together:
// Teams refuses nothing, and calls beyond the limit get a RetryAfter.
func TestOneBudgetForOneConversation(t *testing.T) {
	t.Parallel()
	still := &clock{now: time.Now()}
	w := newWorld(t, still.on, func(c *connector.Config, _ *teamsfake.Config) { c.MaxWait = time.Millisecond })
	ctx := inTime(t)
	id, err := w.Send(ctx, w.chat(), hola)
	if err != nil {
		t.Fatal(err)
	}
	fit := 1
	for range 10 {
		sent := func() error { _, err := w.Send(ctx, w.chat(), hola); return err }
		for _, err := range []error{w.Update(ctx, w.chat(), id, hola), sent(), w.Connector.Delete(ctx, w.chat(), "gone")} {
			switch {
			case err == nil:
				fit++
			case failure(t, err).Code != connector.CodePaced || failure(t, err).RetryAfter < time.Second:
				t.Errorf("err = %v, want %s and when to come again", err, connector.CodePaced)
			}
		}
	}
	if fit != 7 || len(w.Calls()) != 7 {
		t.Errorf("%d calls fit a second, Teams saw %d; want 7", fit, len(w.Calls()))
	}
	for _, c := range w.Calls() {
		if c.Status == http.StatusTooManyRequests {
			t.Errorf("Teams refused %s %s", c.Method, c.Path)
		}
	}
}

// Calls that are not urgent leave a share of their conversation's limit for those that are.
func TestAnswersFindRoom(t *testing.T) {
	t.Parallel()
	type waited struct{}
	still := &clock{now: time.Now()}
	w := newWorld(t, still.on, func(c *connector.Config, _ *teamsfake.Config) {
		c.MaxWait = time.Millisecond
		c.Urgent = func(ctx context.Context) bool { return ctx.Value(waited{}) != nil }
	})
	ctx := inTime(t)
	for i := range 10 {
		if _, err := w.Send(ctx, w.chat(), hola); (err == nil) != (i < 6) {
			t.Errorf("message %d of a list: %v", i+1, err)
		}
	}
	if _, err := w.Send(context.WithValue(ctx, waited{}, true), w.chat(), hola); err != nil {
		t.Errorf("an answer: %v", err)
	}
}

// kept is a Throttle in memory.
type kept struct {
	mu    sync.Mutex
	until map[string]time.Time
}

func (k *kept) Load(context.Context) (map[string]time.Time, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return maps.Clone(k.until), nil
}

func (k *kept) Save(_ context.Context, until map[string]time.Time) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.until = until
	return nil
}

// Teams throttles one chat, and the bot is killed. The restarted bot waits in that chat, and
// sends to all others.
func TestThrottleOutlivesTheProcess(t *testing.T) {
	t.Parallel()
	still, memory := &clock{now: time.Now()}, &kept{}
	lasting := func(c *connector.Config, _ *teamsfake.Config) { c.Throttle = memory }
	first := newWorld(t, still.on, lasting)
	ctx := inTime(t)
	first.Inject(teamsfake.Fault{Path: "/activities", Status: 429, RetryAfter: "30,120"})
	_, err := first.Send(ctx, first.chat(), hola)
	if failed := failure(t, err); failed.RetryAfter != 2*time.Minute {
		t.Errorf("err = %+v, want RetryAfter 2 min, the longer of both", failed)
	}
	next := newWorld(t, still.on, lasting)
	chat := next.chat()
	chat.ID = first.chat().ID
	_, err = next.Send(ctx, chat, hola)
	if failed := failure(t, err); failed.Code != connector.CodePaced || failed.RetryAfter != 2*time.Minute || len(next.Calls()) != 0 {
		t.Errorf("after a kill: err = %+v and %d calls, want %s for 2 min and none", failed, len(next.Calls()), connector.CodePaced)
	}
	channel := next.team.Channels["Subdirección"]
	if _, _, err := next.Post(ctx, next.ServiceURL(), tenantID, channel, hola); err != nil {
		t.Errorf("elsewhere: %v", err)
	}
	_ = still.Sleep(ctx, 2*time.Minute)
	_, err = next.Send(ctx, chat, hola)
	if err != nil && failure(t, err).Code == connector.CodePaced {
		t.Errorf("two minutes later: %v", err)
	}
}

// The clock was five hours fast when Teams sent Retry-After, and was corrected; or Teams asked
// for days. With the next start the wait is dropped.
func TestAThrottleByAWrongClockEnds(t *testing.T) {
	t.Parallel()
	still := &clock{now: time.Now()}
	memory := &kept{}
	lasting := func(c *connector.Config, _ *teamsfake.Config) { c.Throttle = memory }
	chat := newWorld(t).chat().ID
	for ahead, code := range map[time.Duration]string{59 * time.Minute: connector.CodePaced, 5 * time.Hour: ""} {
		memory.until = map[string]time.Time{chat: still.Now().Add(ahead)}
		next := newWorld(t, still.on, lasting)
		if next.chat().ID != chat {
			t.Fatalf("another chat: %s", next.chat().ID)
		}
		_, err := next.Send(inTime(t), next.chat(), hola)
		if got := codeOf(err); got != code {
			t.Errorf("kept for %v: err = %v, want code %q", ahead, err, code)
		}
	}
	next := newWorld(t, still.on)
	next.Inject(teamsfake.Fault{Path: "/activities", Status: 429, RetryAfter: "999999"})
	if _, err := next.Send(inTime(t), next.chat(), hola); err != nil {
		t.Errorf("told to wait for eleven days: %v", err)
	}
}

func TestUninstalled(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := inTime(t)
	if err := w.Uninstall(ctx, w.lucia.ID); err != nil {
		t.Fatal(err)
	}
	_, err := w.Send(ctx, w.chat(), hola)
	if failed := failure(t, err); !failed.Gone || failed.Status != 403 || failed.Code != "BotNotInConversationRoster" {
		t.Errorf("err = %+v", failed)
	}
}

func TestRefusedBeforeSending(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	card := map[string]any{"type": "AdaptiveCard", "version": "1.5", "body": []any{map[string]any{"type": "TextBlock", "text": strings.Repeat("x", 45_000)}}}
	for name, c := range map[string]struct {
		conv connector.Conversation
		m    connector.Message
		code string
	}{
		"text and card":   {w.chat(), connector.Message{Text: "a", Card: map[string]any{}}, connector.CodeInvalid},
		"nothing":         {w.chat(), connector.Message{}, connector.CodeInvalid},
		"no conversation": {connector.Conversation{ServiceURL: w.ServiceURL()}, hola, connector.CodeInvalid},
		"a path as an id": {connector.Conversation{ServiceURL: w.ServiceURL(), ID: "../../v3/attachments"}, hola, connector.CodeInvalid},
		"too large":       {w.chat(), connector.Message{Card: card}, connector.CodeTooLarge},
	} {
		_, err := w.Send(t.Context(), c.conv, c.m)
		if failed := failure(t, err); failed.Code != c.code || failed.Ambiguous {
			t.Errorf("%s: err = %+v, want code %s", name, failed, c.code)
		}
	}
	if n := len(w.Calls()); n != 0 {
		t.Errorf("%d calls were made", n)
	}
}

// A stored or forged service URL, or a redirect, would send the bot's token to an attacker.
func TestTokenGoesToTrustedHostsOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := inTime(t)
	var leaked []string
	thief := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		leaked = append(leaked, r.Header.Get("Authorization"))
	}))
	defer thief.Close()
	for _, address := range []string{
		thief.URL, "http://smba.trafficmanager.net/amer/", "https://evil.trafficmanager.net/", "https://smba.trafficmanager.net.evil.example/",
		"https://botframework.com.evil.example/", "https://notbotframework.com/", "https://smba.trafficmanager.net@evil.example/", "https://smba.trafficmanager.net:8443/", "//x", "",
	} {
		_, err := w.Send(ctx, connector.Conversation{ServiceURL: address, ID: "a:1"}, hola)
		if failed := failure(t, err); failed.Code != connector.CodeUntrusted {
			t.Errorf("%s: err = %+v, want %s", address, failed, connector.CodeUntrusted)
		}
	}
	redirecting := httptest.NewServer(http.RedirectHandler(thief.URL, http.StatusTemporaryRedirect))
	defer redirecting.Close()
	c := newWorld(t, func(c *connector.Config, _ *teamsfake.Config) {
		c.ServiceHosts = append(c.ServiceHosts, strings.TrimPrefix(redirecting.URL, "http://"))
	})
	_, err := c.Send(ctx, connector.Conversation{ServiceURL: redirecting.URL, ID: "a:1"}, hola)
	if failed := failure(t, err); failed.Status != http.StatusTemporaryRedirect {
		t.Errorf("redirect: err = %+v, want status 307", failed)
	}
	if len(leaked) != 0 {
		t.Errorf("a stranger was called %d times", len(leaked))
	}
}

func TestWrongPassword(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *connector.Config, _ *teamsfake.Config) { c.AppPassword = "another-password-entirely" })
	_, err := w.Send(inTime(t), w.chat(), hola)
	if failed := failure(t, err); failed.Code != connector.CodeToken || failed.Ambiguous {
		t.Errorf("err = %+v, want %s", failed, connector.CodeToken)
	}
	if strings.Contains(err.Error(), "another-password-entirely") {
		t.Error("the error shows the password")
	}
}

func TestMultiTenantToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *connector.Config, _ *teamsfake.Config) { c.AppType, c.TenantID = connector.MultiTenant, "" })
	if _, err := w.Send(inTime(t), w.chat(), hola); err != nil {
		t.Error(err)
	}
}
