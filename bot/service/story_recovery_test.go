package service_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
)

// byAddress identifies an account by its address.
func byAddress(address string) teamsfake.Inputs {
	return teamsfake.Inputs{"address": address, "identityMedium": "persona", "identityDocument": "Credencial de elector"}
}

// recovers types "recuperar" and sends the first step, and returns the card that follows.
func (o *office) recovers(p teamsfake.Person, typed teamsfake.Inputs) *teamsfake.Card {
	o.t.Helper()
	card := o.begins(p, "recuperar")
	typed = maps.Clone(typed)
	for _, other := range []string{"address", "holderKey"} { // what an earlier try left there
		if in := card.Input(other); in != nil && in.Value != "" && typed[other] == "" {
			typed[other] = ""
		}
	}
	if unfolded := card.Toggle("No sé el correo"); unfolded != nil && typed["address"] == "" {
		card = unfolded
	}
	return o.shows(p, card, "request.next", typed)
}

// sendsRecovery identifies an account, sends the request, and returns its folio.
func (o *office) sendsRecovery(p teamsfake.Person, typed teamsfake.Inputs) string {
	o.t.Helper()
	review := o.recovers(p, typed)
	if !review.Offers("request.submit") {
		o.t.Fatalf("not identified:\n%s", review.Text())
	}
	sent := o.shows(p, review, "request.submit", nil)
	folio := folioShape.FindString(sent.Text())
	if folio == "" {
		o.t.Fatalf("no folio after sending:\n%s", sent.Text())
	}
	return folio
}

// renewed waits for the card of a renewed password of a request, and shows it.
func (o *office) renewed(p teamsfake.Person, address string) string {
	o.t.Helper()
	o.waits("the card of the renewed password of "+address, func() bool { return o.count(o.chats[p.ID], p, "se cerraron las sesiones abiertas", address) > 0 })
	return o.reveals(p, address)
}

// settledAccount is Lucía's account, handed over long ago and with a password of her own.
func (o *office) settledAccount() (own string) {
	o.t.Helper()
	folio := o.sends(o.silvia, lucia)
	o.authorises(folio)
	o.account(luciaMail, folio)
	shown := o.reveals(o.silvia, luciaMail)
	own = "Mi-propia-clave-7"
	if err := o.tenant.ChangePassword(luciaMail, shown, own); err != nil {
		o.t.Fatal(err)
	}
	o.later(30)
	return own
}

// Lucía forgot her password. Silvia, who asked for her account, asks for a new one, Ernesto alone
// authorises, and the one that Silvia is shown opens the account. The former one does not, her
// sessions are ended, and the receipts and the audit say so.
func TestARequesterRecoversAnAccount(t *testing.T) {
	t.Parallel()
	for name, typed := range map[string]teamsfake.Inputs{
		"by its address": byAddress(luciaMail),
		"by CURP and name": {
			"holderKey": strings.ToLower(string(provisioningtest.CURP(11))), "holderName": "lucia nañez garza",
			"identityMedium": "videollamada", "identityDocument": "Credencial de elector",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := openOffice(t)
			own := o.settledAccount()
			folio := o.sendsRecovery(o.silvia, typed)
			if got := o.tenant.SignIn(luciaMail, own); got != graphfake.SignedIn {
				t.Errorf("before it is authorised she signs in: %s", got)
			}
			asked := o.approval("subdirector", folio)
			o.tells("the subdirector's card", asked, []string{"Recuperar la contraseña de Lucía Ñáñez Garza", luciaMail, "Credencial de elector"},
				string(provisioningtest.CURP(11)), "Licencias", "Dirección propuesta")
			o.shows(o.ernesto, asked, "approval.approve", nil)
			password := o.renewed(o.silvia, luciaMail)
			o.signsIn(luciaMail, password)
			if got := o.tenant.SignIn(luciaMail, own); got != graphfake.WrongPassword {
				t.Errorf("with the former password she gets: %s", got)
			}
			if u, _ := o.tenant.User(luciaMail); u.SessionsRevoked.IsZero() {
				t.Error("her sessions go on")
			}
			o.waits("completed request", func() bool { return o.count(o.chats[o.silvia.ID], o.silvia, folio, "Contraseña renovada") > 0 })
			o.eventually("a note in the receipts", func() bool {
				for _, r := range o.rows() {
					if string(r.Address) == luciaMail {
						return string(r.RecoveryFolio) == folio && !r.RecoveredAt.IsZero()
					}
				}
				return false
			})
			o.stop()
			o.oneEach()
			want := "request.submit approval.approve account.recovered account.recorded password.reveal"
			if got := strings.Join(o.acts(folio), " "); got != want {
				t.Errorf("audit: %s, want %s", got, want)
			}
			if n := o.count(o.channels["director"], o.rosa, folio); n != 0 {
				t.Errorf("the director's channel has %d cards of it", n)
			}
		})
	}
}

