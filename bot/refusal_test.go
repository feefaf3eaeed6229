package bot_test

import (
	"strings"
	"testing"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
	"seducoahuila.gob.mx/altas/bot/recipient"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
)

// countSaid counts the messages since the last call that contain the words.
func (o *office) countSaid(words string) int {
	o.t.Helper()
	n := 0
	for _, line := range o.said() {
		if strings.Contains(line, words) {
			n++
		}
	}
	return n
}

func (o *office) deadLetters() (all []recipient.Undelivered) {
	o.t.Helper()
	o.update(func(tx provisioning.Tx) error {
		all = nil
		for u, err := range recipient.DeadLetters(tx) {
			if err != nil {
				return err
			}
			all = append(all, u)
		}
		return nil
	})
	return all
}

// Teams permanently refuses one of three notices for Rosa. The two after it arrive at once; the
// refused one is retried a few times and kept, and the platform's channel gets one notice with
// name, request and kind. Resent by hand, it arrives.
func TestOneRefusedNoticeKeepsNoOtherBack(t *testing.T) {
	t.Parallel()
	for _, status := range []int{400, 413, 422} {
		o := newOffice(t, "2022-09-05 09:00")
		f := o.submit(1)
		o.said()
		refuseNext := func(times int) {
			o.teams.Inject(teamsfake.Fault{Method: "POST", Path: o.teams.Chat(o.rosa.ID), Status: status, Code: "BadSyntax", Times: times})
		}
		refuseNext(1)
		o.postNotices(f, 3)
		if told := o.countSaid("autorizada"); told != 2 {
			t.Fatalf("%d: told %d of the 2 behind it", status, told)
		}
		refuseNext(3) // only the refused one is still retried
		o.until("2022-09-05 09:30")
		if n := o.countSaid("Teams no acepta un aviso para Rosa Ibarra: " + string(f) + "."); n != 1 {
			t.Errorf("%d: the platform's channel is told %d times", status, n)
		}
		if left := o.teams.FaultsLeft(); left != 0 {
			t.Errorf("%d: it was tried %d times too few", status, left)
		}
		dead := o.deadLetters()
		if len(dead) != 1 || dead[0].Notice.To != o.rosa.ID || !strings.Contains(dead[0].Cause, "BadSyntax") {
			t.Fatalf("%d: dead letters %+v", status, dead)
		}
		o.until("2022-09-05 20:00")
		o.want("the rest of the day")
		o.update(func(tx provisioning.Tx) error { return recipient.Resend(tx, dead[0].Notice, o.Now()) })
		o.settle()
		if told := o.countSaid("autorizada"); told != 1 || len(o.deadLetters()) != 0 {
			t.Errorf("%d: sent again: told %d times, %d letters left", status, told, len(o.deadLetters()))
		}
	}
}

// A notice that Teams refuses only for a time arrives late, without a notice of it.
func TestANoticeThatIsTakenLater(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "2022-09-05 09:00")
	f := o.submit(1)
	o.said()
	o.teams.Inject(teamsfake.Fault{Method: "POST", Path: o.teams.Chat(o.rosa.ID), Status: 400, Times: 3})
	o.postNotices(f, 1)
	o.until("2022-09-05 09:30")
	if told := o.countSaid("autorizada"); told != 1 || len(o.deadLetters()) != 0 {
		t.Errorf("told %d times, %d dead letters", told, len(o.deadLetters()))
	}
}

// The platform's own channel refuses: the administrator gets a notice; if Teams refuses that
// too, there is no further one.
func TestRefusalsAreNotToldForEver(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "2022-09-05 09:00")
	if _, err := o.teams.Install(t.Context(), o.ines.ID); err != nil {
		t.Fatal(err)
	}
	o.teams.Inject(teamsfake.Fault{Method: "POST", Status: 400, Times: 1000})
	o.update(func(tx provisioning.Tx) error {
		n := provisioning.Notice{To: string(provisioning.Platform), Kind: provisioning.NoticeLowStock, Args: map[string]string{"sku": "A1", "free": "1"}, At: o.Now()}
		if err := tx.Post(n); err != nil {
			return err
		}
		return tx.Enqueue(job.Job{Kind: provisioning.JobNotices, Key: n.To, Due: o.Now()})
	})
	o.until("2022-09-05 12:00")
	kinds := map[provisioning.NoticeKind]string{}
	for _, u := range o.deadLetters() {
		kinds[u.Notice.Kind] += u.Notice.To
	}
	if len(kinds) != 2 || kinds[provisioning.NoticeLowStock] != "platform" || kinds[provisioning.NoticeUndelivered] != o.ines.ID {
		t.Errorf("dead letters: %v", kinds)
	}
}

// Teams refuses one approval card. The next request's card is posted at once; the platform's
// channel gets one notice of the missing one, which is posted as soon as Teams accepts it.
func TestOneRefusedCardKeepsNoOtherBack(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "2022-09-05 09:00")
	refuseNext := func(times int) {
		o.teams.Inject(teamsfake.Fault{Method: "POST", Suffix: "/v3/conversations", Status: 413, Code: "MessageSizeTooBig", Times: times})
	}
	cards := func(f provisioning.Folio) (n int) {
		for _, c := range o.teams.Cards(o.channels[provisioning.Director], o.elena.ID) {
			if strings.Contains(c.Text(), string(f)) {
				n++
			}
		}
		return n
	}
	refuseNext(1)
	lost, next := o.submit(1), o.submit(2)
	if cards(lost) != 0 || cards(next) != 1 {
		t.Fatalf("%d and %d cards", cards(lost), cards(next))
	}
	refuseNext(3)
	o.until("2022-09-05 09:30")
	if n := o.countSaid("Teams no acepta una tarjeta para la Dirección General: " + string(lost)); n != 1 {
		t.Errorf("the platform's channel is told %d times", n)
	}
	refuseNext(1)
	o.until("2022-09-05 12:00")
	if cards(lost) != 1 || cards(next) != 1 {
		t.Errorf("%d and %d cards", cards(lost), cards(next))
	}
	if n := o.countSaid("Teams no acepta"); n != 0 {
		t.Errorf("told %d times more", n)
	}
	o.wantState(lost, provisioning.StateDirector)
}
