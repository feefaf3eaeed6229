package form

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/bot/words"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/input"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// accounts is the form of a request for new accounts: the petition, then each person or the work
// centre, then the review.
type accounts struct{ Config }

func (ac *accounts) kind() provisioning.RequestKind { return provisioning.Create }

func (ac *accounts) command(begin func(context.Context, turn.Context) (cards.Message, error)) turn.Command {
	return turn.Command{
		Name: "begin", Offered: true, Sentence: true,
		Words: []string{
			"solicitar", "solicitud", "solicitar cuenta", "nueva solicitud", "alta", "request", "new request", "request account",
		},
		Hints: []string{
			"cuenta", "cuentas", "correo", "formulario", "account", "accounts", "docente", "maestro", "maestra", "alumno", "empezar",
			"iniciar", "start",
		},
		Personal: func(ctx context.Context, t turn.Context, _ words.Asked) (cards.Message, error) {
			return begin(ctx, t)
		},
	}
}

func (ac *accounts) mayAsk(ctx context.Context, by provisioning.Actor) error {
	return ac.Access.MayAsk(ctx, by)
}

func (ac *accounts) fill(d *draft, t turn.Context) {
	d.Step = cards.StepPetition
	medium := cmp.Or(t.Person.Medium, input.MediumOficio) // as the procedure has it
	d.Values = nonEmpty(map[string]string{"medium": string(medium), "area": t.Person.Area, "phone": t.Person.Phone})
	d.Typed = nonEmpty(map[string]string{"cct": string(t.Person.CCT)})
}

func (ac *accounts) inputs(d *draft) ([]string, *map[string]string) {
	switch d.Step {
	case cards.StepPaste:
		return pasteInputs, &d.Typed
	case cards.StepHolder:
		return slices.Concat(holderInputs, []string{"cctTyped"}), &d.Typed
	}
	return petitionInputs, &d.Values
}

func (ac *accounts) press(d *draft, c cards.Click) {
	d.applyButton(c, d.form(ac.Rules, false).MayAdd())
}

func (ac *accounts) card(ctx context.Context, texts *cards.Texts, d draft) cards.Card {
	known, _ := ac.Catalogue.Centre(ctx, d.Typed["cct"])
	return d.card(texts, ac.Rules, !ac.Catalogue.Empty(ctx), joined(known.Name, known.Place))
}

// next validates the present step and goes on to the one after, or stays with the errors at
// their inputs.
func (ac *accounts) next(ctx context.Context, t turn.Context, d *draft) error {
	if d.Step == cards.StepPaste {
		return ac.nextPasted(ctx, t, d)
	}
	if d.Step == cards.StepPetition {
		if _, d.Faults = ac.petition(d.Values); len(d.Faults) == 0 && d.endPetition() {
			return ac.lookUp(ctx, t, d, d.holders()...)
		}
		return nil
	}
	d.typeCCT()
	ac.nameCentre(ctx, d)
	h, faults := parseHolder(d.accountType(), d.Typed)
	if wrong, repeated := turn.AtInput(provisioning.CheckRepeated(d.holders(), d.Editing, h)); repeated && len(faults) == 0 {
		faults[wrong.Field] = wrong
	}
	if d.Faults = faults; len(faults) > 0 {
		return nil
	}
	entered := *d
	entered.People = slices.Clone(d.People)
	entered.enterPerson(h)
	err := ac.lookUp(ctx, t, &entered, h)
	if _, refused := entered.Faults[""]; refused {
		d.Faults = entered.Faults // with the inputs of the step
		return err
	}
	*d = entered
	return err
}

// nameCentre fills in the name of a work centre from the catalogue, if none was entered.
func (ac *accounts) nameCentre(ctx context.Context, d *draft) {
	if d.accountType() != identity.WorkCentre || strings.TrimSpace(d.Typed["centerName"]) != "" {
		return
	}
	if c, found := ac.Catalogue.Centre(ctx, d.Typed["cct"]); found {
		d.Typed["centerName"] = c.Name
	}
}

// lookUp previews the accounts of the draft, if the person may ask for accounts and is within
// the limit of inquiries about these holders.
func (ac *accounts) lookUp(ctx context.Context, t turn.Context, d *draft, about ...identity.Holder) error {
	if err := ac.Access.MayAsk(ctx, t.By); err != nil {
		return err
	}
	err := ac.Inquiries.About(ctx, t.By, "inquiry.limit_form", inquiriesOf(about)...)
	if refused, ok := errors.AsType[*fault](err); ok && refused.Code == problem.CodeLimited {
		d.Faults = map[string]*fault{"": refused}
		return nil
	}
	if err != nil {
		return err
	}
	return ac.propose(ctx, t, d)
}

func (ac *accounts) propose(ctx context.Context, t turn.Context, d *draft) error {
	bounded, cancel := context.WithTimeout(job.Urgent(ctx), previewTimeout)
	defer cancel()
	proposals, err := ac.Preview.Preview(bounded, provisioning.Inquiry{By: t.By, Correcting: d.Folio, Holders: d.holders()})
	if wrong, atInput := turn.AtInput(err); atInput {
		d.Faults, d.Step = map[string]*fault{wrong.Field: wrong}, cards.StepHolder
		return nil
	}
	for i := range proposals {
		d.People[i].Proposal = proposals[i]
	}
	return errors.Join(err, ac.recordDisclosures(ctx, t, *d))
}

// inquiriesOf returns the keys by which inquiries about the holders are counted.
func inquiriesOf(holders []identity.Holder) []string {
	about := make([]string, len(holders))
	for i, h := range holders {
		about[i] = h.Inquired()
	}
	return about
}

// recordDisclosures writes the audit entries of what the form is about to show of other people.
func (ac *accounts) recordDisclosures(ctx context.Context, t turn.Context, d draft) error {
	return ac.Store.Update(ctx, func(tx provisioning.Tx) error {
		var errs []error
		for _, p := range d.People {
			if e, tells := p.Proposal.Disclosure(p.Holder); tells {
				errs = append(errs, ac.Inquiries.Disclosed(tx, t.By, p.Holder.Inquired(), e))
			}
		}
		return errors.Join(errs...)
	})
}
