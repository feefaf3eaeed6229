package sandbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
)

// Demo runs the procedure with a scripted client and writes what people see to out: for each
// person of the file or, without one, for a teacher, a student and a work centre, then for a
// person who has an account already and one with a wrong CURP. It returns an error for the first
// unexpected result.
func Demo(ctx context.Context, out io.Writer, file string) (err error) {
	people := examplePeople()
	if file != "" {
		if people, err = peopleOf(file); err != nil {
			return err
		}
	}
	dir, err := os.MkdirTemp("", "altas-demo-")
	if err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	d, err := newDemo(ctx, out, dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.env.Close()) }()
	return d.run(ctx, people, file == "")
}

func examplePeople() []teamsfake.Inputs {
	return []teamsfake.Inputs{
		{"type": "docente", "givenNames": "Lucía", "firstSurname": "Ñáñez", "secondSurname": "Garza", "curp": "XAGL910703MCLXRC00",
			"cct": "05DPR0221C", "employeeNumber": "104523"},
		{"type": "alumno", "givenNames": "Iker Mateo", "firstSurname": "Ruelas", "secondSurname": "Solís", "curp": "RUSI140512HCLLLKA1",
			"cct": "05DPR0221C", "level": "primaria", "grade": "6", "group": "B"},
		{"type": "centro", "cct": "05DPR0221C", "centerName": "Escuela Primaria Benito Juárez", "responsible": "Martha Ibarra Soto"},
	}
}

// demo is a running demo.
type demo struct {
	transcript
	env        *environment
	staff      staff
	chat       string            // id of the requester's chat
	channels   map[string]string // ids, by stage
	firstFolio string            // folio of the first request
	letter     string            // path of its letter
	noticed    bool              // the requester has acknowledged the privacy notice
}

// accountTimeout is the timeout of one account. Teams accepts 60 messages from a bot in one chat in
// half a minute; with a file of people, the next message may have to wait that long.
const accountTimeout = 45 * time.Second

func newDemo(ctx context.Context, out io.Writer, dir string) (*demo, error) {
	e, err := newEnvironment(dir, nil)
	if err != nil {
		return nil, err
	}
	d := &demo{transcript: transcript{out: out}, env: e, staff: newStaff()}
	for _, p := range d.staff.all() {
		e.Teams.AddPerson(p)
	}
	team := e.Teams.AddTeam("DGTI", "Dirección General", "Subdirección de Sistemas", "Plataforma Office 365")
	d.channels = map[string]string{
		"director": team.Channels["Dirección General"], "subdirector": team.Channels["Subdirección de Sistemas"],
		"platform": team.Channels["Plataforma Office 365"],
	}
	e.Teams.InstallSilently(team.ID)
	if err := e.start(ctx, rules(d.staff, d.channels)); err != nil {
		return nil, errors.Join(err, e.Close())
	}
	d.chat, err = e.Teams.Install(ctx, d.staff.Requester.ID)
	if err != nil {
		return nil, errors.Join(err, e.Close())
	}
	return d, nil
}

// run runs the demo and returns the first unexpected result as an error.
func (d *demo) run(ctx context.Context, people []teamsfake.Inputs, mistakes bool) error {
	for _, p := range people {
		bounded, cancel := context.WithTimeout(ctx, accountTimeout)
		err := d.requestAccount(bounded, p)
		cancel()
		if err != nil {
			return fmt.Errorf("%s: %w", nameOf(p), err)
		}
	}
	if mistakes {
		bounded, cancel := context.WithTimeout(ctx, accountTimeout)
		defer cancel()
		if err := d.requestAgain(bounded, people[0]); err != nil {
			return fmt.Errorf("asked for twice: %w", err)
		}
		if err := d.wrongCURP(bounded, people[0]); err != nil {
			return fmt.Errorf("a wrong CURP: %w", err)
		}
	}
	if got := d.env.Teams.Complaints(); len(got) > 0 {
		return fmt.Errorf("mangled by Teams: %s", strings.Join(got, "; "))
	}
	if err := d.audit(ctx, nameOf(people[0])); err != nil {
		return err
	}
	d.printHeading("Todo salió como debía")
	d.printRemark("El oficio de la primera solicitud, en PDF, quedó en " + d.letter)
	return nil
}

