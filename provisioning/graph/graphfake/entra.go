package graphfake

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"time"
)

// entra issues and validates tokens.
type entra struct {
	mu             sync.Mutex
	apps           map[string]*App
	tokens         map[string]token
	claimsRequired bool // token requests need the claims of the challenge
}

// challenge is the WWW-Authenticate header that refuses a revoked token; its claims are
// {"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}.
// https://learn.microsoft.com/entra/identity-platform/claims-challenge
const (
	challenge     = `Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7ImVzc2VudGlhbCI6dHJ1ZSwgInZhbHVlIjoiMTYwNDEwNjY1MSJ9fX0="`
	challengeTime = `"1604106651"`
)

// RevokeTokens revokes the tokens issued until now, as continuous access evaluation does: a batch is
// still accepted with them, but each of its items is refused with a challenge. So are tokens that are
// requested without the challenge's claims later.
func (t *Tenant) RevokeTokens() {
	t.entra.mu.Lock()
	defer t.entra.mu.Unlock()
	t.entra.claimsRequired = true
	for access, known := range t.entra.tokens {
		known.revoked = true
		t.entra.tokens[access] = known
	}
}

type token struct {
	app     *App
	expires time.Time
	revoked bool
}

const tokenLife = time.Hour

func (e *entra) init(apps []App) {
	e.apps = map[string]*App{}
	e.tokens = map[string]token{}
	for i := range apps {
		e.apps[fold(apps[i].ID)] = &apps[i]
	}
}

func (e *entra) bearer(header string, now time.Time) (token, *fault) {
	refused := &fault{status: http.StatusUnauthorized, code: "InvalidAuthenticationToken", message: "Access token is empty."}
	presented, isBearer := strings.CutPrefix(header, "Bearer ")
	if !isBearer || presented == "" {
		return token{}, refused
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	known, issued := e.tokens[presented]
	switch {
	case !issued:
		refused.message = "Access token validation failure. Invalid audience."
		return token{}, refused
	case !now.Before(known.expires):
		refused.message = "Lifetime validation failed, the token is expired."
		return token{}, refused
	}
	return known, nil
}

func (e *entra) issue(app *App, asked, secret string, now time.Time) string {
	claims, _ := json.Marshal(map[string]any{"aud": "https://graph.microsoft.com", "appid": app.ID,
		"roles": app.Roles, "exp": now.Add(tokenLife).Unix(), "jti": secret})
	access := strings.Join([]string{
		base64.RawURLEncoding.EncodeToString([]byte(`{"typ":"JWT","alg":"RS256"}`)),
		base64.RawURLEncoding.EncodeToString(claims),
		base64.RawURLEncoding.EncodeToString([]byte(secret)),
	}, ".")
	e.mu.Lock()
	defer e.mu.Unlock()
	for old, known := range e.tokens {
		if !now.Before(known.expires) {
			delete(e.tokens, old)
		}
	}
	e.tokens[access] = token{app: app, expires: now.Add(tokenLife), revoked: e.claimsRequired && !strings.Contains(asked, challengeTime)}
	return access
}

// serveEntra serves the requests of a confidential client to its authority: OpenID configuration,
// instance discovery and token.
func (t *Tenant) serveEntra(w http.ResponseWriter, r *http.Request) {
	base := t.address(r)
	tenant, rest, _ := strings.Cut(strings.Trim(r.URL.Path, "/"), "/")
	switch {
	case rest == "v2.0/.well-known/openid-configuration":
		writeJSON(w, http.StatusOK, map[string]any{
			"issuer": base + "/" + tenant + "/v2.0", "token_endpoint": base + "/" + tenant + "/oauth2/v2.0/token",
			"authorization_endpoint": base + "/" + tenant + "/oauth2/v2.0/authorize",
			"jwks_uri":               base + "/" + tenant + "/discovery/v2.0/keys",
		})
	case strings.HasSuffix(r.URL.Path, "/discovery/instance"):
		writeJSON(w, http.StatusOK, map[string]any{
			"tenant_discovery_endpoint": base + "/" + t.config.TenantID + "/v2.0/.well-known/openid-configuration",
			"metadata":                  []any{map[string]any{"preferred_network": r.Host, "preferred_cache": r.Host, "aliases": []string{r.Host}}},
		})
	case rest == "oauth2/v2.0/token" && r.Method == http.MethodPost:
		t.serveToken(w, r, tenant)
	default:
		http.NotFound(w, r)
	}
}

func (t *Tenant) serveToken(w http.ResponseWriter, r *http.Request, tenant string) {
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	if r.ParseForm() != nil {
		refuseToken(w, http.StatusBadRequest, "invalid_request", "AADSTS900144: The request body must contain parameters.")
		return
	}
	if !strings.EqualFold(tenant, t.config.TenantID) {
		refuseToken(w, http.StatusBadRequest, "invalid_request", "AADSTS90002: Tenant '"+tenant+"' not found.")
		return
	}
	id, secret, basic := r.BasicAuth()
	if !basic {
		id, secret = r.PostForm.Get("client_id"), r.PostForm.Get("client_secret")
	}
	app := t.entra.apps[fold(id)]
	switch {
	case app == nil:
		refuseToken(w, http.StatusBadRequest, "unauthorized_client", "AADSTS700016: Application with identifier '"+id+"' was not found in the directory.")
	case app.Secret == "" || secret != app.Secret:
		refuseToken(w, http.StatusUnauthorized, "invalid_client", "AADSTS7000215: Invalid client secret provided.")
	case r.PostForm.Get("grant_type") != "client_credentials":
		refuseToken(w, http.StatusBadRequest, "unsupported_grant_type", "AADSTS70003: The app requested an unsupported grant type.")
	case !asksDefaultScope(r.PostForm.Get("scope")):
		refuseToken(w, http.StatusBadRequest, "invalid_scope", "AADSTS1002012: The provided value for scope is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier.")
	default:
		writeJSON(w, http.StatusOK, map[string]any{"token_type": "Bearer", "expires_in": int(tokenLife.Seconds()),
			"ext_expires_in": int(tokenLife.Seconds()), "access_token": t.entra.issue(app, r.PostForm.Get("claims"), t.newID(), t.config.Now())})
	}
}

func refuseToken(w http.ResponseWriter, status int, code, description string) {
	writeJSON(w, status, map[string]any{"error": code, "error_description": description, "error_codes": []int{}})
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// asksDefaultScope reports whether a /.default scope is among the scopes; clients add those of OpenID.
func asksDefaultScope(scopes string) bool {
	for scope := range strings.FieldsSeq(scopes) {
		if strings.HasSuffix(scope, "/.default") {
			return true
		}
	}
	return false
}