// A requester of the same area recovers an account that another asked for; a stranger learns
// nothing, not even whether there is one.
func TestWhoMayRecoverAnAccount(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.settledAccount()
	unknown := o.recovers(o.martha, byAddress("nadie@docentecoahuila.gob.mx"))
	strange := o.recovers(o.martha, byAddress(luciaMail))
	if strange.Offers("request.submit") || strange.Text() != strings.ReplaceAll(unknown.Text(), "nadie@docentecoahuila.gob.mx", luciaMail) {
		t.Errorf("a stranger sees of an account\n%s\nand of none\n%s", strange.Text(), unknown.Text())
	}
	o.tells("the stranger's card", strange, []string{"No encontramos una cuenta que usted pueda recuperar"}, "Lucía")
	o.authorises(o.sends(o.martha, luis)) // with the same area, and authorised
	o.announced(o.martha, luisMail)
	folio := o.sendsRecovery(o.martha, byAddress(luciaMail))
	asked := o.approval("subdirector", folio)
	o.tells("the subdirector's card", asked, []string{"La cuenta la solicitó Silvia Treviño, de la misma área"})
	o.shows(o.ernesto, asked, "approval.approve", nil)
	o.signsIn(luciaMail, o.renewed(o.martha, luciaMail))
	if n := o.count(o.chats[o.silvia.ID], o.silvia, "Contraseña renovada"); n != 0 {
		t.Error("Silvia got the card of Martha's request")
	}
}

// What a person typed of their own area proves nothing until a stage has authorised it.
func TestAnAreaIsNotJustSaid(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.settledAccount()
	o.sends(o.martha, luis) // the same area; nobody has decided
	if card := o.recovers(o.martha, byAddress(luciaMail)); card.Offers("request.submit") {
		t.Errorf("she may:\n%s", card.Text())
	}
}

// An administrator recovers any account of ours, also one that only the directory knows, and
// another's card cannot be decided by its requester.
func TestAnAdministratorRecovers(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.installs(o.gabriela)
	o.seeds(map[string]any{"userPrincipalName": "raul.mora@docentecoahuila.gob.mx", "displayName": "Raúl Mora Gil"})
	folio := o.sendsRecovery(o.gabriela, byAddress("Raul.Mora@docentecoahuila.gob.mx"))
	o.approves(o.ernesto, "subdirector", folio)
	o.signsIn("raul.mora@docentecoahuila.gob.mx", o.renewed(o.gabriela, "raul.mora@docentecoahuila.gob.mx"))
	o.stop()
	o.oneEach()
	for _, r := range o.rows() {
		t.Errorf("a row was made: %+v", r)
	}
}

// An account whose password an application may not renew goes to the platform's card, which says
// what to do. Its requester is told, and its password stays.
func TestAnAccountThatCannotBeRecovered(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		make      func(*office, string) error
		told      string // on the platform's card
		atReview  string
		signsInAs graphfake.SignIn
	}{
		"of an administrator": {
			func(o *office, id string) error { return o.tenant.AssignRole(id, "Global Administrator") },
			"rol de administrador", "", graphfake.SignedIn,
		},
		"of the on-premises directory": {
			func(o *office, id string) error { return o.tenant.Synchronise(id) },
			"directorio local", "La atenderá la Plataforma Office 365", graphfake.SignedIn,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := openOffice(t)
			own := o.settledAccount()
			u, _ := o.tenant.User(luciaMail)
			if err := c.make(o, u.ID); err != nil {
				t.Fatal(err)
			}
			review := o.recovers(o.silvia, byAddress(luciaMail))
			if !strings.Contains(strings.ToLower(review.Text()), strings.ToLower(c.atReview)) {
				t.Errorf("the review says:\n%s", review.Text())
			}
			folio := folioShape.FindString(o.shows(o.silvia, review, "request.submit", nil).Text())
			o.approves(o.ernesto, "subdirector", folio)
			card := o.card(o.channels["platform"], o.gabriela, "attention.drop", folio)
			if !strings.Contains(card.Text(), c.told) || card.Offers("attention.disable") || !card.Offers("attention.retry") {
				t.Errorf("the platform's card:\n%s", card.Text())
			}
			o.told(o.silvia, folio, "Altas no puede renovar la contraseña")
			if got := o.tenant.SignIn(luciaMail, own); got != c.signsInAs {
				t.Errorf("with her own password she gets: %s", got)
			}
			o.shows(o.gabriela, card, "attention.drop", teamsfake.Inputs{"comment": "Ya la renovó el administrador del directorio."})
			o.told(o.silvia, "No se renovó la contraseña", "Ya la renovó")
			if o.teams.NewestCard(o.chats[o.silvia.ID], o.silvia.ID, "password.reveal") != nil {
				t.Error("a password is offered")
			}
		})
	}
}