// requestAccount requests an account, approves it, and signs in with its password.
func (d *demo) requestAccount(ctx context.Context, p teamsfake.Inputs) error {
	d.printHeading("Una cuenta de " + p["type"] + " para " + nameOf(p))
	review, err := d.fillIn(ctx, p)
	if err != nil {
		return err
	}
	if !review.Offers("request.submit") {
		return fmt.Errorf("the form does not take it: %s", fieldErrors(review))
	}
	sent, err := d.click(ctx, d.staff.Requester, review, "request.submit", nil)
	if err != nil {
		return err
	}
	folio := folioPattern.FindString(sent.Text())
	if folio == "" {
		return errors.New("no folio on the card after sending")
	}
	if d.firstFolio == "" {
		d.firstFolio = folio
	}
	for _, stage := range []struct {
		name string
		who  teamsfake.Person
	}{{"director", d.staff.Director}, {"subdirector", d.staff.Subdirector}} {
		if err := d.approve(ctx, stage.name, stage.who, folio); err != nil {
			return err
		}
	}
	if err := d.receive(ctx, folio, p); err != nil || folio != d.firstFolio {
		return err
	}
	return d.answer(ctx, folio)
}

// begin types "solicitar" and returns the form; the first time the privacy notice comes before it.
func (d *demo) begin(ctx context.Context) (*teamsfake.Card, error) {
	who := d.staff.Requester
	before := d.env.Teams.Cards(d.chat, who.ID)
	if err := d.send(ctx, who, "solicitar"); err != nil {
		return nil, err
	}
	if !d.noticed {
		notice, err := d.env.Teams.AwaitCard(ctx, d.chat, who.ID, "privacy.acknowledge", before)
		if err != nil {
			return nil, fmt.Errorf("no privacy notice came: %w", err)
		}
		d.printCard(notice)
		if _, err := d.click(ctx, who, notice, "privacy.acknowledge", nil); err != nil {
			return nil, err
		}
		d.noticed = true
	}
	card, err := d.env.Teams.AwaitCard(ctx, d.chat, who.ID, "request.next", before)
	if err != nil {
		return nil, fmt.Errorf("no form came: %w", err)
	}
	d.printCard(card)
	return card, nil
}

// fillIn begins a form and fills it in up to its review.
func (d *demo) fillIn(ctx context.Context, p teamsfake.Inputs) (*teamsfake.Card, error) {
	who := d.staff.Requester
	card, err := d.begin(ctx)
	if err != nil {
		return nil, err
	}
	card, err = d.click(ctx, who, card, "request.next", teamsfake.Inputs{
		"type": p["type"], "medium": "oficio", "oficio": "SEDU/SRS/045/2026", "area": "Servicios Regionales Saltillo", "phone": "844 411 8800",
	})
	if err != nil {
		return nil, err
	}
	inputs := make(teamsfake.Inputs)
	for name, v := range p {
		if name != "type" {
			inputs[name] = v
		}
	}
	return d.click(ctx, who, card, "request.next", inputs)
}

// fieldErrors returns the error messages of a form's inputs.
func fieldErrors(form *teamsfake.Card) string {
	var all []string
	for line := range strings.Lines(form.Text()) {
		if message, marked := strings.CutPrefix(line, "✗"); marked {
			all = append(all, strings.TrimSpace(message))
		}
	}
	return strings.Join(all, " ")
}

// approve approves the request at a stage, in its channel.
func (d *demo) approve(ctx context.Context, stage string, who teamsfake.Person, folio string) error {
	channel := d.channels[stage]
	var card *teamsfake.Card
	err := d.env.Teams.Await(ctx, func() bool {
		card = d.cardOf(channel, who, "approval.approve", folio)
		return card != nil
	})
	if err != nil {
		return fmt.Errorf("no card for %s in the channel of %s: %w", folio, stage, err)
	}
	d.printRemark("En el canal de " + stageNames[stage] + " aparece:")
	d.printCard(card)
	after, err := d.click(ctx, who, card, "approval.approve", nil)
	if err == nil && after.Offers("approval.approve") {
		err = errors.New("the card can still be approved")
	}
	return err
}

var stageNames = map[string]string{"director": "la Dirección General", "subdirector": "la Subdirección de Sistemas"}

// cardOf returns the newest card of a folio that offers the verb; nil if there is none.
func (d *demo) cardOf(conversation string, who teamsfake.Person, verb, folio string) *teamsfake.Card {
	for _, card := range slices.Backward(d.env.Teams.Cards(conversation, who.ID)) {
		if card.Offers(verb) && strings.Contains(card.Text(), folio) {
			return card
		}
	}
	return nil
}

