package recipient

import (
	"cmp"
	"context"
	"errors"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/input"
	"seducoahuila.gob.mx/altas/provisioning/job"
)

// The role of a person in the tenant, as Teams' roster states it.
const (
	RoleMember = "member"
	RoleGuest  = "guest"
)

// Person is a person's conversation reference, and how they are answered. Area, CCT, Phone and Medium
// are their last entries, offered again in the next form.
type Person struct {
	Conversation connector.Conversation `json:"conversation"`
	UserID       string                 `json:"userId"` // 29:…
	Name         string                 `json:"name"`
	Locale       string                 `json:"locale,omitempty"`  // of their Teams
	Chosen       string                 `json:"chosen,omitempty"`  // by the command idioma
	Buttons      cards.Buttons          `json:"buttons,omitempty"` // by the command botones; "" for the organisation's
	Gone         bool                   `json:"gone,omitempty"`    // unreachable: uninstalled or blocked
	Lost         time.Time              `json:"lost,omitzero"`     // since when; zero if the removal was reported
	Retry        time.Time              `json:"retry,omitzero"`    // when sending is tried again; zero for never
	Role         string                 `json:"role,omitempty"`    // RoleMember or RoleGuest; "" until looked up
	Area         string                 `json:"area,omitempty"`
	CCT          identity.CCT           `json:"cct,omitempty"`
	Phone        string                 `json:"phone,omitempty"`
	Medium       input.Medium           `json:"medium,omitempty"`
}

// chats are kept by the person's Entra object id.
var chats = provisioning.Document[Person]{Kind: "chat"}

// Language returns the language of the person's cards: chosen, else that of their Teams, else
// fallback.
func (c Person) Language(fallback string) string {
	return cmp.Or(c.Chosen, c.Locale, fallback)
}

// UpdatedFrom returns c with the locale, name and conversation reference of an activity.
func (c Person) UpdatedFrom(a *connector.Activity) Person {
	if a.Locale != "" {
		c.Locale = a.Locale
	}
	if a.From.Name != "" {
		c.Name = a.From.Name
	}
	if a.Conversation.Type == connector.Personal {
		c = c.reachableAgain()
		c.Conversation, c.UserID = a.Conversation, a.From.ID
	}
	return c
}

// reachableAgain returns c without the marks of being unreachable.
func (c Person) reachableAgain() Person {
	c.Gone, c.Lost, c.Retry = false, time.Time{}, time.Time{}
	return c
}

// reachable reports whether sending to the person may be tried.
func (c Person) reachable(now time.Time) bool {
	if !c.Gone || c.Retry.IsZero() {
		return !c.Gone
	}
	ahead := c.Lost.After(now) || c.Retry.Sub(now) > maxRetry // written while the clock was ahead
	return ahead || !now.Before(c.Retry)
}

// maxRetry is the longest wait before an unreachable person is tried again.
const maxRetry = 24 * time.Hour

// Remember stores the person and the service URL. If the person was unreachable, delivery is
// resumed.
func (reg *Registry) Remember(tx provisioning.Tx, person string, c Person, wasUnreachable bool) error {
	err := errors.Join(chats.Put(tx, person, c), services.Put(tx, "url", c.Conversation.ServiceURL))
	if wasUnreachable {
		err = errors.Join(err, reg.resumePerson(tx, person))
	}
	return err
}

// MarkLeft marks that a person uninstalled the app; their notices are kept.
func (reg *Registry) MarkLeft(ctx context.Context, person string) error {
	return reg.mark(ctx, person, func(_ provisioning.Tx, c Person) (Person, error) {
		c = c.reachableAgain()
		c.Gone = true
		return c, nil
	})
}

// MarkUnreachable marks that Teams refuses messages to a person; their notices are kept. Since
// no uninstallation was reported, delivery is retried: after ten minutes, then after as long as
// the outage has lasted, at least once a day.
func (reg *Registry) MarkUnreachable(ctx context.Context, person string) error {
	return reg.mark(ctx, person, func(tx provisioning.Tx, c Person) (Person, error) {
		now := reg.Now()
		if c.Gone && !c.reachable(now) {
			return c, nil
		}
		if !c.Gone || c.Lost.After(now) {
			c.Gone, c.Lost = true, now
		}
		c.Retry = now.Add(min(maxRetry, max(outageRetry, now.Sub(c.Lost))))
		return c, tx.Enqueue(job.Job{Kind: provisioning.JobNotices, Key: person, Due: c.Retry})
	})
}

// RetryLater enqueues an unreachable person's notices for their retry time again. A notice
// posted since moved the job forward, to now.
func (reg *Registry) RetryLater(ctx context.Context, person string) error {
	return reg.Store.Update(ctx, func(tx provisioning.Tx) error {
		c, _, err := chats.Get(tx, person)
		if err != nil || c.Retry.IsZero() {
			return err
		}
		return tx.Enqueue(job.Job{Kind: provisioning.JobNotices, Key: person, Due: c.Retry})
	})
}

// MarkReachable marks that an unreachable person was reached, and resumes delivery.
func (reg *Registry) MarkReachable(ctx context.Context, person string) error {
	return reg.mark(ctx, person, func(tx provisioning.Tx, c Person) (Person, error) {
		if !c.Gone {
			return c, nil
		}
		return c.reachableAgain(), reg.resumePerson(tx, person)
	})
}

// Person returns what is stored of a person, by Entra object id; the zero Person if nothing is.
func (reg *Registry) Person(tx provisioning.Tx, id string) (Person, error) {
	c, _, err := chats.Get(tx, id)
	return c, err
}

// Change changes what is stored of a person, if anything is.
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

// mark changes the reachability of a person, if they are stored.
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

// LookBack is how many of a person's newest requests have their cards updated when the person is
// reachable again.
const LookBack = 20

// resumePerson enqueues the notices and cards of a person who was unreachable.
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
