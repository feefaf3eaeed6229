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

// credential is azidentity's, with the cache that it will not let go of: after a
// 401 Renew starts afresh, for tokens revoked before their time. And of many who want
// a token one asks for it; where there is none, the others are spared for a while, and
// Entra too: it locks out whoever keeps asking.
type credential struct {
	build func() (azcore.TokenCredential, error)
	now   func() time.Time

	turn    chan struct{} // holds one: whose turn it is to ask, and to look at these
	refused error         // why there was no token
	until   time.Time     // when to ask again

	mu      sync.Mutex
	current azcore.TokenCredential
	born    time.Time
	claims  string // what the next token must satisfy; "" for nothing
}

// refusedFor is how long nobody asks Entra for a token after it gave none, unless it
// says when.
const refusedFor = 10 * time.Second

// renewEvery keeps a tenant that refuses every token from being asked for more.
const renewEvery = 30 * time.Second

func newCredential(c Config) (*credential, error) {
	options := azidentity.ClientSecretCredentialOptions{
		ClientOptions: azcore.ClientOptions{
			Cloud:     cloud.Configuration{ActiveDirectoryAuthorityHost: secure(c.Authority)},
			Transport: &entraTransport{client: staying(c.Transport, c.Timeout), plain: strings.HasPrefix(c.Authority, "http://")},
		},
		DisableInstanceDiscovery: !knownAuthority(c.Authority),
	}
	made := &credential{now: c.Now, turn: make(chan struct{}, 1), build: func() (azcore.TokenCredential, error) {
		return azidentity.NewClientSecretCredential(c.TenantID, c.ClientID, string(c.ClientSecret), &options)
	}}
	made.turn <- struct{}{}
	var err error
	if made.current, err = made.build(); err != nil {
		return nil, fmt.Errorf("graph: credential: %w", err)
	}
	return made, nil
}

// GetToken returns a token, cached until shortly before it ends.
func (c *credential) GetToken(ctx context.Context, options policy.TokenRequestOptions) (azcore.AccessToken, error) {
	select {
	case <-c.turn:
		defer func() { c.turn <- struct{}{} }()
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
		options.Claims = claims // azidentity then asks Entra, whatever it has
	}
	token, err := current.GetToken(ctx, options)
	if err == nil && claims != "" {
		c.satisfied(current)
	}
	return token, err
}

// tokenError is Entra's refusal in one line, azidentity quotes the whole exchange; and
// how long Entra wants to be left alone, 0 where it does not say.
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
	data, _ := io.ReadAll(io.LimitReader(response.Body, 64<<10)) // azidentity keeps it readable
	_ = json.Unmarshal(data, &body)
	line, _, _ := strings.Cut(body.Description, "\r\n")
	return retryAfter(response.Header.Get("Retry-After"), now),
		fmt.Errorf("token: entra answered %d %s: %s", response.StatusCode, body.Error, line)
}

func (c *credential) satisfied(by azcore.TokenCredential) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.current == by {
		c.claims = ""
	}
}

// Renew forgets the cached token, for a request that was sent at the time with it
// and refused, challenge being the answer's WWW-Authenticate. It reports whether
// sending the request again is worth a try: there is a new token then, asked for now
// or by another request meanwhile.
func (c *credential) Renew(sent time.Time, challenge string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.born.IsZero() && c.now().Sub(c.born) < renewEvery {
		return sent.Before(c.born)
	}
	fresh, err := c.build()
	if err != nil {
		return false
	}
	c.current, c.born, c.claims = fresh, c.now(), claimsOf(challenge)
	return true
}

var challengedClaims = regexp.MustCompile(`(?i)\bclaims="([^"]+)"`)

// claimsOf reads what a challenge of continuous access evaluation asks the next
// token to satisfy, "" where it is none.
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

// knownAuthority are the clouds whose instances Microsoft can vouch for.
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

// scopeOf is the permission set asked for: that of the cloud Graph is in, and of
// the public one for addresses that stand in for it.
func scopeOf(graph *url.URL) string {
	switch host := graph.Hostname(); host {
	case "graph.microsoft.us", "dod-graph.microsoft.us", "microsoftgraph.chinacloudapi.cn":
		return "https://" + host + "/.default"
	}
	return "https://graph.microsoft.com/.default"
}

func secure(address string) string {
	if rest, plain := strings.CutPrefix(address, "http://"); plain {
		return "https://" + rest
	}
	return address
}

// staying returns a client that follows no redirect: the secret, or the token, must not
// travel to an address that an answer chose. A timeout of zero is the caller's context's.
func staying(transport http.RoundTripper, timeout time.Duration) *http.Client {
	return &http.Client{Transport: transport, Timeout: timeout, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
}

// entraTransport carries azidentity's requests. azidentity insists on https; an
// authority on this machine that speaks plain http is reached by it all the same.
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
