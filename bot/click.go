package bot

import (
	"context"
	"errors"
	"slices"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// invoke answers a click, a typeahead search or the answer to an offered file. Errors are answered by a text, since Teams does
// not show an HTTP error.
func (b *Bot) invoke(ctx context.Context, a *connector.Activity) (any, error) {
	if s, ok := a.Search(); ok {
		return b.forms.Search(ctx, s)
	}
	if a.Name == connector.InvokeFileConsent {
		return nil, b.once(ctx, a, b.files.Answer)
	}
	c, ok := a.Click()
	if !ok {
		return nil, nil
	}
	t, err := b.turns.Enter(ctx, a)
	if err != nil {
		return nil, err
	}
	if c.Automatic || c.Verb == cards.CardRefresh {
		return b.opened(ctx, t, c)
	}
	var s turn.Answer
	err = job.Safely(func() (err error) {
		s, err = b.click(ctx, t, c)
		return err
	})
	if err != nil {
		ref := problem.NewReference()
		b.log.ErrorContext(ctx, "click failed", "ref", ref, "verb", c.Verb, "person", t.By.ID, "err", err)
		return connector.AnswerText(t.Texts.Fault(err, ref)), nil
	}
	switch {
	case s.Text != "":
		return connector.AnswerText(s.Text), nil
	case s.Card.None():
		return connector.AnswerText(s.Aside), nil
	case s.Fresh:
		b.turns.Say(ctx, t, cards.Message{Card: s.Card})
		return connector.AnswerText(t.Texts.Say("answer.below", nil)), nil
	}
	return connector.AnswerCard(s.Card), nil
}

// click handles an action. A refusal becomes the text that explains it; any other error is
// returned.
func (b *Bot) click(ctx context.Context, t turn.Context, c connector.Click) (turn.Answer, error) {
	click, err := b.readClick(ctx, c)
	if errors.Is(err, errOutdated) {
		return t.Outdated(), nil
	}
	if err != nil {
		return turn.Answer{}, err
	}
	s, err := b.do(ctx, t, click)
	if refused, ok := errors.AsType[*problem.Error](err); ok && refused.Code != problem.CodeInternal {
		b.log.InfoContext(ctx, "click refused", "verb", click.Verb, "person", t.By.ID, "folio", click.Folio, "err", err)
		return turn.Answer{Text: t.Texts.Reason(err)}, nil
	}
	return s, err
}

// errOutdated is the error of a click on an unknown card.
var errOutdated = errors.New("the card is out of date")

// readClick parses the data of an action. It returns errOutdated if no card of ours sends such
// data, or if the folio or stamp now belongs to another request than the card was rendered for,
// or to none. That can change only by restoring the store, which is not done while Altas runs,
// so the verb is applied to the card's own request.
func (b *Bot) readClick(ctx context.Context, sent connector.Click) (cards.Click, error) {
	c, err := cards.Read(sent.Data)
	if err != nil {
		return c, errors.Join(errOutdated, err)
	}
	if c.Verb = sent.Verb; slices.Contains(pageVerbs, c.Verb) {
		return c, nil
	}
	return c, b.store.View(ctx, func(tx provisioning.Tx) error {
		for _, folio := range []provisioning.Folio{c.Folio, c.Stamp.Folio()} {
			if folio == "" {
				continue
			}
			r, err := tx.Request(folio)
			if missing := problem.CodeOf(err) == problem.CodeNotFound; missing || err == nil && !r.Bears(c.Mark) {
				return errOutdated
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// pageVerbs are the verbs of lists: their folio or stamp only says where a page begins.
var pageVerbs = []string{cards.RequestMine, cards.RequestPending, cards.RequestFind, cards.RequestWaiting}

// do dispatches a click by its verb. Personal verbs are refused outside a personal chat.
func (b *Bot) do(ctx context.Context, t turn.Context, c cards.Click) (turn.Answer, error) {
	if act, ok := b.verbs.Channel[c.Verb]; ok {
		s, err := act(ctx, t, c)
		if errors.Is(err, &problem.Error{Code: problem.CodeNotFound}) {
			return t.Outdated(), nil
		}
		return s, err
	}
	act, ok := b.verbs.Personal[c.Verb]
	switch {
	case !ok:
		return t.Outdated(), nil
	case !t.Personal():
		return turn.Answer{}, problem.Refuse(problem.CodeForbidden, "authority.personal")
	}
	if notice, due, err := b.privacy.Instead(ctx, t, c.Query); due || err != nil {
		return turn.Answer{Card: notice.Card, Fresh: true}, err
	}
	return act(ctx, t, c)
}

func (b *Bot) helpClick(_ context.Context, t turn.Context, _ cards.Click) (turn.Answer, error) {
	return turn.Answer{Card: b.help.personal(t, cards.Unread{}).Card, Fresh: true}, nil
}
