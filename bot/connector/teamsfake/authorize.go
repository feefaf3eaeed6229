package teamsfake

import (
	"bytes"
	"cmp"
	"crypto/rand"
	"errors"
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// RegisterWeb registers redirect URIs of the bot's app as those of a web application, and enables
// ID tokens for it.
// https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc#enable-id-tokens
func (f *Fake) RegisterWeb(redirectURIs ...string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.redirects = append(f.redirects, redirectURIs...)
}

// SignIn opens an authorization URL in the browser of a person who is signed in to Entra, and
// returns what the browser then posts where. The error is the text of the page that Entra shows in
// place of returning to the app; other errors are in the form, as "error".
func (f *Fake) SignIn(personID, authorizeURL string) (form url.Values, action string, err error) {
	u, err := url.Parse(authorizeURL)
	if err != nil {
		return nil, "", fmt.Errorf("open %q: %w", authorizeURL, err)
	}
	segments := split(u.EscapedPath())
	if len(segments) != 4 || strings.Join(segments[1:], "/") != "oauth2/v2.0/authorize" {
		return nil, "", fmt.Errorf("open %q: not Entra's authorization endpoint", authorizeURL)
	}
	return f.authorize(u.Scheme+"://"+u.Host, segments[0], personID, u.Query())
}

// serveAuthorize serves /{tenant}/oauth2/v2.0/authorize to a browser. Nobody is signed in: a page
// lists the people, and each link is the sign-in of one.
func (f *Fake) serveAuthorize(r *http.Request, tenant string) answer {
	query := r.URL.Query()
	person := query.Get(personParameter)
	query.Del(personParameter)
	if r.Method != http.MethodGet {
		return answer{status: http.StatusMethodNotAllowed}
	}
	if person == "" {
		return f.peoplePage(r.URL)
	}
	form, action, err := f.authorize(origin(r), tenant, person, query)
	if err != nil {
		return page(http.StatusBadRequest, errorPage, err.Error())
	}
	return page(http.StatusOK, formPage, struct {
		Action string
		Form   url.Values
	}{action, form})
}

// personParameter is the fake's own: the person who signs in.
const personParameter = "fake_person"

// authorize answers an authorization request of a person who is signed in. Faults of the client
// and its redirect URI are shown by Entra itself; others are returned to the app.
// https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc#send-the-sign-in-request
// https://learn.microsoft.com/entra/identity-platform/reference-error-codes
func (f *Fake) authorize(authority, tenant, personID string, query url.Values) (form url.Values, action string, err error) {
	f.mu.Lock()
	p, redirects := f.person(personID), slices.Clone(f.redirects)
	f.mu.Unlock()
	client, redirect := query.Get("client_id"), query.Get("redirect_uri")
	switch {
	case !strings.EqualFold(tenant, f.cfg.TenantID):
		return nil, "", fmt.Errorf("AADSTS90002: Tenant '%s' not found", tenant)
	case client == "":
		return nil, "", errors.New("AADSTS900144: The request body must contain the following parameter: 'client_id'")
	case !strings.EqualFold(client, f.cfg.AppID):
		return nil, "", fmt.Errorf("AADSTS700016: Application with identifier '%s' was not found in the directory", client)
	case len(redirects) == 0:
		return nil, "", errors.New("AADSTS500113: No reply address is registered for the application")
	case redirect != "" && !slices.Contains(redirects, redirect):
		return nil, "", fmt.Errorf("AADSTS50011: The redirect URI '%s' specified in the request does not match the redirect URIs configured for the application", redirect)
	case query.Get("response_mode") == "query":
		return nil, "", errors.New("AADSTS70007: 'query' is not a supported value of 'response_mode' when requesting a token")
	case query.Get("response_mode") != "form_post":
		return nil, "", errors.New("the fake answers response_mode=form_post only")
	case p == nil:
		return nil, "", errors.New("AADSTS50034: The user account does not exist in the directory")
	}
	form = url.Values{}
	if code, text := refusedRequest(query); code != "" {
		form.Set("error", code)
		form.Set("error_description", text)
	} else {
		form.Set("id_token", f.idToken(authority, p, query, TokenSpec{}))
		form.Set("session_state", guid("session"+p.ID))
	}
	if state := query.Get("state"); state != "" {
		form.Set("state", state)
	}
	return form, cmp.Or(redirect, redirects[0]), nil
}

func refusedRequest(query url.Values) (code, text string) {
	scopes := strings.Fields(query.Get("scope"))
	switch {
	case query.Get("response_type") != "id_token":
		return "unsupported_response_type", fmt.Sprintf("AADSTS70005: response_type '%s' is not enabled for the application.", query.Get("response_type"))
	case !slices.Contains(scopes, "openid"):
		return "invalid_request", "AADSTS70005: response_type 'id_token' requires the 'OpenID' scope."
	case query.Get("nonce") == "":
		return "invalid_request", "AADSTS900144: The request body must contain the following parameter: 'nonce'."
	}
	return "", ""
}

// IDToken returns an ID token for a person as an authority with that base URL issues it to the
// bot's app, valid or forged.
func (f *Fake) IDToken(authority, personID, nonce string, spec TokenSpec) string {
	f.mu.Lock()
	p := f.person(personID)
	f.mu.Unlock()
	return f.idToken(authority, p, url.Values{"nonce": {nonce}, "scope": {"openid profile"}}, spec)
}

// idToken returns an ID token, version 2.0; it is valid from five minutes ago for an hour.
// https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference
func (f *Fake) idToken(authority string, p *Person, query url.Values, spec TokenSpec) string {
	now := f.cfg.Now()
	since := now.Add(-5 * time.Minute).Unix()
	claims := map[string]any{
		"iss": authority + "/" + f.cfg.TenantID + "/v2.0", "aud": f.cfg.AppID, "tid": f.cfg.TenantID, "ver": "2.0",
		"iat": since, "nbf": since, "exp": now.Add(tokenLife).Unix(), "nonce": query.Get("nonce"),
		"sub": opaque("subject"+f.cfg.AppID+p.ID, 43), "uti": opaque(rand.Text(), 22), "rh": "0." + opaque("rh"+p.ID, 30),
	}
	if slices.Contains(strings.Fields(query.Get("scope")), "profile") {
		claims["oid"], claims["name"], claims["preferred_username"] = p.ID, p.Name, p.UPN
	}
	if !strings.EqualFold(p.TenantID, f.cfg.TenantID) {
		claims["idp"] = "https://sts.windows.net/" + p.TenantID + "/"
	}
	return f.entraKeys.token(spec, merged(claims, spec.Claims))
}

// TeamsClient is the id of Teams in a browser, to which Entra issues the tokens of tabs.
const TeamsClient = "5e3ce6c0-2b1f-4285-8d4b-75ee78787346"

// TabToken returns an access token, version 2.0, that Teams gets for a person's tab of the bot's app, with
// the scope access_as_user; valid or forged.
// https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
func (f *Fake) TabToken(authority, personID string, spec TokenSpec) string {
	claims := map[string]any{"azp": TeamsClient, "azpacr": "0", "scp": "access_as_user", "nonce": nil}
	maps.Copy(claims, spec.Claims)
	return f.IDToken(authority, personID, "", TokenSpec{Sign: spec.Sign, Header: spec.Header, Claims: claims})
}

// RotateEntraKeys is RotateKeys of Entra's keys, which are not the Bot Framework's.
func (f *Fake) RotateEntraKeys(dropOld bool) { f.entraKeys.rotate(dropOld) }

// EntraKeysDown makes Entra's discovery document and keys answer 503, or serves them again.
func (f *Fake) EntraKeysDown(down bool) { f.entraKeys.setDown(down) }

// EntraKeyReads returns how often Entra's discovery document and keys were read.
func (f *Fake) EntraKeyReads() (discovery, keys int) { return f.entraKeys.reads() }

func (f *Fake) peoplePage(u *url.URL) answer {
	f.mu.Lock()
	defer f.mu.Unlock()
	type link struct{ Name, Address string }
	var people []link
	for _, p := range f.people {
		query := u.Query()
		query.Set(personParameter, p.ID)
		people = append(people, link{p.Name, u.Path + "?" + query.Encode()})
	}
	slices.SortFunc(people, func(a, b link) int { return cmp.Compare(a.Name, b.Name) })
	return page(http.StatusOK, peoplePage, people)
}

func page(status int, t *template.Template, about any) answer {
	var b bytes.Buffer
	if err := t.Execute(&b, about); err != nil {
		return answer{status: http.StatusInternalServerError}
	}
	return answer{status: status, raw: b.Bytes(), header: map[string]string{"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"}}
}

// The pages of the authorization endpoint. Entra's posts the form by a script, and shows a button
// without one.
var (
	formPage = template.Must(template.New("form").Parse(`<html><head><title>Working...</title></head><body>` +
		`<form method="POST" name="hiddenform" action="{{.Action}}">{{range $name, $values := .Form}}{{range $values}}` +
		`<input type="hidden" name="{{$name}}" value="{{.}}" />{{end}}{{end}}` +
		`<noscript><p>Script is disabled. Click Submit to continue.</p><input type="submit" value="Submit" /></noscript></form>` +
		`<script language="javascript">document.forms[0].submit();</script></body></html>`))
	errorPage  = template.Must(template.New("error").Parse(`<html><head><title>Sign in to your account</title></head><body><p>Sorry, but we’re having trouble signing you in.</p><p>{{.}}</p></body></html>`))
	peoplePage = template.Must(template.New("people").Parse(`<html><head><title>Sign in to your account</title></head><body><h1>Pick an account</h1>` +
		`<ul>{{range .}}<li><a href="{{.Address}}">{{.Name}}</a></li>{{end}}</ul></body></html>`))
)
