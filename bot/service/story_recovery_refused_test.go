package service_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
	"seducoahuila.gob.mx/altas/provisioning/identity"
)

const (
	luisMail = "luis.ibarra@docentecoahuila.gob.mx"
	raulMail = "raul.mora@docentecoahuila.gob.mx"
)

var notYours = []string{"No encontramos una cuenta que usted pueda recuperar con esos datos"}

// refusedRecovery fails unless a person is told that there is no account that they may recover, and
// nothing of one.
func (o *office) refusedRecovery(what string, p teamsfake.Person, typed teamsfake.Inputs) {
	o.t.Helper()
	card := o.recovers(p, typed)
	o.tells(what, card, notYours, "Lucía", "Raúl")
	if card.Offers("request.submit") {
		o.t.Errorf("%s may be sent:\n%s", what, card.Text())
	}
}

// Lucía has an account from before Altas. Martha, whose request for Luis was authorised, writes a
// form for a "new" account of Lucía at Luis's work centre. Nobody has decided on it, and she does not
// get Lucía's account by it, under her name or another that she made up.
func TestRefusedRecoveryOfWhatAFormFound(t *testing.T) {
	t.Parallel()
	for name, surname := range map[string]string{"under her name": lucia["secondSurname"], "under another": "Pérez"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := withList(t)
			o.installs(o.martha)
			old := string(listed().Address)
			o.authorises(o.sends(o.martha, luis))
			o.announced(o.martha, luisMail)
			claim, beside := maps.Clone(lucia), maps.Clone(luis)
			claim["cct"], claim["secondSurname"] = luis["cct"], surname
			beside["givenNames"], beside["curp"] = "Ramón", "HEGG560427MVZRRL04"
			folio := o.sends(o.martha, claim, beside)
			o.approval("director", folio) // it can still be decided
			o.refusedRecovery("by its address", o.martha, byAddress(old))
			o.refusedRecovery("by CURP and name", o.martha, teamsfake.Inputs{
				"holderKey": lucia["curp"], "holderName": "Lucía Ñáñez " + surname, "identityMedium": "persona", "identityDocument": "INE",
			})
			o.authorises(folio) // nor once it is authorised: the form found the account
			o.refusedRecovery("authorised, by its address", o.martha, byAddress(old))
		})
	}
}

// Martha writes Ramón, of another work centre, before Luis. Ernesto takes him out of the request.
// What she typed of Ramón does not make her one of his centre.
func TestRefusedRecoveryByAnExcludedLine(t *testing.T) {
	t.Parallel()
	o := raise(t)
	const centre = "05EPR0093X"
	o.seeds(map[string]any{"userPrincipalName": raulMail, "displayName": "Raúl Mora Gil", "department": centre})
	o.start()
	o.installs(o.martha)
	foreign := maps.Clone(luis)
	foreign["givenNames"], foreign["curp"], foreign["cct"] = "Ramón", "HEGG560427MVZRRL04", centre
	folio := o.sends(o.martha, foreign, luis)
	o.approves(o.rosa, "director", folio)
	o.shows(o.ernesto, o.approval("subdirector", folio).Toggle("Con indicaciones o exclusiones"), "Autorizar con lo indicado",
		teamsfake.Inputs{"exclude": "1", "comment": "No es de su centro."})
	o.announced(o.martha, luisMail)
	o.refusedRecovery("an account of the centre", o.martha, byAddress(raulMail))
}

// Nobody recovers their own account: not Silvia, and not Gabriela, who is an administrator.
func TestRefusedRecoveryOfOnesOwnAccount(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.installs(o.gabriela)
	for _, p := range []teamsfake.Person{o.silvia, o.gabriela} {
		card := o.recovers(p, byAddress(p.UPN))
		o.tells(p.Name+"'s card", card, []string{"Esta es su propia cuenta"})
		if card.Offers("request.submit") {
			t.Errorf("%s may send:\n%s", p.Name, card.Text())
		}
	}
}

// Silvia asked for Ernesto's account, years ago. With it she could decide in his place: now that he
// decides, only an administrator recovers it.
func TestRefusedRecoveryOfAnApproversAccount(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.installs(o.gabriela)
	row := listed()
	row.Address, row.Requester = identity.Address(o.ernesto.UPN), provisioning.Actor{ID: o.silvia.ID, Name: o.silvia.Name}
	o.row(row)
	o.refusedRecovery("Ernesto's account", o.silvia, byAddress(o.ernesto.UPN))
	if card := o.recovers(o.gabriela, byAddress(o.ernesto.UPN)); !card.Offers("request.submit") {
		t.Errorf("an administrator may not:\n%s", card.Text())
	}
}

