package connector

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"
)

// MaxBody is the largest request let in, in bytes.
const MaxBody = 256 << 10

// ChannelTeams is the only channel whose people are who they say they are.
const ChannelTeams = "msteams"

// How many bodies are read at once, and how long a request waits to have its own read.
// A stranger's is never begun: this bounds what those cost whose token is genuine.
const (
	maxBodies    = 64
	bodyPatience = 2 * time.Second
)

type provenKey struct{}

// OnProof returns a context for Receive that calls proven once a request's token was
// found genuine: whoever counts strangers need not count its connection any more.
func OnProof(ctx context.Context, proven func()) context.Context {
	return context.WithValue(ctx, provenKey{}, proven)
}

// Proven tells whoever made ctx by OnProof.
func Proven(ctx context.Context) {
	if tell, ok := ctx.Value(provenKey{}).(func()); ok {
		tell()
	}
}

// Receive reads, verifies and decodes one POST of the Bot Framework. What it refuses
// is a *Refusal: 401 not proven to come from the Bot Framework for this bot, 413 too
// large, 400 unreadable, 403 another channel than Teams, 503 when the signing keys cannot
// be read or too many bodies are being read. The tenant is the caller's to check.
func (c *Connector) Receive(ctx context.Context, r *http.Request) (*Activity, error) {
	headers := r.Header.Values("Authorization")
	if len(headers) != 1 {
		return nil, &Refusal{Status: http.StatusUnauthorized, Reason: "want one Authorization header"}
	}
	// The token comes first: a stranger's body costs memory for as long as they take to
	// send it, and whether it can be read is told only to a caller whose token is genuine.
	proven, err := c.validator.prove(ctx, headers[0])
	if err != nil {
		return nil, refusal(err)
	}
	Proven(ctx)
	body, err := c.readBody(ctx, r)
	if err != nil {
		return nil, err
	}
	activity, err := decode(body)
	if err != nil {
		return nil, &Refusal{Status: http.StatusBadRequest, Reason: err.Error()}
	}
	adapter := c.adapter(nil)
	_, err = adapter.AuthenticateRequest(proven.in(ctx), activity.schema(), headers[0], adapter.CredentialProvider, adapter.ChannelService)
	if err != nil {
		return nil, refusal(err)
	}
	if activity.ChannelName != ChannelTeams {
		return nil, &Refusal{Status: http.StatusForbidden, Reason: "another channel than Teams"}
	}
	return activity, nil
}

// refusal says how a token is refused that does not prove what it should.
func refusal(err error) *Refusal {
	if errors.Is(err, errNoKeys) {
		return &Refusal{Status: http.StatusServiceUnavailable, Reason: err.Error()}
	}
	return &Refusal{Status: http.StatusUnauthorized, Reason: err.Error()}
}

func (c *Connector) readBody(ctx context.Context, r *http.Request) ([]byte, error) {
	tooLarge := &Refusal{Status: http.StatusRequestEntityTooLarge, Reason: "body too large"}
	if r.ContentLength > MaxBody {
		return nil, tooLarge
	}
	if r.Body == nil {
		return nil, nil
	}
	if !c.enter(ctx) {
		return nil, &Refusal{Status: http.StatusServiceUnavailable, Reason: "too many bodies are being read"}
	}
	defer func() { <-c.bodies }()
	body, err := io.ReadAll(io.LimitReader(r.Body, MaxBody+1))
	switch {
	case len(body) > MaxBody:
		return nil, tooLarge
	case err != nil:
		return nil, &Refusal{Status: http.StatusBadRequest, Reason: "body broke off"}
	}
	return body, nil
}

// enter reports whether a body may be read now, or soon.
func (c *Connector) enter(ctx context.Context) bool {
	select {
	case c.bodies <- struct{}{}:
		return true
	default:
	}
	timer := time.NewTimer(bodyPatience)
	defer timer.Stop()
	select {
	case c.bodies <- struct{}{}:
		return true
	case <-timer.C:
	case <-ctx.Done():
	}
	return false
}
