package service_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
)

// The director returns the request; Silvia corrects the name and sends it again,
// with the same folio; the approvers see what changed.
func TestReturnedCorrectedAndSentAgain(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	folio := o.sends(o.silvia, lucia)
	o.returns(o.rosa, "director", folio, "El segundo apellido es Sáenz.")
	back := o.card(o.chats[o.silvia.ID], o.silvia, "request.correct", folio)
	if !strings.Contains(back.Text(), "El segundo apellido es Sáenz.") {
		t.Errorf("Silvia is not told why:\n%s", back.Text())
	}
	o.presses(o.silvia, back, "request.correct", nil)
	review := o.card(o.chats[o.silvia.ID], o.silvia, "request.edit", "Lucía")
	form := o.shows(o.silvia, review, "request.edit", nil)
	if got := form.Input("curp").Value; got != lucia["curp"] {
		t.Errorf("the form proposes the CURP %q", got)
	}
	review = o.shows(o.silvia, form, "request.next", teamsfake.Inputs{"secondSurname": "Sáenz"})
	sent := o.shows(o.silvia, review, "request.submit", nil)
	if !strings.Contains(sent.Text(), folio) {
		t.Errorf("sent again without its folio:\n%s", sent.Text())
	}
	again := o.approval("director", folio)
	if !strings.Contains(again.Text(), "Sáenz") || !strings.Contains(again.Text(), "segundo apellido") {
		t.Errorf("the director does not see what changed:\n%s", again.Text())
	}
	o.authorises(folio)
	o.announced(o.silvia, luciaMail)
	o.stop()
	o.oneEach()
	if u := o.stamped()[0]; u.DisplayName != "Lucía Ñáñez Sáenz" {
		t.Errorf("the account is %s's", u.DisplayName)
	}
}

// The subdirector rejects: nothing is created, Silvia reads why, the address is released.
func TestRejected(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	folio := o.sends(o.silvia, lucia)
	o.approves(o.rosa, "director", folio)
	o.rejects(o.ernesto, "subdirector", folio, "Ya no trabaja en la secretaría.")
	o.told(o.silvia, folio, "Ya no trabaja en la secretaría.")
	second := o.sends(o.silvia, lucia)
	if second == folio {
		t.Fatal("the folio was given twice")
	}
	o.authorises(second)
	o.announced(o.silvia, luciaMail)
	o.stop()
	o.oneEach()
}

// Silvia cancels by word: she is asked first, and a number alone only shows her the
// request. Once she said yes the director's card has no button any more, and her card
// says so, which is told once. What is being made can't be cancelled.
func TestCancelled(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	folio := o.sends(o.silvia, lucia)
	card := o.approval("director", folio)
	found := o.finds(o.silvia, "cancelar "+strings.TrimLeft(folio[5:], "0"), "Seguimiento")
	if found.Text() != o.finds(o.silvia, "estado "+folio, "Seguimiento").Text() {
		t.Errorf("a number alone shows:\n%s", found.Text())
	}
	asked := o.finds(o.silvia, "Cancelar "+folio, "¿Cancelar la solicitud "+folio+"?")
	o.undecided(folio)
	if after := o.shows(o.silvia, asked, "request.cancel", nil); !strings.Contains(after.Text(), "Cancelada") || after.Offers("request.cancel") {
		t.Errorf("after cancelling:\n%s", after.Text())
	}
	o.waits("closed card", func() bool { return o.teams.NewestCard(o.channels["director"], o.oscar.ID, "approval.approve") == nil })
	if after := o.shows(o.rosa, card, "approval.approve", nil); after.Offers("approval.approve") {
		t.Error("a cancelled request can be approved")
	}
	second := o.sends(o.silvia, lucia)
	o.authorises(second)
	o.announced(o.silvia, luciaMail)
	if n := o.count(o.chats[o.silvia.ID], o.silvia, folio, "Se canceló"); n != 0 {
		t.Errorf("told %d times more that it is cancelled", n)
	}
	if late := o.finds(o.silvia, "cancelar "+second, "Seguimiento"); late.Offers("request.cancel") {
		t.Errorf("what is made is offered to be cancelled:\n%s", late.Text())
	}
	o.says(o.martha, "cancelar "+second)
	o.told(o.martha, "No encontramos")
	o.stop()
	if len(o.stamped()) != 1 {
		t.Errorf("accounts: %+v", o.stamped())
	}
}

// Lucía has an account and is requested again, alone and together with Luis.
func TestAskedForTwice(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	folio := o.sends(o.silvia, lucia)
	pending := o.asks(o.martha, lucia)
	if !strings.Contains(pending.Text(), "Ya la solicitó otra persona") || pending.Offers("request.submit") {
		t.Errorf("Martha is not told that Lucía is asked for already:\n%s", pending.Text())
	}
	o.presses(o.martha, pending, "request.discard", nil)
	o.authorises(folio)
	o.announced(o.silvia, luciaMail)
	review := o.asks(o.martha, lucia)
	if review.Offers("request.submit") || !strings.Contains(review.Text(), luciaMail) {
		t.Errorf("asked for alone:\n%s", review.Text())
	}
	o.presses(o.martha, review, "request.discard", nil)
	second := o.sends(o.martha, lucia, luis)
	o.authorises(second)
	o.announced(o.martha, "luis.ibarra@docentecoahuila.gob.mx")
	o.told(o.martha, "Lucía Ñáñez Garza", luciaMail)
	o.stop()
	o.oneEach()
	if len(o.stamped()) != 2 {
		t.Errorf("accounts: %+v", o.stamped())
	}
}

