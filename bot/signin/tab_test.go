package signin_test

import (
	"strings"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

func (w *world) tabToken(spec teamsfake.TokenSpec) string {
	return w.TabToken(w.authority, w.lucia.ID, spec)
}

func TestTabToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	got, err := w.VerifyTab(t.Context(), w.tabToken(teamsfake.TokenSpec{Claims: map[string]any{"uti": "one"}}))
	if err != nil || got.ObjectID != strings.ToLower(w.lucia.ID) || got.ID != "one" || !got.Ends.Equal(w.now.Add(time.Hour)) {
		t.Errorf("a genuine one: %+v, %v", got, err)
	}
}

func TestTokensThatOpenNoTab(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	claim := func(name string, value any) string {
		return w.tabToken(teamsfake.TokenSpec{Claims: map[string]any{name: value}})
	}
	end := func(from time.Duration) int64 { return w.now.Add(from).Unix() }
	if _, err := w.VerifyTab(t.Context(), w.tabToken(teamsfake.TokenSpec{})); err != nil {
		t.Fatalf("a genuine one: %v", err)
	}
	for name, token := range map[string]string{
		"none":                     "",
		"no token":                 "a.b.c",
		"another tenant's issuer":  claim("iss", w.authority+"/"+other+"/v2.0"),
		"version 1's issuer":       claim("iss", "https://sts.windows.net/"+tenantID+"/"),
		"another tenant":           claim("tid", other),
		"no tenant":                claim("tid", nil),
		"of the Bot Framework":     w.Token(teamsfake.TokenSpec{}),
		"a sign-in's ID token":     w.token(teamsfake.TokenSpec{}),
		"another audience":         claim("aud", other),
		"the URI as audience":      claim("aud", "api://altas.example/botid-"+appID),
		"for others too":           claim("aud", []string{appID, other}),
		"another scope":            claim("scp", "User.Read"),
		"a scope that begins so":   claim("scp", "access_as_user_too"),
		"no scope":                 claim("scp", nil),
		"version 1.0":              claim("ver", "1.0"),
		"another client":           claim("azp", other),
		"no client":                claim("azp", nil),
		"expired":                  claim("exp", end(-time.Second)),
		"without an end":           claim("exp", nil),
		"not valid yet":            claim("nbf", end(6*time.Minute)),
		"without a beginning":      claim("nbf", nil),
		"without an id":            claim("uti", nil),
		"no object id":             claim("oid", nil),
		"an object id with a dash": claim("oid", "abcdef01-2345"),
		"not signed":               w.tabToken(teamsfake.TokenSpec{Sign: teamsfake.NoSignature}),
		"signed by the public key": w.tabToken(teamsfake.TokenSpec{Sign: teamsfake.PublicKeyAsHMAC}),
		"another's key of that id": w.tabToken(teamsfake.TokenSpec{Sign: teamsfake.StolenKeyID}),
		"claims changed":           w.tabToken(teamsfake.TokenSpec{Sign: teamsfake.TamperedContents}),
		"a key that is not there":  w.tabToken(teamsfake.TokenSpec{Sign: teamsfake.UnpublishedKey}),
		"no key named":             w.tabToken(teamsfake.TokenSpec{Header: map[string]any{"kid": nil}}),
		"too long":                 claim("x", strings.Repeat("x", 16<<10)),
	} {
		w.now = w.now.Add(time.Second) // unknown keys are paced
		if got, err := w.VerifyTab(t.Context(), token); problem.CodeOf(err) != problem.CodeForbidden {
			t.Errorf("%s: %+v, %v; want CodeForbidden", name, got, err)
		}
	}
}

// A tab's token is no sign-in for a letter either.
func TestATabTokenIsNoSignIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, nonce := range []string{"", "n"} {
		if _, err := w.Verify(t.Context(), w.tabToken(teamsfake.TokenSpec{}), nonce); problem.CodeOf(err) != problem.CodeForbidden {
			t.Errorf("nonce %q: %v", nonce, err)
		}
	}
}

// Forged tokens cause one call to Entra a second at most, and do not shut out those of known keys.
func TestForgedTabTokensArePaced(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if _, err := w.VerifyTab(t.Context(), w.tabToken(teamsfake.TokenSpec{})); err != nil {
		t.Fatal(err)
	}
	w.now = w.now.Add(time.Second)
	_, before := w.EntraKeyReads()
	for range 5 {
		_, err := w.VerifyTab(t.Context(), w.tabToken(teamsfake.TokenSpec{Sign: teamsfake.UnpublishedKey}))
		if err == nil {
			t.Fatal("a forged one was accepted")
		}
	}
	if _, reads := w.EntraKeyReads(); reads-before != 1 {
		t.Errorf("five forged ones: %d reads of the keys", reads-before)
	}
	if _, err := w.VerifyTab(t.Context(), w.tabToken(teamsfake.TokenSpec{})); err != nil {
		t.Errorf("a genuine one meanwhile: %v", err)
	}
	w.RotateEntraKeys(true)
	w.now = w.now.Add(time.Second)
	if _, err := w.VerifyTab(t.Context(), w.tabToken(teamsfake.TokenSpec{})); err != nil {
		t.Errorf("after a rotation: %v", err)
	}
}
