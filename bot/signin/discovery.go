package signin

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
)

// Bounds of a call to Entra.
const (
	callWithin  = 5 * time.Second
	maxDocument = 1 << 20 // in bytes; further ones are cut off
)

// provider is where Entra signs people in, and its signing keys, which are read when first needed
// and again for a token whose key is not among them.
type provider struct {
	authorize *url.URL
	keys      *oidc.RemoteKeySet
}

// provider discovers Entra at the first call, and again if that failed. Concurrent callers share
// one discovery, which goes on if one of them leaves.
func (e *Entra) provider(ctx context.Context) (*provider, error) {
	discovered := e.asking.DoChan("", func() (_ any, err error) {
		if e.found == nil {
			e.found, err = e.discover(context.WithoutCancel(ctx))
		}
		return e.found, err
	})
	select {
	case <-ctx.Done():
		return nil, unavailable(ctx.Err())
	case result := <-discovered:
		p, ok := result.Val.(*provider)
		if result.Err != nil || !ok {
			return nil, unavailable(result.Err)
		}
		return p, nil
	}
}

func (e *Entra) discover(ctx context.Context) (*provider, error) {
	ctx, cancel := context.WithTimeout(oidc.ClientContext(ctx, e.http), callWithin)
	defer cancel()
	document, err := oidc.NewProvider(ctx, e.issuer)
	if err != nil {
		return nil, fmt.Errorf("discover Entra: %w", err)
	}
	var named struct {
		Keys string `json:"jwks_uri"`
	}
	if err := document.Claims(&named); err != nil {
		return nil, fmt.Errorf("discover Entra: %w", err)
	}
	authorize, err := url.Parse(document.Endpoint().AuthURL)
	if err != nil || !isHTTPS(authorize) {
		return nil, fmt.Errorf("discover Entra: authorization endpoint %q is not https", document.Endpoint().AuthURL)
	}
	if at, err := url.Parse(named.Keys); err != nil || !isHTTPS(at) {
		return nil, fmt.Errorf("discover Entra: keys at %q are not https", named.Keys)
	}
	return &provider{authorize: authorize, keys: oidc.NewRemoteKeySet(oidc.ClientContext(context.WithoutCancel(ctx), e.http), named.Keys)}, nil
}

func isHTTPS(u *url.URL) bool { return u.Scheme == "https" && u.Host != "" && u.User == nil }

// keys verifies the signature of one token, and tells whether the published keys could not be read,
// which the verifier's error does not.
type keys struct {
	published *oidc.RemoteKeySet
	unread    error
}

// VerifySignature returns the claims of a token that a published key signed.
func (k *keys) VerifySignature(ctx context.Context, token string) ([]byte, error) {
	claims, err := k.published.VerifySignature(ctx, token)
	if errors.Unwrap(err) != nil { // only the error of reading the keys wraps another
		k.unread = err
	}
	return claims, err
}

// bounded returns a client with a time-out that follows no redirect and reads limited answers.
func bounded(given *http.Client) *http.Client {
	base := http.DefaultTransport
	if given != nil && given.Transport != nil {
		base = given.Transport
	}
	return &http.Client{
		Transport: limited{base}, Timeout: callWithin,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// limited cuts answers off after maxDocument.
type limited struct{ http.RoundTripper }

// RoundTrip makes a call.
func (l limited) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := l.RoundTripper.RoundTrip(r)
	if err == nil {
		resp.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(resp.Body, maxDocument), resp.Body}
	}
	return resp, err
}
