package signin

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/google/uuid"
	"golang.org/x/sync/singleflight"

	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// Config names the registration in Entra whose redirect URIs include the caller's page and which
// has ID tokens enabled.
type Config struct {
	Authority  string       // https://login.microsoftonline.com
	TenantID   string       // a GUID
	ClientID   string       // the bot's application id, a GUID
	HTTPClient *http.Client // its transport is used; http.DefaultTransport if nil
	Now        func() time.Time
}

// Entra signs people in. It is safe for concurrent use.
type Entra struct {
	issuer, tenant, client string
	http                   *http.Client
	now                    func() time.Time

	asking singleflight.Group // one discovery at a time
	found  *provider          // only asking reads and writes it; nil until discovered

	unknown unknownKeys // of tab tokens
}

// New returns an Entra, or all errors of the configuration joined. It makes no call.
func New(cfg Config) (*Entra, error) {
	var faults []error
	u, err := url.Parse(cfg.Authority)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil {
		faults = append(faults, fmt.Errorf("signin: authority %q is not https://host", cfg.Authority))
	}
	for what, id := range map[string]string{"tenant id": cfg.TenantID, "client id": cfg.ClientID} {
		if !isGUID(id) {
			faults = append(faults, fmt.Errorf("signin: %s %q is not a GUID", what, id))
		}
	}
	if cfg.Now == nil {
		faults = append(faults, errors.New("signin: clock required"))
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	tenant := strings.ToLower(cfg.TenantID)
	return &Entra{
		issuer: strings.TrimRight(cfg.Authority, "/") + "/" + tenant + "/v2.0", tenant: tenant,
		client: strings.ToLower(cfg.ClientID), http: bounded(cfg.HTTPClient), now: cfg.Now,
	}, nil
}

// AuthURL returns the address at which a person signs in; Entra then makes their browser post
// id_token and state to redirect or, if they could not sign in, error, error_description and state.
// The error is a *problem.Error with CodeUnavailable.
func (e *Entra) AuthURL(ctx context.Context, redirect, state, nonce string) (string, error) {
	p, err := e.provider(ctx)
	if err != nil {
		return "", err
	}
	address := *p.authorize
	query := address.Query()
	for name, value := range map[string]string{
		"client_id": e.client, "response_type": "id_token", "response_mode": "form_post", "scope": "openid profile",
		"redirect_uri": redirect, "state": state, "nonce": nonce,
	} {
		query.Set(name, value)
	}
	address.RawQuery = query.Encode()
	return address.String(), nil
}

// maxToken is the size above which a token is refused unread; Entra's have 2 KB.
const maxToken = 16 << 10

// Verify returns the object id, in lower case, of the person whom Entra issued an ID token to. The
// error is a *problem.Error: CodeForbidden for a token that is not Entra's, of this tenant, for this
// registration and this sign-in, or is out of date; CodeUnavailable if Entra's keys cannot be read.
func (e *Entra) Verify(ctx context.Context, idToken, nonce string) (objectID string, err error) {
	if nonce == "" || len(idToken) > maxToken {
		return "", forbidden(errors.New("no nonce, or no token of usual size"))
	}
	token, err := e.verified(ctx, idToken)
	if err != nil {
		return "", err
	}
	return e.person(token, nonce)
}

// verified returns a token that Entra signed for this registration and which is in date.
func (e *Entra) verified(ctx context.Context, raw string) (*oidc.IDToken, error) {
	p, err := e.provider(ctx)
	if err != nil {
		return nil, err
	}
	signature := &keys{published: p.keys}
	verifier := oidc.NewVerifier(e.issuer, signature, &oidc.Config{
		ClientID: e.client, SupportedSigningAlgs: []string{oidc.RS256}, Now: e.now,
	})
	token, err := verifier.Verify(ctx, raw)
	switch {
	case signature.unread != nil:
		return nil, unavailable(signature.unread)
	case err != nil:
		return nil, forbidden(err)
	}
	return token, nil
}

// person checks what a genuine token says of the sign-in, and returns whose it is.
// https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference
func (e *Entra) person(token *oidc.IDToken, nonce string) (string, error) {
	var claims struct {
		Tenant string `json:"tid"`
		Object string `json:"oid"`
	}
	if err := token.Claims(&claims); err != nil {
		return "", forbidden(err)
	}
	switch {
	case subtle.ConstantTimeCompare([]byte(token.Nonce), []byte(nonce)) != 1:
		return "", forbidden(errors.New("the token is of another sign-in"))
	case len(token.Audience) != 1:
		return "", forbidden(errors.New("the token is for others too"))
	case !strings.EqualFold(claims.Tenant, e.tenant):
		return "", forbidden(errors.New("the token is of another tenant"))
	case !isGUID(claims.Object):
		return "", forbidden(errors.New("the token has no object id"))
	}
	return strings.ToLower(claims.Object), nil
}

// isGUID reports whether an id is a GUID in its usual form.
func isGUID(id string) bool { return len(id) == 36 && uuid.Validate(id) == nil }

func forbidden(err error) error {
	return &problem.Error{Code: problem.CodeForbidden, Reason: "signin.token", Err: err}
}

func unavailable(err error) error {
	return &problem.Error{Code: problem.CodeUnavailable, Reason: "signin.unavailable", Err: err}
}
