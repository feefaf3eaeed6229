package signin_test

import (
	"context"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
	"seducoahuila.gob.mx/altas/bot/signin"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

const (
	appID    = "22222222-2222-4222-8222-22222222222a"
	tenantID = "11111111-1111-4111-8111-11111111111a"
	other    = "33333333-3333-4333-8333-333333333333"
	page     = "https://altas.example/oficio/archivo"
)

// world is Entra with Lucía in its tenant, and what signs her in.
type world struct {
	*teamsfake.Fake
	*signin.Entra
	authority string
	lucia     teamsfake.Person
	now       time.Time

	mu    sync.Mutex
	delay chan struct{} // holds Entra's answers until closed; nil for none
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{now: time.Date(2026, 11, 30, 10, 0, 0, 0, time.UTC)}
	w.Fake = teamsfake.New(teamsfake.Config{AppID: appID, AppPassword: "unused", TenantID: tenantID, Now: func() time.Time { return w.now }})
	w.RegisterWeb(page)
	w.lucia = w.AddPerson(teamsfake.Person{Name: "Lucía Ñáñez", ID: "ABCDEF01-2345-4678-8ABC-DEF012345678", UPN: "lucia@sedu.example"})
	server := httptest.NewTLSServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.mu.Lock()
		delay := w.delay
		w.mu.Unlock()
		if delay != nil {
			<-delay
		}
		w.ServeHTTP(rw, r)
	}))
	t.Cleanup(server.Close)
	w.authority = server.URL
	var err error
	w.Entra, err = signin.New(signin.Config{
		Authority: w.authority + "/", TenantID: strings.ToUpper(tenantID), ClientID: appID, HTTPClient: server.Client(),
		Now: func() time.Time { return w.now },
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// token returns an ID token for Lucía and the nonce "n", valid or forged.
func (w *world) token(spec teamsfake.TokenSpec) string {
	return w.IDToken(w.authority, w.lucia.ID, "n", spec)
}

func TestSignIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	address, err := w.AuthURL(t.Context(), page, "the state", "a nonce")
	if err != nil {
		t.Fatal(err)
	}
	form, action, err := w.SignIn(w.lucia.ID, address)
	if err != nil {
		t.Fatal(err)
	}
	if action != page || form.Get("state") != "the state" || form.Get("error") != "" {
		t.Errorf("the browser posts %v to %s", form, action)
	}
	person, err := w.Verify(t.Context(), form.Get("id_token"), "a nonce")
	if err != nil || person != strings.ToLower(w.lucia.ID) {
		t.Errorf("it is %q's, %v; want Lucía's", person, err)
	}
}

func TestWhatEntraIsAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	address, err := w.AuthURL(t.Context(), page, "s&s", "n n")
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	want := url.Values{
		"client_id": {appID}, "response_type": {"id_token"}, "response_mode": {"form_post"}, "scope": {"openid profile"},
		"redirect_uri": {page}, "state": {"s&s"}, "nonce": {"n n"},
	}
	if diff := cmp.Diff(want, u.Query()); diff != "" || !strings.HasPrefix(address, w.authority+"/"+tenantID+"/oauth2/v2.0/authorize?") {
		t.Errorf("%s (-want +got):\n%s", address, diff)
	}
}

func TestTokensThatProveNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	hour := func(from time.Duration) int64 { return w.now.Add(from).Unix() }
	claim := func(name string, value any) string {
		return w.token(teamsfake.TokenSpec{Claims: map[string]any{name: value}})
	}
	genuine := w.token(teamsfake.TokenSpec{})
	if person, err := w.Verify(t.Context(), genuine, "n"); err != nil || person != strings.ToLower(w.lucia.ID) {
		t.Fatalf("a genuine one: %q, %v", person, err)
	}
	for name, c := range map[string]struct{ token, nonce string }{
		"another nonce":              {genuine, "m"},
		"no nonce asked for":         {claim("nonce", ""), ""},
		"no nonce in it":             {claim("nonce", nil), "n"},
		"a nonce that begins so":     {claim("nonce", "nn"), "n"},
		"another tenant's issuer":    {claim("iss", w.authority+"/"+other+"/v2.0"), "n"},
		"another issuer":             {claim("iss", "https://sts.windows.net/"+tenantID+"/"), "n"},
		"another tenant":             {claim("tid", other), "n"},
		"no tenant":                  {claim("tid", nil), "n"},
		"another audience":           {claim("aud", other), "n"},
		"for others too":             {claim("aud", []string{appID, other}), "n"},
		"no audience":                {claim("aud", nil), "n"},
		"out of date":                {claim("exp", hour(-time.Second)), "n"},
		"without an end":             {claim("exp", nil), "n"},
		"not valid yet":              {claim("nbf", hour(6*time.Minute)), "n"},
		"no object id":               {claim("oid", nil), "n"},
		"an object id with a slash":  {claim("oid", "abcdef01-2345-4678-8abc-def01234/678"), "n"},
		"an object id in braces":     {claim("oid", "{"+w.lucia.ID+"}"), "n"},
		"an object id of no text":    {claim("oid", 7), "n"},
		"not signed":                 {w.token(teamsfake.TokenSpec{Sign: teamsfake.NoSignature}), "n"},
		"signed by the public key":   {w.token(teamsfake.TokenSpec{Sign: teamsfake.PublicKeyAsHMAC}), "n"},
		"a key that is not there":    {w.token(teamsfake.TokenSpec{Sign: teamsfake.UnpublishedKey}), "n"},
		"another's key of that id":   {w.token(teamsfake.TokenSpec{Sign: teamsfake.StolenKeyID}), "n"},
		"claims changed":             {w.token(teamsfake.TokenSpec{Sign: teamsfake.TamperedContents}), "n"},
		"of the Bot Framework":       {w.Token(teamsfake.TokenSpec{Claims: map[string]any{"nonce": "n", "tid": tenantID, "oid": w.lucia.ID}}), "n"},
		"by the Bot Framework's key": {w.Token(teamsfake.TokenSpec{Claims: map[string]any{"iss": w.authority + "/" + tenantID + "/v2.0", "nonce": "n", "tid": tenantID, "oid": w.lucia.ID}}), "n"},
		"none":                       {"", "n"},
		"no token":                   {"a.b.c", "n"},
		"very long":                  {genuine + strings.Repeat("A", 16<<10), "n"},
		"signed twice":               {signedTwice(genuine), "n"},
	} {
		if person, err := w.Verify(t.Context(), c.token, c.nonce); person != "" || problem.CodeOf(err) != problem.CodeForbidden {
			t.Errorf("%s: %q, %v; want forbidden", name, person, err)
		}
	}
}

// signedTwice is a token in JWS's other form, which may have several signatures.
func signedTwice(token string) string {
	parts := strings.Split(token, ".")
	one := `{"protected":"` + parts[0] + `","signature":"` + parts[2] + `"}`
	return `{"payload":"` + parts[1] + `","signatures":[` + one + "," + one + "]}"
}

// What Entra could tell of clocks and guests is accepted.
func TestTokensThatProveAPerson(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, claims := range map[string]map[string]any{
		"not valid for some minutes": {"nbf": w.now.Add(4 * time.Minute).Unix()},
		"a guest's":                  {"idp": "https://sts.windows.net/" + other + "/"},
		"a tenant in capitals":       {"tid": strings.ToUpper(tenantID)},
	} {
		if person, err := w.Verify(t.Context(), w.token(teamsfake.TokenSpec{Claims: claims}), "n"); err != nil || person != strings.ToLower(w.lucia.ID) {
			t.Errorf("%s: %q, %v", name, person, err)
		}
	}
}

// A new key is known at its first token; one that Entra withdrew is not accepted by who starts then.
func TestKeysRotate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	old := w.token(teamsfake.TokenSpec{})
	for range 2 {
		if _, err := w.Verify(t.Context(), old, "n"); err != nil {
			t.Fatal(err)
		}
	}
	if discovery, keys := w.EntraKeyReads(); discovery != 1 || keys != 1 {
		t.Errorf("discovered %d times, keys read %d times; want once", discovery, keys)
	}
	w.RotateEntraKeys(true)
	if _, err := w.Verify(t.Context(), w.token(teamsfake.TokenSpec{}), "n"); err != nil {
		t.Errorf("of the new key: %v", err)
	}
	if _, err := w.Verify(t.Context(), old, "n"); problem.CodeOf(err) != problem.CodeForbidden {
		t.Errorf("of the withdrawn key: %v, want forbidden", err)
	}
}

