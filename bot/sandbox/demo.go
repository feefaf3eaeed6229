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
	people := exampleCast()
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
	defer func() { err = errors.Join(err, d.world.Close()) }()
	return d.play(ctx, people, file == "")
}

func exampleCast() []teamsfake.Inputs {
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
	script
	world    *world
	cast     cast
	chat     string            // id of the requester's chat
	channels map[string]string // ids, by stage
	first    string            // folio of the first request
}

// patience is the timeout of one account. Teams accepts 60 messages from a bot in one chat in
// half a minute; with a file of people, the next message may have to wait that long.
const patience = 45 * time.Second

func newDemo(ctx context.Context, out io.Writer, dir string) (*demo, error) {
	w, err := newWorld(dir, nil)
	if err != nil {
		return nil, err
	}
	d := &demo{script: script{out: out}, world: w, cast: newCast()}
	for _, p := range d.cast.all() {
		w.Teams.AddPerson(p)
	}
	team := w.Teams.AddTeam("DGTI", "Dirección General", "Subdirección de Sistemas", "Plataforma Office 365")
	d.channels = map[string]string{
		"director": team.Channels["Dirección General"], "subdirector": team.Channels["Subdirección de Sistemas"],
		"platform": team.Channels["Plataforma Office 365"],
	}
	w.Teams.InstallSilently(team.ID)
	if err := w.start(ctx, rules(d.cast, d.channels)); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	d.chat, err = w.Teams.Install(ctx, d.cast.Requester.ID)
	if err != nil {
		return nil, errors.Join(err, w.Close())
	}
	return d, nil
}

// play runs the demo and returns the first unexpected result as an error.
func (d *demo) play(ctx context.Context, people []teamsfake.Inputs, slips bool) error {
	for _, p := range people {
		bounded, cancel := context.WithTimeout(ctx, patience)
		err := d.oneAccount(bounded, p)
		cancel()
		if err != nil {
			return fmt.Errorf("%s: %w", nameOf(p), err)
		}
	}
	if slips {
		bounded, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		if err := d.twice(bounded, people[0]); err != nil {
			return fmt.Errorf("asked for twice: %w", err)
		}
		if err := d.wrongCURP(bounded, people[0]); err != nil {
			return fmt.Errorf("a wrong CURP: %w", err)
		}
	}
	if got := d.world.Teams.Complaints(); len(got) > 0 {
		return fmt.Errorf("mangled by Teams: %s", strings.Join(got, "; "))
	}
	if err := d.audit(ctx, nameOf(people[0])); err != nil {
		return err
	}
	d.scene("Todo salió como debía")
	return nil
}

// oneAccount requests an account, approves it, and signs in with its password.
func (d *demo) oneAccount(ctx context.Context, p teamsfake.Inputs) error {
	d.scene("Una cuenta de " + p["type"] + " para " + nameOf(p))
	review, err := d.fillIn(ctx, p)
	if err != nil {
		return err
	}
	if !review.Offers("request.submit") {
		return fmt.Errorf("the form does not take it: %s", complaints(review))
	}
	sent, err := d.click(ctx, d.cast.Requester, review, "request.submit", nil)
	if err != nil {
		return err
	}
	folio := folioShape.FindString(sent.Text())
	if folio == "" {
		return errors.New("no folio on the card after sending")
	}
	if d.first == "" {
		d.first = folio
	}
	for _, stage := range []struct {
		name string
		who  teamsfake.Person
	}{{"director", d.cast.Director}, {"subdirector", d.cast.Subdirector}} {
		if err := d.approve(ctx, stage.name, stage.who, folio); err != nil {
			return err
		}
	}
	return d.receive(ctx, folio, p)
}

