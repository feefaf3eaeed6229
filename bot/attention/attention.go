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
)

// attentionCards is how many lines of one request stand in the platform channel at
// once; the next comes when one is settled.
const attentionCards = 5

// Refresh keeps a card in the platform channel for each of the first lines
// that wait for the head of department, and those of settled lines true.
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

// attentionStamps returns the lines that have a card in the platform channel or
// are to have one.
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

// showLine keeps the card of one line in attention true.
func (ls *Lines) showLine(ctx context.Context, s provisioning.Stamp, to recipient.Place) error {
	return ls.Posts.OneAtATime(ctx, post.OfAttention(s), func() error {
		view, err := ls.View.Attention(ctx, s)
		if err != nil {
			return err
		}
		waits := view.Account.State == provisioning.AccountAttention
		return ls.Posts.EnsureAt(ctx, post.OfAttention(s), to, waits, to.Texts.Attention(view))
	})
}

// attend settles a line in attention as the head of department clicked, and shows
// the card as it is then.
func (ls *Lines) attend(ctx context.Context, t turn.Context, c cards.Click) (turn.Answer, error) {
	click := provisioning.Click{By: t.By, Channel: t.Stage}
	if err := ls.act(ctx, c, click); err != nil {
		if wrong, atInput := turn.AtInput(err); atInput {
			view, err := ls.View.Attention(ctx, c.Stamp)
			view.Errors, view.Values = map[string]error{wrong.Field: wrong}, c.Inputs
			return turn.Answer{Card: t.Texts.Attention(view), Post: post.OfAttention(c.Stamp)}, err
		}
		if provisioning.CodeOf(err) != provisioning.CodeConflict {
			return turn.Answer{}, err
		}
	}
	view, err := ls.View.Attention(ctx, c.Stamp)
	if err == nil {
		err = ls.Posts.Refresh(ctx, post.OfAttention(c.Stamp), c.Stamp.Folio(), view.Request.Round, t.Source())
	}
	return turn.Answer{Card: t.Texts.Attention(view), Post: post.OfAttention(c.Stamp)}, err
}

// act does what an attention verb says, once the click is known to be allowed: first in
// the directory, where it changes or asks something there, then at the desk.
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
			return true // the desk says, which the others go to without the directory
		})
		return err
	})
	if err != nil {
		return err
	}
	if err = ls.inDirectory(ctx, c, a); err == nil {
		err = ls.settle(ctx, c, click)
	}
	if provisioning.ReasonOf(err) == provisioning.AttentionChanged {
		return cmp.Or(ls.reconsider(ctx, c.Stamp, click), err)
	}
	return err
}

// settle does at the desk what an attention verb says.
func (ls *Lines) settle(ctx context.Context, c cards.Click, click provisioning.Click) error {
	return ls.Store.Update(ctx, func(tx provisioning.Tx) error {
		auth, err := ls.Access.Authority(tx)
		if err != nil {
			return err
		}
		if c.Verb == cards.AttentionRetryAlike {
			return ls.retryAlike(tx, auth, c.Stamp, click)
		}
		if err := ls.atDesk(tx, auth, c, click); err != nil {
			return err
		}
		return ls.settledBy(tx, c.Stamp, c.Verb, click.By)
	})
}

// reconsider has a line looked at again that was to be settled with what is no longer so:
// its card then shows what is true.
func (ls *Lines) reconsider(ctx context.Context, s provisioning.Stamp, click provisioning.Click) error {
	return ls.Store.Update(ctx, func(tx provisioning.Tx) error {
		auth, err := ls.Access.Authority(tx)
		if err != nil {
			return err
		}
		if err := ls.Workflow.Retry(tx, auth, s, click); err != nil {
			return err
		}
		return ls.settledBy(tx, s, provisioning.AttentionChanged, click.By)
	})
}

// atDesk settles the line.
func (ls *Lines) atDesk(tx provisioning.Tx, auth provisioning.Authority, c cards.Click, click provisioning.Click) error {
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

// askDirectory bounds what is asked of the directory before a line is settled.
const askDirectory = 5 * time.Second

// inDirectory restores or disables the account that a line's trouble names, looks whether
// it may be adopted, or who has an address that was typed, where that is what the click says.
func (ls *Lines) inDirectory(ctx context.Context, c cards.Click, a provisioning.Account) error {
	switch c.Verb {
	case cards.AttentionRename:
		return ls.vacant(ctx, a, c.Inputs["address"])
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
		if provisioning.ReasonOf(err) == provisioning.DirectoryNotFound {
			return provisioning.Refuse(provisioning.CodeConflict, provisioning.AttentionChanged)
		}
		return err
	}
	return nil
}

// confirmEntry refuses an account that is no longer as the line's trouble has it. What does not
// answer shortly is asked another time: nobody waits for an account that there is already.
func (ls *Lines) confirmEntry(ctx context.Context, a provisioning.Account, objectID string) error {
	bounded, cancel := context.WithTimeout(job.Urgent(ctx), askDirectory)
	defer cancel()
	err := ls.Check.Confirm(bounded, a, objectID)
	if provisioning.CodeOf(err) == provisioning.CodeUnavailable {
		ls.Log.InfoContext(ctx, "not known whether an account may be adopted", "stamp", a.Stamp, "err", err)
	}
	return err
}

// vacant refuses a typed address that somebody has. Where the directory does not tell now,
// the line's own look at it does, and stops it.
func (ls *Lines) vacant(ctx context.Context, a provisioning.Account, typed string) error {
	if strings.TrimSpace(typed) == "" {
		return nil
	}
	bounded, cancel := context.WithTimeout(job.Urgent(ctx), askDirectory)
	defer cancel()
	err := ls.Check.Vacant(bounded, a, typed)
	if _, refused := turn.AtInput(err); err != nil && !refused {
		ls.Log.InfoContext(ctx, "not known who has a typed address", "stamp", a.Stamp, "err", err)
		return nil
	}
	return err
}

// disable keeps the account that was made from being used. That it is not there is told to
// whoever clicked: the card is not at fault.
func (ls *Lines) disable(ctx context.Context, a provisioning.Account) error {
	err := ls.Custody.SetEnabled(ctx, a.ObjectID, false)
	if reason := provisioning.ReasonOf(err); reason == provisioning.DirectoryNotFound {
		return provisioning.Refuse(provisioning.CodeUnavailable, reason)
	}
	return err
}

// retryAlike tries the line again with all that stopped for the same reason.
func (ls *Lines) retryAlike(tx provisioning.Tx, auth provisioning.Authority, s provisioning.Stamp, click provisioning.Click) error {
	retried, err := ls.Workflow.RetryAlike(tx, auth, s, click)
	for _, s := range retried {
		err = errors.Join(err, ls.settledBy(tx, s, cards.AttentionRetry, click.By))
	}
	return err
}

// settledBy keeps how a line in attention was decided, with the address that was chosen, for
// its card.
func (ls *Lines) settledBy(tx provisioning.Tx, s provisioning.Stamp, verb string, by provisioning.Actor) error {
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

// Card draws the card of a line in attention.
func (ls *Lines) Card(ctx context.Context, t turn.Context, s provisioning.Stamp) (cards.Card, error) {
	view, err := ls.View.Attention(ctx, s)
	return t.Texts.Attention(view), err
}
