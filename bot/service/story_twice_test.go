package service_test

import (
	"slices"
	"strings"
	"testing"

	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
)

// Silvia asks for Lucía, and Martha for another Lucía of the same name, with a CURP of her
// own; an account of that name is there. Gabriela gives it to the first on her card, and to
// the second on hers: that card says that what it showed has changed, the second Lucía is
// looked at again and gets an account of her own, and Martha is told of no other.
func TestTheSameAccountIsNotGivenTwice(t *testing.T) {
	t.Parallel()
	const theirs = "lulu@docentecoahuila.gob.mx"
	o := openOffice(t)
	o.seeds(map[string]any{"userPrincipalName": theirs, "displayName": "Lucía Ñáñez Garza"})
	first, second := o.sends(o.silvia, lucia), o.sends(o.martha, aTeacher("Lucía", "Ñáñez", "Garza", 40))
	o.authorises(first)
	o.authorises(second)
	platform := o.channels["platform"]
	cardOfFirst, cardOfSecond := o.card(platform, o.gabriela, "attention.adopt", first), o.card(platform, o.gabriela, "attention.adopt", second)
	o.shows(o.gabriela, cardOfFirst, "attention.adopt", nil)
	o.told(o.silvia, theirs, "ya tenía cuenta")
	if after := o.shows(o.gabriela, cardOfSecond, "attention.adopt", nil).Text(); !strings.Contains(after, "cambió desde que se mostró") {
		t.Errorf("the second's card says:\n%s", after)
	}
	o.eventually("an account of her own", func() bool { return len(o.stamped()) == 1 })
	made := o.stamped()[0]
	o.announced(o.martha, made.UserPrincipalName)
	if made.UserPrincipalName == theirs || o.count(o.chats[o.martha.ID], o.martha, theirs) > 0 {
		t.Errorf("%s was made, and Martha reads:\n%s", made.UserPrincipalName, o.conversations())
	}
	o.stop()
	if acts := o.acts(second); slices.ContainsFunc(acts, func(act string) bool { return strings.Contains(act, "attention.adopt") }) {
		t.Errorf("of the second is kept %q", acts)
	}
}

// Gabriela is an administrator, and requested Lucía's account herself: Ernesto, another
// administrator, decides whether the account that was found is Lucía's. If she is the only
// administrator, she does.
func TestNobodySettlesTheirOwnRequest(t *testing.T) {
	t.Parallel()
	for name, alone := range map[string]bool{"beside another": false, "alone": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := openOffice(t, func(o *office, _ *tenantConfig) {
				if !alone {
					o.rules(strings.Replace(officeRules, `administrators: ["{gabriela}"]`, `administrators: ["{gabriela}", "{ernesto}"]`, 1))
				}
			})
			o.seeds(map[string]any{"userPrincipalName": "lulu@docentecoahuila.gob.mx", "displayName": "Lucía Ñáñez Garza"})
			o.installs(o.gabriela)
			folio := o.sends(o.gabriela, lucia)
			o.authorises(folio)
			card, thread := o.card(o.channels["platform"], o.gabriela, "attention.adopt", folio), o.caseOf(folio)
			if !alone {
				o.refused(o.presses(o.gabriela, card, "attention.adopt", nil), "attention.own")
				o.refused(o.presses(o.gabriela, card, "attention.rename", nil), "attention.own")
				o.writes(o.gabriela, thread, "adoptar", "lo resuelve otro administrador")
				card = o.card(o.channels["platform"], o.ernesto, "attention.adopt", folio)
				o.shows(o.ernesto, card, "attention.adopt", nil)
			} else {
				o.shows(o.gabriela, card, "attention.adopt", nil)
			}
			o.told(o.gabriela, "lulu@docentecoahuila.gob.mx", "ya tenía cuenta")
			if made := o.stamped(); len(made) > 0 {
				t.Errorf("made: %+v", made)
			}
		})
	}
}

// The directory does not answer when Gabriela adopts an account: she is told to try again, the line
// stays in attention, and it works once the directory answers. An account that was deleted
// meanwhile is not adopted: the line is searched again.
func TestAnAccountIsAdoptedOnlyWhileItIsThere(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.seeds(map[string]any{"userPrincipalName": "lulu@docentecoahuila.gob.mx", "displayName": "Lucía Ñáñez Garza"})
	folio := o.sends(o.silvia, lucia)
	o.authorises(folio)
	platform := o.channels["platform"]
	card := o.card(platform, o.gabriela, "attention.adopt", folio)
	o.tenant.OnRequest(func(op string) (graphfake.Fault, bool) { return graphfake.Fault{Status: 503}, op == "users.list" })
	o.refused(o.presses(o.gabriela, card, "attention.adopt", nil), "directory.unavailable")
	o.tenant.Heal()
	o.card(platform, o.gabriela, "attention.adopt", folio)
	u, _ := o.tenant.User("lulu@docentecoahuila.gob.mx")
	o.must(o.tenant.Delete(u.ID))
	if after := o.shows(o.gabriela, card, "attention.adopt", nil).Text(); !strings.Contains(after, "cambió desde que se mostró") {
		t.Errorf("the card says:\n%s", after)
	}
	o.announced(o.silvia, luciaMail)
	if n := o.count(o.chats[o.silvia.ID], o.silvia, "ya tenía cuenta"); n > 0 {
		t.Errorf("Silvia is told of an account that is gone")
	}
}
