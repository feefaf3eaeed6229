package graph_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/graph"
	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
	"seducoahuila.gob.mx/altas/provisioning/job"
)

// createMany creates lines first … last concurrently, with retries at their retry times.
func (f *fixture) createMany(t *testing.T, first, last int) {
	t.Helper()
	var group sync.WaitGroup
	for n := first; n <= last; n++ {
		u := teacher(t, n)
		group.Go(func() {
			for {
				_, err := f.Create(t.Context(), u)
				wait, stated := job.RetryDelay(err)
				if !stated {
					if err != nil {
						t.Errorf("line %d: %v", n, err)
					}
					return
				}
				time.Sleep(wait)
			}
		})
	}
	group.Wait()
}

// wantUsers checks the number of users, and that no request was sent during a Retry-After.
func wantUsers(t *testing.T, f *fixture, users int) {
	t.Helper()
	if tally := f.tenant.Tally(); tally.Intruders != 0 || len(f.tenant.Users()) != users {
		t.Errorf("%d users, want %d; %+v", len(f.tenant.Users()), users, tally)
	}
}

// limit200 limits writes to 200 per 150 s, in client and tenant.
func limit200(s *setting) {
	s.tenant.Throttle.Writes = 200
	s.client.Limits = graph.DocumentedLimits()
	s.client.Limits.Writes = 200
}

// With 500 lines and 200 writes per 150 s no write is throttled.
func TestALongListKeepsToTheLimit(t *testing.T) {
	t.Parallel()
	inVirtualTime(t, func(t *testing.T, f *fixture) {
		start := time.Now()
		f.createMany(t, 1, 500)
		if tally := f.tenant.Tally(); tally.Throttled != 0 || tally.PeakWrites > 200 {
			t.Errorf("%+v", tally)
		}
		if took := time.Since(start); took < 300*time.Second || took > 310*time.Second {
			t.Errorf("took %s; the third window begins after 300 s", took)
		}
		wantUsers(t, f, 500)
	}, limit200)
}

// After a restart the 170 writes before it are known from x-ms-throttle-limit-percentage.
func TestSpendingBeforeARestart(t *testing.T) {
	t.Parallel()
	inVirtualTime(t, func(t *testing.T, f *fixture) {
		f.createMany(t, 1, 170)
		f.reopen()
		f.createMany(t, 171, 270)
		if tally := f.tenant.Tally(); tally.Throttled != 0 {
			t.Errorf("%+v", tally)
		}
		wantUsers(t, f, 270)
	}, limit200)
}

// savedThrottle is a Throttle in memory.
type savedThrottle struct{ until time.Time }

func (k *savedThrottle) Load(context.Context) (time.Time, error) { return k.until, nil }

func (k *savedThrottle) Save(_ context.Context, until time.Time) error {
	k.until = until
	return nil
}

// A Retry-After of 40 s still applies after a restart.
func TestARetryAfterBeforeARestart(t *testing.T) {
	t.Parallel()
	saved := &savedThrottle{}
	inVirtualTime(t, func(t *testing.T, f *fixture) {
		f.tenant.Fail(graphfake.Fault{Op: "users.create", Status: 429, RetryAfter: 40 * time.Second})
		start := time.Now()
		if _, err := f.Create(t.Context(), teacher(t, 1)); err == nil {
			t.Fatal("the call was not throttled")
		}
		f.reopen()
		f.createMany(t, 1, 30)
		if took := time.Since(start); took < 40*time.Second || took > 45*time.Second {
			t.Errorf("took %s, want the Retry-After of 40 s", took)
		}
		wantUsers(t, f, 30)
	}, func(s *setting) { s.client.Throttle = saved })
}

// A Retry-After that was stored while the clock was five hours fast is ignored.
func TestAStoredRetryAfterOfAWrongClock(t *testing.T) {
	t.Parallel()
	saved := &savedThrottle{}
	inVirtualTime(t, func(t *testing.T, f *fixture) {
		saved.until = time.Now().Add(5 * time.Hour)
		f.reopen()
		start := time.Now()
		f.create(1)
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("took %s", took)
		}
	}, func(s *setting) { s.client.Throttle = saved })
}

// The tenant's limit is lower than documented, or used by other apps: Retry-After is obeyed.
func TestARetryAfterIsObeyed(t *testing.T) {
	t.Parallel()
	inVirtualTime(t, func(t *testing.T, f *fixture) {
		f.createMany(t, 1, 450)
		// Calls outstanding when the limit is reached are refused, in each of two windows.
		if tally := f.tenant.Tally(); tally.Throttled > 2*8*20 {
			t.Errorf("%+v", tally)
		}
		wantUsers(t, f, 450)
	}, limit200, func(s *setting) { s.client.Limits.Writes = 3000 })
}

