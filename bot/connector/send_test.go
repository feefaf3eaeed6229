package connector_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
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
	for range 2 { // the second finds nothing and is content
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

// The message arrives, its answer does not. It is said once, and the caller is told
// that it may be there.
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

// An update is repeated until it is there: twice equals once.
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

// 412, 429 and 401 say that nothing was done: the message is sent again, and stands once.
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

// A long Retry-After is left to the caller's queue, and nothing goes to that thread before.
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

// A stored or forged service address, or a redirect, would have the bot hand its token
// to a stranger.
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