// Twice in a minute: the second request for an account is refused and names the first, and two
// clicks on one button send one request.
func TestARecoveryIsAskedForOnce(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.settledAccount()
	review := o.recovers(o.silvia, byAddress(luciaMail))
	first := o.shows(o.silvia, review, "request.submit", nil)
	folio := folioShape.FindString(first.Text())
	if again := o.shows(o.silvia, review, "request.submit", nil); folioShape.FindString(again.Text()) != folio {
		t.Errorf("the second click answers:\n%s", again.Text())
	}
	refused := o.shows(o.silvia, o.recovers(o.silvia, byAddress(luciaMail)), "request.submit", nil)
	o.tells("the second request", refused, []string{"Usted ya pidió recuperar esta cuenta", folio})
	o.approves(o.ernesto, "subdirector", folio)
	o.signsIn(luciaMail, o.renewed(o.silvia, luciaMail))
	o.stop()
	if n := o.tenant.Count("users.revokeSignInSessions"); n != 2 {
		t.Errorf("sessions were ended %d times, want once before and once after", n)
	}
}

// The process ends between the authorisation and the showing, and once more while the password is
// renewed: the requester gets one card, and its password opens the account.
func TestARestartBetweenApprovalAndReveal(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.settledAccount()
	folio := o.sendsRecovery(o.silvia, byAddress(luciaMail))
	o.tenant.OnRequest(func(op string) (graphfake.Fault, bool) {
		return graphfake.Fault{Status: 503, Code: "ServiceUnavailable"}, op == "users.revokeSignInSessions"
	})
	o.approves(o.ernesto, "subdirector", folio)
	o.eventually("a failed renewal", func() bool { return o.tenant.Count("users.revokeSignInSessions") > 0 })
	o.stop()
	o.tenant.OnRequest(nil)
	o.start()
	o.waits("the card", func() bool {
		return o.count(o.chats[o.silvia.ID], o.silvia, "se cerraron las sesiones abiertas", luciaMail) > 0
	})
	o.restart()
	if n := o.count(o.chats[o.silvia.ID], o.silvia, "se cerraron las sesiones abiertas", luciaMail); n != 1 {
		t.Errorf("%d cards of the renewed password, want 1", n)
	}
	o.signsIn(luciaMail, o.renewed(o.silvia, luciaMail))
}

// Ten wrong identifications lock a person out for an hour, also after a restart, and the platform
// is told. Then they may try again.
func TestWrongIdentificationsLockOut(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.settledAccount()
	var last *teamsfake.Card
	for i := range 10 {
		last = o.recovers(o.martha, byAddress(fmt.Sprintf("nadie%d@docentecoahuila.gob.mx", i)))
		if i == 8 && !strings.Contains(last.Text(), "No encontramos una cuenta") {
			t.Errorf("the ninth is answered:\n%s", last.Text())
		}
	}
	o.tells("the tenth", last, []string{"demasiados intentos", "60 minutos"})
	o.waits("a notice to the platform", func() bool { return o.count(o.channels["platform"], o.gabriela, "Martha Peña", "10 veces") == 1 })
	o.restart()
	o.tells("after a restart", o.recovers(o.martha, byAddress(luciaMail)), []string{"demasiados intentos"})
	if folio := o.sendsRecovery(o.silvia, byAddress(luciaMail)); folio == "" {
		t.Error("another person is locked out too")
	}
	o.stop()
	o.ahead += 61 * time.Minute
	o.start()
	o.tells("an hour later", o.recovers(o.martha, byAddress(luciaMail)), []string{"No encontramos una cuenta"})
}

