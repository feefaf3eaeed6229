package bot_test

import (
	"fmt"
	"testing"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
	"seducoahuila.gob.mx/altas/provisioning"
)

// Teams takes every second message. Each that arrives shows that it is not away: what
// Rosa is still to be told does not wait longer and longer.
func TestABadLineDelaysNoticesBySeconds(t *testing.T) {
	t.Parallel()
	const notices = 8
	o := newOffice(t, "2022-09-05 09:00")
	f := o.submit(1)
	o.said()
	for i := range notices {
		o.teams.Inject(teamsfake.Fault{Method: "POST", Path: o.teams.Chat(o.rosa.ID), Skip: i + 1, Status: 500})
	}
	o.update(func(tx provisioning.Tx) error {
		for i := range notices {
			n := provisioning.Notice{To: o.rosa.ID, Kind: provisioning.NoticeAuthorized, Folio: f, At: o.Now(), Once: fmt.Sprint(i)}
			if err := tx.Post(n); err != nil {
				return err
			}
		}
		return tx.Enqueue(provisioning.Job{Kind: provisioning.JobNotices, Key: o.rosa.ID, Due: o.Now()})
	})
	o.settle()
	o.until("2022-09-05 09:01")
	if told := len(o.said()); told != notices {
		t.Errorf("told %d of %d in a minute", told, notices)
	}
}