// While the receipts are away, Martha learns nothing: of an account that there is, and of one that
// there is not, she is told the same. It does not count as wrong either.
func TestRefusedRecoveryWhileTheReceiptsAreAway(t *testing.T) {
	t.Parallel()
	o := raise(t)
	o.seeds(map[string]any{"userPrincipalName": raulMail, "displayName": "Raúl Mora Gil"})
	there := o.env["RECEIPTS_DSN"]
	o.env["RECEIPTS_DSN"] = "postgres://u:p@127.0.0.1:1/x"
	o.start()
	o.installs(o.martha)
	const nobodys = "nadie.mora@docentecoahuila.gob.mx"
	var first string
	for i, address := range slices.Repeat([]string{raulMail, nobodys}, 6) {
		card := o.recovers(o.martha, byAddress(address))
		o.tells(address, card, []string{"El Servidor de Recibos no responde"}, "Raúl", "demasiados intentos")
		if in := card.Input("address"); in == nil || in.Value != address {
			t.Errorf("the form has the address %+v, want %s", in, address)
		}
		text := strings.ReplaceAll(card.Text(), address, "")
		if i == 0 {
			first = text
		}
		if text != first {
			t.Errorf("of %s she sees\n%s\nand of the first\n%s", address, text, first)
		}
	}
	form := o.card(o.chats[o.martha.ID], o.martha, "request.next", "Recuperar una contraseña")
	o.stop()
	o.env["RECEIPTS_DSN"] = there
	o.start()
	o.tells("the same form, with the receipts", o.shows(o.martha, form, "request.next", byAddress(raulMail)), notYours, "demasiados intentos")
}

// Microsoft 365 fails while Silvia's form looks for the account. It keeps what she typed, also over a
// restart, and goes on from there.
func TestARecoveryFormOutlastsAnOutage(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		fault graphfake.Fault
		told  string
	}{
		"away":          {graphfake.Fault{Status: 503, Code: "ServiceUnavailable"}, "Microsoft 365 no respondió"},
		"not permitted": {graphfake.Fault{Status: 403, Code: "Authorization_RequestDenied"}, "a Altas le falta un permiso en Microsoft 365"},
		"busy":          {graphfake.Fault{Status: 429, Code: "TooManyRequests"}, "Microsoft 365"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := openOffice(t)
			o.settledAccount()
			o.tenant.OnRequest(func(string) (graphfake.Fault, bool) { return tt.fault, true })
			form := o.recovers(o.silvia, byAddress(luciaMail))
			o.tells("the form", form, []string{tt.told})
			o.tenant.OnRequest(nil)
			o.restart()
			again := o.begins(o.silvia, "recuperar")
			if in := again.Input("address"); in == nil || in.Value != luciaMail {
				t.Errorf("the form has the address %+v", in)
			}
			review := o.shows(o.silvia, again, "request.next", nil)
			if !review.Offers("request.submit") {
				t.Errorf("after the outage:\n%s", review.Text())
			}
		})
	}
}

// Altas may not end sessions. It then does not replace the password either: Lucía signs in with hers
// until the permission is there and the platform has it tried again.
func TestARecoveryWithoutThePermission(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	own := o.settledAccount()
	o.tenant.OnRequest(func(op string) (graphfake.Fault, bool) {
		return graphfake.Fault{Status: 403, Code: "Authorization_RequestDenied"}, op == "users.revokeSignInSessions"
	})
	folio := o.sendsRecovery(o.silvia, byAddress(luciaMail))
	o.approves(o.ernesto, "subdirector", folio)
	card := o.card(o.channels["platform"], o.gabriela, "attention.retry", folio)
	o.tells("the platform's card", card, []string{"a Altas le falta un permiso"})
	if got := o.tenant.SignIn(luciaMail, own); got != graphfake.SignedIn {
		t.Errorf("with her own password she gets: %s", got)
	}
	o.tenant.OnRequest(nil)
	o.shows(o.gabriela, card, "attention.retry", nil)
	o.signsIn(luciaMail, o.renewed(o.silvia, luciaMail))
	if got := o.tenant.SignIn(luciaMail, own); got != graphfake.WrongPassword {
		t.Errorf("with the former password she gets: %s", got)
	}
}

// Silvia asked for Lucía's account by mistake, and corrects the returned request to Luis's. Lucía's is
// free to be asked for.
func TestARecoveryCorrectedToAnotherAccount(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.authorises(o.sends(o.silvia, luis))
	o.announced(o.silvia, luisMail)
	o.settledAccount()
	folio := o.sendsRecovery(o.silvia, byAddress(luciaMail))
	o.returns(o.ernesto, "subdirector", folio, "Es la otra cuenta.")
	o.presses(o.silvia, o.card(o.chats[o.silvia.ID], o.silvia, "request.correct", folio), "request.correct", nil)
	form := o.card(o.chats[o.silvia.ID], o.silvia, "request.next", "Recuperar una contraseña")
	sent := o.shows(o.silvia, o.shows(o.silvia, form, "request.next", byAddress(luisMail)), "request.submit", nil)
	o.tells("the corrected request", sent, []string{folio})
	if other := o.sendsRecovery(o.silvia, byAddress(luciaMail)); other == folio {
		t.Errorf("both are %s", folio)
	}
}

// The approvers' channel has many readers: the CURP does not get there as a document.
func TestRefusedRecoveryWithTheCURPAsDocument(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.settledAccount()
	typed := byAddress(luciaMail)
	typed["identityDocument"] = "Constancia de la CURP " + lucia["curp"]
	form := o.recovers(o.silvia, typed)
	o.tells("the form", form, []string{"No escriba la CURP aquí"})
	if form.Offers("request.submit") {
		t.Errorf("it may be sent:\n%s", form.Text())
	}
	typed["identityDocument"] = "Constancia de la CURP"
	folio := folioShape.FindString(o.shows(o.silvia, o.shows(o.silvia, form, "request.next", typed), "request.submit", nil).Text())
	o.tells("the subdirector's card", o.approval("subdirector", folio), []string{"Constancia de la CURP"}, lucia["curp"])
}
