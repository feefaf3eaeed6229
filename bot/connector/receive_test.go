package connector_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
)

func bearer(token string) string { return "Bearer " + token }

// An attacker who knows the bot's public URL and application id, and reads the public keys,
// tries to be accepted. Every attempt ends with 401, and no activity is received.
func TestForgersAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	now := time.Now()
	claims := func(c map[string]any) string { return bearer(w.Token(teamsfake.TokenSpec{Claims: c})) }
	header := func(h map[string]any) string { return bearer(w.Token(teamsfake.TokenSpec{Header: h})) }
	signed := func(s teamsfake.Signature) string { return bearer(w.Token(teamsfake.TokenSpec{Sign: s})) }
	genuineClaims := func(extra string) string {
		return fmt.Sprintf(`{"iss":"https://api.botframework.com","aud":%q,"serviceurl":%q,"nbf":%d,"exp":%d%s}`, appID, w.ServiceURL(), now.Unix(), now.Add(time.Hour).Unix(), extra)
	}
	attacks := map[string]string{
		"no header":                           "",
		"no token":                            "Bearer ",
		"no scheme":                           w.Token(teamsfake.TokenSpec{}),
		"another scheme":                      "Basic " + w.Token(teamsfake.TokenSpec{}),
		"two tokens":                          bearer(w.Token(teamsfake.TokenSpec{}) + "," + w.Token(teamsfake.TokenSpec{})),
		"words":                               "Bearer let me in",
		"two dots":                            "Bearer ..",
		"a part too many":                     bearer(w.Token(teamsfake.TokenSpec{}) + ".e30"),
		"a token of 1 MB":                     bearer(strings.Repeat("A", 900_000)),
		"a genuine one of 17 KB":              claims(map[string]any{"xms": strings.Repeat("A", 13<<10)}),
		"alg none":                            signed(teamsfake.NoSignature),
		"the public key as an HMAC secret":    signed(teamsfake.PublicKeyAsHMAC),
		"a key of their own":                  signed(teamsfake.UnpublishedKey),
		"a key of their own under our id":     signed(teamsfake.StolenKeyID),
		"a published key not for Teams":       signed(teamsfake.UnendorsedKey),
		"claims changed after signing":        signed(teamsfake.TamperedContents),
		"alg changed to RS384":                header(map[string]any{"alg": "RS384"}),
		"no key id":                           header(map[string]any{"kid": nil}),
		"key id is a number":                  header(map[string]any{"kid": 7}),
		"critical extension":                  header(map[string]any{"crit": []string{"b64"}, "b64": false}),
		"for another bot":                     claims(map[string]any{"aud": "33333333-3333-4333-8333-333333333333"}),
		"for several bots, ours among them":   claims(map[string]any{"aud": []string{appID, "33333333-3333-4333-8333-333333333333"}}),
		"for nobody":                          claims(map[string]any{"aud": nil}),
		"for the empty audience":              claims(map[string]any{"aud": ""}),
		"issued by the emulator's tenant":     claims(map[string]any{"iss": "https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/"}),
		"issued by Entra":                     claims(map[string]any{"iss": "https://login.microsoftonline.com/" + tenantID + "/v2.0"}),
		"issued by the government cloud":      claims(map[string]any{"iss": "https://api.botframework.us"}),
		"issued by nobody":                    claims(map[string]any{"iss": nil}),
		"expired beyond the skew":             claims(map[string]any{"exp": now.Add(-6 * time.Minute).Unix()}),
		"never expires":                       claims(map[string]any{"exp": nil}),
		"not valid yet, beyond the skew":      claims(map[string]any{"nbf": now.Add(6 * time.Minute).Unix()}),
		"expiry is a word":                    claims(map[string]any{"exp": "tomorrow"}),
		"not valid before the stars go out":   claims(map[string]any{"nbf": 1e300}),
		"expires after the stars go out":      claims(map[string]any{"exp": 1e300}),
		"for another service":                 claims(map[string]any{"serviceurl": "https://smba.trafficmanager.net/amer/"}),
		"for no service":                      claims(map[string]any{"serviceurl": nil}),
		"the service in other letters":        claims(map[string]any{"serviceurl": nil, "serviceUrl": w.ServiceURL()}),
		"a claim twice":                       bearer(w.RawToken(`{"alg":"RS256","kid":"`+w.KeyID()+`"}`, genuineClaims(`,"aud":"`+appID+`"`))),
		"a header twice":                      bearer(w.RawToken(`{"alg":"none","alg":"RS256","kid":"`+w.KeyID()+`"}`, genuineClaims(""))),
		"claims are a list":                   bearer(w.RawToken(`{"alg":"RS256","kid":"`+w.KeyID()+`"}`, `[]`)),
		"claims are cut off":                  bearer(w.RawToken(`{"alg":"RS256","kid":"`+w.KeyID()+`"}`, `{"iss":"https://api.bot`)),
		"an access token of the bot's tenant": bearer("eyJ0eXAiOiJKV1QifQ.AAAA.BBBB"),
	}
	for name, authorization := range attacks {
		if status := w.deliver(t, authorization); status != http.StatusUnauthorized {
			t.Errorf("%s: status = %d, want 401", name, status)
		}
	}
	if len(w.received) != 0 {
		t.Errorf("received %d activities of forgers", len(w.received))
	}
	if status := w.deliver(t, bearer(w.RawToken(`{"alg":"RS256","kid":"`+w.KeyID()+`"}`, genuineClaims("")))); status != http.StatusOK {
		t.Errorf("the genuine token beside them: status = %d, want 200", status)
	}
}

func TestGenuineTokensAreLetIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	now := time.Now()
	for name, spec := range map[string]teamsfake.TokenSpec{
		"plain":                  {},
		"expired within skew":    {Claims: map[string]any{"exp": now.Add(-4 * time.Minute).Unix()}},
		"early within skew":      {Claims: map[string]any{"nbf": now.Add(4 * time.Minute).Unix()}},
		"audience as a list":     {Claims: map[string]any{"aud": []string{appID}}},
		"audience in capitals":   {Claims: map[string]any{"aud": strings.ToUpper(appID)}},
		"further, unknown claim": {Claims: map[string]any{"xms_ftd": "x"}},
		"without a beginning":    {Claims: map[string]any{"nbf": nil}},
	} {
		if status := w.deliver(t, bearer(w.Token(spec))); status != http.StatusOK {
			t.Errorf("%s: status = %d, want 200", name, status)
		}
	}
	if status := w.deliver(t, "bearer "+w.Token(teamsfake.TokenSpec{})); status != http.StatusOK {
		t.Errorf("scheme in small letters: status = %d, want 200", status)
	}
}

// A valid token is not enough for any activity.
func TestGenuineTokenWrongActivity(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	foreign := "https://evil.example/teams/"
	for name, c := range map[string]struct {
		body  []byte
		token teamsfake.TokenSpec
		want  int
	}{
		"another service address":        {w.hello(map[string]any{"serviceUrl": foreign}), teamsfake.TokenSpec{}, 401},
		"untrusted service, even signed": {w.hello(map[string]any{"serviceUrl": foreign}), teamsfake.TokenSpec{Claims: map[string]any{"serviceurl": foreign}}, 401},
		"no service address":             {w.hello(map[string]any{"serviceUrl": nil}), teamsfake.TokenSpec{Claims: map[string]any{"serviceurl": ""}}, 401},
		"web chat, where names are free": {w.hello(map[string]any{"channelId": "webchat"}), teamsfake.TokenSpec{}, 403},
		"the emulator":                   {w.hello(map[string]any{"channelId": "emulator"}), teamsfake.TokenSpec{}, 403},
		"a channel nobody endorsed":      {w.hello(map[string]any{"channelId": "sms"}), teamsfake.TokenSpec{}, 401},
		"no channel":                     {w.hello(map[string]any{"channelId": nil}), teamsfake.TokenSpec{}, 401},
		"channel in capitals":            {w.hello(map[string]any{"channelId": "MSTEAMS"}), teamsfake.TokenSpec{}, 401},
		"not JSON":                       {[]byte("hola"), teamsfake.TokenSpec{}, 400},
		"a list":                         {[]byte("[]"), teamsfake.TokenSpec{}, 400},
		"null":                           {[]byte("null"), teamsfake.TokenSpec{}, 400},
		"nothing":                        {nil, teamsfake.TokenSpec{}, 400},
		"two objects":                    {append(w.hello(nil), "{}"...), teamsfake.TokenSpec{}, 400},
		"too large":                      {w.hello(map[string]any{"text": strings.Repeat("a", connector.MaxBody)}), teamsfake.TokenSpec{}, 413},
		"not JSON, forged":               {[]byte("hola"), teamsfake.TokenSpec{Sign: teamsfake.StolenKeyID}, 401},
	} {
		status, _, err := w.Deliver(t.Context(), c.body, bearer(w.Token(c.token)))
		if err != nil || status != c.want {
			t.Errorf("%s: status = %d, %v, want %d", name, status, err, c.want)
		}
	}
	if len(w.received) != 0 {
		t.Errorf("received %d activities", len(w.received))
	}
}