// An account that its requester was given in the last days needs no stage: it is renewed at once.
// The holder, who has the app, is told in their own chat.
func TestARecentAccountNeedsNoStage(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	made := o.sends(o.silvia, lucia)
	o.authorises(made)
	u := o.account(luciaMail, made)
	holder := o.teams.AddPerson(teamsfake.Person{ID: u.ID, Name: "Lucía Ñáñez Garza", UPN: luciaMail})
	o.installs(holder)
	old := o.reveals(o.silvia, luciaMail)
	folio := o.sendsRecovery(o.silvia, byAddress(luciaMail))
	o.signsIn(luciaMail, o.renewed(o.silvia, luciaMail))
	if got := o.tenant.SignIn(luciaMail, old); got != graphfake.WrongPassword {
		t.Errorf("with the password shown before she gets: %s", got)
	}
	o.told(holder, "La contraseña de su cuenta", luciaMail, "Silvia Treviño", folio)
	for stage, channel := range o.channels {
		if n := o.count(channel, o.oscar, folio); n != 0 {
			t.Errorf("%s's channel has %d messages of it", stage, n)
		}
	}
	o.stop()
	o.ledger(func(tx provisioning.Tx) error {
		r, err := tx.Request(provisioning.Folio(folio))
		if err != nil || r.State != provisioning.StateCompleted || len(r.Decisions) != 0 {
			t.Errorf("the request: %+v, %v", r, err)
		}
		return nil
	})
}

// The subdirector returns a recovery, and Silvia corrects it: the form opens at what she typed.
func TestARecoveryIsCorrected(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.settledAccount()
	folio := o.sendsRecovery(o.silvia, byAddress(luciaMail))
	o.returns(o.ernesto, "subdirector", folio, "Falta el número de la credencial.")
	o.presses(o.silvia, o.card(o.chats[o.silvia.ID], o.silvia, "request.correct", folio), "request.correct", nil)
	form := o.card(o.chats[o.silvia.ID], o.silvia, "request.next", "Recuperar una contraseña")
	if in := form.Input("address"); in == nil || in.Value != luciaMail {
		t.Errorf("the form has the address %+v", in)
	}
	typed := byAddress(luciaMail)
	typed["identityDocument"] = "Credencial 0123"
	sent := o.shows(o.silvia, o.shows(o.silvia, form, "request.next", typed), "request.submit", nil)
	if folioShape.FindString(sent.Text()) != folio {
		t.Errorf("sent again:\n%s", sent.Text())
	}
	o.waits("the corrected card", func() bool {
		return o.count(o.channels["subdirector"], o.oscar, folio, "Credencial 0123", "documento de identidad") == 1
	})
	o.approves(o.ernesto, "subdirector", folio)
	o.signsIn(luciaMail, o.renewed(o.silvia, luciaMail))
}

// An account is recovered three times in a month, and not a fourth time.
func TestAnAccountIsNotRecoveredWithoutEnd(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.authorises(o.sends(o.silvia, lucia))
	o.announced(o.silvia, luciaMail)
	for i := range 3 {
		folio := o.sendsRecovery(o.silvia, byAddress(luciaMail))
		o.waits(fmt.Sprintf("recovery %d", i+1), func() bool { return o.count(o.chats[o.silvia.ID], o.silvia, folio, "se cerraron las sesiones") > 0 })
	}
	refused := o.shows(o.silvia, o.recovers(o.silvia, byAddress(luciaMail)), "request.submit", nil)
	o.tells("the fourth", refused, []string{"Esta cuenta ya se recuperó 3 veces"})
}

// Lucía's account was made and then taken out of the request: Silvia was not to get it, and does not
// get it by recovering its password.
func TestAnAccountThatWasNotGivenIsNotRecovered(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.refusesLicences()
	folio := o.sends(o.silvia, lucia)
	o.authorises(folio)
	card := o.card(o.channels["platform"], o.gabriela, "attention.drop", folio)
	o.shows(o.gabriela, card, "attention.drop", teamsfake.Inputs{"comment": "No procede."})
	o.told(o.silvia, "quedó fuera", "No procede")
	o.tells("her card", o.recovers(o.silvia, byAddress(luciaMail)), []string{"No encontramos una cuenta que usted pueda recuperar"}, "Lucía")
}