// A throttled call of a batch is sent again alone, right after its Retry-After, even if
// x-ms-throttle-limit-percentage is above 1.
func TestOneThrottledCallIsRetriedAlone(t *testing.T) {
	t.Parallel()
	inVirtualTime(t, func(t *testing.T, f *fixture) {
		f.tenant.Fail(graphfake.Fault{Op: "users.create", Status: 429, RetryAfter: 4 * time.Second, Share: 1.2, Skip: 7})
		start := time.Now()
		f.createMany(t, 1, 30)
		if got := f.tenant.Count("users.create"); got != 31 {
			t.Errorf("%d creations asked", got)
		}
		if took := time.Since(start); took < 4*time.Second || took > 6*time.Second {
			t.Errorf("took %s", took)
		}
		wantUsers(t, f, 30)
	})
}

func TestAWholeBatchIsThrottled(t *testing.T) {
	t.Parallel()
	inVirtualTime(t, func(t *testing.T, f *fixture) {
		f.tenant.Fail(graphfake.Fault{Op: "batch", Status: 429, RetryAfter: 3 * time.Second, Times: 2})
		f.createMany(t, 1, 30)
		if got := f.tenant.Count("users.create"); got != 30 {
			t.Errorf("%d creations", got)
		}
		wantUsers(t, f, 30)
	})
}

// A Retry-After may be a date, or a number in JSON; its response may be truncated.
func TestFormsOfARetryAfter(t *testing.T) {
	t.Parallel()
	asDate := func(r *http.Response, now time.Time) {
		if wait, err := time.ParseDuration(r.Header.Get("Retry-After") + "s"); err == nil {
			r.Header.Set("Retry-After", now.UTC().Add(wait).Format(http.TimeFormat))
		}
	}
	for name, editResponse := range map[string]func(*http.Response){
		"a date": func(r *http.Response) { asDate(r, time.Now()) },
		"a date of another clock": func(r *http.Response) {
			theirs := time.Now().Add(-time.Hour)
			r.Header.Set("Date", theirs.UTC().Format(http.TimeFormat))
			asDate(r, theirs)
		},
		"a number": func(r *http.Response) {
			body, _ := io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(bytes.ReplaceAll(body, []byte(`"Retry-After":"20"`), []byte(`"Retry-After":20`))))
		},
		"a truncated response": func(r *http.Response) {
			if r.StatusCode != http.StatusOK {
				r.Body = io.NopCloser(io.MultiReader(io.LimitReader(r.Body, 20), iotest.ErrReader(io.ErrUnexpectedEOF)))
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inVirtualTime(t, func(t *testing.T, f *fixture) {
				for _, op := range []string{"batch", "users.create"} {
					f.tenant.Fail(graphfake.Fault{Op: op, Status: 429, RetryAfter: 20 * time.Second})
				}
				f.createMany(t, 1, 30)
				wantUsers(t, f, 30)
			}, func(s *setting) { s.editResponse = editResponse })
		})
	}
}

// While Entra returns no token for three minutes, with or without a Retry-After, lines wait without a
// token request of each, and then continue.
func TestTokenRequestsWhileEntraIsUnavailable(t *testing.T) {
	t.Parallel()
	for name, refuse := range map[string]func(*http.Response){
		"throttled":    func(r *http.Response) { r.StatusCode, r.Header = 429, http.Header{"Retry-After": {"90"}} },
		"down":         func(r *http.Response) { r.StatusCode = 503 },
		"wrong secret": func(r *http.Response) { r.StatusCode = 401 },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var asked atomic.Int32
			var until time.Time
			inVirtualTime(t, func(t *testing.T, f *fixture) {
				until = time.Now().Add(3 * time.Minute)
				var group sync.WaitGroup
				for n := 1; n <= 60; n++ {
					group.Go(func() { (&lineJob{f: f, n: n}).run(t) })
				}
				group.Wait()
				wantUsers(t, f, 60)
			}, func(s *setting) {
				s.editResponse = func(r *http.Response) {
					if strings.HasSuffix(r.Request.URL.Path, "/token") && time.Now().Before(until) {
						asked.Add(1)
						refuse(r)
						r.Body = io.NopCloser(strings.NewReader(`{"error":"temporarily_unavailable","error_description":"AADSTS90055"}`))
					}
				}
			})
			// azidentity retries some requests, up to three times.
			if most := map[string]int32{"throttled": 3, "down": 4 * 18, "wrong secret": 18}[name]; asked.Load() > most {
				t.Errorf("asked %d times, want %d at most", asked.Load(), most)
			}
		})
	}
}

// After 429s without Retry-After the back-off doubles.
func TestAThrottleWithoutRetryAfter(t *testing.T) {
	t.Parallel()
	inVirtualTime(t, func(t *testing.T, f *fixture) {
		var asked atomic.Int32
		until := time.Now().Add(2 * time.Minute)
		f.tenant.OnRequest(func(op string) (graphfake.Fault, bool) {
			if op != "batch" || !time.Now().Before(until) {
				return graphfake.Fault{}, false
			}
			asked.Add(1)
			return graphfake.Fault{Op: op, Status: http.StatusTooManyRequests}, true
		})
		f.createMany(t, 1, 30)
		if late := time.Since(until); asked.Load() > 5 || late > 90*time.Second {
			t.Errorf("%d requests, finished %s after the end of the throttle", asked.Load(), late)
		}
		wantUsers(t, f, 30)
	})
}

