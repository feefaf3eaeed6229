package form

import (
	"context"

	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// Kind is the form of one kind of request: its steps, and the submission that they become. New gets
// those besides the form for new accounts.
type Kind interface {
	// kind is the kind of request that the form submits.
	kind() provisioning.RequestKind
	// command is what is typed for a new form. begin sends the form, or the privacy notice first.
	command(begin func(context.Context, turn.Context) (cards.Message, error)) turn.Command
	// mayAsk returns nil if the person, a member of the tenant, may submit such requests.
	mayAsk(ctx context.Context, by provisioning.Actor) error
	// fill sets the first step of a new form, and the inputs that are known of the person.
	fill(d *draft, t turn.Context)
	// refill sets the step and the inputs of a form that corrects a returned request.
	refill(tx provisioning.Tx, d *draft, r provisioning.Request) error
	// inputs returns the names of the inputs of the draft's step, and the map that stores them.
	inputs(d *draft) ([]string, *map[string]string)
	// next validates the present step and goes on to the one after, or stays with the faults.
	next(ctx context.Context, t turn.Context, d *draft) error
	// press applies a button other than next, submit and discard.
	press(d *draft, c cards.Click)
	// card renders the present step.
	card(ctx context.Context, texts *cards.Texts, d draft) cards.Card
	// submission returns what the form submits; ready is false if the draft is back at a step, with
	// its faults.
	submission(ctx context.Context, t turn.Context, d *draft) (s provisioning.Submission, ready bool, err error)
}

// of returns the form of a kind of request; CodeUnavailable for a kind that this version does not
// know.
func (fs *Forms) of(name provisioning.RequestKind) (Kind, error) {
	if name.Creates() {
		name = provisioning.Create
	}
	k, ok := fs.kinds[name]
	if !ok {
		return nil, problem.Refuse(problem.CodeUnavailable, "trouble.kind", "kind", string(name))
	}
	return k, nil
}
