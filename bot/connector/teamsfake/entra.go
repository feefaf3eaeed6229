package teamsfake

import (
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

const connectorScope = "https://api.botframework.com/.default"

// tokenLife is the lifetime of an access token, Entra's default.
const tokenLife = time.Hour

// Grant is what an access token is valid for.
type Grant struct {
	TenantID string
	AppID    string
	Scope    string
	Expires  time.Time
}

// Grant returns what an access token of this authority is valid for; false if it is unknown or has
// expired.
func (f *Fake) Grant(token string) (Grant, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	g, known := f.grants[token]
	return g, known && f.cfg.Now().Before(g.Expires)
}

// RevokeTokens invalidates all access tokens.
func (f *Fake) RevokeTokens() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.grants = map[string]Grant{}
}

// serveDiscovery serves /{tenant}/v2.0/.well-known/openid-configuration.
func (f *Fake) serveDiscovery(r *http.Request, tenant string) answer {
	base := origin(r) + "/" + url.PathEscape(tenant)
	return f.entraKeys.serveMetadata(object{
		"issuer":                                base + "/v2.0",
		"authorization_endpoint":                base + "/oauth2/v2.0/authorize",
		"token_endpoint":                        base + "/oauth2/v2.0/token",
		"jwks_uri":                              base + "/discovery/v2.0/keys",
		"response_types_supported":              []string{"code", "id_token", "code id_token", "id_token token"},
		"response_modes_supported":              []string{"query", "fragment", "form_post"},
		"scopes_supported":                      []string{"openid", "profile", "email", "offline_access"},
		"subject_types_supported":               []string{"pairwise"},
		"id_token_signing_alg_values_supported": []string{"RS256"},
	})
}

// serveToken serves /{tenant}/oauth2/v2.0/token as Entra does, for client credentials.
func (f *Fake) serveToken(r *http.Request, tenant string) answer {
	if r.Method != http.MethodPost {
		return answer{status: http.StatusMethodNotAllowed}
	}
	if err := r.ParseForm(); err != nil {
		return entraError(400, "invalid_request", 900144, "The request body could not be read.")
	}
	if got := r.PostForm.Get("grant_type"); got != "client_credentials" {
		return entraError(400, "unsupported_grant_type", 70003, fmt.Sprintf("The app requested an unsupported grant type '%s'.", got))
	}
	id, secret := r.PostForm.Get("client_id"), r.PostForm.Get("client_secret")
	if user, password, basic := r.BasicAuth(); basic {
		id, secret = user, password
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	app, refusal := f.appFor(tenant, id, secret)
	if app == nil {
		return refusal
	}
	scope := grantedScope(app, r.PostForm.Get("scope"))
	if scope == "" {
		return entraError(400, "invalid_scope", 70011, "The provided value for the input parameter 'scope' is not valid.")
	}
	return f.grant(tenant, id, scope)
}

func (f *Fake) appFor(tenant, id, secret string) (*App, answer) {
	known := false
	for i := range f.apps {
		a := &f.apps[i]
		known = known || strings.EqualFold(a.TenantID, tenant)
		if !strings.EqualFold(a.TenantID, tenant) || !strings.EqualFold(a.ID, id) {
			continue
		}
		if a.Secret == "" || subtle.ConstantTimeCompare([]byte(a.Secret), []byte(secret)) != 1 {
			return nil, entraError(401, "invalid_client", 7000215, "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID.")
		}
		return a, answer{}
	}
	if !known {
		return nil, entraError(400, "invalid_request", 90002, fmt.Sprintf("Tenant '%s' not found.", tenant))
	}
	return nil, entraError(400, "unauthorized_client", 700016, fmt.Sprintf("Application with identifier '%s' was not found in the directory.", id))
}

// grantedScope returns the scope of a resource among the requested ones: MSAL also requests openid,
// offline_access and profile.
func grantedScope(app *App, asked string) string {
	for s := range strings.FieldsSeq(asked) {
		if slices.Contains(app.Scopes, s) {
			return s
		}
	}
	return ""
}

func (f *Fake) grant(tenant, id, scope string) answer {
	token := "eyJ0eXAiOiJKV1QifQ." + rand.Text() + rand.Text() + "." + rand.Text()
	f.grants[token] = Grant{TenantID: tenant, AppID: id, Scope: scope, Expires: f.cfg.Now().Add(tokenLife)}
	seconds := int(tokenLife / time.Second)
	return ok(object{"token_type": "Bearer", "expires_in": seconds, "ext_expires_in": seconds, "access_token": token})
}

func entraError(status int, code string, number int, text string) answer {
	trace := rand.Text()
	return answer{status: status, body: object{
		"error":             code,
		"error_description": fmt.Sprintf("AADSTS%d: %s Trace ID: %s", number, text, trace),
		"error_codes":       []int{number},
		"trace_id":          trace,
		"correlation_id":    trace,
	}}
}
