package graph

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
)

// credential wraps azidentity's credential, whose token cache cannot be cleared: after a 401
// Renew creates a new one, for tokens revoked before their expiry. One caller at a time asks
// Entra for a token. After a refusal all callers get the same error for a while, because Entra
// locks out apps that keep asking.
type credential struct {
	build func() (azcore.TokenCredential, error)
	now   func() time.Time

	sem     chan struct{} // a semaphore of one: guards GetToken, refused and until
	refused error         // the last refusal
	until   time.Time     // when Entra may be asked again

	mu        sync.Mutex
	current   azcore.TokenCredential
	renewedAt time.Time // when Renew created current; zero before
	claims    string    // the claims challenge for the next token; "" for none
}

// refusedFor is the least time without token requests after Entra refused one.
const refusedFor = 10 * time.Second

// renewEvery is the least time between renewals, in case a tenant refuses every token.
const renewEvery = 30 * time.Second

func newCredential(c Config) (*credential, error) {
	options := azidentity.ClientSecretCredentialOptions{
		ClientOptions: azcore.ClientOptions{
			Cloud:     cloud.Configuration{ActiveDirectoryAuthorityHost: asHTTPS(c.Authority)},
			Transport: &entraTransport{client: withoutRedirects(c.Transport, c.Timeout), plain: strings.HasPrefix(c.Authority, "http://")},
		},
		DisableInstanceDiscovery: !knownAuthority(c.Authority),
	}
	made := &credential{now: c.Now, sem: make(chan struct{}, 1), build: func() (azcore.TokenCredential, error) {
		return azidentity.NewClientSecretCredential(c.TenantID, c.ClientID, string(c.ClientSecret), &options)
	}}
	made.sem <- struct{}{}
	var err error
	if made.current, err = made.build(); err != nil {
		return nil, fmt.Errorf("graph: credential: %w", err)
	}
	return made, nil
}

// GetToken implements azcore.TokenCredential. Tokens are cached until shortly before their
// expiry.
func (c *credential) GetToken(ctx context.Context, options policy.TokenRequestOptions) (azcore.AccessToken, error) {
	select {
	case <-c.sem:
		defer func() { c.sem <- struct{}{} }()
	case <-ctx.Done():
		return azcore.AccessToken{}, ctx.Err()
	}
	if c.now().Before(c.until) {
		return azcore.AccessToken{}, c.refused
	}
	token, err := c.ask(ctx, options)
	if err != nil {
		wait, refusal := tokenError(err, c.now())
		c.refused, c.until = refusal, c.now().Add(max(wait, refusedFor))
		return token, refusal
	}
	return token, nil
}

func (c *credential) ask(ctx context.Context, options policy.TokenRequestOptions) (azcore.AccessToken, error) {
	c.mu.Lock()
	current, claims := c.current, c.claims
	c.mu.Unlock()
	if claims != "" {
		options.Claims = claims // azidentity then does not use its cache
	}
	token, err := current.GetToken(ctx, options)
	if err == nil && claims != "" {
		c.clearClaims(current)
	}
	return token, err
}

// tokenError returns Entra's refusal in one line, where azidentity quotes the whole exchange, and
// its Retry-After, 0 if there is none.
func tokenError(err error, now time.Time) (wait time.Duration, refusal error) {
	var answer *azidentity.AuthenticationFailedError
	if !errors.As(err, &answer) || answer.RawResponse == nil {
		return 0, fmt.Errorf("token: %w", err)
	}
	var body struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}
	response := answer.RawResponse
	data, _ := io.ReadAll(io.LimitReader(response.Body, 64<<10)) // azidentity has buffered it
	_ = json.Unmarshal(data, &body)
	line, _, _ := strings.Cut(body.Description, "\r\n")
	return retryAfter(response.Header.Get("Retry-After"), now),
		fmt.Errorf("token: entra answered %d %s: %s", response.StatusCode, body.Error, line)
}

// clearClaims clears the claims once the credential has returned a token for them.
func (c *credential) clearClaims(by azcore.TokenCredential) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.current == by {
		c.claims = ""
	}
}

// Renew discards the cached token after a request sent at that time was answered 401; challenge
// is the answer's WWW-Authenticate. It reports whether the request should be sent again: the
// next token is a new one, or another request has renewed it since.
func (c *credential) Renew(sent time.Time, challenge string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.renewedAt.IsZero() && c.now().Sub(c.renewedAt) < renewEvery {
		return sent.Before(c.renewedAt)
	}
	fresh, err := c.build()
	if err != nil {
		return false
	}
	c.current, c.renewedAt, c.claims = fresh, c.now(), claimsOf(challenge)
	return true
}

var challengedClaims = regexp.MustCompile(`(?i)\bclaims="([^"]+)"`)

// claimsOf returns the claims of a continuous access evaluation challenge, as JSON; "" if it is
// none.
// https://learn.microsoft.com/entra/identity-platform/claims-challenge
func claimsOf(challenge string) string {
	found := challengedClaims.FindStringSubmatch(challenge)
	if found == nil {
		return ""
	}
	claims, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(found[1], "="))
	if err != nil || !json.Valid(claims) {
		return ""
	}
	return string(claims)
}

// knownAuthority reports whether instance discovery knows the authority: it is a Microsoft
// cloud's.
func knownAuthority(authority string) bool {
	u, err := url.Parse(authority)
	if err != nil {
		return false
	}
	switch u.Hostname() {
	case "login.microsoftonline.com", "login.microsoftonline.us", "login.chinacloudapi.cn", "login.partner.microsoftonline.cn":
		return true
	}
	return false
}

// scopeOf returns the token's scope: that of Graph's national cloud, else of the public cloud,
// also for a fake's address.
func scopeOf(graph *url.URL) string {
	switch host := graph.Hostname(); host {
	case "graph.microsoft.us", "dod-graph.microsoft.us", "microsoftgraph.chinacloudapi.cn":
		return "https://" + host + "/.default"
	}
	return "https://graph.microsoft.com/.default"
}

func asHTTPS(address string) string {
	if rest, plain := strings.CutPrefix(address, "http://"); plain {
		return "https://" + rest
	}
	return address
}

// withoutRedirects returns a client that follows no redirect: the secret or the token must not be sent
// to an address that a response names. A timeout of zero is none.
func withoutRedirects(transport http.RoundTripper, timeout time.Duration) *http.Client {
	return &http.Client{Transport: transport, Timeout: timeout, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
}

// entraTransport sends azidentity's requests. azidentity requires https; requests to a loopback
// authority with plain http are rewritten.
type entraTransport struct {
	client *http.Client
	plain  bool
}

// Do sends one request to the authority.
func (t *entraTransport) Do(request *http.Request) (*http.Response, error) {
	if t.plain && loopback(request.URL.Hostname()) {
		request = request.Clone(request.Context())
		request.URL.Scheme = "http"
		request.Header.Set("X-Forwarded-Proto", "https")
	}
	return t.client.Do(request) //nolint:gosec // the authority is the operator's own setting
}
