package form

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/bot/post"
	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
)

// lookFor bounds how long a click waits for the directory before it is answered
// without it.
const lookFor = 3 * time.Second

// formStands is how long a form that was just sent is not sent once more for a click:
// people press twice, and Teams sends a click again, under a new id, after half a minute.
const formStands = time.Minute

// begin shows the person's form again, below what was said since, or a new one; not
// where it was sent within the time given.
func (fs *Forms) begin(ctx context.Context, t turn.Context, stands time.Duration) error {
	bounded, cancel := context.WithTimeout(ctx, redrawWithin)
	defer cancel()
	if fs.Turns.IsGuest(bounded, t) {
		return provisioning.ErrGuest
	}
	if err := fs.Access.MayAsk(ctx, t.By); err != nil {
		return err
	}
	return fs.Store.Update(ctx, func(tx provisioning.Tx) error {
		d, found, err := drafts.Get(tx, t.By.ID)
		if err != nil {
			return err
		}
		if found && d.Asked == t.ID && t.ID != "" {
			return nil // Teams sends it again, and the bot was started anew meanwhile
		}
		if !found || d.over() {
			if err := fs.letGo(tx, d); err != nil {
				return err
			}
			d = newDraft(t, fs.Locale)
		}
		d.Asked = t.ID
		return fs.showAnew(tx, d, stands)
	})
}

// formClick moves the form on, back, or away, and shows what then is its step. A
// click that is not on the form as it stands changes nothing and shows it.
func (fs *Forms) formClick(ctx context.Context, t turn.Context, c cards.Click) (turn.Answer, error) {
	d, err := drafts.Read(ctx, fs.Store, draftKey(t.By.ID, c.Folio))
	if err != nil {
		return turn.Answer{}, err
	}
	if !d.accepts(c) {
		return fs.present(ctx, t, d, c.Draft)
	}
	d.take(c.Inputs)
	d.Faults = nil
	switch c.Verb {
	case cards.RequestNext:
		err = fs.next(ctx, t, &d)
	case cards.RequestSubmit:
		return fs.submit(ctx, t, d)
	default:
		d.turnTo(c, d.form(fs.Rules, false).MayAdd())
	}
	if err != nil {
		return turn.Answer{}, err
	}
	return fs.moveOn(ctx, t, d)
}

// moveOn keeps the form as a click leaves it and shows it. Where another click was
// quicker that one counts, and what it made of the form is shown.
func (fs *Forms) moveOn(ctx context.Context, t turn.Context, d draft) (turn.Answer, error) {
	var now draft
	err := fs.Store.Update(ctx, func(tx provisioning.Tx) (err error) {
		if now, err = unchanged(tx, d); err != nil || now.Version != d.Version {
			return err
		}
		now = d
		now.Version++
		return fs.keep(tx, now, fs.Now().Add(redrawWithin))
	})
	if err != nil {
		return turn.Answer{}, err
	}
	fs.redraw(ctx, d)
	return fs.present(ctx, t, now, d.ID)
}

// unchanged returns what is kept of the form; of the version that d was read in, where
// nobody has written it since. A new form in its place, or none, has no version then.
func unchanged(tx provisioning.Tx, d draft) (draft, error) {
	now, _, err := drafts.Get(tx, d.key())
	if now.ID != d.ID {
		now.Version = 0
	}
	return now, err
}

// next checks the present step and goes on to the one after, or stays with the
// faults at their inputs.
func (fs *Forms) next(ctx context.Context, t turn.Context, d *draft) error {
	if d.Step == cards.StepPetition {
		if _, d.Faults = fs.petition(d.Values); len(d.Faults) == 0 && d.leavePetition() {
			return fs.lookUp(ctx, t, d, d.holders()...)
		}
		return nil
	}
	d.typeCCT()
	fs.nameCentre(ctx, d)
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
	err := fs.lookUp(ctx, t, &entered, h)
	if _, refused := entered.Faults[""]; refused {
		d.Faults = entered.Faults // what was typed stands there still
		return err
	}
	*d = entered
	return err
}

// nameCentre takes the name of a work centre from the catalogue, where none was
// typed.
func (fs *Forms) nameCentre(ctx context.Context, d *draft) {
	if d.accountType() != provisioning.WorkCentre || strings.TrimSpace(d.Typed["centerName"]) != "" {
		return
	}
	if c, found := fs.Catalogue.Centre(ctx, d.Typed["cct"]); found {
		d.Typed["centerName"] = c.Name
	}
}

