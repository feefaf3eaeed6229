package teamsfake_test

import (
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

const web = "https://altas.example/oficio/archivo"

// asked is a correct authorization request, with some parameters changed; "" removes one.
func (s *harness) asked(changes map[string]string) string {
	query := url.Values{
		"client_id": {appID}, "response_type": {"id_token"}, "response_mode": {"form_post"}, "scope": {"openid profile"},
		"redirect_uri": {web}, "state": {"st"}, "nonce": {"no"},
	}
	in := tenant
	for name, value := range changes {
		switch {
		case name == "tenant":
			in = value
		case value == "":
			query.Del(name)
		default:
			query.Set(name, value)
		}
	}
	return s.url + "/" + in + "/oauth2/v2.0/authorize?" + query.Encode()
}

// Entra's own page shows what is wrong with the client or its redirect URI.
func TestWhatEntraShowsInPlaceOfReturning(t *testing.T) {
	t.Parallel()
	s := newHarness(t)
	if _, _, err := s.SignIn(s.lucia.ID, s.asked(nil)); err == nil || !strings.Contains(err.Error(), "AADSTS500113") {
		t.Errorf("without a registered page: %v", err)
	}
	s.RegisterWeb(web)
	for want, changes := range map[string]map[string]string{
		"AADSTS90002:":  {"tenant": "common"},
		"AADSTS700016:": {"client_id": "33333333-3333-4333-8333-333333333333"},
		"AADSTS900144:": {"client_id": ""},
		"AADSTS50011:":  {"redirect_uri": web + "/"},
		"AADSTS70007:":  {"response_mode": "query"},
		"form_post":     {"response_mode": "fragment"},
	} {
		if form, _, err := s.SignIn(s.lucia.ID, s.asked(changes)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v, %v; want %s", changes, form, err, want)
		}
	}
	if _, _, err := s.SignIn("nobody", s.asked(nil)); err == nil || !strings.Contains(err.Error(), "AADSTS50034") {
		t.Errorf("a stranger: %v", err)
	}
	if _, _, err := s.SignIn(s.lucia.ID, s.url+"/"+tenant+"/oauth2/v2.0/token"); err == nil {
		t.Error("another address signs in")
	}
}

// The app gets what else is wrong, with its state.
func TestWhatEntraReturnsAsAnError(t *testing.T) {
	t.Parallel()
	s := newHarness(t)
	s.RegisterWeb(web)
	for want, changes := range map[string]map[string]string{
		"'nonce'":     {"nonce": ""},
		"'OpenID'":    {"scope": "profile"},
		"not enabled": {"response_type": "code"},
	} {
		form, action, err := s.SignIn(s.lucia.ID, s.asked(changes))
		if err != nil || action != web || form.Get("state") != "st" || form.Get("id_token") != "" || !strings.Contains(form.Get("error_description"), want) {
			t.Errorf("%v: %v to %s, %v; want an error about %s", changes, form, action, err, want)
		}
	}
}

// In a browser a person picks their account, and the page that then comes posts the token.
func TestSigningInByHand(t *testing.T) {
	t.Parallel()
	s := newHarness(t)
	s.RegisterWeb(web)
	get := func(address string, want int) string {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil || resp.StatusCode != want {
			t.Fatalf("%s: %d, %v", address, resp.StatusCode, err)
		}
		return html.UnescapeString(string(body))
	}
	people := get(s.asked(nil), 200)
	link := regexp.MustCompile(`href="([^"]*)">Lucía`).FindStringSubmatch(people)
	if link == nil {
		t.Fatalf("nobody to pick: %s", people)
	}
	form := get(s.url+link[1], 200)
	for _, want := range []string{`method="POST"`, `action="` + web + `"`, `name="id_token" value="ey`, `name="state" value="st"`, "submit()"} {
		if !strings.Contains(form, want) {
			t.Errorf("the form lacks %s: %s", want, form)
		}
	}
	if wrong := get(s.asked(map[string]string{"redirect_uri": "https://evil.example", "fake_person": s.lucia.ID}), 400); !strings.Contains(wrong, "AADSTS50011") {
		t.Errorf("the page says %s", wrong)
	}
}

// Entra's keys are not the Bot Framework's, and have no endorsements.
func TestEntraHasKeysOfItsOwn(t *testing.T) {
	t.Parallel()
	s := newHarness(t)
	keys := func(path string) string {
		req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+path, nil)
		_, _, body := s.do(t, req)
		return string(body)
	}
	entra, bot := keys("/"+tenant+"/discovery/v2.0/keys"), keys("/v1/.well-known/keys")
	if !strings.Contains(bot, s.KeyID()) || strings.Contains(entra, s.KeyID()) || strings.Contains(entra, "endorsements") || !strings.Contains(entra, `"kid"`) {
		t.Errorf("Entra's:\n%s\nthe Bot Framework's:\n%s", entra, bot)
	}
}
