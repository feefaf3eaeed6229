package turn

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector"
)

// Two hundred people write in the same second. Teams accepts fifty messages a second: each answer
// waits for its slot, none is dropped.
func TestAnswersWaitForTheCrowd(t *testing.T) {
	t.Parallel()
	crowd := &connector.Error{Code: connector.CodeCrowded, RetryAfter: 4 * time.Second}
	paced := &connector.Error{Code: connector.CodePaced, RetryAfter: time.Second}
	gone := &connector.Error{Status: 403, Gone: true}
	for name, c := range map[string]struct {
		answers []error // to each try; the last to all that follow
		want    error
		tries   int
		took    time.Duration
	}{
		"there is room":          {[]error{nil}, nil, 1, 0},
		"after two waits":        {[]error{crowd, crowd, nil}, nil, 3, 8 * time.Second},
		"faster than their chat": {[]error{paced}, paced, 1, 0},
		"out of reach":           {[]error{crowd, gone}, gone, 2, 4 * time.Second},
		"a crowd without end":    {[]error{crowd}, crowd, int(replyWithin/crowd.RetryAfter) + 1, replyWithin},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), replyWithin)
				defer cancel()
				start, tries := time.Now(), 0
				err := retryCrowded(ctx, func(context.Context) error {
					tries++
					return c.answers[min(tries, len(c.answers))-1]
				})
				if !errors.Is(err, c.want) {
					t.Errorf("err = %v, want %v", err, c.want)
				}
				if took := time.Since(start); tries != c.tries || took != c.took {
					t.Errorf("%d tries in %v, want %d in %v", tries, took, c.tries, c.took)
				}
			})
		})
	}
}

// Five thousand people write at the same instant. Each is answered at the rate that Teams accepts,
// and stage cards sent meanwhile find their slots.
func TestFiveThousandAskAtOnce(t *testing.T) {
	t.Parallel()
	for name, takes := range map[string]time.Duration{"prompt": 50 * time.Millisecond, "slow": 3 * time.Second} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				teams := &limitedTeams{takes: takes}
				r := NewResponder(Config{Now: time.Now, Log: slog.New(slog.DiscardHandler)})
				var answered atomic.Int64
				for range 5000 {
					r.Reply(t.Context(), func(context.Context) error {
						err := teams.send()
						if err == nil {
							answered.Add(1)
						}
						return err
					})
				}
				for range 20 {
					time.Sleep(time.Second)
					_ = teams.send()
				}
				r.group.Wait()
				if n := answered.Load(); n != 5000 || teams.refused > 0 {
					t.Errorf("%d of 5000 were answered; %d times a stage card found no slot", n, teams.refused)
				}
			})
		})
	}
}

// limitedTeams accepts 50 messages a second and takes takes for each; a message waits at most 3 s
// for its slot, as in the connector.
type limitedTeams struct {
	takes   time.Duration
	mu      sync.Mutex
	free    time.Time
	refused int
}

func (c *limitedTeams) send() error {
	c.mu.Lock()
	now := time.Now()
	wait := max(0, c.free.Sub(now))
	if wait > 3*time.Second {
		c.refused++
		c.mu.Unlock()
		return &connector.Error{Code: connector.CodeCrowded, RetryAfter: wait}
	}
	c.free = now.Add(wait + 21*time.Millisecond)
	c.mu.Unlock()
	time.Sleep(wait + c.takes)
	return nil
}

// A flood of refusals logs a few lines a minute, and the number suppressed.
func TestFloodsOfLogLinesAreLimited(t *testing.T) {
	t.Parallel()
	var limit LogLimit
	now := time.Date(2026, 7, 20, 9, 0, 0, 0, time.UTC)
	told := 0
	for range 5000 {
		if ok, _ := limit.allow(now); ok {
			told++
		}
	}
	if told != logLimitLines {
		t.Errorf("%d lines told in one minute, want %d", told, logLimitLines)
	}
	ok, suppressed := limit.allow(now.Add(logLimitOver))
	if !ok || suppressed != 5000-logLimitLines {
		t.Errorf("in the next minute: told %v, %d suppressed; want true, %d", ok, suppressed, 5000-logLimitLines)
	}
	if _, suppressed = limit.allow(now.Add(logLimitOver)); suppressed != 0 {
		t.Errorf("told again of %d suppressed", suppressed)
	}
}

// A key is remembered for SeenFor, however many come after it.
func TestDedupe(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 7, 20, 9, 0, 0, 0, time.UTC)
	m := NewDedupe(SeenFor, func() time.Time { return now })
	first := func(key string, want bool) {
		t.Helper()
		if got := m.First(key); got != want {
			t.Errorf("%s at %v is new: %v, want %v", key, now, got, want)
		}
	}
	first("a", true)
	first("a", false)
	m.Forget("a")
	first("a", true)
	now = now.Add(SeenFor + time.Second)
	first("b", true)
	first("a", false) // of the generation before
	now = now.Add(SeenFor + time.Second)
	first("c", true)
	now = now.Add(SeenFor + time.Second)
	first("b", true)
}
