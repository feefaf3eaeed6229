package bot

import (
	"context"
	"errors"
	"fmt"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
)

// jobAccount is the job that keeps the card of an account made true; its key is
// the stamp.
const jobAccount provisioning.JobKind = "account"

// attentionCards is how many lines of one request stand in the platform channel at
// once; the next comes when one is settled.
const attentionCards = 5

// showDraft makes the person's form show its present step. Once it is sent its
// card is the request's, which showRequester keeps.
func (b *Bot) showDraft(ctx context.Context, j provisioning.Job) error {
	d, err := b.draft(ctx, j.Key)
	if err != nil || d.ID == "" {
		return err
	}
	return b.drawing.do(ctx, postOfDraft(d.ID), func() error {
		d, err := b.draft(ctx, j.Key) // as it is by now
		if err != nil || d.Sent != "" {
			return err
		}
		to, texts, err := b.addressee(ctx, d.Person)
		if err != nil || to.chat.ID == "" {
			return err
		}
		return b.ensureFor(ctx, d.Person, postOfDraft(d.ID), to, b.formCard(ctx, texts, d), texts)
	})
}

// showRequest makes every card of a request show what is true: the requester's,
// one for each stage and round, one for each line in attention. One that cannot be
// drawn does not keep the others from it.
func (b *Bot) showRequest(ctx context.Context, j provisioning.Job) error {
	d, err := b.dossier(ctx, provisioning.Folio(j.Key))
	if err != nil {
		return provisioning.Permanent(err)
	}
	own := make(chan error, 1) // whoever decides does not wait for the requester's chat, nor the other way round
	go func() {
		own <- guarded(ctx, func(ctx context.Context) error { return b.showRequester(ctx, d.Request.Folio) })
	}()
	return errors.Join(
		b.showStages(ctx, d),
		b.showAttention(ctx, d),
		b.answerThread(ctx, d),
		<-own,
	)
}

func (b *Bot) showRequester(ctx context.Context, f provisioning.Folio) error {
	var id string
	err := b.Store.View(ctx, func(tx provisioning.Tx) (err error) {
		id, _, err = requesterCards.get(tx, string(f))
		return err
	})
	if err != nil || id == "" {
		return err
	}
	return b.drawing.do(ctx, postOfDraft(id), func() error {
		d, err := b.dossier(ctx, f) // as it is by now
		if err != nil {
			return err
		}
		to, texts, err := b.addressee(ctx, d.Request.Requester.ID)
		if err != nil || to.chat.ID == "" {
			return err
		}
		return b.ensureFor(ctx, d.Request.Requester.ID, postOfDraft(id), to, texts.Sent(d), texts)
	})
}

// ensureFor is ensure for a person's chat. One who cannot be reached is noted, and
// their cards are made true when they are heard from again.
func (b *Bot) ensureFor(ctx context.Context, person, key string, to place, card cards.Card, texts *cards.Texts) error {
	err := b.ensure(ctx, key, to, card, texts)
	if isGone(err) {
		b.Log.WarnContext(ctx, "person out of reach", "person", person, "err", err)
		return b.lost(ctx, person)
	}
	return err
}

// showStages keeps the cards that stand in the stages' channels true, and posts
// the one of the stage that holds the request now.
func (b *Bot) showStages(ctx context.Context, d cards.Dossier) error {
	var failed []error
	for _, stage := range b.Rules.Stages {
		for round := 1; round <= d.Request.Round; round++ {
			asked := round == d.Request.Round && d.Request.State == provisioning.RequestState(stage.Name)
			if err := b.showStage(ctx, d.Request.Folio, stage.Name, round, asked); err != nil {
				failed = append(failed, fmt.Errorf("card of %s at %s: %w", d.Request.Folio, stage.Name, err))
			}
		}
	}
	return errors.Join(failed...)
}