// fillIn types "solicitar" and fills in the form up to its review.
func (d *demo) fillIn(ctx context.Context, p teamsfake.Inputs) (*teamsfake.Card, error) {
	who := d.cast.Requester
	before := d.world.Teams.Cards(d.chat, who.ID)
	if err := d.say(ctx, who, "solicitar"); err != nil {
		return nil, err
	}
	card, err := d.world.Teams.AwaitCard(ctx, d.chat, who.ID, "request.next", before)
	if err != nil {
		return nil, fmt.Errorf("no form came: %w", err)
	}
	d.card(card)
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

// complaints returns the error messages at a form's fields.
func complaints(form *teamsfake.Card) string {
	var all []string
	for line := range strings.Lines(form.Text()) {
		if said, marked := strings.CutPrefix(line, "✗"); marked {
			all = append(all, strings.TrimSpace(said))
		}
	}
	return strings.Join(all, " ")
}

// approve approves the request at a stage, in its channel.
func (d *demo) approve(ctx context.Context, stage string, who teamsfake.Person, folio string) error {
	channel := d.channels[stage]
	var card *teamsfake.Card
	err := d.world.Teams.Await(ctx, func() bool {
		card = d.cardOf(channel, who, "approval.approve", folio)
		return card != nil
	})
	if err != nil {
		return fmt.Errorf("no card for %s in the channel of %s: %w", folio, stage, err)
	}
	d.tells("En el canal de " + stageNames[stage] + " aparece:")
	d.card(card)
	after, err := d.click(ctx, who, card, "approval.approve", nil)
	if err == nil && after.Offers("approval.approve") {
		err = errors.New("the card can still be approved")
	}
	return err
}

var stageNames = map[string]string{"director": "la Dirección General", "subdirector": "la Subdirección de Sistemas"}

// cardOf returns the newest card of a folio that offers the verb; nil if there is none.
func (d *demo) cardOf(conversation string, who teamsfake.Person, verb, folio string) *teamsfake.Card {
	for _, card := range slices.Backward(d.world.Teams.Cards(conversation, who.ID)) {
		if card.Offers(verb) && strings.Contains(card.Text(), folio) {
			return card
		}
	}
	return nil
}

// receive waits for the account, shows its password and signs in with it.
func (d *demo) receive(ctx context.Context, folio string, p teamsfake.Inputs) error {
	who := d.cast.Requester
	var card *teamsfake.Card
	err := d.world.Teams.Await(ctx, func() bool {
		card = d.world.Teams.NewestCard(d.chat, who.ID, "password.reveal")
		return card != nil && strings.Contains(fold(card.Text()), fold(nameOf(p)))
	})
	if err != nil {
		return fmt.Errorf("no account came for %s: %w", folio, err)
	}
	d.tells("A " + who.Name + " le llega:")
	d.card(card)
	address := addressShape.FindString(card.Text())
	secret, err := d.click(ctx, who, card, "password.reveal", nil)
	if err != nil {
		return err
	}
	password := secret.Monospace()
	if got := d.world.Tenant.SignIn(address, password); got != graphfake.MustChange {
		return fmt.Errorf("signing in as %s with the password shown: %q, want %q", address, got, graphfake.MustChange)
	}
	d.tells("Con esa contraseña se entra como " + address + ", y Microsoft 365 pide cambiarla.")
	if _, err = d.click(ctx, who, secret, "password.done", nil); err != nil {
		return err
	}
	return d.inTheEnd(ctx, folio, address)
}

// inTheEnd prints the account in the tenant and the receipts row.
func (d *demo) inTheEnd(ctx context.Context, folio, address string) error {
	u, ok := d.world.Tenant.User(address)
	if !ok || len(u.SKUs) == 0 || !strings.HasPrefix(u.EmployeeID, folio) {
		return fmt.Errorf("the tenant has no licensed account %s with the stamp of %s", address, folio)
	}
	d.tells(fmt.Sprintf("En el directorio: %s · %s · sello %s · %d licencia", u.UserPrincipalName, u.DisplayName, u.EmployeeID, len(u.SKUs)))
	row, err := receiptOf(ctx, d.world.env["RECEIPTS_DSN"], address)
	if err != nil {
		return err
	}
	d.tells("En el Servidor de Recibos: " + row)
	return nil
}

// twice requests an account for a person who has one already.
func (d *demo) twice(ctx context.Context, p teamsfake.Inputs) error {
	d.scene("La misma persona, otra vez")
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
	d.scene("Una CURP con un error")
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
	card := d.world.Teams.NewestCard(d.chat, d.cast.Requester.ID, "request.discard")
	if card == nil {
		return errors.New("the form cannot be discarded")
	}
	_, err := d.click(ctx, d.cast.Requester, card, "request.discard", nil)
	return err
}

// say sends a message in the requester's chat.
func (d *demo) say(ctx context.Context, who teamsfake.Person, words string) error {
	d.types(who.Name, words)
	turn, err := d.world.Teams.Say(ctx, who.ID, d.chat, words)
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
	d.presses(who.Name, card, *button, inputs)
	turn, err := d.world.Teams.Click(ctx, who.ID, card, verb, inputs)
	switch {
	case err != nil:
		return nil, fmt.Errorf("press %q: %w", button.Title, err)
	case turn.Status != 200 || turn.ErrorCode != "":
		return nil, fmt.Errorf("pressing %q was answered %d %s", button.Title, turn.Status, turn.Error)
	case turn.Card == nil:
		d.shows(turn.Text)
		return nil, fmt.Errorf("pressing %q showed no card but %q", button.Title, turn.Text)
	}
	d.card(turn.Card)
	return turn.Card, nil
}

var (
	folioShape   = regexp.MustCompile(`\d{4}-\d{6}`)
	addressShape = regexp.MustCompile(`[a-z0-9._-]+@[a-z]+\.gob\.mx`)
)
