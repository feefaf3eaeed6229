package service_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/input"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
)

// otherLucia is another person of Lucía's name.
func otherLucia() teamsfake.Inputs {
	in := without(lucia, "curp")
	in["curp"] = string(provisioningtest.CURP(31))
	return in
}

// files are the contents of the office's databases.
func (o *office) files(names ...string) map[string][]byte {
	o.t.Helper()
	all := map[string][]byte{}
	for _, name := range names {
		content, err := os.ReadFile(filepath.Join(o.dir, name))
		if err != nil {
			o.t.Fatal(err)
		}
		all[name] = content
	}
	return all
}

// putBack restores them.
func (o *office) putBack(files map[string][]byte) {
	o.t.Helper()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(o.dir, name), content, 0o600); err != nil {
			o.t.Fatal(err)
		}
	}
}

// Somebody wrote a number near the maximum into the property of an account, and into the receipts:
// the next request nevertheless has the next folio, and the log names the number that was ignored.
func TestANumberNearTheLastDoesNotCount(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	first := o.sends(o.silvia, lucia)
	o.stop()
	last := func(n int) provisioning.Stamp {
		year, _ := provisioning.Folio(first).Number()
		return provisioning.NewStamp(provisioning.NewFolio(year, n), 1)
	}
	o.seeds(map[string]any{"userPrincipalName": "hr@docentecoahuila.gob.mx", "displayName": "Recursos Humanos", "employeeId": string(last(999_999))})
	h := identity.Holder{Type: identity.Teacher, Person: identity.Person{GivenNames: "Otra", FirstSurname: "Persona", CURP: provisioningtest.CURP(60)}}
	o.row(provisioning.Receipt{Stamp: last(999_998), Folio: last(999_998).Folio(), Address: "otra@docentecoahuila.gob.mx", Holder: h,
		State: provisioning.ReceiptActive, RequestedAt: time.Now(), CreatedAt: time.Now(), Petition: provisioning.Petition{Medium: input.MediumOficio}})
	o.start()
	if second := o.sends(o.martha, luis); second != string(last(2).Folio()) {
		t.Errorf("after %s comes %s", first, second)
	}
	for _, stamp := range []provisioning.Stamp{last(999_999), last(999_998)} {
		o.must(o.log.says(o.within(), `"stamp":"`+string(stamp)+`"`))
	}
}

// A backup is restored, and Altas started: the next request has a folio after those given since the
// backup, which the receipts or the directory have. If neither can be read, requests are accepted
// nevertheless, and the log says so; then the folio is given again, and the account of its first
// holder is given to nobody.
func TestFoliosAfterARestoredBackup(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		restored []string
		away     bool   // the tenant, as Altas starts
		again    bool   // whether the folio is given again
		card     string // what the platform's card says; "" where the account is made
	}{
		"the receipts know":   {restored: []string{"altas.db"}, away: true},
		"the directory knows": {restored: []string{"altas.db", "receipts.db"}, card: "nada indica de quién es"},
		"nobody can be asked": {restored: []string{"altas.db", "receipts.db"}, away: true, again: true, card: "No se entrega a nadie"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := openOffice(t)
			o.restart() // so that no job is in progress
			o.stop()
			before := o.files(c.restored...)
			o.start()
			folio := o.sends(o.silvia, lucia)
			o.authorises(folio)
			o.announced(o.silvia, luciaMail)
			o.account(luciaMail, folio)
			secret := o.reveals(o.silvia, luciaMail)
			if err := o.tenant.ChangePassword(luciaMail, secret, holdersPassword); err != nil {
				t.Fatal(err)
			}
			o.eventually("the row", func() bool { return len(o.rows()) == 1 })
			for _, stage := range []string{"director", "subdirector"} { // or the next request's card is mistaken for this one's
				o.waits("decided card of "+stage, func() bool { return o.teams.NewestCard(o.channels[stage], o.oscar.ID, "approval.approve") == nil })
			}
			o.stop()
			hers, row := o.hers(), o.rows()[0]
			o.putBack(before)
			if c.away {
				o.tenant.OnRequest(func(string) (graphfake.Fault, bool) { return graphfake.Fault{Status: 503}, true })
			}
			o.start()
			next := o.sends(o.silvia, otherLucia())
			if again := next == folio; again != c.again {
				t.Errorf("the folio is %s, after %s was given", next, folio)
			}
			if told := strings.Contains(o.log.String(), "highest folio not known"); told != c.away {
				t.Errorf("the log tells that it was not known: %v", told)
			}
			o.tenant.Heal()
			o.authorises(next)
			if c.card == "" {
				o.announced(o.silvia, "lucia.nanez.garza@docentecoahuila.gob.mx")
				o.account("lucia.nanez.garza@docentecoahuila.gob.mx", next)
			} else {
				card := o.card(o.channels["platform"], o.oscar, "attention.drop", next)
				if text := card.Text(); !strings.Contains(text, c.card) || !strings.Contains(text, folio+"-0001") || card.Offers("attention.adopt") == c.again {
					t.Errorf("the card of %s:\n%s", next, text)
				}
			}
			if diff := cmp.Diff(hers, o.hers()); diff != "" {
				t.Errorf("her account (-before +after):\n%s", diff)
			}
			if got := o.tenant.SignIn(luciaMail, holdersPassword); got != graphfake.SignedIn {
				t.Errorf("she is told: %s", got)
			}
			if rows := o.rows(); len(c.restored) == 1 && !slices.ContainsFunc(rows, func(r provisioning.Receipt) bool { return cmp.Equal(r, row) }) {
				t.Errorf("her row was %+v; now there are %+v", row, rows)
			}
		})
	}
}

// hers is Lucía's user in the tenant.
func (o *office) hers() graphfake.User {
	o.t.Helper()
	u, found := o.tenant.User(luciaMail)
	if !found {
		o.t.Fatal("her account is gone")
	}
	delete(u.Properties, "signInActivity")
	return u
}
