package access

import (
	"errors"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/calendar"
	"seducoahuila.gob.mx/altas/store/storetest"
)

// Each inquiry counts once a day, and administrators' are not counted. The platform gets a notice
// of the first above the limit.
func TestInquire(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	now := today
	access := accessAt(today)
	access.Rules.Limits.Inquiries = 2
	access.Rules.Calendar = &calendar.Calendar{}
	access.Now = func() time.Time { return now }
	inquiries := &Inquiries{Store: db, Access: access}
	for _, tt := range []struct {
		by    string
		at    time.Time
		about []string
		may   bool
		told  int // notices to the platform so far
	}{
		{"silvia", day(0), []string{"a", "a"}, true, 0},
		{"silvia", day(0), []string{"b"}, true, 0},
		{"silvia", day(0), []string{"c"}, false, 1},
		{"silvia", day(0), []string{"a", "b"}, true, 1},
		{"silvia", day(0), []string{"a", "d"}, false, 1},
		{"martha", day(0), []string{"c"}, true, 1},
		{"ines", day(0), []string{"a", "b", "c", "d"}, true, 1},
		{"silvia", day(1), []string{"c"}, true, 1},
	} {
		now = tt.at
		var may bool
		told := 0
		must(t, db.Update(t.Context(), func(tx provisioning.Tx) error {
			auth, err := access.Authority(tx)
			if err == nil {
				may, err = inquiries.count(tx, auth, actor(tt.by), tt.about...)
			}
			told = 0
			for _, unread := range tx.Pending(string(provisioning.Platform)) {
				told++
				err = errors.Join(err, unread)
			}
			return err
		}))
		if may != tt.may || told != tt.told {
			t.Errorf("%s about %q: %t, told %d times, want %t, %d", tt.by, tt.about, may, told, tt.may, tt.told)
		}
	}
}
