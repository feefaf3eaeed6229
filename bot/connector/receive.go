package connector

import (
	"context"
	"errors"
	"io"
	"net/http"
)

// MaxBody is the largest request let in, in bytes.
const MaxBody = 256 << 10

// ChannelTeams is the only channel whose people are who they say they are.
const ChannelTeams = "msteams"

// Receive reads, verifies and decodes one POST of the Bot Framework. What it refuses
// is a *Refusal: 413 too large, 401 not proven to come from the Bot Framework for this
// bot, 400 unreadable, 403 another channel than Teams, 503 when the signing keys cannot
// be read. The tenant is the caller's to check.
func (c *Connector) Receive(ctx context.Context, r *http.Request) (*Activity, error) {
	body, err := readBody(r)
	if err != nil {
		return nil, err
	}
	headers := r.Header.Values("Authorization")
	if len(headers) != 1 {
		return nil, &Refusal{Status: http.StatusUnauthorized, Reason: "want one Authorization header"}
	}
	// The token comes first: reading a strange body costs a thousand times more, and
	// whether it can be read is told only to a caller whose token is genuine.
	proven, err := c.validator.prove(ctx, headers[0])
	if err != nil {
		return nil, refusal(err)
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

func readBody(r *http.Request) ([]byte, error) {
	tooLarge := &Refusal{Status: http.StatusRequestEntityTooLarge, Reason: "body too large"}
	if r.ContentLength > MaxBody {
		return nil, tooLarge
	}
	if r.Body == nil {
		return nil, nil
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, MaxBody+1))
	var limited *http.MaxBytesError
	switch {
	case len(body) > MaxBody || errors.As(err, &limited):
		return nil, tooLarge
	case err != nil:
		return nil, &Refusal{Status: http.StatusBadRequest, Reason: "body broke off"}
	}
	return body, nil
}
