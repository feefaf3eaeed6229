package bot_test

import (
	"testing"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
)

// Teams accepts every second message. Each success resets the back-off of Rosa's notices.
func TestABadLineDelaysNoticesBySeconds(t *testing.T) {
	t.Parallel()
	const notices = 8
	o := newOffice(t, "2022-09-05 09:00")
	f := o.submit(1)
	o.said()
	for i := range notices {
		o.teams.Inject(teamsfake.Fault{Method: "POST", Path: o.teams.Chat(o.rosa.ID), Skip: i + 1, Status: 500})
	}
	o.postNotices(f, notices)
	o.until("2022-09-05 09:01")
	if told := len(o.said()); told != notices {
		t.Errorf("told %d of %d in a minute", told, notices)
	}
}

// Teams refuses Rosa once, though she did not uninstall, and another notice is posted before the
// retry is due: both are delivered at the retry.
func TestMoreToTellALostPerson(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "2022-09-05 09:00")
	f := o.submit(1)
	o.said()
	o.teams.Inject(teamsfake.Fault{Method: "POST", Path: o.teams.Chat(o.rosa.ID), Status: 403, Code: "BotNotInConversationRoster"})
	o.postNotices(f, 1)
	o.postNotices(f, 1)
	o.until("2022-09-05 09:09")
	o.want("before it is tried again")
	o.until("2022-09-05 09:12")
	if told := len(o.said()); told != 2 {
		t.Errorf("told %d of 2", told)
	}
}

// postNotices posts notices for Rosa.
func (o *office) postNotices(f provisioning.Folio, notices int) {
	o.t.Helper()
	o.update(func(tx provisioning.Tx) error {
		for range notices {
			if err := tx.Post(provisioning.Notice{To: o.rosa.ID, Kind: provisioning.NoticeAuthorized, Folio: f, At: o.Now()}); err != nil {
				return err
			}
		}
		return tx.Enqueue(job.Job{Kind: provisioning.JobNotices, Key: o.rosa.ID, Due: o.Now()})
	})
	o.settle()
}
