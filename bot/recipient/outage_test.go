package recipient

import (
	"errors"
	"log/slog"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/store/storetest"
)

// newRegistry returns a registry that sends nothing, with a clock that the test sets.
func newRegistry(t *testing.T) (*Registry, provisioning.Store, *time.Time) {
	t.Helper()
	now := time.Date(2026, 9, 14, 10, 0, 0, 0, time.UTC)
	db := storetest.Open(t)
	return &Registry{Config{Store: db, Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler), Rules: &provisioning.Rules{}}}, db, &now
}

// A card is accepted and the team is archived a moment later; the success is reported last. The
// outage lasts until a request sent after it began succeeds.
func TestASuccessFromBeforeTheChannelWent(t *testing.T) {
	t.Parallel()
	reg, db, now := newRegistry(t)
	tried := *now
	*now = tried.Add(time.Second)
	if err := db.Update(t.Context(), func(tx provisioning.Tx) error { return reg.beginOutage(tx, provisioning.Director) }); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		tried time.Time
		lasts bool
	}{{tried, true}, {now.Add(time.Second), false}} {
		err := reg.ChannelWorked(t.Context(), provisioning.Director, c.tried)
		o, unread := outages.Read(t.Context(), db, string(provisioning.Director))
		if err := errors.Join(err, unread); err != nil || o.ongoing() != c.lasts {
			t.Errorf("tried at %s: the outage lasts %v, %v; want %v", c.tried.Format(time.TimeOnly), o.ongoing(), err, c.lasts)
		}
	}
}

// The director's team is archived and restored while a card is being sent; the refusal is
// reported last. No notice is sent of the outage that is over, and the card is retried at once.
// A refusal of a later request is an outage with its notice.
func TestARefusalFromBeforeTheChannelCameBack(t *testing.T) {
	t.Parallel()
	reg, db, now := newRegistry(t)
	tried := *now
	*now = tried.Add(time.Second)
	if err := db.Update(t.Context(), func(tx provisioning.Tx) error { return reg.endOutage(tx, provisioning.Director) }); err != nil {
		t.Fatal(err)
	}
	refused := errors.New("the team is archived")
	for _, c := range []struct {
		tried time.Time
		wait  time.Duration
		told  int
	}{{tried, time.Second, 0}, {now.Add(time.Second), outageRetry, 1}, {now.Add(time.Minute), outageRetry, 1}} {
		wait, _ := job.RetryDelay(reg.ChannelFailed(t.Context(), provisioning.Director, c.tried, refused))
		told := 0
		err := db.View(t.Context(), func(tx provisioning.Tx) error {
			for _, err := range tx.Pending(string(provisioning.Platform)) {
				told++
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil || wait != c.wait || told != c.told {
			t.Errorf("tried at %s: again after %s, told %d times, %v; want %s, %d", c.tried.Format(time.TimeOnly), wait, told, err, c.wait, c.told)
		}
	}
}

// The clock was a month ahead when Teams refused a person and a channel. After it is corrected,
// both are tried, and the channel that came back then is not retried each second for a month.
func TestWhatAClockThatWasAheadWrote(t *testing.T) {
	t.Parallel()
	reg, db, now := newRegistry(t)
	const month = 30 * 24 * time.Hour
	for name, c := range map[string]struct {
		Person
		reachable bool
	}{
		"lost a month ahead":      {Person{Gone: true, Lost: now.Add(month), Retry: now.Add(month + outageRetry)}, true},
		"lost for a year":         {Person{Gone: true, Lost: now.Add(-12 * month), Retry: now.Add(time.Hour)}, false},
		"to be tried in a month":  {Person{Gone: true, Lost: now.Add(-time.Hour), Retry: now.Add(month)}, true},
		"lost a minute ago":       {Person{Gone: true, Lost: now.Add(-time.Minute), Retry: now.Add(outageRetry - time.Minute)}, false},
		"who took the app away":   {Person{Gone: true}, false},
		"whose time has come":     {Person{Gone: true, Lost: now.Add(-time.Hour), Retry: *now}, true},
		"who was never out of it": {Person{}, true},
	} {
		if got := c.Person.reachable(*now); got != c.reachable {
			t.Errorf("one %s: reachable %v", name, got)
		}
	}
	set := func(o outage) {
		t.Helper()
		if err := db.Update(t.Context(), func(tx provisioning.Tx) error { return outages.Put(tx, string(provisioning.Director), o) }); err != nil {
			t.Fatal(err)
		}
	}
	set(outage{Back: now.Add(month)})
	if wait, _ := job.RetryDelay(reg.ChannelFailed(t.Context(), provisioning.Director, *now, errors.New("gone"))); wait != outageRetry {
		t.Errorf("tried again after %s", wait)
	}
	set(outage{Since: now.Add(month)})
	if err := reg.ChannelWorked(t.Context(), provisioning.Director, *now); err != nil {
		t.Fatal(err)
	}
	if o, err := outages.Read(t.Context(), db, string(provisioning.Director)); err != nil || o.ongoing() {
		t.Errorf("the outage lasts: %+v, %v", o, err)
	}
}