// lookUp looks up what sending the draft would come to, if the person may ask about these
// holders. Who may not ask for accounts any more looks nobody up either.
func (fs *Forms) lookUp(ctx context.Context, t turn.Context, d *draft, about ...provisioning.Holder) error {
	if err := fs.Access.MayAsk(ctx, t.By); err != nil {
		return err
	}
	err := fs.Inquiries.About(ctx, t.By, "inquiry.limit_form", inquired(about)...)
	if refused, ok := errors.AsType[*fault](err); ok && refused.Code == provisioning.CodeLimited {
		d.Faults = map[string]*fault{"": refused}
		return nil
	}
	if err != nil {
		return err
	}
	return fs.propose(ctx, t, d)
}

func (fs *Forms) propose(ctx context.Context, t turn.Context, d *draft) error {
	bounded, cancel := context.WithTimeout(job.Urgent(ctx), lookFor)
	defer cancel()
	proposals, err := fs.Preview.Preview(bounded, provisioning.Inquiry{By: t.By, Correcting: d.Folio, Holders: d.holders()})
	if wrong, atInput := turn.AtInput(err); atInput {
		d.Faults, d.Step = map[string]*fault{wrong.Field: wrong}, cards.StepHolder
		return nil
	}
	for i := range proposals {
		d.People[i].Proposal = proposals[i]
	}
	return errors.Join(err, fs.disclosed(ctx, t, *d))
}

// present shows what the form of that id has become.
func (fs *Forms) present(ctx context.Context, t turn.Context, d draft, id string) (turn.Answer, error) {
	switch {
	case d.ID == "" || id != d.ID:
		return turn.Answer{Card: t.Texts.Outdated()}, nil
	case d.Sent != "":
		dossier, err := fs.View.Request(ctx, d.Sent)
		return turn.Answer{Card: t.Texts.Sent(dossier), Post: post.OfDraft(d.ID)}, err
	}
	return fs.drawn(ctx, t, d), nil
}

func (fs *Forms) drawn(ctx context.Context, t turn.Context, d draft) turn.Answer {
	return turn.Answer{Card: fs.formCard(ctx, t.Texts, d), Post: post.OfDraft(d.ID)}
}

func (fs *Forms) formCard(ctx context.Context, texts *cards.Texts, d draft) cards.Card {
	known, _ := fs.Catalogue.Centre(ctx, d.Typed["cct"])
	return d.card(texts, fs.Rules, !fs.Catalogue.Empty(ctx), joined(known.Name, known.Place))
}

// showAnew keeps the draft and has its card sent again, at the end of the chat, unless
// that was done within the time given.
func (fs *Forms) showAnew(tx provisioning.Tx, d draft, stands time.Duration) error {
	return errors.Join(fs.Posts.SendAnew(tx, post.OfDraft(d.ID), stands), fs.keep(tx, d, fs.Now()))
}

// keep keeps the draft and has its card redrawn.
func (fs *Forms) keep(tx provisioning.Tx, d draft, due time.Time) error {
	d.At = fs.Now()
	return errors.Join(
		drafts.Put(tx, d.key(), d.kept()),
		tx.Enqueue(job.Job{Kind: post.JobDraft, Key: d.key(), Urgent: true, Due: due}),
	)
}

// redrawWithin is how long a click waits for its form's card to be redrawn for all
// the person's devices. Teams clears what is being typed on a card that is
// redrawn, so it is done before the answer; where that fails, by the job. With a slow
// Teams the answer comes first: nobody waits a second for it.
const redrawWithin = 700 * time.Millisecond

// redraw makes the form's card show the step that the click is about to answer with.
func (fs *Forms) redraw(ctx context.Context, d draft) {
	bounded, cancel := context.WithTimeout(ctx, redrawWithin)
	defer cancel()
	if err := fs.Show(bounded, job.Job{Kind: post.JobDraft, Key: d.key()}); err != nil {
		fs.Log.InfoContext(ctx, "form not redrawn at once", "person", d.Person, "err", err)
	}
}

// inquired names the holders as somebody asks about them.
func inquired(holders []provisioning.Holder) []string {
	about := make([]string, len(holders))
	for i, h := range holders {
		about[i] = h.Inquired()
	}
	return about
}

// disclosed writes down what the form is about to tell of others.
func (fs *Forms) disclosed(ctx context.Context, t turn.Context, d draft) error {
	return fs.Store.Update(ctx, func(tx provisioning.Tx) error {
		var errs []error
		for _, p := range d.People {
			if e, tells := p.Proposal.Disclosure(p.Holder); tells {
				errs = append(errs, fs.Workflow.Disclosed(tx, t.By, p.Holder.Inquired(), e))
			}
		}
		return errors.Join(errs...)
	})
}

func (fs *Forms) beginClick(ctx context.Context, t turn.Context, _ cards.Click) (turn.Answer, error) {
	return turn.Answer{Aside: t.Texts.Say("answer.form", nil)}, fs.begin(ctx, t, formStands)
}