func (b *Bot) showStage(ctx context.Context, f provisioning.Folio, stage provisioning.StageName, round int, asked bool) error {
	key := postOfStage(f, stage, round)
	p, err := b.post(ctx, key)
	if err != nil || len(p.IDs) == 0 && p.SentAt.IsZero() && !asked {
		return err
	}
	to, texts, err := b.addressee(ctx, string(stage))
	if err != nil {
		return err
	}
	view, err := b.approval(ctx, f, stage, round)
	if err != nil {
		return err
	}
	return b.ensureAt(ctx, key, p, to, asked, texts.Approval(view), texts)
}

// ensureAt is ensure for a stage's channel. A card that still asks for something
// must stand there: one in a channel that the stage has left is sent anew. One that
// asks for nothing any more is let go where it can't be reached.
func (b *Bot) ensureAt(ctx context.Context, key string, p post, to place, asked bool, card cards.Card, texts *cards.Texts) error {
	switch {
	case to.nowhere() && !asked:
		return nil
	case to.nowhere():
		return b.silenced(ctx, to.stage, fmt.Errorf("no channel is registered for %s", to.stage))
	case asked && !p.standsIn(to.channel):
		b.takeBack(ctx, key, p)
		if err := b.note(ctx, key, func(p *post) { *p = post{} }); err != nil {
			return err
		}
	}
	err := b.ensure(ctx, key, to, card, texts)
	if isGone(err) && !asked {
		b.Log.InfoContext(ctx, "a card that asks for nothing is out of reach", "post", key, "err", err)
		return nil
	}
	return err
}

// takeBack deletes a card from the channel that its stage has left, where nobody could
// decide on it any more. The channel may be gone itself.
func (b *Bot) takeBack(ctx context.Context, key string, p post) {
	for _, s := range p.everywhere() {
		if err := b.Teams.Delete(ctx, s.Conversation, s.ID); err != nil {
			b.Log.InfoContext(ctx, "a card stays where its stage is no more", "post", key, "err", err)
		}
	}
}

// approval reads a request as a stage's card shows it.
func (b *Bot) approval(ctx context.Context, f provisioning.Folio, stage provisioning.StageName, round int) (cards.Approval, error) {
	d, err := b.dossier(ctx, f)
	if err != nil {
		return cards.Approval{}, err
	}
	return cards.Approval{Dossier: d, Stage: stage, Round: round, Stock: b.stock(ctx, d.Request)}, nil
}

// stock returns what is left of the licences that the request's type may get; nil
// where that is not known, or not asked any more.
func (b *Bot) stock(ctx context.Context, r provisioning.Request) []provisioning.Licence {
	rule := b.Rules.Types[r.Type]
	if len(rule.SKUs) == 0 || r.State.Final() {
		return nil
	}
	bounded, cancel := context.WithTimeout(ctx, lookFor)
	defer cancel()
	all, err := b.Provisioner.Stock.Licences(bounded)
	if err != nil {
		b.Log.WarnContext(ctx, "stock not known", "err", err)
		return nil
	}
	var stock []provisioning.Licence
	for _, sku := range rule.SKUs {
		if l, ok := all[sku]; ok {
			stock = append(stock, l)
		}
	}
	return stock
}

// answerThread says once, below the card by which a request was authorised, how it
// came out. That it was said is kept like any post, so that a restart says nothing
// again.
func (b *Bot) answerThread(ctx context.Context, d cards.Dossier) error {
	last := b.Rules.Stages[len(b.Rules.Stages)-1].Name
	_, texts, err := b.addressee(ctx, string(last))
	if err != nil {
		return err
	}
	text := texts.Outcome(d)
	card, err := b.post(ctx, postOfStage(d.Request.Folio, last, d.Request.Round))
	if err != nil || text == "" || len(card.IDs) == 0 {
		return err
	}
	key := postOfOutcome(d.Request)
	said, err := b.post(ctx, key)
	if err != nil || len(said.IDs) > 0 {
		return err
	}
	m := connector.Message{Text: text, Locale: texts.Locale(), ReplyTo: card.IDs[0]}
	err = b.send(ctx, key, said, place{chat: card.Conversation}, m, "")
	if isGone(err) {
		b.Log.InfoContext(ctx, "no thread to answer in", "folio", d.Request.Folio, "err", err)
		return nil
	}
	return err
}

