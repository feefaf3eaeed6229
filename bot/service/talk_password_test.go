package service_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
)

// Silvia's Teams sends one click twice, and the tenant is slow to set the password: both responses
// show her the same one, and it works. If the second arrives after the response to the first, on a
// busy machine, it changes nothing.
func TestTwoCopiesOfOneClickOnAPassword(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.authorises(o.sends(o.silvia, lucia))
	card := o.announced(o.silvia, luciaMail)
	o.tenant.Fail(graphfake.Fault{Op: "users.update", Break: graphfake.BreakSlow, Delay: 2 * time.Second})
	turns := make([]*teamsfake.Turn, 2)
	var group sync.WaitGroup
	for i := range turns {
		group.Go(func() {
			var err error
			if turns[i], err = o.teams.Click(o.within(), o.silvia.ID, card, "password.reveal", nil); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	for i, turn := range turns {
		switch {
		case turn.Card != nil && turn.Card.Monospace() != "":
			o.passwords = append(o.passwords, turn.Card.Monospace())
		case turn.Text != cards.In("es-MX").Say("answer.shown", nil):
			t.Errorf("copy %d shows %q", i, turn.Text)
		}
	}
	if len(slices.Compact(slices.Clone(o.passwords))) != 1 {
		t.Fatalf("%d passwords are shown, want 1", len(o.passwords))
	}
	o.signsIn(luciaMail, o.passwords[0])
	if n := o.tenant.Count("users.update"); n != 1 {
		t.Errorf("%d passwords were set, want 1", n)
	}
}

// A password was shown, and a week later none may be shown: the card is updated to say so, although
// it was updated before, after the password was read.
func TestTheCardClosesThoughAPasswordWasShown(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.authorises(o.sends(o.silvia, lucia))
	o.reveals(o.silvia, luciaMail)
	o.stop()
	o.ahead = 11 * time.Minute
	o.start()
	o.waits("card without the password", func() bool {
		return o.count(o.chats[o.silvia.ID], o.silvia, "Cuenta lista", luciaMail) == 1
	})
	o.stop()
	o.ahead = 7*24*time.Hour + 12*time.Minute
	o.start()
	o.waits("closed card", func() bool {
		return o.count(o.chats[o.silvia.ID], o.silvia, "Cuenta lista", luciaMail, "Terminó el plazo") == 1 &&
			o.teams.NewestCard(o.chats[o.silvia.ID], o.silvia.ID, "password.reveal") == nil
	})
}
