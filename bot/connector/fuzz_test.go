package connector_test

import (
	"bytes"
	"context"
	"errors"
	"net/http/httptest"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
)

// FuzzReceive checks for any request: no panic, a *Refusal with an expected status, and nothing
// accepted without a valid token.
func FuzzReceive(f *testing.F) {
	const service = "https://smba.trafficmanager.net/amer/" // the same in every fuzzing process
	w := newWorld(f, func(c *connector.Config, _ *teamsfake.Config) {
		c.Sleep = func(context.Context, time.Duration) error { return context.DeadlineExceeded }
	})
	genuine := w.Token(teamsfake.TokenSpec{Claims: map[string]any{"serviceurl": service}})
	f.Add(string(w.hello(map[string]any{"serviceUrl": service})), "", true)
	f.Add(string(w.hello(map[string]any{"serviceUrl": service, "value": []any{1}, "entities": []any{3}})), "", true)
	f.Add(`{"channelData":{"team":[]},"conversation":7}`, "Bearer a.b.c", false)
	f.Add(`{"type":"message"`, "Bearer "+w.Token(teamsfake.TokenSpec{Sign: teamsfake.NoSignature}), false)
	f.Fuzz(func(t *testing.T, body, authorization string, signed bool) {
		if signed {
			authorization = "Bearer " + genuine
		}
		r := httptest.NewRequest("POST", "/api/messages", bytes.NewReader([]byte(body)))
		r.Header["Authorization"] = []string{authorization}
		a, err := w.Receive(t.Context(), r)
		var refusal *connector.Refusal
		switch {
		case err != nil && (!errors.As(err, &refusal) || refusal.Status < 400 || refusal.Status > 503):
			t.Errorf("err = %v", err)
		case err == nil && authorization != "Bearer "+genuine:
			t.Errorf("let in with %q", authorization)
		case err == nil:
			a.Click()
		}
	})
}
