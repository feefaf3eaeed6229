package service_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
	"seducoahuila.gob.mx/altas/bot/recipient"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
	"seducoahuila.gob.mx/altas/store"
)

// The present service starts on the store of the last release, which was ended with work in
// progress: it finishes it, delivers pending notices, and accepts clicks and commands on the cards
// that were posted then. testdata/release/README.md describes how the files were made.
func TestTheLastReleaseGoesOn(t *testing.T) {
	t.Parallel()
	read := &reader{}
	p := released(t, func(o *office, _ *tenantConfig) { o.around = read.around })
	before := map[string]map[string]string{}
	for _, kind := range releaseKinds {
		before[kind] = p.documents(kind)
	}
	p.resends()
	p.start()
	for _, act := range []func(){
		p.finishes, p.tells, p.comesBack, p.confirms, p.decides, p.settles, p.fillsIn, p.showsPasswords, p.buys, p.nextDay,
	} {
		act()
	}
	p.stop()
	p.oneOfEach()
	p.tenant.OnRequest(func(op string) (graphfake.Fault, bool) {
		return graphfake.Fault{Status: 403, Code: "Authorization_RequestDenied"}, op == "subscribedSkus.list"
	})
	p.start() // it cannot read the stock, and checks whether there was a notice
	p.must(p.log.says(p.within(), "licence stock not read; Graph's answer"))
	p.stop()
	read.holds(t, before)
}

// resends delivers the dead letters again, as `altas undelivered -resend` does.
func (p *pastOffice) resends() {
	p.t.Helper()
	db, err := store.Open(p.env["STORE_PATH"], store.Options{})
	p.must(err)
	var dead []recipient.Undelivered
	p.must(db.Update(context.Background(), func(tx provisioning.Tx) error {
		dead = nil
		for u, err := range recipient.DeadLetters(tx) {
			if err != nil {
				return err
			}
			dead = append(dead, u)
		}
		var errs []error
		for _, u := range dead {
			errs = append(errs, recipient.Resend(tx, u.Notice, p.now()))
		}
		return errors.Join(errs...)
	}))
	p.must(db.Close())
	if len(dead) != 1 || dead[0].Notice.To != p.hugo.ID || string(dead[0].Notice.Folio) != p.folios["dead letter"] {
		p.t.Errorf("dead letters: %+v", dead)
	}
}

// finishes: each line that was stopped between two steps has one account and one row, is announced,
// and its request's card says so.
func (p *pastOffice) finishes() {
	for name, address := range map[string]string{
		"pending": "joel.gil", "to be reserved": "irma.gil", "reserved, made": "hector.gil", "created": "dora.gil", "to be licensed": "elisa.gil",
		"to be recorded": "felipe.gil", "to be announced": "gema.gil", "to be started": "noe.gil",
	} {
		folio := p.folios[name]
		address += "@" + teachersMail
		p.account(address, folio)
		p.announced(p.silvia, address)
		p.waits("true card of "+folio, func() bool { return p.count(p.chats[p.silvia.ID], p.martha, folio, "Se avisó a quien solicita") == 1 })
		p.eventually("a row of "+folio, func() bool { return p.rowsOf(folio) == 1 })
		if n := p.count(p.chats[p.silvia.ID], p.martha, "Cuenta lista", address); n != 1 {
			p.t.Errorf("%d cards of %s", n, address)
		}
	}
}

// oneOfEach fails unless each account with a stamp is the only one with it, and has one row.
func (p *pastOffice) oneOfEach() {
	p.t.Helper()
	rows := map[string][]string{}
	for _, r := range p.rows() {
		rows[string(r.Stamp)] = append(rows[string(r.Stamp)], string(r.Address))
	}
	seen := map[string]bool{}
	for _, u := range p.stamped() {
		if of := rows[u.EmployeeID]; seen[u.EmployeeID] || len(of) != 1 || of[0] != u.UserPrincipalName {
			p.t.Errorf("%s of %s; seen before: %v; its rows: %v", u.UserPrincipalName, u.EmployeeID, seen[u.EmployeeID], of)
		}
		seen[u.EmployeeID] = true
	}
}

