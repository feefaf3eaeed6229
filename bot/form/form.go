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
	"seducoahuila.gob.mx/altas/provisioning/access"
	"seducoahuila.gob.mx/altas/provisioning/job"
)

// previewTimeout bounds how long a click waits for the directory; after it the form is answered
// without the preview.
const previewTimeout = 3 * time.Second

// resendInterval is the time within which a click does not send the form again: people click
// twice, and Teams repeats a click, under a new id, after half a minute.
const resendInterval = time.Minute

// begin sends the person's form again as the last message of the chat, or a new one, unless it
// was sent within the interval.
func (fs *Forms) begin(ctx context.Context, t turn.Context, interval time.Duration) error {
	bounded, cancel := context.WithTimeout(ctx, redrawWithin)
	defer cancel()
	if fs.Turns.IsGuest(bounded, t) {
		return access.ErrGuest
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
			return nil // repeated by Teams after a restart of the bot
		}
		if !found || d.over() {
			if err := fs.forgetDiscarded(tx, d); err != nil {
				return err
			}
			d = newDraft(t, fs.Locale)
		}
		d.Asked = t.ID
		return fs.sendAnew(tx, d, interval)
	})
}

// formClick applies a click on the form and answers with its present step. A click on an older
// version changes nothing.
func (fs *Forms) formClick(ctx context.Context, t turn.Context, c cards.Click) (turn.Answer, error) {
	d, err := drafts.Read(ctx, fs.Store, draftKey(t.By.ID, c.Folio))
	if err != nil {
		return turn.Answer{}, err
	}
	if !d.accepts(c) {
		return fs.present(ctx, t, d, c.Draft)
	}
	d.storeInputs(c.Inputs)
	d.Faults = nil
	switch c.Verb {
	case cards.RequestNext:
		err = fs.next(ctx, t, &d)
	case cards.RequestSubmit:
		return fs.submit(ctx, t, d)
	default:
		d.applyButton(c, d.form(fs.Rules, false).MayAdd())
	}
	if err != nil {
		return turn.Answer{}, err
	}
	return fs.saveStep(ctx, t, d)
}

