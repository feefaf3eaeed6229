package bot_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
)

// authorised opens an office with a request that both stages have just approved, at 09:00. Rosa
// was told that it was turned over, and nothing else.
func authorised(t *testing.T) (*office, provisioning.Folio) {
	t.Helper()
	o := newOffice(t, "2022-09-05 09:00")
	f := o.submit(1)
	o.decide(o.elena, provisioning.Director, cards.ApprovalApprove, nil)
	o.decide(o.ines, provisioning.Subdirector, cards.ApprovalApprove, nil)
	if told := o.toldRosa(); len(told) != 1 || !strings.Contains(told[0], "fue turnada") {
		t.Fatalf("told %q, want that it was turned over", told)
	}
	return o, f
}

// toldRosa returns what Rosa was told since the last call.
func (o *office) toldRosa() (told []string) {
	for _, line := range o.said() {
		if strings.Contains(line, " rosa: ") {
			told = append(told, line)
		}
	}
	return told
}

// announces makes the account of a request ready, and tells so.
func (o *office) announces(f provisioning.Folio) {
	o.t.Helper()
	for _, to := range []provisioning.AccountState{
		provisioning.AccountReserved, provisioning.AccountCreated, provisioning.AccountLicensed, provisioning.AccountRecorded,
	} {
		o.move(f, to)
	}
	o.update(func(tx provisioning.Tx) error {
		a, err := tx.Account(provisioning.NewStamp(f, 1))
		if err != nil {
			return err
		}
		a.State, a.AnnouncedAt = provisioning.AccountAnnounced, o.Now()
		entry := provisioning.Entered{At: o.Now(), By: provisioning.System, Act: "account.announced", Folio: f, Stamp: a.Stamp}
		return errors.Join(provisioning.PutLine(tx, a, entry),
			provisioning.Send(tx, provisioning.Notice{To: o.rosa.ID, Kind: provisioning.NoticeReady, Folio: f, Stamp: a.Stamp, At: o.Now()}))
	})
	o.settle()
}

// pendingFor returns the number of Rosa's notices that are still to be sent.
func (o *office) pendingForRosa() (n int) {
	o.t.Helper()
	o.update(func(tx provisioning.Tx) error {
		n = 0
		for _, err := range tx.Pending(o.rosa.ID) {
			if err != nil {
				return err
			}
			n++
		}
		return nil
	})
	return n
}

// The account is ready within seconds: Rosa is told that, and not also that the request is authorised.
func TestReadyAtOnceIsToldOnce(t *testing.T) {
	t.Parallel()
	o, f := authorised(t)
	o.advance(o.Now().Add(2 * time.Second))
	o.announces(f)
	if told := o.toldRosa(); len(told) != 1 || !strings.Contains(told[0], "está lista") {
		t.Errorf("told %q, want that the account is ready", told)
	}
	if n := o.pendingForRosa(); n != 0 {
		t.Errorf("%d notices are kept", n)
	}
	o.until("2022-09-05 09:05")
	if told := o.toldRosa(); len(told) != 0 {
		t.Errorf("told later: %q", told)
	}
}

// The account takes longer than the notice is held: Rosa is told that the request is authorised, once,
// although Altas was restarted meanwhile, and later that the account is ready.
func TestAuthorisedIsToldIfTheAccountTakesLonger(t *testing.T) {
	t.Parallel()
	o, f := authorised(t)
	o.close()
	o.open()
	o.advance(o.Now().Add(29 * time.Second))
	o.settle()
	if told := o.toldRosa(); len(told) != 0 {
		t.Errorf("told at once: %q", told)
	}
	o.until("2022-09-05 09:01")
	if told := o.toldRosa(); len(told) != 1 || !strings.Contains(told[0], "está autorizada") {
		t.Errorf("told %q, want that it is authorised", told)
	}
	o.until("2022-09-05 09:10")
	o.announces(f)
	if told := o.toldRosa(); len(told) != 1 || !strings.Contains(told[0], "está lista") {
		t.Errorf("told %q, want that the account is ready", told)
	}
}

// Another notice for Rosa is delivered while one is held: the held one is not forgotten.
func TestAHeldNoticeOutlivesAnother(t *testing.T) {
	t.Parallel()
	o, f := authorised(t)
	o.update(func(tx provisioning.Tx) error {
		return provisioning.Send(tx, provisioning.Notice{To: o.rosa.ID, Kind: provisioning.NoticeCancelled, Folio: f, At: o.Now()})
	})
	o.settle()
	if told := o.toldRosa(); len(told) != 1 || !strings.Contains(told[0], "Se canceló") {
		t.Errorf("told %q, want the other notice alone", told)
	}
	o.until("2022-09-05 09:01")
	if told := o.toldRosa(); len(told) != 1 || !strings.Contains(told[0], "está autorizada") {
		t.Errorf("told %q, want the held one", told)
	}
}

// The line stops for the head of department while the notice is held: it is dropped when it is due.
func TestAHeldNoticeIsDroppedWhenDue(t *testing.T) {
	t.Parallel()
	o, f := authorised(t)
	o.move(f, provisioning.AccountAttention)
	o.until("2022-09-05 09:05")
	if told := o.toldRosa(); len(told) != 0 {
		t.Errorf("told %q, though the platform has the line", told)
	}
	if n := o.pendingForRosa(); n != 0 {
		t.Errorf("%d notices are kept", n)
	}
}