// An invalid CURP is refused at its input, and what was typed is kept.
func TestAWrongCURP(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	wrong := maps.Clone(lucia)
	c := []byte(wrong["curp"])
	c[17] = '0' + (c[17]-'0'+1)%10
	wrong["curp"] = string(c)
	form := o.asks(o.silvia, wrong)
	if !strings.Contains(form.Text(), "dígito") || form.Input("curp").Value != wrong["curp"] || form.Input("givenNames").Value != "Lucía" {
		t.Errorf("the form after a wrong CURP:\n%s\n%+v", form.Text(), form.Inputs())
	}
	folio := folioShape.FindString(o.shows(o.silvia, o.shows(o.silvia, form, "request.next", teamsfake.Inputs{"curp": lucia["curp"]}), "request.submit", nil).Text())
	o.authorises(folio)
	o.announced(o.silvia, luciaMail)
}

// There is an account with Lucía's name that nothing links to a CURP: Gabriela decides, and nobody
// else may.
func TestAHomonym(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		act  func(o *office, card *teamsfake.Card)
		then func(o *office, folio string)
	}{
		"is she": {
			func(o *office, card *teamsfake.Card) { o.shows(o.gabriela, card, "attention.adopt", nil) },
			func(o *office, folio string) {
				o.told(o.silvia, "lucia.nanez@docentecoahuila.gob.mx")
				if u, _ := o.tenant.User(luciaMail); u.DisplayName != "Lucía Ñáñez Garza" {
					o.t.Errorf("adopted %+v", u)
				}
				if n := len(o.tenant.Users()); n != 7 {
					o.t.Errorf("%d users, want 7", n)
				}
			},
		},
		"is somebody else": {
			func(o *office, card *teamsfake.Card) { o.shows(o.gabriela, card, "attention.rename", nil) },
			func(o *office, folio string) {
				o.announced(o.silvia, "lucia.nanez.garza@docentecoahuila.gob.mx")
				o.account("lucia.nanez.garza@docentecoahuila.gob.mx", folio)
			},
		},
		"gets an address that Gabriela chose": {
			func(o *office, card *teamsfake.Card) {
				o.shows(o.gabriela, card, "attention.rename", teamsfake.Inputs{"address": "lucia.nanez.05dpr@docentecoahuila.gob.mx"})
			},
			func(o *office, folio string) {
				o.announced(o.silvia, "lucia.nanez.05dpr@docentecoahuila.gob.mx")
				o.account("lucia.nanez.05dpr@docentecoahuila.gob.mx", folio)
			},
		},
		"gets none": {
			func(o *office, card *teamsfake.Card) {
				o.shows(o.gabriela, card, "attention.drop", teamsfake.Inputs{"comment": "Ya tiene cuenta con otro nombre."})
			},
			func(o *office, folio string) { o.told(o.silvia, "Ya tiene cuenta con otro nombre.") },
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := openOffice(t)
			o.seeds(map[string]any{"userPrincipalName": luciaMail, "displayName": "Lucía Ñáñez Garza", "department": "05DPR0093X"})
			folio := o.sends(o.silvia, lucia)
			o.authorises(folio)
			card := o.card(o.channels["platform"], o.oscar, "attention.drop", folio)
			o.refused(o.presses(o.rosa, card, "attention.drop", teamsfake.Inputs{"comment": "No."}), "authority.office")
			c.act(o, card)
			c.then(o, folio)
			o.waits("settled card", func() bool { return o.teams.NewestCard(o.channels["platform"], o.oscar.ID, "attention.drop") == nil })
		})
	}
}

// The app loses the permission to create accounts: all three lines stop. When it has it again,
// Gabriela retries all from one card, and no card has buttons any more.
func TestOneCauseIsMendedWithOneClick(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.tenant.OnRequest(func(op string) (graphfake.Fault, bool) {
		return graphfake.Fault{Status: 403, Code: "Authorization_RequestDenied"}, op == "users.create"
	})
	folio := o.sends(o.silvia, lucia, luis, aTeacher("Ana", "Olvera", "Cruz", 40))
	o.authorises(folio)
	platform := o.channels["platform"]
	var card *teamsfake.Card
	o.waits("a card for all three", func() bool {
		card = o.teams.NewestCard(platform, o.gabriela.ID, "attention.retryAlike")
		return card != nil && strings.Contains(card.Action("attention.retryAlike").Title, "las 3")
	})
	o.refused(o.presses(o.rosa, card, "attention.retryAlike", nil), "authority.office")
	o.tenant.Heal()
	o.shows(o.gabriela, card, "attention.retryAlike", nil)
	o.told(o.silvia, folio, "Se crearon 3 cuentas.")
	o.waits("settled cards", func() bool { return o.teams.NewestCard(platform, o.oscar.ID, "attention.retry") == nil })
	o.oneEach()
}

