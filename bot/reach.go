package bot

import (
	"cmp"
	"context"
	"errors"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
)

// chat is where, and how, a person is talked to. Area, CCT and Phone are what they
// wrote last, to be offered again.
type chat struct {
	Conversation connector.Conversation `json:"conversation"`
	UserID       string                 `json:"userId"` // 29:…
	Name         string                 `json:"name"`
	Locale       string                 `json:"locale,omitempty"`  // of their Teams
	Chosen       string                 `json:"chosen,omitempty"`  // by idioma
	Buttons      cards.Buttons          `json:"buttons,omitempty"` // by botones; "" for the organisation's
	Gone         bool                   `json:"gone,omitempty"`    // Teams refused: uninstalled or blocked
	Lost         time.Time              `json:"lost,omitzero"`     // since when, where Teams refused without a word before
	Retry        time.Time              `json:"retry,omitzero"`    // when they may be tried once more
	Role         string                 `json:"role,omitempty"`    // roleMember or roleGuest, once Teams was asked
	Area         string                 `json:"area,omitempty"`
	CCT          provisioning.CCT       `json:"cct,omitempty"`
	Phone        string                 `json:"phone,omitempty"`
}

// chats are kept by the person's Entra object id.
var chats = provisioning.Document[chat]{Kind: "chat"}

// locale returns the language to speak to the person, or the one of the house.
func (c chat) locale(house string) string {
	return cmp.Or(c.Chosen, c.Locale, house)
}

// heard returns the chat with what the activity tells of it.
func (c chat) heard(a *connector.Activity) chat {
	if a.Locale != "" {
		c.Locale = a.Locale
	}
	if a.From.Name != "" {
		c.Name = a.From.Name
	}
	if a.Conversation.Type == connector.Personal {
		c = c.found()
		c.Conversation, c.UserID = a.Conversation, a.From.ID
	}
	return c
}

// found returns the chat of a person who was heard from, or reached.
func (c chat) found() chat {
	c.Gone, c.Lost, c.Retry = false, time.Time{}, time.Time{}
	return c
}

// reachable reports whether the person may be written to.
func (c chat) reachable(now time.Time) bool {
	if !c.Gone || c.Retry.IsZero() {
		return !c.Gone
	}
	ahead := c.Lost.After(now) || c.Retry.Sub(now) > longestLost // a clock that was ahead wrote that
	return ahead || !now.Before(c.Retry)
}

// longestLost is the longest that a lost person is left alone.
const longestLost = 24 * time.Hour

// remember keeps how a person is talked to, and where Teams was heard from. missed is whether
// they could not be reached before.
func (b *Bot) remember(tx provisioning.Tx, person string, c chat, missed bool) error {
	err := errors.Join(chats.Put(tx, person, c), services.Put(tx, "url", c.Conversation.ServiceURL))
	if missed {
		err = errors.Join(err, b.reunite(tx, person))
	}
	return err
}

// left marks that a person took the app away; their notices are kept.
func (b *Bot) left(ctx context.Context, person string) error {
	return b.mark(ctx, person, func(_ provisioning.Tx, c chat) (chat, error) {
		c = c.found()
		c.Gone = true
		return c, nil
	})
}

// lost marks that Teams refuses to take anything to a person; their notices are kept.
// Nobody said that they left, so that they are tried again: after a while, then after
// as long as it has lasted, once a day at least.
func (b *Bot) lost(ctx context.Context, person string) error {
	return b.mark(ctx, person, func(tx provisioning.Tx, c chat) (chat, error) {
		now := b.Now()
		if c.Gone && !c.reachable(now) {
			return c, nil
		}
		if !c.Gone || c.Lost.After(now) {
			c.Gone, c.Lost = true, now
		}
		c.Retry = now.Add(min(longestLost, max(tryAgain, now.Sub(c.Lost))))
		return c, tx.Enqueue(job.Job{Kind: provisioning.JobNotices, Key: person, Due: c.Retry})
	})
}

// await has what a lost person is to be told tried when they may be: a notice that was
// posted since had it tried now, in vain.
func (b *Bot) await(ctx context.Context, person string) error {
	return b.Store.Update(ctx, func(tx provisioning.Tx) error {
		c, _, err := chats.Get(tx, person)
		if err != nil || c.Retry.IsZero() {
			return err
		}
		return tx.Enqueue(job.Job{Kind: provisioning.JobNotices, Key: person, Due: c.Retry})
	})
}

// regained marks that a person who was lost was reached, and sets going what they missed.
func (b *Bot) regained(ctx context.Context, person string) error {
	return b.mark(ctx, person, func(tx provisioning.Tx, c chat) (chat, error) {
		if !c.Gone {
			return c, nil
		}
		return c.found(), b.reunite(tx, person)
	})
}

// person returns what is kept of a person; the zero chat where nothing is.
func (b *Bot) person(tx provisioning.Tx, id string) (chat, error) {
	c, _, err := chats.Get(tx, id)
	return c, err
}

// change changes what is kept of a person, if anything is.
func (b *Bot) change(tx provisioning.Tx, person string, change func(*chat)) error {
	c, found, err := chats.Get(tx, person)
	if err != nil || !found {
		return err
	}
	now := c
	if change(&now); now == c {
		return nil
	}
	return chats.Put(tx, person, now)
}

// mark changes what is known of reaching a person, if anything is.
func (b *Bot) mark(ctx context.Context, person string, change func(provisioning.Tx, chat) (chat, error)) error {
	return b.Store.Update(ctx, func(tx provisioning.Tx) error {
		c, found, err := chats.Get(tx, person)
		if err != nil || !found {
			return err
		}
		now, err := change(tx, c)
		if err != nil || now == c {
			return err
		}
		return chats.Put(tx, person, now)
	})
}

// lookBack is how many of a person's newest requests have their cards looked after
// when the person comes back.
const lookBack = 20

// reunite sets going what a person who could not be reached has missed.
func (b *Bot) reunite(tx provisioning.Tx, person string) error {
	now := b.Now()
	errs := []error{tx.Enqueue(job.Job{Kind: provisioning.JobNotices, Key: person, Urgent: true, Due: now})}
	n := 0
	for r, err := range tx.ListRequests(provisioning.RequestFilter{Requester: person}) {
		if n++; err != nil || n > lookBack {
			break
		}
		errs = append(errs, tx.Enqueue(job.Job{Kind: provisioning.JobCards, Key: string(r.Folio), Due: now}))
	}
	return errors.Join(errs...)
}