// receive waits for the account, shows its password and signs in with it.
func (d *demo) receive(ctx context.Context, folio string, p teamsfake.Inputs) error {
	who := d.staff.Requester
	var card *teamsfake.Card
	err := d.env.Teams.Await(ctx, func() bool {
		card = d.env.Teams.NewestCard(d.chat, who.ID, "password.reveal")
		return card != nil && strings.Contains(fold(card.Text()), fold(nameOf(p)))
	})
	if err != nil {
		return fmt.Errorf("no account came for %s: %w", folio, err)
	}
	d.printRemark("A " + who.Name + " le llega:")
	d.printCard(card)
	address := addressPattern.FindString(card.Text())
	secret, err := d.click(ctx, who, card, "password.reveal", nil)
	if err != nil {
		return err
	}
	password := secret.Monospace()
	if got := d.env.Tenant.SignIn(address, password); got != graphfake.MustChange {
		return fmt.Errorf("signing in as %s with the password shown: %q, want %q", address, got, graphfake.MustChange)
	}
	d.printRemark("Con esa contraseña se entra como " + address + ", y Microsoft 365 pide cambiarla.")
	if _, err = d.click(ctx, who, secret, "password.done", nil); err != nil {
		return err
	}
	return d.printResult(ctx, folio, address)
}

// printResult prints the account in the tenant and the receipts row.
func (d *demo) printResult(ctx context.Context, folio, address string) error {
	u, ok := d.env.Tenant.User(address)
	if !ok || len(u.SKUs) == 0 || !strings.HasPrefix(u.EmployeeID, folio) {
		return fmt.Errorf("the tenant has no licensed account %s with the stamp of %s", address, folio)
	}
	d.printRemark(fmt.Sprintf("En el directorio: %s · %s · sello %s · %d licencia", u.UserPrincipalName, u.DisplayName, u.EmployeeID, len(u.SKUs)))
	row, err := receiptOf(ctx, d.env.vars["RECEIPTS_DSN"], address)
	if err != nil {
		return err
	}
	d.printRemark("En el Servidor de Recibos: " + row)
	return nil
}

// requestAgain requests an account for a person who has one already.
func (d *demo) requestAgain(ctx context.Context, p teamsfake.Inputs) error {
	d.printHeading("La misma persona, otra vez")
	review, err := d.fillIn(ctx, p)
	if err != nil {
		return err
	}
	if !strings.Contains(review.Text(), "@docentecoahuila.gob.mx") || !strings.Contains(strings.ToLower(review.Text()), "ya ") {
		return errors.New("the review does not say that the account exists")
	}
	if review.Offers("request.submit") {
		return errors.New("a form with nothing new on it is offered to be sent")
	}
	return d.discard(ctx)
}

// wrongCURP enters a CURP whose check digit is wrong.
func (d *demo) wrongCURP(ctx context.Context, p teamsfake.Inputs) error {
	d.printHeading("Una CURP con un error")
	wrong := maps.Clone(p)
	wrong["curp"] = "XAGL910703MCLXRC05"
	card, err := d.fillIn(ctx, wrong)
	if err != nil {
		return err
	}
	if !strings.Contains(card.Text(), "dígito") || card.Input("curp") == nil {
		return errors.New("the form does not say what is wrong with the CURP")
	}
	if got := card.Input("givenNames"); got == nil || got.Value != p["givenNames"] {
		return errors.New("what was typed is lost")
	}
	return d.discard(ctx)
}

func (d *demo) discard(ctx context.Context) error {
	card := d.env.Teams.NewestCard(d.chat, d.staff.Requester.ID, "request.discard")
	if card == nil {
		return errors.New("the form cannot be discarded")
	}
	_, err := d.click(ctx, d.staff.Requester, card, "request.discard", nil)
	return err
}

// send sends a message in the requester's chat.
func (d *demo) send(ctx context.Context, who teamsfake.Person, words string) error {
	d.printTyped(who.Name, words)
	turn, err := d.env.Teams.Say(ctx, who.ID, d.chat, words)
	if err == nil && turn.Status != 200 {
		err = fmt.Errorf("saying %q was answered %d", words, turn.Status)
	}
	return err
}

// click clicks a button and returns the card that is shown then.
func (d *demo) click(ctx context.Context, who teamsfake.Person, card *teamsfake.Card, verb string, inputs teamsfake.Inputs) (*teamsfake.Card, error) {
	button := card.Action(verb)
	if button == nil {
		return nil, fmt.Errorf("there is no button %s", verb)
	}
	d.printClick(who.Name, card, *button, inputs)
	turn, err := d.env.Teams.Click(ctx, who.ID, card, verb, inputs)
	switch {
	case err != nil:
		return nil, fmt.Errorf("press %q: %w", button.Title, err)
	case turn.Status != 200 || turn.ErrorCode != "":
		return nil, fmt.Errorf("pressing %q was answered %d %s", button.Title, turn.Status, turn.Error)
	case turn.Card == nil:
		d.printShown(turn.Text)
		return nil, fmt.Errorf("pressing %q showed no card but %q", button.Title, turn.Text)
	}
	d.printCard(turn.Card)
	return turn.Card, nil
}

var (
	folioPattern   = regexp.MustCompile(`\d{4}-\d{6}`)
	addressPattern = regexp.MustCompile(`[a-z0-9._-]+@[a-z]+\.gob\.mx`)
)