// While Entra is down nobody is refused for good; afterwards it is asked again.
func TestEntraIsDown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.EntraKeysDown(true)
	token := w.token(teamsfake.TokenSpec{})
	unavailable := func(what string, err error) {
		t.Helper()
		if problem.CodeOf(err) != problem.CodeUnavailable {
			t.Errorf("%s: %v, want unavailable", what, err)
		}
	}
	_, err := w.AuthURL(t.Context(), page, "s", "n")
	unavailable("the address", err)
	_, err = w.Verify(t.Context(), token, "n")
	unavailable("a token", err)
	w.EntraKeysDown(false)
	if _, err := w.AuthURL(t.Context(), page, "s", "n"); err != nil {
		t.Errorf("up again: %v", err)
	}
	w.EntraKeysDown(true)
	_, err = w.Verify(t.Context(), token, "n")
	unavailable("the keys", err)
	w.EntraKeysDown(false)
	if _, err := w.Verify(t.Context(), token, "n"); err != nil {
		t.Errorf("up again: %v", err)
	}
}

// Many at once cause one discovery; one who leaves does not end it for the others.
func TestOneDiscoveryForAll(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	held := make(chan struct{})
	w.delay = held
	leaving, leave := context.WithCancel(t.Context())
	left := make(chan error)
	go func() {
		_, err := w.AuthURL(leaving, page, "s", "n")
		left <- err
	}()
	leave()
	if err := <-left; problem.CodeOf(err) != problem.CodeUnavailable {
		t.Errorf("who left: %v", err)
	}
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if _, err := w.AuthURL(t.Context(), page, "s", "n"); err != nil {
				t.Error(err)
			}
		})
	}
	close(held)
	all.Wait()
	if discovery, _ := w.EntraKeyReads(); discovery > 2 {
		t.Errorf("discovered %d times", discovery)
	}
}

// A discovery document of another issuer, or with addresses that are not https, is not used; no
// redirect is followed.
func TestDiscoveryIsNotBelievedBlindly(t *testing.T) {
	t.Parallel()
	for name, document := range map[string]string{
		"another issuer":  `{"issuer":"https://evil.example","authorization_endpoint":"https://a","jwks_uri":"https://k"}`,
		"plain sign-in":   `{"issuer":"{issuer}","authorization_endpoint":"http://a","jwks_uri":"https://k"}`,
		"plain keys":      `{"issuer":"{issuer}","authorization_endpoint":"https://a","jwks_uri":"http://k"}`,
		"no addresses":    `{"issuer":"{issuer}"}`,
		"no JSON":         `<html>`,
		"endless":         `{"issuer":"{issuer}","authorization_endpoint":"https://a","jwks_uri":"https://k","x":"` + strings.Repeat("x", 1<<20) + `"}`,
		"a redirect":      "",
		"as it should be": `{"issuer":"{issuer}","authorization_endpoint":"https://a","jwks_uri":"https://k"}`,
	} {
		var server *httptest.Server
		server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if document == "" && r.URL.Path != "/elsewhere" {
				http.Redirect(w, r, "/elsewhere", http.StatusFound)
				return
			}
			good := `{"issuer":"{issuer}","authorization_endpoint":"https://a","jwks_uri":"https://k"}`
			if document != "" {
				good = document
			}
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(strings.ReplaceAll(good, "{issuer}", server.URL+"/"+tenantID+"/v2.0")))
		}))
		e, err := signin.New(signin.Config{Authority: server.URL, TenantID: tenantID, ClientID: appID, HTTPClient: server.Client(), Now: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		_, err = e.AuthURL(t.Context(), page, "s", "n")
		if good := name == "as it should be"; good != (err == nil) || !good && problem.CodeOf(err) != problem.CodeUnavailable {
			t.Errorf("%s: %v", name, err)
		}
		server.Close()
	}
}

func TestConfigNamesEveryFault(t *testing.T) {
	t.Parallel()
	_, err := signin.New(signin.Config{Authority: "http://login.example", TenantID: "sedu.example", ClientID: "{" + appID + "}"})
	for _, want := range []string{`authority "http://login.example"`, `tenant id "sedu.example"`, "client id", "clock"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("err = %v, want one that names %s", err, want)
		}
	}
}

// The reasons are not for people; what a token says is in no error.
func TestErrorsShowNoToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token := w.token(teamsfake.TokenSpec{})
	_, err := w.Verify(t.Context(), token, "m")
	claims, _ := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
	if err == nil || strings.Contains(err.Error(), token) || strings.Contains(err.Error(), string(claims)) {
		t.Errorf("err = %v", err)
	}
}