// saveStep stores the form after a click and answers with it. If another click was stored first,
// that one counts, and the answer shows its result.
func (fs *Forms) saveStep(ctx context.Context, t turn.Context, d draft) (turn.Answer, error) {
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

// unchanged returns the stored form; it has d's version if it was not written since d was read.
// If another form or none is stored under the key, the version is 0.
func unchanged(tx provisioning.Tx, d draft) (draft, error) {
	now, _, err := drafts.Get(tx, d.key())
	if now.ID != d.ID {
		now.Version = 0
	}
	return now, err
}

// next validates the present step and goes on to the one after, or stays with the errors at
// their inputs.
func (fs *Forms) next(ctx context.Context, t turn.Context, d *draft) error {
	if d.Step == cards.StepPetition {
		if _, d.Faults = fs.petition(d.Values); len(d.Faults) == 0 && d.endPetition() {
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
		d.Faults = entered.Faults // with the inputs of the step
		return err
	}
	*d = entered
	return err
}

// nameCentre fills in the name of a work centre from the catalogue, if none was entered.
func (fs *Forms) nameCentre(ctx context.Context, d *draft) {
	if d.accountType() != provisioning.WorkCentre || strings.TrimSpace(d.Typed["centerName"]) != "" {
		return
	}
	if c, found := fs.Catalogue.Centre(ctx, d.Typed["cct"]); found {
		d.Typed["centerName"] = c.Name
	}
}

// lookUp previews the accounts of the draft, if the person may ask for accounts and is within
// the limit of inquiries about these holders.
func (fs *Forms) lookUp(ctx context.Context, t turn.Context, d *draft, about ...provisioning.Holder) error {
	if err := fs.Access.MayAsk(ctx, t.By); err != nil {
		return err
	}
	err := fs.Inquiries.About(ctx, t.By, "inquiry.limit_form", inquiriesOf(about)...)
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
	bounded, cancel := context.WithTimeout(job.Urgent(ctx), previewTimeout)
	defer cancel()
	proposals, err := fs.Preview.Preview(bounded, provisioning.Inquiry{By: t.By, Correcting: d.Folio, Holders: d.holders()})
	if wrong, atInput := turn.AtInput(err); atInput {
		d.Faults, d.Step = map[string]*fault{wrong.Field: wrong}, cards.StepHolder
		return nil
	}
	for i := range proposals {
		d.People[i].Proposal = proposals[i]
	}
	return errors.Join(err, fs.recordDisclosures(ctx, t, *d))
}

// present answers with the form of an id: its present step, or the request once submitted.
func (fs *Forms) present(ctx context.Context, t turn.Context, d draft, id string) (turn.Answer, error) {
	switch {
	case d.ID == "" || id != d.ID:
		return turn.Answer{Card: t.Texts.Outdated()}, nil
	case d.Sent != "":
		view, err := fs.View.Request(ctx, d.Sent)
		return turn.Answer{Card: t.Texts.Sent(view), Post: post.OfDraft(d.ID)}, err
	}
	return fs.formAnswer(ctx, t, d), nil
}

func (fs *Forms) formAnswer(ctx context.Context, t turn.Context, d draft) turn.Answer {
	return turn.Answer{Card: fs.formCard(ctx, t.Texts, d), Post: post.OfDraft(d.ID)}
}

func (fs *Forms) formCard(ctx context.Context, texts *cards.Texts, d draft) cards.Card {
	known, _ := fs.Catalogue.Centre(ctx, d.Typed["cct"])
	return d.card(texts, fs.Rules, !fs.Catalogue.Empty(ctx), joined(known.Name, known.Place))
}

// sendAnew stores the draft and sends its card again as the last message of the chat, unless it
// was sent within the interval.
func (fs *Forms) sendAnew(tx provisioning.Tx, d draft, interval time.Duration) error {
	return errors.Join(fs.Posts.SendAnew(tx, post.OfDraft(d.ID), interval), fs.keep(tx, d, fs.Now()))
}

// keep stores the draft and enqueues the update of its card.
func (fs *Forms) keep(tx provisioning.Tx, d draft, due time.Time) error {
	d.At = fs.Now()
	return errors.Join(
		drafts.Put(tx, d.key(), d.kept()),
		tx.Enqueue(job.Job{Kind: post.JobDraft, Key: d.key(), Urgent: true, Due: due}),
	)
}

// redrawWithin is how long a click waits for its form's message to be updated on all the
// person's devices. Teams clears the inputs of a card that is updated, so the update comes
// before the answer; if it fails, the job does it. If Teams is slow, the answer comes first.
const redrawWithin = 700 * time.Millisecond

// redraw updates the form's message to the step that the click is about to be answered with.
func (fs *Forms) redraw(ctx context.Context, d draft) {
	bounded, cancel := context.WithTimeout(ctx, redrawWithin)
	defer cancel()
	if err := fs.Show(bounded, job.Job{Kind: post.JobDraft, Key: d.key()}); err != nil {
		fs.Log.InfoContext(ctx, "form not updated before the answer", "person", d.Person, "err", err)
	}
}

// inquiriesOf returns the keys by which inquiries about the holders are counted.
func inquiriesOf(holders []provisioning.Holder) []string {
	about := make([]string, len(holders))
	for i, h := range holders {
		about[i] = h.Inquired()
	}
	return about
}

// recordDisclosures writes the audit entries of what the form is about to show of other people.
func (fs *Forms) recordDisclosures(ctx context.Context, t turn.Context, d draft) error {
	return fs.Store.Update(ctx, func(tx provisioning.Tx) error {
		var errs []error
		for _, p := range d.People {
			if e, tells := p.Proposal.Disclosure(p.Holder); tells {
				errs = append(errs, fs.Inquiries.Disclosed(tx, t.By, p.Holder.Inquired(), e))
			}
		}
		return errors.Join(errs...)
	})
}

func (fs *Forms) beginClick(ctx context.Context, t turn.Context, _ cards.Click) (turn.Answer, error) {
	return turn.Answer{Aside: t.Texts.Say("answer.form", nil)}, fs.begin(ctx, t, resendInterval)
}
