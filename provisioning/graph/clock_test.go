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

// clock stands still until it is moved.
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

// still runs a story in time that passes only when everyone waits, the tenant
// 120 ± 40 ms away: what happens in it is exact, and over at once.
func still(t *testing.T, story func(t *testing.T, o *office), edit ...func(*setting)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		o := open(t, func(s *setting) {
			s.near, s.tenant.PublicURL = true, "https://tenant.test"
			distant(s)
			for _, e := range edit {
				e(s)
			}
		})
		defer o.Close()
		story(t, o)
	})
}

// near carries requests to a handler without a network, which time cannot stand still for.
type near struct{ handler http.Handler }

func (n near) RoundTrip(r *http.Request) (response *http.Response, err error) {
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