// A call does not wait for minutes: it returns a retry time.
func TestALongRetryAfterReturnsARetryTime(t *testing.T) {
	t.Parallel()
	inVirtualTime(t, func(t *testing.T, f *fixture) {
		f.tenant.Fail(graphfake.Fault{Op: "users.create", Status: 429, RetryAfter: 150 * time.Second})
		start := time.Now()
		_, err := f.Create(t.Context(), teacher(t, 1))
		wait, stated := job.RetryDelay(err)
		wantReason(t, "create", err, provisioning.DirectoryThrottled, false)
		if !stated || wait < 150*time.Second || wait > 155*time.Second || time.Since(start) > time.Second {
			t.Errorf("retry time %s, returned after %s", wait, time.Since(start))
		}
		_, err = f.Licences(t.Context())
		wantReason(t, "a read during the Retry-After", err, provisioning.DirectoryThrottled, false)
		time.Sleep(wait)
		if _, err := f.Create(t.Context(), teacher(t, 1)); err != nil {
			t.Error(err)
		}
		wantUsers(t, f, 1)
	})
}

// The Retry-After of a 503 is obeyed; the effect of the call is unknown.
func TestUnavailableWithRetryAfter(t *testing.T) {
	t.Parallel()
	for _, op := range []string{"users.create", "batch"} {
		inVirtualTime(t, func(t *testing.T, f *fixture) {
			f.tenant.Fail(graphfake.Fault{Op: op, Status: 503, RetryAfter: 5 * time.Second, After: true})
			u := teacher(t, 1)
			_, err := f.Create(t.Context(), u)
			wantReason(t, op, err, provisioning.DirectoryUnavailable, false)
			if _, err := f.Create(t.Context(), u); err != nil {
				t.Errorf("%s: %v", op, err)
			}
			wantUsers(t, f, 1)
		})
	}
}

// A single urgent request does not wait when a list has used up its part of the limit.
func TestAnUrgentCallWithinTheReserve(t *testing.T) {
	t.Parallel()
	inVirtualTime(t, func(t *testing.T, f *fixture) {
		f.createMany(t, 1, 198)
		start := time.Now()
		if _, err := f.Create(job.Urgent(t.Context()), teacher(t, 999)); err != nil {
			t.Error(err)
		}
		if took := time.Since(start); took > time.Second {
			t.Errorf("the urgent call took %s", took)
		}
		_, err := f.Create(t.Context(), teacher(t, 1000))
		wantReason(t, "the list's next", err, provisioning.DirectoryThrottled, false)
	}, limit200)
}

// Urgent calls are sent before the queued calls of a list of 2,900.
func TestUrgentCallsOvertakeAList(t *testing.T) {
	t.Parallel()
	inVirtualTime(t, func(t *testing.T, f *fixture) {
		done := make(chan struct{})
		go func() { defer close(done); f.createMany(t, 1, 2900) }()
		time.Sleep(300 * time.Millisecond)
		ctx, start := job.Urgent(t.Context()), time.Now()
		u := teacher(t, 9000)
		if _, err := f.Find(ctx, provisioning.Lookup{Stamp: u.Stamp, Address: u.Address}); err != nil {
			t.Error(err)
		}
		e, err := f.Create(ctx, u)
		if err != nil {
			t.Error(err)
		}
		if err := f.License(ctx, e.ID, student); err != nil {
			t.Error(err)
		}
		if took := time.Since(start); took > 1200*time.Millisecond {
			t.Errorf("the urgent call took %s", took)
		}
		<-done
	}, func(s *setting) { s.client.Patience = time.Hour })
}

// A queued call whose context ended is not sent.
func TestAQueuedCallIsAbandoned(t *testing.T) {
	t.Parallel()
	inVirtualTime(t, func(t *testing.T, f *fixture) {
		f.tenant.Fail(graphfake.Fault{Op: "batch", Status: 429, RetryAfter: 8 * time.Second})
		_, err := f.Create(within(t, 2*time.Second), teacher(t, 1))
		wantReason(t, "create", err, provisioning.DirectoryUnavailable, false)
		time.Sleep(20 * time.Second)
		wantUsers(t, f, 0)
	})
}

// The client counts each read's resource units as Microsoft does: none is throttled.
func TestReadsStayBelowTheUnitLimit(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Entry", "Find", "Visible", "Licences", "Domains", "MemberOf"} {
		inVirtualTime(t, func(t *testing.T, f *fixture) {
			e := f.create(1)
			var group sync.WaitGroup
			for range 60 {
				group.Go(func() {
					if err := operations[name](f, e); err != nil {
						if _, stated := job.RetryDelay(err); !stated {
							t.Errorf("%s: %v", name, err)
						}
					}
				})
			}
			group.Wait()
			if tally := f.tenant.Tally(); tally.Throttled != 0 {
				t.Errorf("%s: %+v", name, tally)
			}
		}, func(s *setting) {
			s.tenant.Throttle.Units, s.tenant.Throttle.UnitWindow = 40, 10*time.Second
			s.client.Limits = graph.DocumentedLimits()
			s.client.Limits.Units = 40
		})
	}
}