// An unverified sender sends bodies that are expensive to read; none is read. The test counts
// allocations, so it is not parallel.
func TestForgersBodiesCostNothing(t *testing.T) {
	w := newWorld(t)
	laborious := w.hello(map[string]any{"membersAdded": slices.Repeat([]any{map[string]any{"id": 1}}, 20_000)})
	forged := func() int {
		status, _, err := w.Deliver(t.Context(), laborious, bearer(w.Token(teamsfake.TokenSpec{Sign: teamsfake.StolenKeyID})))
		if err != nil {
			t.Fatal(err)
		}
		return status
	}
	if status := forged(); status != http.StatusUnauthorized {
		t.Errorf("status = %d, want 401", status)
	}
	r := httptest.NewRequest(http.MethodPost, "/api/messages", bytes.NewReader(laborious))
	r.Header.Set("Authorization", "Bearer x.y.z")
	allocated := testing.AllocsPerRun(3, func() {
		r.Body = io.NopCloser(bytes.NewReader(laborious))
		if _, err := w.Receive(t.Context(), r); err == nil {
			t.Error("let in")
		}
	})
	if allocated > 500 {
		t.Errorf("a refusal takes %v allocations: the body was read into", allocated)
	}
}

// unreadBody is a body that must not be read.
type unreadBody struct{ t *testing.T }

func (u unreadBody) Read([]byte) (int, error) {
	u.t.Error("a stranger's body was read")
	return 0, io.EOF
}

func (unreadBody) Close() error { return nil }

// Unverified senders announce bodies and send them slowly, or not at all. None is waited for,
// whatever its Content-Length.
func TestStrangersBodiesAreNeverRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t, (&clock{now: time.Now()}).on)
	for name, authorization := range map[string][]string{
		"no token":          nil,
		"two tokens":        {bearer(w.Token(teamsfake.TokenSpec{})), bearer(w.Token(teamsfake.TokenSpec{}))},
		"garbage":           {"Bearer garbage"},
		"forged":            {bearer(w.Token(teamsfake.TokenSpec{Sign: teamsfake.StolenKeyID}))},
		"of a key unknown":  {bearer(w.Token(teamsfake.TokenSpec{Sign: teamsfake.UnpublishedKey}))},
		"for another bot":   {bearer(w.Token(teamsfake.TokenSpec{Claims: map[string]any{"aud": tenantID}}))},
		"of another issuer": {bearer(w.Token(teamsfake.TokenSpec{Claims: map[string]any{"iss": "https://sts.windows.net/"}}))},
		"expired":           {bearer(w.Token(teamsfake.TokenSpec{Claims: map[string]any{"exp": time.Now().Add(-time.Hour).Unix()}}))},
	} {
		for _, length := range []int64{-1, 10, connector.MaxBody, 1 << 40} {
			r := httptest.NewRequest(http.MethodPost, "/api/messages", unreadBody{t})
			r.Header["Authorization"], r.ContentLength = authorization, length
			proven := false
			_, err := w.Receive(connector.OnProof(t.Context(), func() { proven = true }), r)
			refused, ok := errors.AsType[*connector.Refusal](err)
			if !ok || refused.Status != http.StatusUnauthorized || proven {
				t.Errorf("%s, %d bytes: err = %v, proven %v; want 401", name, length, err, proven)
			}
		}
	}
}

func TestTwoAuthorizationHeaders(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := httptest.NewRequest(http.MethodPost, "/api/messages", bytes.NewReader(w.hello(nil)))
	r.Header.Add("Authorization", bearer(w.Token(teamsfake.TokenSpec{})))
	r.Header.Add("Authorization", bearer(w.Token(teamsfake.TokenSpec{})))
	if _, err := w.Receive(t.Context(), r); err == nil {
		t.Error("two Authorization headers were let in")
	}
}