func (p *pastOffice) rowsOf(folio string) (n int) {
	for _, r := range p.rows() {
		if string(r.Folio) == folio {
			n++
		}
	}
	return n
}

// tells: the notices that Teams did not accept then are delivered.
func (p *pastOffice) tells() {
	p.told(p.silvia, "Recibimos su solicitud "+p.folios["unseen"])
	p.told(p.silvia, "Recibimos su solicitud "+p.folios["refused notice"])
}

// comesBack: an unreachable person writes, and gets the missed notices; the director's channel is
// restored, with its pending requests.
func (p *pastOffice) comesBack() {
	p.says(p.hugo, "ayuda")
	p.told(p.hugo, p.folios["dead letter"], "fue turnada")
	p.told(p.hugo, "Recibimos su solicitud "+p.folios["dead letter"])
	_, err := p.teams.Install(p.within(), p.elena.ID)
	p.must(err)
	p.told(p.elena, p.folios["gone"], "fue turnada")
	p.must(p.teams.Change(p.within(), teamsfake.ChannelRestored, p.channels["director"], p.rosa.ID))
	for _, name := range []string{"unseen", "refused notice"} {
		p.approves(p.rosa, "director", p.folios[name])
	}
}

// confirms: a confirmation that was asked for then is given; one below a card that has changed since
// is asked for again.
func (p *pastOffice) confirms() {
	p.writes(p.rosa, p.channels["director"], "sí, rechazar", "Rechazada", p.folios["director"])
	p.told(p.martha, p.folios["director"], "No procede.")
	p.told(p.martha, "Se canceló su solicitud "+p.folios["expired"]) // from an earlier version, and without a job
	platform := p.channels["platform"]
	p.writes(p.gabriela, platform, "sí, inhabilitar", "se está actualizando") // the present service words that card otherwise
	if u, _ := p.tenant.User("teresa.luna@" + teachersMail); !u.Enabled {
		p.t.Error("the account is disabled, though the card was changed")
	}
	p.eventually("cards that are drawn", p.drawn)
	folio := folioShape.FindString(p.card(platform, p.gabriela, "attention.disable", "Teresa Luna").Text())
	p.writes(p.gabriela, platform, "inhabilitar "+folio, "Para confirmar escriba: sí, inhabilitar")
	p.writes(p.gabriela, platform, "sí, inhabilitar", "inhabilitó la cuenta creada")
	if u, _ := p.tenant.User("teresa.luna@" + teachersMail); u.Enabled {
		p.t.Error("the account is not disabled")
	}
}

// decides: the cards at the stages are clicked; where there were two of one request, both are
// updated.
func (p *pastOffice) decides() {
	corrected := p.approval("director", p.folios["corrected"])
	if text := corrected.Text(); !strings.Contains(text, "Se corrigió: personas de la lista.") {
		p.t.Errorf("the director sees:\n%s", text)
	}
	p.authorises(p.folios["corrected"])
	p.announced(p.silvia, "efrain.lara@"+teachersMail)
	p.shows(p.oscar, p.approval("director", p.folios["twice"]), "approval.approve", nil) // instead of Rosa
	p.waits("both cards true", func() bool { return p.count(p.channels["director"], p.martha, p.folios["twice"], "Turnada por") == 2 })
	for name, address := range map[string]string{"subdirector": "yadira.mata", "refused card": "manuel.gil"} {
		p.approves(p.ernesto, "subdirector", p.folios[name])
		p.announced(p.silvia, address+"@"+teachersMail)
		p.waits("its one card, decided", func() bool {
			return p.count(p.channels["subdirector"], p.martha, p.folios[name], "Autorizada por") == 1
		})
	}
	p.returns(p.ernesto, "subdirector", p.folios["twice"], "Falta el oficio.")
	p.told(p.martha, p.folios["twice"], "Falta el oficio.")
}

