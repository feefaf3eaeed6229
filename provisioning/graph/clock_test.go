package graph_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// clock is a clock that is set by the test.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 8, 24, 8, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func readToken(t testing.TB, response *http.Response) string {
	t.Helper()
	var body struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.NewDecoder(response.Body).Decode(&body); err != nil {
		t.Fatal(err)
	}
	return body.AccessToken
}

// inVirtualTime runs a test in virtual time (testing/synctest), with a latency of 120 ± 40 ms, so that
// durations are exact.
func inVirtualTime(t *testing.T, test func(t *testing.T, f *fixture), edit ...func(*setting)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		f := open(t, func(s *setting) {
			s.inProcess, s.tenant.PublicURL = true, "https://tenant.test"
			remote(s)
			for _, e := range edit {
				e(s)
			}
		})
		defer f.Close()
		test(t, f)
	})
}

// inProcessTransport passes requests to a handler without a network, as virtual time requires.
type inProcessTransport struct{ handler http.Handler }

func (n inProcessTransport) RoundTrip(r *http.Request) (response *http.Response, err error) {
	recorder := httptest.NewRecorder()
	defer func() {
		if cut := recover(); cut != nil {
			response, err = nil, errors.New("connection reset by peer")
		}
	}()
	n.handler.ServeHTTP(recorder, r)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	return recorder.Result(), nil
}
