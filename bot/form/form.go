package form

import (
	"context"
	"errors"
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
func (fs *Forms) begin(ctx context.Context, t turn.Context, k Kind, interval time.Duration) error {
	if err := fs.mayAsk(ctx, t, k); err != nil {
		return err
	}
	return fs.Store.Update(ctx, func(tx provisioning.Tx) error {
		d, found, err := drafts.Get(tx, draftKey(t.By.ID, k.kind(), ""))
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
			d = newDraft(t, k.kind(), fs.Locale)
			k.fill(&d, t)
		}
		d.Asked = t.ID
		return fs.sendAnew(tx, d, interval)
	})
}

// mayAsk returns nil if the person may submit requests of the kind. Guests of the tenant may not.
func (fs *Forms) mayAsk(ctx context.Context, t turn.Context, k Kind) error {
	bounded, cancel := context.WithTimeout(ctx, redrawWithin)
	defer cancel()
	if fs.Turns.IsGuest(bounded, t) {
		return access.ErrGuest
	}
	return k.mayAsk(ctx, t.By)
}

// formClick applies a click on the form and answers with its present step. A click on an older
// version changes nothing.
func (fs *Forms) formClick(ctx context.Context, t turn.Context, c cards.Click) (turn.Answer, error) {
	d, err := drafts.Read(ctx, fs.Store, draftKey(t.By.ID, c.Kind, c.Folio))
	if err != nil {
		return turn.Answer{}, err
	}
	if !d.accepts(c) {
		return fs.present(ctx, t, d, c.Draft)
	}
	k, err := fs.of(d.Kind)
	if err != nil {
		return turn.Answer{}, err
	}
	d.storeInputs(k, c.Inputs)
	d.Faults = nil
	switch c.Verb {
	case cards.RequestNext:
		err = k.next(ctx, t, &d)
	case cards.RequestAnother:
		if err = k.next(ctx, t, &d); err == nil && d.Step == cards.StepReview {
			k.press(&d, cards.Click{Data: cards.Data{Verb: cards.RequestAdd}})
		}
	case cards.RequestSubmit:
		return fs.submit(ctx, t, k, d)
	case cards.RequestDiscard:
		d.Dropped = true
	default:
		k.press(&d, c)
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

// present answers with the form of an id: its present step, or the request once submitted.
func (fs *Forms) present(ctx context.Context, t turn.Context, d draft, id string) (turn.Answer, error) {
	switch {
	case d.ID == "" || id != d.ID:
		return turn.Answer{Card: t.Texts.Outdated()}, nil
	case d.Sent != "":
		view, err := fs.View.Request(ctx, d.Sent)
		return turn.Answer{Card: t.Texts.Sent(view), Post: post.OfDraft(d.ID)}, err
	}
	card, err := fs.card(ctx, t.Texts, d)
	return turn.Answer{Card: card, Post: post.OfDraft(d.ID)}, err
}

// card renders a form that was not submitted.
func (fs *Forms) card(ctx context.Context, texts *cards.Texts, d draft) (cards.Card, error) {
	switch {
	case d.Expired:
		return texts.Lapsed(), nil
	case d.Dropped:
		return texts.Discarded(), nil
	}
	k, err := fs.of(d.Kind)
	if err != nil {
		return cards.Card{}, err
	}
	return k.card(ctx, texts, d), nil
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

func (fs *Forms) beginClick(ctx context.Context, t turn.Context, c cards.Click) (turn.Answer, error) {
	k, err := fs.of(c.Kind)
	if err != nil {
		return turn.Answer{}, err
	}
	return turn.Answer{Aside: t.Texts.Say("answer.form", nil)}, fs.begin(ctx, t, k, resendInterval)
}