func TestChunkedBodyTooLarge(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(w.hello(map[string]any{"text": strings.Repeat("a", connector.MaxBody)})))
	r.Header.Set("Authorization", bearer(w.Token(teamsfake.TokenSpec{})))
	r.ContentLength = -1
	_, err := w.Receive(t.Context(), r)
	if got, want := fmt.Sprint(err), "refused with 413: body too large"; got != want {
		t.Errorf("err = %v, want %v", got, want)
	}
}

// Microsoft rotates its signing key: the next activity is accepted at once, and none signed with
// a withdrawn key is.
func TestKeyRotation(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	old := w.Token(teamsfake.TokenSpec{})
	if status := w.deliver(t, bearer(old)); status != http.StatusOK {
		t.Fatalf("before: status = %d", status)
	}
	w.RotateKeys(true)
	if status := w.deliver(t, bearer(w.Token(teamsfake.TokenSpec{}))); status != http.StatusOK {
		t.Errorf("new key: status = %d, want 200", status)
	}
	if status := w.deliver(t, bearer(old)); status != http.StatusUnauthorized {
		t.Errorf("withdrawn key: status = %d, want 401", status)
	}
}

func TestKnownKeyCostsNoCall(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 20 {
		if status := w.deliver(t, bearer(w.Token(teamsfake.TokenSpec{}))); status != http.StatusOK {
			t.Fatalf("status = %d", status)
		}
	}
	w.KeysDown(true)
	if status := w.deliver(t, bearer(w.Token(teamsfake.TokenSpec{}))); status != http.StatusOK {
		t.Errorf("publisher down: status = %d, want 200", status)
	}
	if metadata, keys := w.KeyReads(); metadata != 1 || keys != 1 {
		t.Errorf("documents read %d and %d times, want once each", metadata, keys)
	}
}

// The bot starts while the key publisher is down, and recovers by itself.
func TestStartNeedsNoNetwork(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.KeysDown(true)
	if status := w.deliver(t, bearer(w.Token(teamsfake.TokenSpec{}))); status != http.StatusServiceUnavailable {
		t.Errorf("down: status = %d, want 503", status)
	}
	w.KeysDown(false)
	if status := w.deliver(t, bearer(w.Token(teamsfake.TokenSpec{}))); status != http.StatusOK {
		t.Errorf("up again: status = %d, want 200", status)
	}
}

// The keys cannot be read for more than two days. A formerly valid key is no longer accepted:
// Microsoft may have withdrawn it because it was stolen.
func TestOldKeysAreNotBelieved(t *testing.T) {
	t.Parallel()
	still := &clock{now: time.Now()}
	w := newWorld(t, still.on)
	if status := w.deliver(t, bearer(w.Token(teamsfake.TokenSpec{}))); status != http.StatusOK {
		t.Fatalf("before: status = %d", status)
	}
	w.KeysDown(true)
	_ = still.Sleep(t.Context(), 47*time.Hour)
	if status := w.deliver(t, bearer(w.Token(teamsfake.TokenSpec{}))); status != http.StatusOK {
		t.Errorf("after 47 h: status = %d, want 200", status)
	}
	_ = still.Sleep(t.Context(), time.Hour)
	for i := range 5 { // some of them before the next refresh is allowed
		if status := w.deliver(t, bearer(w.Token(teamsfake.TokenSpec{}))); status != http.StatusServiceUnavailable {
			t.Errorf("after 48 h, message %d: status = %d, want 503", i+1, status)
		}
	}
	if len(w.received) != 2 {
		t.Errorf("%d activities received, want the two before", len(w.received))
	}
	w.KeysDown(false)
	_ = still.Sleep(t.Context(), 10*time.Second)
	if status := w.deliver(t, bearer(w.Token(teamsfake.TokenSpec{}))); status != http.StatusOK {
		t.Errorf("keys readable again: status = %d, want 200", status)
	}
}

// clockSpeed is how many seconds of the fast clock pass in one.
const clockSpeed = 20