// settles: the cards of lines in attention are clicked, each with another remedy.
func (p *pastOffice) settles() {
	click := func(name, button string, inputs teamsfake.Inputs) {
		p.t.Helper()
		p.shows(p.gabriela, p.card(p.channels["platform"], p.martha, "attention.drop", p.folios[name]), button, inputs)
	}
	click("homonym", "attention.adopt", nil)
	p.told(p.silvia, "pedro.vega@"+teachersMail, "ya tenía cuenta")
	click("curp", "attention.rename", nil)
	p.announced(p.silvia, "vicente.gil@"+teachersMail)
	click("deleted", "attention.restore", nil)
	p.told(p.silvia, quirinoMail, "ya tenía cuenta")
	click("permission", "attention.retryAlike", nil)
	p.announced(p.silvia, "raul.sosa@"+teachersMail)
	p.announced(p.silvia, "sonia.sosa@"+teachersMail)
	click("disabled", "attention.retry", nil)
	p.announced(p.silvia, "ursula.luna@"+teachersMail)
}

// fillsIn: drafts are continued from their cards: one with an error, one with a person being
// edited, and a correction. Nobody of that release was shown the privacy notice: it comes first.
func (p *pastOffice) fillsIn() {
	seen := p.teams.Cards(p.chats[p.martha.ID], p.martha.ID)
	curp := teamsfake.Inputs{"curp": string(provisioningtest.CURP(90))}
	p.presses(p.martha, p.card(p.chats[p.martha.ID], p.oscar, "request.next", "Datos"), "request.next", curp)
	p.shows(p.martha, p.comes(p.martha, seen, "privacy.acknowledge"), "privacy.acknowledge", nil)
	review := p.shows(p.martha, p.comes(p.martha, seen, "request.next"), "request.next", curp)
	p.acknowledges(p.irene)
	p.acknowledges(p.silvia)
	sent := p.shows(p.martha, review, "request.submit", nil)
	p.approval("director", folioShape.FindString(sent.Text()))
	review = p.shows(p.irene, p.card(p.chats[p.irene.ID], p.oscar, "request.next", "Persona 2"), "request.next", nil)
	if text := review.Text(); !strings.Contains(text, "Berta Cano") || !strings.Contains(text, luciaMail) {
		p.t.Errorf("Irene's form shows:\n%s", text)
	}
	p.shows(p.silvia, p.card(p.chats[p.silvia.ID], p.oscar, "request.submit", "Delia"), "request.submit", nil)
	p.approves(p.rosa, "director", p.folios["returned"])
}

// showsPasswords: the cards of accounts show a password, also where the last response was lost; not
// where the owner has changed it.
func (p *pastOffice) showsPasswords() {
	for _, address := range []string{"iker.ruelas@" + studentsMail, "laura.paz@" + teachersMail, "elisa.gil@" + teachersMail} {
		p.signsIn(address, p.reveals(p.silvia, address))
	}
	if cards := p.offers(p.silvia, "password.reveal", "olga.vega.c@"); len(cards) > 0 {
		p.t.Errorf("of an account that its owner uses a password is offered:\n%s", cards[0].Text())
	}
}

// buys: licences are bought, and assigned to the lines that waited. While a line's job assigns one, it
// is deducted twice, so that the last line may wait for the next reading of the stock, two minutes
// later.
func (p *pastOffice) buys() {
	p.tenant.Buy(studentLicence, 3)
	p.stop()
	p.setClock(p.now().Add(5 * time.Minute))
	p.start()
	p.eventuallyWithin(2*patience, "a licence for who waited last", func() bool {
		u, _ := p.tenant.User("lia.ochoa@" + studentsMail)
		return len(u.SKUs) == 1
	})
	for name, addresses := range map[string][]string{"waiting": {"jimena.ochoa", "kevin.ochoa"}, "queued": {"lia.ochoa"}} {
		for _, address := range addresses {
			p.account(address+"@"+studentsMail, p.folios[name])
			p.announced(p.gabriela, address+"@"+studentsMail)
		}
	}
}

// nextDay: whoever has a request gets a reminder.
func (p *pastOffice) nextDay() {
	p.stop()
	p.setClock(p.now().Add(24 * time.Hour))
	p.start()
	p.waits("a reminder", func() bool {
		return p.count(p.channels["subdirector"], p.martha, p.folios["gone"], "espera a la Subdirección de Sistemas") > 0
	})
}
