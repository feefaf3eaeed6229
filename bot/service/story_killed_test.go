package service_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
)

// killedOffice opens an office whose service is killed at its n-th call, and restarted.
func killedOffice(t *testing.T, at int, after bool) (*office, *killer) {
	t.Helper()
	d := &killer{at: at, after: after}
	o := raise(t, func(o *office, _ *tenantConfig) { o.between = d.wrap })
	d.child = o.startChild()
	o.installs(o.silvia)
	return o, d
}

// The service is killed at each of its calls of Graph and of Teams, before the call and after it,
// and is restarted. Whoever got no response tries again. In the end there is one account, one row and one
// letter, every card is up to date and Silvia was notified.
func TestKilledAtEachStep(t *testing.T) {
	t.Parallel()
	o, d := killedOffice(t, 0, false)
	total := o.completesWithRetries(d)
	t.Logf("%d calls from the form to the account", total)
	for at := 1; at <= total; at++ {
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprintf("call %d, after it %t", at, after), func(t *testing.T) {
				t.Parallel()
				o, d := killedOffice(t, at, after)
				o.completesWithRetries(d)
			})
		}
	}
}

// completesWithRetries completes the procedure with people who try again when there is no response,
// and returns the number of calls.
func (o *office) completesWithRetries(d *killer) int {
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
	o.approvesWithRetries(o.rosa, "director", folio)
	o.approvesWithRetries(o.ernesto, "subdirector", folio)
	o.announced(o.silvia, luciaMail)
	o.eventually("the row", func() bool { return len(o.rows()) == 1 })
	o.eventually("true cards", o.cardsAreTrue)
	o.letterCard(folio, "letter.sent")
	calls := d.disarm()
	if n := o.count(o.chats[o.silvia.ID], o.silvia, "Cuenta lista"); n < 1 || n > 2 { // sending is not idempotent, and a duplicate is better than none
		o.t.Errorf("Silvia was told %d times", n)
	}
	o.signsIn(luciaMail, o.reveals(o.silvia, luciaMail))
	o.stop()
	o.oneEach()
	if made := o.stamped(); len(made) != 1 || made[0].UserPrincipalName != luciaMail {
		o.t.Errorf("accounts: %+v", made)
	}
	if all := o.lettersOf(folio); len(all) != 1 || !all[0].Valid() {
		o.t.Errorf("letters: %+v", all)
	}
	return calls
}

// approvesWithRetries approves at a stage, again and again until the card shows it.
func (o *office) approvesWithRetries(p teamsfake.Person, stage, folio string) {
	o.t.Helper()
	card := o.approval(stage, folio)
	o.eventually("approval at "+stage, func() bool {
		turn, err := o.teams.Click(o.within(), p.ID, card, "approval.approve", nil)
		return err == nil && turn.Card != nil && !turn.Card.Offers("approval.approve")
	})
}

// cardsAreTrue reports whether no card in the stages' channels can be decided, and the requester's
// shows that the request was answered.
func (o *office) cardsAreTrue() bool {
	for _, stage := range []string{"director", "subdirector"} {
		for _, c := range o.teams.Cards(o.channels[stage], o.oscar.ID) {
			if c.Offers("approval.approve") {
				return false
			}
		}
	}
	for _, c := range o.teams.Cards(o.chats[o.silvia.ID], o.silvia.ID) {
		if strings.Contains(c.Text(), "Se avisó a quien solicita") {
			return true
		}
	}
	return false
}

// Neither Teams nor Graph answers; the service is stopped while it waits for both, and stops within
// ten seconds. Its pending jobs are kept.
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
	if took := measure(o.stop); took > 10*time.Second {
		t.Errorf("stopping took %s", took)
	}
	o.teams.Heal()
	o.ahead = 5 * time.Minute
	o.start()
	o.announced(o.silvia, luciaMail)
}

// times measures how long an act takes, in ticks of a tenth of a second in this process: on a busy
// machine they are longer, and do not count as a delay.
func measure(act func()) time.Duration {
	const tick = 100 * time.Millisecond
	done, took := make(chan struct{}), make(chan time.Duration)
	go func() {
		elapsed := time.Duration(0)
		for {
			select {
			case <-done:
				took <- elapsed
				return
			case <-time.After(tick):
				elapsed += tick
			}
		}
	}()
	act()
	close(done)
	return <-took
}