// fastClock has the bot and its waits go by a clock that is clockSpeed times as fast.
func fastClock(cfg *connector.Config, _ *teamsfake.Config) {
	start := time.Now()
	cfg.Now = func() time.Time { return start.Add(clockSpeed * time.Since(start)) }
	cfg.Sleep = func(ctx context.Context, d time.Duration) error {
		select {
		case <-time.After(d / clockSpeed):
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// A flood of tokens with forged key ids neither floods the publisher nor delays people whose key
// is known.
func TestFloodOfInventedKeys(t *testing.T) {
	t.Parallel()
	w, start := newWorld(t, fastClock), time.Now()
	w.deliver(t, bearer(w.Token(teamsfake.TokenSpec{})))
	for i := range 200 {
		forged := w.Token(teamsfake.TokenSpec{Sign: teamsfake.UnpublishedKey, Header: map[string]any{"kid": fmt.Sprint("invented-", i)}})
		if status := w.deliver(t, bearer(forged)); status != http.StatusUnauthorized {
			t.Fatalf("forged: status = %d", status)
		}
	}
	// The pause between two reads grows to 8 s; a slow machine's flood lasts longer.
	lasted := clockSpeed * time.Since(start)
	if metadata, _ := w.KeyReads(); metadata > 5+int(lasted/(8*time.Second)) {
		t.Errorf("metadata read %d times in a flood of %v", metadata, lasted)
	}
	if status := w.deliver(t, bearer(w.Token(teamsfake.TokenSpec{}))); status != http.StatusOK {
		t.Errorf("known key: status = %d, want 200", status)
	}
}

func TestWhatTheBotSees(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := inTime(t)
	channel := w.team.Channels["Subdirección"]
	if _, err := w.Say(ctx, w.lucia.ID, channel, "@Altas registrar director"); err != nil {
		t.Fatal(err)
	}
	a := w.last(t)
	if a.Text != "registrar director" || !a.Mentioned || a.Type != connector.TypeMessage {
		t.Errorf("Text = %q, Mentioned = %v", a.Text, a.Mentioned)
	}
	if a.ChannelID != channel || a.TeamID != w.team.ID || a.RootID == "" || a.TenantID != tenantID || !a.Conversation.IsGroup {
		t.Errorf("place = %+v", a)
	}
	if a.From.AADObjectID != w.lucia.ID || a.Locale != "es-MX" || a.Timestamp.IsZero() {
		t.Errorf("from = %+v, locale %q, time %v", a.From, a.Locale, a.Timestamp)
	}
	if _, err := w.Install(ctx, w.lucia.ID); err != nil {
		t.Fatal(err)
	}
	if a := w.last(t); a.Type != connector.TypeConversationUpdate || len(a.MembersAdded) != 1 || a.MembersAdded[0].ID != a.Recipient.ID {
		t.Errorf("install: %+v", a)
	}
}

func TestClickBothWays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := inTime(t)
	card := json.RawMessage(`{"type":"AdaptiveCard","version":"1.5","body":[{"type":"Input.Text","id":"comment","label":"Comentario"}],
		"actions":[{"type":"Action.Execute","title":"Autorizar","verb":"approval.approve","data":{"folio":"2026-000001"},
		"fallback":{"type":"Action.Submit","title":"Autorizar","data":{"verb":"approval.approve","folio":"2026-000001"}}}]}`)
	if _, err := w.Send(ctx, w.chat(), connector.Message{Card: card}); err != nil {
		t.Fatal(err)
	}
	shown := w.NewestCard(w.Chat(w.lucia.ID), w.lucia.ID, "approval.approve")
	for _, press := range []func() (*teamsfake.Turn, error){
		func() (*teamsfake.Turn, error) {
			return w.Click(ctx, w.lucia.ID, shown, "approval.approve", teamsfake.Inputs{"comment": "sí"})
		},
		func() (*teamsfake.Turn, error) {
			return w.ClickOldClient(ctx, w.lucia.ID, shown, "approval.approve", teamsfake.Inputs{"comment": "sí"})
		},
	} {
		if _, err := press(); err != nil {
			t.Fatal(err)
		}
		click, pressed := w.last(t).Click()
		var data struct{ Folio, Comment string }
		if err := json.Unmarshal(click.Data, &data); err != nil || !pressed || click.Verb != "approval.approve" || data.Folio != "2026-000001" || data.Comment != "sí" {
			t.Errorf("click = %+v, data = %+v, %v", click, data, err)
		}
	}
	if got := w.Complaints(); len(got) != 0 {
		t.Errorf("Complaints = %v", got)
	}
}
