package attention

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/bot/post"
	"seducoahuila.gob.mx/altas/bot/recipient"
	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// attentionCards is the maximum of open cards of one request in the platform channel; the next
// is posted when one is settled.
const attentionCards = 5

// Refresh posts or updates a card in the platform channel for each of the first attentionCards
// lines in attention, and updates those of settled lines.
func (ls *Lines) Refresh(ctx context.Context, d cards.RequestView) error {
	stamps, err := ls.attentionStamps(ctx, d)
	if err != nil || len(stamps) == 0 {
		return err
	}
	to, err := ls.Recipients.Find(ctx, string(provisioning.Platform))
	if err != nil {
		return err
	}
	var failed []error
	for _, s := range stamps {
		failed = append(failed, ls.showLine(ctx, s, to))
	}
	return errors.Join(failed...)
}

// attentionStamps returns the lines that have a card in the platform channel or are to get one.
func (ls *Lines) attentionStamps(ctx context.Context, d cards.RequestView) ([]provisioning.Stamp, error) {
	var stamps []provisioning.Stamp
	err := ls.Store.View(ctx, func(tx provisioning.Tx) error {
		stamps = nil
		posted := make(map[provisioning.Stamp]bool)
		keys, err := post.AttentionKeys(tx, d.Request.Folio)
		if err != nil {
			return err
		}
		for _, key := range keys {
			s := post.LineOf(key)
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

// showLine posts or updates the card of one line.
func (ls *Lines) showLine(ctx context.Context, s provisioning.Stamp, to recipient.Place) error {
	return ls.Posts.OneAtATime(ctx, post.OfAttention(s), func() error {
		view, err := ls.View.Attention(ctx, s)
		if err != nil {
			return err
		}
		waits := view.Account.State == provisioning.AccountAttention
		return ls.Posts.EnsureAt(ctx, post.OfAttention(s), to, waits, drawn(view, to))
	})
}

// drawn renders a line's card in the platform's channel. One that waits names those who decide.
func drawn(view cards.Attention, to recipient.Place) cards.Card {
	card := to.Texts.Attention(view)
	if view.Account.State == provisioning.AccountAttention {
		return to.Texts.Mentioning(card, to.Deciders...)
	}
	return card
}

// attend settles a line in attention by a click of the head of department, and answers with the
// updated card.
func (ls *Lines) attend(ctx context.Context, t turn.Context, c cards.Click) (turn.Answer, error) {
	click := provisioning.Click{By: t.By, Channel: t.Stage}
	if err := ls.act(ctx, c, click); err != nil {
		if wrong, atInput := turn.AtInput(err); atInput {
			view, err := ls.View.Attention(ctx, c.Stamp)
			view.Errors, view.Values = map[string]error{wrong.Field: wrong}, c.Inputs
			return turn.Answer{Card: t.Texts.Attention(view), Post: post.OfAttention(c.Stamp)}, err
		}
		if problem.CodeOf(err) != problem.CodeConflict {
			return turn.Answer{}, err
		}
	}
	view, err := ls.View.Attention(ctx, c.Stamp)
	if err == nil {
		err = ls.Posts.Refresh(ctx, post.OfAttention(c.Stamp), c.Stamp.Folio(), view.Request.Round, t.Source())
	}
	return turn.Answer{Card: t.Texts.Attention(view), Post: post.OfAttention(c.Stamp)}, err
}

// act checks that the click is allowed, then applies an attention verb: first in the directory,
// if it changes or reads something there, then in the store.
func (ls *Lines) act(ctx context.Context, c cards.Click, click provisioning.Click) error {
	var a provisioning.Account
	err := ls.Store.View(ctx, func(tx provisioning.Tx) error {
		auth, err := ls.Access.Authority(tx)
		if err != nil {
			return err
		}
		a, err = ls.Workflow.Offers(tx, auth, c.Stamp, click, func(r provisioning.Remedies) bool {
			switch c.Verb {
			case cards.AttentionRestore:
				return r.Restore
			case cards.AttentionDisable:
				return r.Disable
			}
			return true // the workflow checks the others, which change nothing in the directory
		})
		return err
	})
	if err != nil {
		return err
	}
	if err = ls.applyInDirectory(ctx, c, a); err == nil {
		err = ls.settle(ctx, c, click)
	}
	if problem.ReasonOf(err) == provisioning.AttentionChanged {
		return cmp.Or(ls.reconsider(ctx, c.Stamp, click), err)
	}
	return err
}

// settle applies an attention verb in the store.
func (ls *Lines) settle(ctx context.Context, c cards.Click, click provisioning.Click) error {
	return ls.Store.Update(ctx, func(tx provisioning.Tx) error {
		auth, err := ls.Access.Authority(tx)
		if err != nil {
			return err
		}
		if c.Verb == cards.AttentionRetryAlike {
			return ls.retryAlike(tx, auth, c.Stamp, click)
		}
		if err := ls.applyRemedy(tx, auth, c, click); err != nil {
			return err
		}
		return ls.recordSettlement(tx, c.Stamp, c.Verb, click.By)
	})
}

// reconsider retries a line whose account in the directory changed since its card was shown, so
// that the card is updated.
func (ls *Lines) reconsider(ctx context.Context, s provisioning.Stamp, click provisioning.Click) error {
	return ls.Store.Update(ctx, func(tx provisioning.Tx) error {
		auth, err := ls.Access.Authority(tx)
		if err != nil {
			return err
		}
		if err := ls.Workflow.Retry(tx, auth, s, click); err != nil {
			return err
		}
		return ls.recordSettlement(tx, s, provisioning.AttentionChanged, click.By)
	})
}

// applyRemedy calls the workflow's method of the verb.
func (ls *Lines) applyRemedy(tx provisioning.Tx, auth provisioning.Authority, c cards.Click, click provisioning.Click) error {
	switch c.Verb {
	case cards.AttentionAdopt:
		return ls.Workflow.Adopt(tx, auth, c.Stamp, c.Entry, click)
	case cards.AttentionRestore:
		return ls.Workflow.Restored(tx, auth, c.Stamp, c.Entry, click)
	case cards.AttentionRename:
		return ls.Workflow.Rename(tx, auth, c.Stamp, c.Inputs["address"], click)
	case cards.AttentionDrop:
		return ls.Workflow.Drop(tx, auth, c.Stamp, c.Inputs["comment"], click)
	case cards.AttentionDisable:
		return ls.Workflow.Disabled(tx, auth, c.Stamp, click)
	}
	return ls.Workflow.Retry(tx, auth, c.Stamp, click)
}

// directoryTimeout bounds a look-up in the directory before a line is settled.
const directoryTimeout = 5 * time.Second

// applyInDirectory does the verb's part in the directory: it restores or disables the account
// that the line's trouble names, or checks that it may be adopted or that a typed address is
// free.
func (ls *Lines) applyInDirectory(ctx context.Context, c cards.Click, a provisioning.Account) error {
	switch c.Verb {
	case cards.AttentionRename:
		return ls.checkVacant(ctx, a, c.Inputs["address"])
	case cards.AttentionDisable:
		return ls.disable(ctx, a)
	case cards.AttentionAdopt:
		return ls.confirmEntry(ctx, a, c.Entry)
	case cards.AttentionRestore:
		if err := ls.confirmEntry(ctx, a, c.Entry); err != nil {
			return err
		}
		entry, _ := a.Trouble.Entry(c.Entry)
		_, err := ls.Custody.Restore(ctx, entry.ID)
		if problem.ReasonOf(err) == provisioning.DirectoryNotFound {
			return problem.Refuse(problem.CodeConflict, provisioning.AttentionChanged)
		}
		return err
	}
	return nil
}

// confirmEntry refuses an account that differs from the entry in the line's trouble. If the
// directory does not answer in time the click is refused and can be repeated; the account exists
// already, so nobody waits for it.
func (ls *Lines) confirmEntry(ctx context.Context, a provisioning.Account, objectID string) error {
	bounded, cancel := context.WithTimeout(job.Urgent(ctx), directoryTimeout)
	defer cancel()
	err := ls.Check.Confirm(bounded, a, objectID)
	if problem.CodeOf(err) == problem.CodeUnavailable {
		ls.Log.InfoContext(ctx, "account to adopt not checked", "stamp", a.Stamp, "err", err)
	}
	return err
}

// checkVacant refuses a typed address that is in use. If the directory does not answer, the
// line's own step checks it, and stops there.
func (ls *Lines) checkVacant(ctx context.Context, a provisioning.Account, typed string) error {
	if strings.TrimSpace(typed) == "" {
		return nil
	}
	bounded, cancel := context.WithTimeout(job.Urgent(ctx), directoryTimeout)
	defer cancel()
	err := ls.Check.Vacant(bounded, a, typed)
	if _, refused := turn.AtInput(err); err != nil && !refused {
		ls.Log.InfoContext(ctx, "typed address not checked", "stamp", a.Stamp, "err", err)
		return nil
	}
	return err
}

// disable disables the created account. If it does not exist the click fails with
// CodeUnavailable, not as an outdated card.
func (ls *Lines) disable(ctx context.Context, a provisioning.Account) error {
	err := ls.Custody.SetEnabled(ctx, a.ObjectID, false)
	if reason := problem.ReasonOf(err); reason == provisioning.DirectoryNotFound {
		return problem.Refuse(problem.CodeUnavailable, reason)
	}
	return err
}

// retryAlike retries the line and all that stopped for the same reason.
func (ls *Lines) retryAlike(tx provisioning.Tx, auth provisioning.Authority, s provisioning.Stamp, click provisioning.Click) error {
	retried, err := ls.Workflow.RetryAlike(tx, auth, s, click)
	for _, s := range retried {
		err = errors.Join(err, ls.recordSettlement(tx, s, cards.AttentionRetry, click.By))
	}
	return err
}

// recordSettlement stores for the card how a line was settled, with the chosen address.
func (ls *Lines) recordSettlement(tx provisioning.Tx, s provisioning.Stamp, verb string, by provisioning.Actor) error {
	a, err := tx.Account(s)
	if err != nil {
		return err
	}
	settled := provisioning.Settlement{Verb: verb, By: by, At: ls.Now()}
	if verb == cards.AttentionRename {
		settled.Address = a.Chosen
	}
	return provisioning.Settlements.Put(tx, string(s), settled)
}

// Card renders the card of a line.
func (ls *Lines) Card(ctx context.Context, t turn.Context, s provisioning.Stamp) (cards.Card, error) {
	view, err := ls.View.Attention(ctx, s)
	return t.Texts.Attention(view), err
}
