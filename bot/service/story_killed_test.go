package service_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
)

// doomed opens an office whose service dies at its n-th call, and comes back.
func doomed(t *testing.T, at int, after bool) (*office, *doom) {
	t.Helper()
	d := &doom{at: at, after: after}
	o := raise(t, func(o *office, _ *tenantConfig) { o.between = d.watch })
	d.child = o.startChild()
	o.installs(o.silvia)
	return o, d
}

// The service is killed at each of its calls of Graph and of Teams, before the call
// and after it, and is started again. Whoever was not answered tries again. In the
// end there is one account, one row, every card is true and Silvia has been told.
func TestKilledAtEachStep(t *testing.T) {
	t.Parallel()
	o, d := doomed(t, 0, false)
	total := o.stubborn(d)
	t.Logf("%d calls from the form to the account", total)
	for at := 1; at <= total; at++ {
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprintf("call %d, after it %t", at, after), func(t *testing.T) {
				t.Parallel()
				o, d := doomed(t, at, after)
				o.stubborn(d)
			})
		}
	}
}

// stubborn plays the main job with people who try again when nobody answers, and
// returns how many calls it took.
func (o *office) stubborn(d *doom) int {
	o.t.Helper()
	review := o.asks(o.silvia, lucia)
	d.arm()
	folio := ""
	o.eventually("request sent", func() bool {
		turn, err := o.teams.Click(o.within(), o.silvia.ID, review, "request.submit", nil)
		if err == nil && turn.Card != nil {
			folio = folioShape.FindString(turn.Card.Text())
		}
		return folio != ""
	})
	o.insists(o.rosa, "director", folio)
	o.insists(o.ernesto, "subdirector", folio)
	o.announced(o.silvia, luciaMail)
	o.eventually("the row", func() bool { return len(o.rows()) == 1 })
	o.eventually("true cards", o.cardsAreTrue)
	calls := d.spent()
	if n := o.count(o.chats[o.silvia.ID], o.silvia, "Cuenta lista"); n < 1 || n > 2 { // sending can't be repeated safely, and is preferred to silence
		o.t.Errorf("Silvia was told %d times", n)
	}
	o.signsIn(luciaMail, o.reveals(o.silvia, luciaMail))
	o.stop()
	o.oneEach()
	if made := o.stamped(); len(made) != 1 || made[0].UserPrincipalName != luciaMail {
		o.t.Errorf("accounts: %+v", made)
	}
	return calls
}

// insists approves at a stage, again and again until the card says so.
func (o *office) insists(p teamsfake.Person, stage, folio string) {
	o.t.Helper()
	card := o.approval(stage, folio)
	o.eventually("approval at "+stage, func() bool {
		turn, err := o.teams.Click(o.within(), p.ID, card, "approval.approve", nil)
		return err == nil && turn.Card != nil && !turn.Card.Offers("approval.approve")
	})
}

// cardsAreTrue reports whether no card in the stages' channels can be decided, and
// the requester's own says that the request was answered.
func (o *office) cardsAreTrue() bool {
	for _, stage := range []string{"director", "subdirector"} {
		for _, c := range o.teams.Cards(o.channels[stage], o.oscar.ID) {
			if c.Offers("approval.approve") {
				return false
			}
		}
	}
	for _, c := range o.teams.Cards(o.chats[o.silvia.ID], o.silvia.ID) {
		if strings.Contains(c.Text(), "Respuesta entregada") {
			return true
		}
	}
	return false
}

// Teams does not answer, nor does Graph; the service is told to stop while it
// waits for both, and stops within ten seconds. What it owed it still owes.
func TestStopsInTime(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	folio := o.sends(o.silvia, lucia)
	o.approves(o.rosa, "director", folio)
	card := o.approval("subdirector", folio)
	o.teams.Inject(teamsfake.Fault{Delay: time.Minute, Times: 1000})
	o.says(o.silvia, "ayuda")
	o.presses(o.ernesto, card, "approval.approve", nil)
	o.waits("calls that hang", func() bool { return o.teams.FaultsLeft() < 998 })
	if took := times(o.stop); took > 10*time.Second {
		t.Errorf("stopping took %s", took)
	}
	o.teams.Heal()
	o.ahead = 5 * time.Minute
	o.start()
	o.announced(o.silvia, luciaMail)
}

// times says how long an act takes, in tenths of a second as this process lives them:
// on a machine that is short of time they are longer, and nobody is late for that.
func times(act func()) time.Duration {
	const beat = 100 * time.Millisecond
	done, took := make(chan struct{}), make(chan time.Duration)
	go func() {
		lived := time.Duration(0)
		for {
			select {
			case <-done:
				took <- lived
				return
			case <-time.After(beat):
				lived += beat
			}
		}
	}()
	act()
	close(done)
	return <-took
}