// showAttention keeps a card in the platform channel for each of the first lines
// that wait for the head of department, and those of settled lines true.
func (b *Bot) showAttention(ctx context.Context, d cards.Dossier) error {
	stamps, err := b.attentionStamps(ctx, d)
	if err != nil || len(stamps) == 0 {
		return err
	}
	to, texts, err := b.addressee(ctx, string(provisioning.Platform))
	if err != nil {
		return err
	}
	var failed []error
	for _, s := range stamps {
		failed = append(failed, b.showLine(ctx, s, to, texts))
	}
	return errors.Join(failed...)
}

// showLine keeps the card of one line in attention true.
func (b *Bot) showLine(ctx context.Context, s provisioning.Stamp, to place, texts *cards.Texts) error {
	key := postOfAttention(s)
	view, err := b.attention(ctx, s)
	if err != nil {
		return err
	}
	p, err := b.post(ctx, key)
	if err != nil {
		return err
	}
	return b.ensureAt(ctx, key, p, to, view.Account.State == provisioning.AccountAttention, texts.Attention(view), texts)
}

// attentionStamps returns the lines that have a card in the platform channel or
// are to have one.
func (b *Bot) attentionStamps(ctx context.Context, d cards.Dossier) ([]provisioning.Stamp, error) {
	var stamps []provisioning.Stamp
	err := b.Store.View(ctx, func(tx provisioning.Tx) error {
		stamps = nil
		posted := make(map[provisioning.Stamp]bool)
		prefix := postsOfAttention(d.Request.Folio)
		for key, err := range tx.Keys(posts.kind, prefix) {
			if err != nil {
				return err
			}
			s := stampOfAttention(key)
			posted[s] = true
			stamps = append(stamps, s)
		}
		open := 0
		if d.Tally[provisioning.AccountAttention] == 0 {
			return nil
		}
		for a, err := range tx.AccountsOf(d.Request.Folio, 0) {
			if err != nil || open == attentionCards {
				return err
			}
			if a.State != provisioning.AccountAttention {
				continue
			}
			open++
			if !posted[a.Stamp] {
				stamps = append(stamps, a.Stamp)
			}
		}
		return nil
	})
	return stamps, err
}

// attention reads a line as the platform channel's card shows it.
func (b *Bot) attention(ctx context.Context, s provisioning.Stamp) (cards.Attention, error) {
	var v cards.Attention
	err := b.Store.View(ctx, func(tx provisioning.Tx) (err error) {
		if v.Account, err = tx.Account(s); err != nil {
			return err
		}
		if v.Request, err = tx.Request(s.Folio()); err != nil {
			return err
		}
		settled, found, err := settlements.get(tx, string(s))
		if found && v.Account.State != provisioning.AccountAttention {
			v.Settled = &settled
		}
		return err
	})
	return v, err
}

// settledBy keeps how a line in attention was decided, for its card.
func (b *Bot) settledBy(tx provisioning.Tx, c cards.Click, by provisioning.Actor) error {
	return settlements.put(tx, string(c.Stamp), cards.Settled{Verb: c.Verb, By: by, At: b.Now()})
}

// showAccount makes the card of an account made show whether a password can still
// be shown for it.
func (b *Bot) showAccount(ctx context.Context, j provisioning.Job) error {
	s := provisioning.Stamp(j.Key)
	p, err := b.post(ctx, postOfAccount(s))
	if err != nil || len(p.IDs) == 0 {
		return err
	}
	a, r, err := b.account(ctx, s)
	if err != nil {
		return err
	}
	to, texts, err := b.addressee(ctx, r.Requester.ID)
	if err != nil || to.chat.ID == "" {
		return err
	}
	return b.ensureFor(ctx, r.Requester.ID, postOfAccount(s), to, texts.Ready(b.delivery(a, r)), texts)
}

func (b *Bot) account(ctx context.Context, s provisioning.Stamp) (a provisioning.Account, r provisioning.Request, err error) {
	err = b.Store.View(ctx, func(tx provisioning.Tx) error {
		if a, err = tx.Account(s); err != nil {
			return err
		}
		r, err = tx.Request(s.Folio())
		return err
	})
	return a, r, err
}
