package provisioning_test

import (
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/calendar"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
	"seducoahuila.gob.mx/altas/store/storetest"
)

// A stage at which requests have waited since before the day is told so once, in the first two hours
// of a working day; a stage at which none does, and a day off, get nothing.
func TestDigest(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("America/Monterrey")
	if err != nil {
		t.Fatal(err)
	}
	days, err := calendar.New(calendar.Config{Zone: zone, Hours: "8:00-16:00"})
	if err != nil {
		t.Fatal(err)
	}
	at := func(clock string) time.Time {
		when, err := time.ParseInLocation("2006-01-02 15:04", clock, zone)
		if err != nil {
			t.Fatal(err)
		}
		return when
	}
	db := storetest.Open(t)
	put := func(tx provisioning.Tx, f provisioning.Folio, since string) error {
		r := provisioningtest.Request(f, "ana", 1)
		r.State, r.StageSince = provisioning.StateDirector, at(since)
		return provisioningtest.PutRequest(tx, r)
	}
	err = db.Update(t.Context(), func(tx provisioning.Tx) error {
		for f, since := range map[provisioning.Folio]string{"2022-000001": "2022-09-15 09:00", "2022-000002": "2022-09-15 12:00", "2022-000003": "2022-09-19 08:30"} {
			if err := put(tx, f, since); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	rules := &provisioning.Rules{Calendar: days, Stages: provisioning.Stages{{Name: provisioning.Director}, {Name: provisioning.Subdirector}}}
	told := func() (n int, last provisioning.Notice) {
		err := db.View(t.Context(), func(tx provisioning.Tx) error {
			for _, to := range rules.Stages.WithPlatform() {
				for notice, err := range tx.Pending(string(to)) {
					if err != nil {
						return err
					}
					n, last = n+1, notice
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return n, last
	}
	for _, c := range []struct {
		now  string
		want int
	}{
		{"2022-09-16 09:00", 0}, // Independence Day
		{"2022-09-17 09:00", 0}, // Saturday
		{"2022-09-19 07:59", 0},
		{"2022-09-19 10:00", 0}, // two hours late
		{"2022-09-19 08:40", 1},
		{"2022-09-19 08:50", 1},
		{"2022-09-19 15:00", 1},
		{"2022-09-20 08:00", 2},
	} {
		digest := provisioning.Digest{Store: db, Rules: rules, Now: func() time.Time { return at(c.now) }}
		if err := digest.Post(t.Context()); err != nil {
			t.Fatal(err)
		}
		n, last := told()
		if n != c.want {
			t.Errorf("at %s: %d digests, want %d", c.now, n, c.want)
		}
		if c.now == "2022-09-19 08:50" && (last.To != "director" || last.Args["waiting"] != "2" || last.Args["since"] != at("2022-09-15 09:00").Format(time.RFC3339)) {
			t.Errorf("told %+v", last)
		}
	}
}
