package bot_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// The page about the form is served without authentication, with a Content-Security-Policy.
func TestTheGuideIsServed(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "2022-09-05 09:00")
	answer := httptest.NewRecorder()
	o.present().Handler().ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/guia", nil))
	if answer.Code != http.StatusOK || !strings.Contains(answer.Body.String(), "Instructivo de llenado") {
		t.Errorf("GET /guia: %d", answer.Code)
	}
	if policy := answer.Header().Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") {
		t.Errorf("Content-Security-Policy: %s", policy)
	}
}
