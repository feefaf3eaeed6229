package service_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/audit"
)

// The audit says who did what in which conversation, and what that changed.
func TestTheAuditSaysWhereAndWhatChanged(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	folio := o.sends(o.silvia, lucia)
	o.approves(o.rosa, "director", folio)
	o.approves(o.ernesto, "subdirector", folio)
	o.announced(o.silvia, luciaMail)
	toSend := o.letterCard(folio, "letter.sent")
	o.reveals(o.silvia, luciaMail)
	o.shows(o.ernesto, toSend, "letter.sent", nil)
	o.stop()
	type link struct{ Act, Actor, Conversation, Before, After string }
	var got []link
	o.ledger(func(tx provisioning.Tx) error {
		got = nil
		for e, err := range tx.Entries(provisioning.Folio(folio)) {
			if err != nil {
				return err
			}
			in, _, _ := strings.Cut(e.By.Conversation, ";messageid=")
			got = append(got, link{e.Act, e.By.ID, in, e.Before, e.After})
		}
		return nil
	})
	chat := o.chats[o.silvia.ID]
	want := []link{
		{"request.submit", o.silvia.ID, chat, "", "director"},
		{"approval.approve", o.rosa.ID, o.channels["director"], "director", "subdirector"},
		{"approval.approve", o.ernesto.ID, o.channels["subdirector"], "subdirector", "provisioning"},
		{"account.created", "altas", "", "reserved", "created"},
		{"account.licensed", "altas", "", "created", "licensed"},
		{"account.recorded", "altas", "", "licensed", "recorded"},
		{"account.announced", "altas", "", "recorded", "announced"},
		{"letter.issue", "altas", "", "numbered", "issued"},
		{"password.reveal", o.silvia.ID, chat, "announced", "announced"},
		{"letter.send", o.ernesto.ID, o.channels["subdirector"], "issued", "sent"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("audit (-want +got):\n%s", diff)
	}
}

var postedHead = regexp.MustCompile(`altas audit verify -head (\d+:[0-9a-f]{64})`)

// heads are the heads of the audit that the platform channel has.
func (o *office) heads() (heads []string) {
	o.t.Helper()
	for _, m := range o.teams.Messages(o.channels["platform"], o.gabriela.ID) {
		if found := postedHead.FindStringSubmatch(m.Text); found != nil {
			heads = append(heads, found[1])
		}
	}
	return heads
}

// Each morning the platform channel and the log have the head of the audit, once, if there is
// anything new. An audit that was cut or written anew does not hold it.
func TestTheHeadOfTheAuditIsPosted(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.sends(o.silvia, lucia)
	next := func(after time.Duration) {
		o.stop()
		o.ahead += after
		o.start()
	}
	next(0) // the same day
	next(24 * time.Hour)
	o.waits("head of the first day", func() bool { return len(o.heads()) == 1 })
	next(0)
	next(24 * time.Hour) // nothing new
	folio := o.sends(o.martha, iker)
	next(24 * time.Hour)
	o.waits("head of the third day", func() bool { return len(o.heads()) == 2 })
	o.stop()
	heads := o.heads()
	if len(heads) != 2 || strings.Count(o.log.String(), "head of the audit; altas audit verify") != 2 {
		t.Fatalf("heads %q; the log:\n%s", heads, o.log.tail(2000))
	}
	for _, head := range heads {
		if !strings.Contains(o.log.String(), `"head":"`+head+`"`) {
			t.Errorf("the log has no %s", head)
		}
		anchor, err := audit.ParseHead(head)
		if err != nil {
			t.Fatal(err)
		}
		o.ledger(func(tx provisioning.Tx) error {
			_, err := audit.Verify(tx.Chain(), anchor)
			return err
		})
	}
	if acts := o.acts(folio); len(acts) != 1 {
		t.Errorf("acts %q", acts)
	}
}
