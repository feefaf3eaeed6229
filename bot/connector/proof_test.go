package connector_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
)

// OnProof's function is called for a valid token; a body declared as too large is refused
// unread, and an empty one is no activity.
func TestGenuineTokenIsTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, c := range map[string]struct {
		body   io.ReadCloser
		length int64
		want   int
	}{
		"announced as too large": {unreadBody{t}, connector.MaxBody + 1, http.StatusRequestEntityTooLarge},
		"missing":                {nil, 0, http.StatusBadRequest},
		"broken off":             {io.NopCloser(iotest.ErrReader(io.ErrUnexpectedEOF)), 100, http.StatusBadRequest},
	} {
		r := httptest.NewRequest(http.MethodPost, "/api/messages", nil)
		r.Header.Set("Authorization", bearer(w.Token(teamsfake.TokenSpec{})))
		r.Body, r.ContentLength = c.body, c.length
		proven := false
		_, err := w.Receive(connector.OnProof(t.Context(), func() { proven = true }), r)
		if refused, ok := errors.AsType[*connector.Refusal](err); !ok || refused.Status != c.want || !proven {
			t.Errorf("%s: err = %v, proven %v; want %d", name, err, proven, c.want)
		}
	}
}

// Tokens that are invalid anyway cause no call to the key publisher.
func TestHopelessTokensCostNoCall(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, spec := range map[string]teamsfake.TokenSpec{
		"no key id":          {Header: map[string]any{"kid": nil}},
		"an empty one":       {Header: map[string]any{"kid": ""}},
		"a number":           {Header: map[string]any{"kid": 7}},
		"an endless one":     {Header: map[string]any{"kid": strings.Repeat("k", 257)}},
		"critical extension": {Header: map[string]any{"crit": []string{"b64"}}},
		"another audience":   {Claims: map[string]any{"aud": tenantID}},
		"another issuer":     {Claims: map[string]any{"iss": "https://sts.windows.net/"}},
		"expired":            {Claims: map[string]any{"exp": time.Now().Add(-time.Hour).Unix()}},
		"not valid yet":      {Claims: map[string]any{"nbf": time.Now().Add(time.Hour).Unix()}},
	} {
		if status := w.deliver(t, bearer(w.Token(spec))); status != http.StatusUnauthorized {
			t.Errorf("%s: status = %d, want 401", name, status)
		}
	}
	if metadata, keys := w.KeyReads(); metadata+keys != 0 {
		t.Errorf("the documents were read %d and %d times", metadata, keys)
	}
}
