package graph_test

import (
	"sync"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/graph"
	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
)

// createMany creates lines first … last at once; urgent or not as ctx says. A line
// that is told to come back does.
func (o *office) createMany(t *testing.T, f fast, first, last int) {
	t.Helper()
	var group sync.WaitGroup
	for n := first; n <= last; n++ {
		u := teacher(t, n)
		group.Go(func() {
			for {
				_, err := o.Create(t.Context(), u)
				wait, told := provisioning.RetryDelay(err)
				if !told {
					if err != nil {
						t.Errorf("line %d: %v", n, err)
					}
					return
				}
				_ = f.Sleep(t.Context(), wait)
			}
		})
	}
	group.Wait()
}

func wantQuiet(t *testing.T, o *office) {
	t.Helper()
	if tally := o.tenant.Tally(); tally.Intruders != 0 {
		t.Errorf("%d requests during a Retry-After (%+v)", tally.Intruders, tally)
	}
}

func small(s *setting) {
	s.tenant.Throttle.Writes, s.tenant.Throttle.WriteWindow = 200, 30*time.Second
	s.client.Limits = smallLimits()
	s.client.Patience = 4 * time.Second
}

func smallLimits() graph.Limits {
	l := graph.DocumentedLimits()
	l.Writes, l.WriteWindow = 200, 30*time.Second
	return l
}

// A list of 500 where 200 are allowed per 30 s: no write is ever refused.
func TestALongListKeepsToTheLimit(t *testing.T) {
	t.Parallel()
	o, f := distant(t, 20, small)
	start := f.Now()
	o.createMany(t, f, 1, 500)
	tally := o.tenant.Tally()
	if tally.Throttled != 0 || tally.PeakWrites > 200 || len(o.tenant.Users()) != 500 {
		t.Errorf("%d users, %+v", len(o.tenant.Users()), tally)
	}
	if took := f.Now().Sub(start); took < time.Minute {
		t.Errorf("took %s; the third window opens after a minute", took)
	}
}

// The service was restarted: nothing is known of the 170 writes before it. The
// answers' x-ms-throttle-limit-percentage tells.
func TestARestartDoesNotForgetWhatWasSpent(t *testing.T) {
	t.Parallel()
	o, f := distant(t, 20, small)
	o.createMany(t, f, 1, 170)
	_ = o.Close()
	var err error
	o.Client, err = graph.New(graph.Config{TenantID: tenantID, ClientID: clientID, ClientSecret: "s3cret",
		URL: o.server.URL + "/v1.0", Authority: o.server.URL, Transport: o.server.Client().Transport, Now: f.Now, After: f.After,
		Limits: smallLimits()})
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	o.createMany(t, f, 171, 270)
	if tally := o.tenant.Tally(); tally.Throttled > 20 {
		t.Errorf("%+v", tally)
	}
	wantQuiet(t, o)
}

// Another program writes into the tenant too, and so our own count is too low.
func TestARetryAfterIsKept(t *testing.T) {
	t.Parallel()
	o, f := distant(t, 20, small, func(s *setting) { s.client.Limits.Writes = 3000 })
	o.createMany(t, f, 1, 450)
	tally := o.tenant.Tally()
	if len(o.tenant.Users()) != 450 || tally.Throttled > 200 {
		t.Errorf("%d users, %+v", len(o.tenant.Users()), tally)
	}
	wantQuiet(t, o)
}

// One call of a batch is throttled: it alone is sent again, after its Retry-After.
func TestOneThrottledCallIsRetriedAlone(t *testing.T) {
	t.Parallel()
	o, f := distant(t, 20)
	o.tenant.Fail(graphfake.Fault{Op: "users.create", Status: 429, RetryAfter: 4 * time.Second, Skip: 7})
	start := f.Now()
	o.createMany(t, f, 1, 30)
	if got := o.tenant.Count("users.create"); got != 31 || len(o.tenant.Users()) != 30 {
		t.Errorf("%d creations asked, %d users", got, len(o.tenant.Users()))
	}
	if took := f.Now().Sub(start); took < 4*time.Second {
		t.Errorf("took only %s", took)
	}
	wantQuiet(t, o)
}

func TestAWholeBatchIsThrottled(t *testing.T) {
	t.Parallel()
	o, f := distant(t, 20)
	o.tenant.Fail(graphfake.Fault{Op: "batch", Status: 429, RetryAfter: 3 * time.Second, Times: 2})
	o.createMany(t, f, 1, 30)
	if got := o.tenant.Count("users.create"); got != 30 {
		t.Errorf("%d creations", got)
	}
	wantQuiet(t, o)
}

// Nobody is kept waiting for minutes: the job is told when to come again.
func TestALongRetryAfterSendsTheJobBack(t *testing.T) {
	t.Parallel()
	o, f := distant(t, 20)
	o.tenant.Fail(graphfake.Fault{Op: "users.create", Status: 429, RetryAfter: 150 * time.Second})
	start := f.Now()
	_, err := o.Create(t.Context(), teacher(t, 1))
	wait, told := provisioning.RetryDelay(err)
	wantReason(t, "create", err, provisioning.DirectoryThrottled, false)
	if !told || wait < 148*time.Second || wait > 155*time.Second || f.Now().Sub(start) > 20*time.Second {
		t.Errorf("told to wait %s after %s", wait, f.Now().Sub(start))
	}
	_, err = o.Licences(t.Context())
	wantReason(t, "a read meanwhile", err, provisioning.DirectoryThrottled, false)
	wantQuiet(t, o)
}

// A 503 that says when is kept to as well; whether it had an effect nobody knows.
func TestUnavailableWithRetryAfter(t *testing.T) {
	t.Parallel()
	for _, op := range []string{"users.create", "batch"} {
		o, f := distant(t, 20)
		o.tenant.Fail(graphfake.Fault{Op: op, Status: 503, RetryAfter: 5 * time.Second, After: true})
		u := teacher(t, 1)
		_, err := o.Create(t.Context(), u)
		wantReason(t, op, err, provisioning.DirectoryUnavailable, false)
		wait, _ := provisioning.RetryDelay(err)
		_ = f.Sleep(t.Context(), wait)
		if _, err := o.Create(t.Context(), u); err != nil || len(o.tenant.Users()) != 1 {
			t.Errorf("%s: %v, %d users", op, err, len(o.tenant.Users()))
		}
		wantQuiet(t, o)
	}
}

// A list has used up its share of the window. One teacher comes, and does not wait.
func TestOneTeacherDuringAList(t *testing.T) {
	t.Parallel()
	o, f := distant(t, 20, small)
	o.createMany(t, f, 1, 198)
	start := f.Now()
	if _, err := o.Create(provisioning.Urgent(t.Context()), teacher(t, 999)); err != nil {
		t.Error(err)
	}
	if took := f.Now().Sub(start); took > 5*time.Second {
		t.Errorf("the teacher waited %s", took)
	}
	_, err := o.Create(t.Context(), teacher(t, 1000))
	wantReason(t, "the list's next", err, provisioning.DirectoryThrottled, false)
}
