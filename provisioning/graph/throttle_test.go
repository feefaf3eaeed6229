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

// createMany creates lines first … last at once. A line that is told to come back does.
func (o *office) createMany(t *testing.T, first, last int) {
	t.Helper()
	var group sync.WaitGroup
	for n := first; n <= last; n++ {
		u := teacher(t, n)
		group.Go(func() {
			for {
				_, err := o.Create(t.Context(), u)
				wait, told := job.RetryDelay(err)
				if !told {
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

// wantQuiet wants that many users and not one request during a Retry-After.
func wantQuiet(t *testing.T, o *office, users int) {
	t.Helper()
	if tally := o.tenant.Tally(); tally.Intruders != 0 || len(o.tenant.Users()) != users {
		t.Errorf("%d users, want %d; %+v", len(o.tenant.Users()), users, tally)
	}
}

// small allows 200 writes per 150 s, on both sides.
func small(s *setting) {
	s.tenant.Throttle.Writes = 200
	s.client.Limits = graph.DocumentedLimits()
	s.client.Limits.Writes = 200
}

// A list of 500 where 200 are allowed per 150 s: no write is ever refused.
func TestALongListKeepsToTheLimit(t *testing.T) {
	t.Parallel()
	still(t, func(t *testing.T, o *office) {
		start := time.Now()
		o.createMany(t, 1, 500)
		if tally := o.tenant.Tally(); tally.Throttled != 0 || tally.PeakWrites > 200 {
			t.Errorf("%+v", tally)
		}
		if took := time.Since(start); took < 300*time.Second || took > 310*time.Second {
			t.Errorf("took %s; the third window opens after 300 s", took)
		}
		wantQuiet(t, o, 500)
	}, small)
}

// The service was restarted: nothing is known of the 170 writes before it. The
// answers' x-ms-throttle-limit-percentage tells.
func TestARestartDoesNotForgetWhatWasSpent(t *testing.T) {
	t.Parallel()
	still(t, func(t *testing.T, o *office) {
		o.createMany(t, 1, 170)
		o.reopen()
		o.createMany(t, 171, 270)
		if tally := o.tenant.Tally(); tally.Throttled != 0 {
			t.Errorf("%+v", tally)
		}
		wantQuiet(t, o, 270)
	}, small)
}

// kept is a Throttle as a file would keep it.
type kept struct{ until time.Time }

func (k *kept) Load(context.Context) (time.Time, error) { return k.until, nil }

func (k *kept) Save(_ context.Context, until time.Time) error {
	k.until = until
	return nil
}

// Graph asks for 40 seconds of silence, and the service is killed. The next one has
// a whole list to make, and keeps to what the one before was told.
func TestARestartDoesNotForgetARetryAfter(t *testing.T) {
	t.Parallel()
	memory := &kept{}
	still(t, func(t *testing.T, o *office) {
		o.tenant.Fail(graphfake.Fault{Op: "users.create", Status: 429, RetryAfter: 40 * time.Second})
		start := time.Now()
		if _, err := o.Create(t.Context(), teacher(t, 1)); err == nil {
			t.Fatal("the call was not throttled")
		}
		o.reopen()
		o.createMany(t, 1, 30)
		if took := time.Since(start); took < 40*time.Second || took > 45*time.Second {
			t.Errorf("took %s, want what Graph asked for", took)
		}
		wantQuiet(t, o, 30)
	}, func(s *setting) { s.client.Throttle = memory })
}

// The clock was five hours fast when Graph asked for silence, and was set right.
func TestASilenceByAWrongClockEnds(t *testing.T) {
	t.Parallel()
	memory := &kept{}
	still(t, func(t *testing.T, o *office) {
		memory.until = time.Now().Add(5 * time.Hour)
		o.reopen()
		start := time.Now()
		o.create(1)
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("took %s", took)
		}
	}, func(s *setting) { s.client.Throttle = memory })
}

// Another program writes into the tenant too, or its limit is lower than documented.
func TestARetryAfterIsKept(t *testing.T) {
	t.Parallel()
	still(t, func(t *testing.T, o *office) {
		o.createMany(t, 1, 450)
		// What was under way when the limit was met is refused, in each of two windows.
		if tally := o.tenant.Tally(); tally.Throttled > 2*8*20 {
			t.Errorf("%+v", tally)
		}
		wantQuiet(t, o, 450)
	}, small, func(s *setting) { s.client.Limits.Writes = 3000 })
}

// One call of a batch is throttled: it alone is sent again, after its Retry-After and
// no later, even where the answer tells that the limit was passed.
func TestOneThrottledCallIsRetriedAlone(t *testing.T) {
	t.Parallel()
	still(t, func(t *testing.T, o *office) {
		o.tenant.Fail(graphfake.Fault{Op: "users.create", Status: 429, RetryAfter: 4 * time.Second, Share: 1.2, Skip: 7})
		start := time.Now()
		o.createMany(t, 1, 30)
		if got := o.tenant.Count("users.create"); got != 31 {
			t.Errorf("%d creations asked", got)
		}
		if took := time.Since(start); took < 4*time.Second || took > 6*time.Second {
			t.Errorf("took %s", took)
		}
		wantQuiet(t, o, 30)
	})
}

func TestAWholeBatchIsThrottled(t *testing.T) {
	t.Parallel()
	still(t, func(t *testing.T, o *office) {
		o.tenant.Fail(graphfake.Fault{Op: "batch", Status: 429, RetryAfter: 3 * time.Second, Times: 2})
		o.createMany(t, 1, 30)
		if got := o.tenant.Count("users.create"); got != 30 {
			t.Errorf("%d creations", got)
		}
		wantQuiet(t, o, 30)
	})
}

// HTTP allows a date in a Retry-After, JSON a number; and the answer that says it may
// break off.
func TestARetryAfterIsUnderstoodHoweverItComes(t *testing.T) {
	t.Parallel()
	asDate := func(r *http.Response, now time.Time) {
		if wait, err := time.ParseDuration(r.Header.Get("Retry-After") + "s"); err == nil {
			r.Header.Set("Retry-After", now.UTC().Add(wait).Format(http.TimeFormat))
		}
	}
	for name, meddle := range map[string]func(*http.Response){
		"a date": func(r *http.Response) { asDate(r, time.Now()) },
		"a date by a clock of its own": func(r *http.Response) {
			theirs := time.Now().Add(-time.Hour)
			r.Header.Set("Date", theirs.UTC().Format(http.TimeFormat))
			asDate(r, theirs)
		},
		"a number": func(r *http.Response) {
			body, _ := io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(bytes.ReplaceAll(body, []byte(`"Retry-After":"20"`), []byte(`"Retry-After":20`))))
		},
		"half an answer": func(r *http.Response) {
			if r.StatusCode != http.StatusOK {
				r.Body = io.NopCloser(io.MultiReader(io.LimitReader(r.Body, 20), iotest.ErrReader(io.ErrUnexpectedEOF)))
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			still(t, func(t *testing.T, o *office) {
				for _, op := range []string{"batch", "users.create"} {
					o.tenant.Fail(graphfake.Fault{Op: op, Status: 429, RetryAfter: 20 * time.Second})
				}
				o.createMany(t, 1, 30)
				wantQuiet(t, o, 30)
			}, func(s *setting) { s.meddle = meddle })
		})
	}
}

// Entra gives no token for three minutes, and says when to come again, or not. A list
// waits; it does not ask for a token line by line, and goes on by itself.
func TestEntraIsNotAskedByEveryLine(t *testing.T) {
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
			still(t, func(t *testing.T, o *office) {
				until = time.Now().Add(3 * time.Minute)
				var group sync.WaitGroup
				for n := 1; n <= 60; n++ {
					group.Go(func() { (&clerk{o: o, n: n}).work(t) })
				}
				group.Wait()
				wantQuiet(t, o, 60)
			}, func(s *setting) {
				s.meddle = func(r *http.Response) {
					if strings.HasSuffix(r.Request.URL.Path, "/token") && time.Now().Before(until) {
						asked.Add(1)
						refuse(r)
						r.Body = io.NopCloser(strings.NewReader(`{"error":"temporarily_unavailable","error_description":"AADSTS90055"}`))
					}
				}
			})
			// azidentity asks once more, up to three times, where that may help.
			if most := map[string]int32{"throttled": 3, "down": 4 * 18, "wrong secret": 18}[name]; asked.Load() > most {
				t.Errorf("asked %d times, want %d at most", asked.Load(), most)
			}
		})
	}
}

// A service that will not have us, and does not say until when, is asked less and less.
func TestAThrottleThatDoesNotSayUntilWhen(t *testing.T) {
	t.Parallel()
	still(t, func(t *testing.T, o *office) {
		var asked atomic.Int32
		until := time.Now().Add(2 * time.Minute)
		o.tenant.OnRequest(func(op string) (graphfake.Fault, bool) {
			if op != "batch" || !time.Now().Before(until) {
				return graphfake.Fault{}, false
			}
			asked.Add(1)
			return graphfake.Fault{Op: op, Status: http.StatusTooManyRequests}, true
		})
		o.createMany(t, 1, 30)
		if late := time.Since(until); asked.Load() > 5 || late > 90*time.Second {
			t.Errorf("asked %d times, through %s late", asked.Load(), late)
		}
		wantQuiet(t, o, 30)
	})
}

// Nobody is kept waiting for minutes: the job is told when to come again.
func TestALongRetryAfterSendsTheJobBack(t *testing.T) {
	t.Parallel()
	still(t, func(t *testing.T, o *office) {
		o.tenant.Fail(graphfake.Fault{Op: "users.create", Status: 429, RetryAfter: 150 * time.Second})
		start := time.Now()
		_, err := o.Create(t.Context(), teacher(t, 1))
		wait, told := job.RetryDelay(err)
		wantReason(t, "create", err, provisioning.DirectoryThrottled, false)
		if !told || wait < 150*time.Second || wait > 155*time.Second || time.Since(start) > time.Second {
			t.Errorf("told to wait %s after %s", wait, time.Since(start))
		}
		_, err = o.Licences(t.Context())
		wantReason(t, "a read meanwhile", err, provisioning.DirectoryThrottled, false)
		time.Sleep(wait)
		if _, err := o.Create(t.Context(), teacher(t, 1)); err != nil {
			t.Error(err)
		}
		wantQuiet(t, o, 1)
	})
}

// A 503 that says when is kept to as well; whether it had an effect nobody knows.
func TestUnavailableWithRetryAfter(t *testing.T) {
	t.Parallel()
	for _, op := range []string{"users.create", "batch"} {
		still(t, func(t *testing.T, o *office) {
			o.tenant.Fail(graphfake.Fault{Op: op, Status: 503, RetryAfter: 5 * time.Second, After: true})
			u := teacher(t, 1)
			_, err := o.Create(t.Context(), u)
			wantReason(t, op, err, provisioning.DirectoryUnavailable, false)
			if _, err := o.Create(t.Context(), u); err != nil {
				t.Errorf("%s: %v", op, err)
			}
			wantQuiet(t, o, 1)
		})
	}
}

// A list has used up its share of the window. One teacher comes, and does not wait.
func TestOneTeacherDuringAList(t *testing.T) {
	t.Parallel()
	still(t, func(t *testing.T, o *office) {
		o.createMany(t, 1, 198)
		start := time.Now()
		if _, err := o.Create(job.Urgent(t.Context()), teacher(t, 999)); err != nil {
			t.Error(err)
		}
		if took := time.Since(start); took > time.Second {
			t.Errorf("the teacher waited %s", took)
		}
		_, err := o.Create(t.Context(), teacher(t, 1000))
		wantReason(t, "the list's next", err, provisioning.DirectoryThrottled, false)
	}, small)
}

// A list of 3,000 is at the desk. One teacher's four calls pass it by.
func TestOneTeacherPassesAListBy(t *testing.T) {
	t.Parallel()
	still(t, func(t *testing.T, o *office) {
		done := make(chan struct{})
		go func() { defer close(done); o.createMany(t, 1, 2900) }()
		time.Sleep(300 * time.Millisecond)
		ctx, start := job.Urgent(t.Context()), time.Now()
		u := teacher(t, 9000)
		if _, err := o.Find(ctx, provisioning.Lookup{Stamp: u.Stamp, Address: u.Address}); err != nil {
			t.Error(err)
		}
		e, err := o.Create(ctx, u)
		if err != nil {
			t.Error(err)
		}
		if err := o.License(ctx, e.ID, student); err != nil {
			t.Error(err)
		}
		if took := time.Since(start); took > 1200*time.Millisecond {
			t.Errorf("the teacher waited %s", took)
		}
		<-done
	}, func(s *setting) { s.client.Patience = time.Hour })
}

// A caller who gives up is not waited for, and its call is not sent.
func TestACallerGivesUp(t *testing.T) {
	t.Parallel()
	still(t, func(t *testing.T, o *office) {
		o.tenant.Fail(graphfake.Fault{Op: "batch", Status: 429, RetryAfter: 8 * time.Second})
		_, err := o.Create(within(t, 2*time.Second), teacher(t, 1))
		wantReason(t, "create", err, provisioning.DirectoryUnavailable, false)
		time.Sleep(20 * time.Second)
		wantQuiet(t, o, 0)
	})
}

// What each question costs is counted as Microsoft does: of none are so many asked
// that one is refused.
func TestQuestionsKeepToTheirUnits(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Entry", "Find", "Visible", "Licences", "Domains", "MemberOf"} {
		still(t, func(t *testing.T, o *office) {
			e := o.create(1)
			var group sync.WaitGroup
			for range 60 {
				group.Go(func() {
					if err := acts[name](o, e); err != nil {
						if _, told := job.RetryDelay(err); !told {
							t.Errorf("%s: %v", name, err)
						}
					}
				})
			}
			group.Wait()
			if tally := o.tenant.Tally(); tally.Throttled != 0 {
				t.Errorf("%s: %+v", name, tally)
			}
		}, func(s *setting) {
			s.tenant.Throttle.Units, s.tenant.Throttle.UnitWindow = 40, 10*time.Second
			s.client.Limits = graph.DocumentedLimits()
			s.client.Limits.Units = 40
		})
	}
}