// There is one licence for two people. The second waits, visibly, the platform gets one notice, and
// it continues by itself when there are more.
func TestALicenceIsMissing(t *testing.T) {
	t.Parallel()
	o := openOffice(t, func(_ *office, c *tenantConfig) { c.SKUs[1].Enabled = 1 })
	folio := o.sends(o.silvia, lucia, luis)
	o.authorises(folio)
	o.announced(o.silvia, luciaMail)
	o.told(o.silvia, folio, "licencia")
	o.waits("word to the platform", func() bool { return o.count(o.channels["platform"], o.oscar, "Faltan licencias") == 1 })
	o.says(o.silvia, "estado "+folio)
	o.told(o.silvia, "Espera una licencia")
	o.tenant.Buy(facultyLicence, 5)
	o.ahead = 3 * time.Minute
	o.restart()
	o.announced(o.silvia, "luis.ibarra@docentecoahuila.gob.mx")
	o.stop()
	o.oneEach()
}

// The receipts database is unavailable: accounts are announced, rows are written later.
func TestReceiptsAreAway(t *testing.T) {
	t.Parallel()
	o := raise(t)
	row := o.env["RECEIPTS_DSN"]
	o.env["RECEIPTS_DSN"] = "postgres://altas:secret@127.0.0.1:1/receipts?connect_timeout=1"
	o.start()
	o.installs(o.silvia)
	folio := o.sends(o.silvia, lucia)
	o.authorises(folio)
	o.announced(o.silvia, luciaMail)
	o.signsIn(luciaMail, o.reveals(o.silvia, luciaMail))
	o.stop()
	o.env["RECEIPTS_DSN"] = row
	o.start()
	o.eventually("the row", func() bool { return len(o.rows()) == 1 })
	o.stop()
	o.oneEach()
}

// Silvia uninstalls Altas before the account is ready. Nothing is lost: everything is there when
// she installs it again.
func TestSomebodyGoesAndComesBack(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	folio := o.sends(o.silvia, lucia)
	if err := o.teams.Uninstall(o.within(), o.silvia.ID); err != nil {
		t.Fatal(err)
	}
	o.authorises(folio)
	o.account(luciaMail, folio)
	o.eventually("the row", func() bool { return len(o.rows()) == 1 })
	o.installs(o.silvia)
	o.announced(o.silvia, luciaMail)
}

// Graph is throttled, slow, and loses the answer to a creation: one account.
func TestGraphHasABadDay(t *testing.T) {
	t.Parallel()
	o := openOffice(t, func(_ *office, c *tenantConfig) { c.Lag = 300 * time.Millisecond })
	o.tenant.Fail(graphfake.Fault{Op: "users.create", After: true, Break: graphfake.BreakReset})
	o.tenant.Fail(graphfake.Fault{Op: "users.assignLicense", Status: 503})
	o.tenant.Fail(graphfake.Fault{Op: "users.assignLicense", Status: 429, RetryAfter: time.Second})
	folio := o.sends(o.silvia, lucia)
	o.authorises(folio)
	o.announced(o.silvia, luciaMail)
	o.stop()
	o.oneEach()
	if len(o.stamped()) != 1 {
		t.Errorf("accounts: %+v", o.stamped())
	}
}

// The response to the director's card is lost, and Teams refuses the next: the card is posted, and
// the request continues.
func TestTeamsHasABadDay(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.teams.Inject(teamsfake.Fault{Method: "POST", Path: "/v3/conversations", After: true, Drop: true, Times: 2})
	o.teams.Inject(teamsfake.Fault{Method: "PUT", Status: 502, Times: 2})
	folio := o.sends(o.silvia, lucia)
	o.approves(o.rosa, "director", folio)
	o.approves(o.ernesto, "subdirector", folio)
	o.announced(o.silvia, luciaMail)
	for _, stage := range []string{"director", "subdirector"} {
		o.waits("cards without buttons for "+stage, func() bool {
			return !slices.ContainsFunc(o.teams.Cards(o.channels[stage], o.oscar.ID), func(c *teamsfake.Card) bool { return c.Offers("approval.approve") })
		})
	}
}

// Ten people with names that are difficult for addresses, in one request.
func TestAListOfTen(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	var people []teamsfake.Inputs
	for n := range 10 {
		h := provisioningtest.Teacher(n)
		people = append(people, teamsfake.Inputs{"type": "docente", "givenNames": h.Person.GivenNames, "firstSurname": h.Person.FirstSurname,
			"secondSurname": h.Person.SecondSurname, "curp": string(h.Person.CURP), "cct": string(h.Person.CCT)})
	}
	folio := o.sends(o.silvia, people...)
	o.authorises(folio)
	o.told(o.silvia, folio, "10")
	o.eventually("ten accounts", func() bool { return len(o.stamped()) == 10 && len(o.rows()) == 10 })
	o.stop()
	o.oneEach()
}
