package service_test

import (
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
)

// blindAfter has the tenant answer no look at a user from the first password on that is set.
func (p *plant) blindAfter() {
	set := p.tenant.Count("users.update")
	p.tenant.OnRequest(func(op string) (graphfake.Fault, bool) {
		return graphfake.Fault{Status: 503}, op == "users.get" && p.tenant.Count("users.update") > set
	})
}

const hersAlone = "Mi-propia-clave-7"

// changesIt is what the owner does at her first sign-in, of which nothing tells: the app may
// not read the tenant's sign-ins.
func (p *plant) changesIt(secret string) {
	p.t.Helper()
	if err := p.tenant.ChangePassword(anaMail, secret, hersAlone); err != nil {
		p.t.Fatal(err)
	}
}

// The password is shown, and the look at when it was set fails. Its owner changes it half a
// minute later: hers stays, however the secretary asks for another.
func TestAPasswordChangedSoonAfterItWasShown(t *testing.T) {
	t.Parallel()
	for name, lookBackFails := range map[string]bool{"seen at once": false, "not seen": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := build(t, nil)
			f := p.grant(ana())
			p.clock.calm()
			if lookBackFails {
				p.blindAfter()
			}
			secret, err := p.shown(f, secretary)
			if err != nil {
				t.Fatal(err)
			}
			p.tenant.Heal()
			p.clock.leap(30 * time.Second)
			p.changesIt(secret.Reveal())
			p.clock.leap(time.Minute)
			p.wantRefusal(f, secretary, "password.used")
			p.clock.leap(time.Hour)
			p.wantRefusal(f, secretary, "password.used")
			if got := p.tenant.SignIn(anaMail, hersAlone); got != graphfake.SignedIn {
				t.Errorf("her own password: %s", got)
			}
			if n := p.line(f, 1).Handover.Reveals; n != 1 {
				t.Errorf("%d showings are counted, want 1", n)
			}
		})
	}
}

// The look back fails, or the replicas are half a minute late: ten minutes later the
// secretary is shown another, which opens the account.
func TestASecondPasswordInAnOrdinaryTenant(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		blind bool
		lag   time.Duration
	}{"seen at once": {}, "not seen": {blind: true}, "seen late": {lag: 30 * time.Second}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := build(t, func(s *site) { s.tenant.Lag = c.lag })
			f := p.grant(ana())
			p.clock.leap(10 * time.Minute)
			p.clock.calm()
			if c.blind {
				p.blindAfter()
			}
			if _, err := p.shown(f, secretary); err != nil {
				t.Fatal(err)
			}
			p.tenant.Heal()
			p.clock.leap(10 * time.Minute)
			second, err := p.shown(f, secretary)
			if err != nil {
				t.Fatal(err)
			}
			if got := p.tenant.SignIn(anaMail, second.Reveal()); got != graphfake.MustChange {
				t.Errorf("it signs in: %s", got)
			}
		})
	}
}

// The second password is set and the answer is lost, three times over: it is not known
// whether its owner, who has the first, was before. Nothing is set after that.
func TestAPasswordThatMayBeItsOwners(t *testing.T) {
	t.Parallel()
	p := build(t, nil)
	f := p.grant(ana())
	p.clock.calm()
	first, err := p.shown(f, secretary)
	if err != nil {
		t.Fatal(err)
	}
	p.clock.leap(time.Minute)
	p.tenant.OnRequest(func(op string) (graphfake.Fault, bool) {
		if op == "users.update" {
			p.changesItOnce(first.Reveal())
		}
		return graphfake.Fault{Status: 503}, op == "users.update"
	})
	if secret, err := p.shown(f, secretary); err == nil {
		t.Fatalf("shown %v", secret)
	}
	p.tenant.Heal()
	p.clock.leap(time.Minute)
	p.wantRefusal(f, secretary, "password.unclear")
	p.clock.leap(time.Minute)
	p.wantRefusal(f, secretary, "password.unclear")
	if got := p.tenant.SignIn(anaMail, hersAlone); got != graphfake.SignedIn {
		t.Errorf("her own password: %s", got)
	}
}

// changesItOnce is changesIt, in the middle of what may be done again.
func (p *plant) changesItOnce(secret string) {
	if p.tenant.SignIn(anaMail, secret) == graphfake.MustChange {
		p.changesIt(secret)
	}
}
