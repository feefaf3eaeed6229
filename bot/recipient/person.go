package recipient

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

// What Teams says of a person, once it was asked.
const (
	RoleMember = "member"
	RoleGuest  = "guest"
)

// Person is where, and how, a person is talked to. Area, CCT and Phone are what they
// wrote last, to be offered again.
type Person struct {
	Conversation connector.Conversation `json:"conversation"`
	UserID       string                 `json:"userId"` // 29:…
	Name         string                 `json:"name"`
	Locale       string                 `json:"locale,omitempty"`  // of their Teams
	Chosen       string                 `json:"chosen,omitempty"`  // by idioma
	Buttons      cards.Buttons          `json:"buttons,omitempty"` // by botones; "" for the organisation's
	Gone         bool                   `json:"gone,omitempty"`    // Teams refused: uninstalled or blocked
	Lost         time.Time              `json:"lost,omitzero"`     // since when, where Teams refused without a word before
	Retry        time.Time              `json:"retry,omitzero"`    // when they may be tried once more
	Role         string                 `json:"role,omitempty"`    // RoleMember or RoleGuest, once Teams was asked
	Area         string                 `json:"area,omitempty"`
	CCT          provisioning.CCT       `json:"cct,omitempty"`
	Phone        string                 `json:"phone,omitempty"`
}

// chats are kept by the person's Entra object id.
var chats = provisioning.Document[Person]{Kind: "chat"}

// Language returns the language to speak to the person, or the one of the house.
func (c Person) Language(house string) string {
	return cmp.Or(c.Chosen, c.Locale, house)
}

// Heard returns the chat with what the activity tells of it.
func (c Person) Heard(a *connector.Activity) Person {
	if a.Locale != "" {
		c.Locale = a.Locale
	}
	if a.From.Name != "" {
		c.Name = a.From.Name
	}
	if a.Conversation.Type == connector.Personal {
		c = c.reached()
		c.Conversation, c.UserID = a.Conversation, a.From.ID
	}
	return c
}

// reached returns the chat of a person who was heard from, or reached.
func (c Person) reached() Person {
	c.Gone, c.Lost, c.Retry = false, time.Time{}, time.Time{}
	return c
}

// reachable reports whether the person may be written to.
func (c Person) reachable(now time.Time) bool {
	if !c.Gone || c.Retry.IsZero() {
		return !c.Gone
	}
	ahead := c.Lost.After(now) || c.Retry.Sub(now) > longestLost // a clock that was ahead wrote that
	return ahead || !now.Before(c.Retry)
}

// longestLost is the longest that a lost person is left alone.
const longestLost = 24 * time.Hour

// Remember keeps how a person is talked to, and where Teams was heard from. missed is whether
// they could not be reached before.
func (reg *Registry) Remember(tx provisioning.Tx, person string, c Person, missed bool) error {
	err := errors.Join(chats.Put(tx, person, c), services.Put(tx, "url", c.Conversation.ServiceURL))
	if missed {
		err = errors.Join(err, reg.resumePerson(tx, person))
	}
	return err
}

// MarkLeft marks that a person took the app away; their notices are kept.
func (reg *Registry) MarkLeft(ctx context.Context, person string) error {
	return reg.mark(ctx, person, func(_ provisioning.Tx, c Person) (Person, error) {
		c = c.reached()
		c.Gone = true
		return c, nil
	})
}

// MarkUnreachable marks that Teams refuses to take anything to a person; their notices are kept.
// Nobody said that they left, so that they are tried again: after a while, then after
// as long as it has lasted, once a day at least.
func (reg *Registry) MarkUnreachable(ctx context.Context, person string) error {
	return reg.mark(ctx, person, func(tx provisioning.Tx, c Person) (Person, error) {
		now := reg.Now()
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

// RetryLater has what a lost person is to be told tried when they may be: a notice that was
// posted since had it tried now, in vain.
func (reg *Registry) RetryLater(ctx context.Context, person string) error {
	return reg.Store.Update(ctx, func(tx provisioning.Tx) error {
		c, _, err := chats.Get(tx, person)
		if err != nil || c.Retry.IsZero() {
			return err
		}
		return tx.Enqueue(job.Job{Kind: provisioning.JobNotices, Key: person, Due: c.Retry})
	})
}

// MarkReachable marks that a person who was lost was reached, and sets going what they missed.
func (reg *Registry) MarkReachable(ctx context.Context, person string) error {
	return reg.mark(ctx, person, func(tx provisioning.Tx, c Person) (Person, error) {
		if !c.Gone {
			return c, nil
		}
		return c.reached(), reg.resumePerson(tx, person)
	})
}

// Person returns what is kept of a person; the zero chat where nothing is.
func (reg *Registry) Person(tx provisioning.Tx, id string) (Person, error) {
	c, _, err := chats.Get(tx, id)
	return c, err
}

// Change changes what is kept of a person, if anything is.
func (reg *Registry) Change(tx provisioning.Tx, person string, change func(*Person)) error {
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
func (reg *Registry) mark(ctx context.Context, person string, change func(provisioning.Tx, Person) (Person, error)) error {
	return reg.Store.Update(ctx, func(tx provisioning.Tx) error {
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

// LookBack is how many of a person's newest requests have their cards looked after
// when the person comes back.
const LookBack = 20

// resumePerson sets going what a person who could not be reached has missed.
func (reg *Registry) resumePerson(tx provisioning.Tx, person string) error {
	now := reg.Now()
	errs := []error{tx.Enqueue(job.Job{Kind: provisioning.JobNotices, Key: person, Urgent: true, Due: now})}
	n := 0
	for r, err := range tx.ListRequests(provisioning.RequestFilter{Requester: person}) {
		if n++; err != nil || n > LookBack {
			break
		}
		errs = append(errs, tx.Enqueue(job.Job{Kind: provisioning.JobCards, Key: string(r.Folio), Due: now}))
	}
	return errors.Join(errs...)
}
