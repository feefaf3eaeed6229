package connector

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"
)

// MaxBody is the largest request body, in bytes.
const MaxBody = 256 << 10

// ChannelTeams is the only Bot Framework channel whose senders are authenticated by Entra.
const ChannelTeams = "msteams"

// How many bodies are read concurrently, and how long a request waits for that. Bodies of
// unverified senders are never read: this bounds the cost of those with a valid token.
const (
	maxBodies    = 64
	bodyPatience = 2 * time.Second
)

type provenKey struct{}

// OnProof returns a context for Receive that calls proven once a request's token is verified:
// its connection need not be counted as unverified any more.
func OnProof(ctx context.Context, proven func()) context.Context {
	return context.WithValue(ctx, provenKey{}, proven)
}

// Proven calls the function given to OnProof for ctx, if any.
func Proven(ctx context.Context) {
	if tell, ok := ctx.Value(provenKey{}).(func()); ok {
		tell()
	}
}

// Receive reads, verifies and decodes one POST of the Bot Framework. A refused one is a
// *Refusal: 401 not verified as from the Bot Framework for this bot, 413 too large, 400
// malformed, 403 another channel than Teams, 503 if the signing keys cannot be read or too many
// bodies are being read. The caller checks the tenant.
func (c *Connector) Receive(ctx context.Context, r *http.Request) (*Activity, error) {
	headers := r.Header.Values("Authorization")
	if len(headers) != 1 {
		return nil, &Refusal{Status: http.StatusUnauthorized, Reason: "want one Authorization header"}
	}
	// The token is verified first: an unverified sender's body would use memory for as long as
	// it takes to send, and whether a body is valid is disclosed only after a valid token.
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

// refusal converts a token error to a *Refusal.
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

// enter reports whether a body may be read now or within the wait.
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
