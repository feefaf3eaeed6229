package post

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/bot/recipient"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
)

// Source is the message that a click names as its origin (replyToId), and the stage whose
// channel it came from; "" elsewhere.
type Source struct {
	Conversation connector.Conversation
	ID           string
	Stage        provisioning.StageName
}

// duplicate is a message of a post in another thread: it was sent before, its acknowledgement
// was lost, and its id became known by a click on it.
type duplicate struct {
	Conversation connector.Conversation `json:"conversation"`
	ID           string                 `json:"id"`
}

// all returns all messages of the post, those in other threads last.
func (p Post) all() []duplicate {
	messages := make([]duplicate, 0, len(p.IDs)+len(p.Strays))
	for _, id := range p.IDs {
		messages = append(messages, duplicate{p.Conversation, id})
	}
	return append(messages, p.Strays...)
}

// has reports whether the message is one of the post's.
func (p Post) has(conv connector.Conversation, id string) bool {
	return id != "" && slices.ContainsFunc(p.all(), func(s duplicate) bool { return s.ID == id && s.Conversation.ID == conv.ID })
}

// hasOrHad reports whether the message is one of the post's, or a former one.
func (p Post) hasOrHad(conv connector.Conversation, id string) bool {
	p.Strays = slices.Concat(p.Strays, p.Former)
	return p.has(conv, id)
}

// maxLost bounds the number of unacknowledged messages that are assumed to exist.
const maxLost = 10

// sending records that a message is about to be sent. Until Teams acknowledges it, it may exist.
func (p *Post) sending(at time.Time) {
	p.Lost, p.SentAt = min(p.unacknowledged()+1, maxLost), at
}

// unacknowledged returns how many messages of the post may exist without a known id. A record
// written before they were counted has one if it was being sent.
func (p Post) unacknowledged() int {
	if p.Lost == 0 && len(p.IDs) == 0 && !p.SentAt.IsZero() {
		return 1
	}
	return p.Lost
}

// sent records the id of the message that was being sent.
func (p *Post) sent(conv connector.Conversation, id string) {
	if p.has(conv, id) { // a click on it arrived before Teams' response
		return
	}
	p.Lost = max(0, p.Lost-1)
	p.Conversation, p.IDs = conv, append(p.IDs, id)
}

// refused records that the message that was being sent does not exist.
func (p *Post) refused() { p.Lost, p.SentAt = max(0, p.Lost-1), time.Time{} }

// adopt records a clicked message as one of those whose acknowledgement was lost.
func (p *Post) adopt(conv connector.Conversation, id string) {
	p.Lost, p.Shown = p.unacknowledged()-1, ""
	switch {
	case len(p.IDs) == 0:
		p.Conversation, p.IDs = conv, []string{id}
	case p.Conversation.ID == conv.ID:
		p.IDs = append(p.IDs, id)
	default:
		p.Strays = append(p.Strays, duplicate{conv, id})
	}
}

// drop removes a message that does not exist any more.
func (p *Post) drop(gone duplicate) {
	p.IDs = slices.DeleteFunc(p.IDs, func(id string) bool { return duplicate{p.Conversation, id} == gone })
	p.Strays = slices.DeleteFunc(p.Strays, func(s duplicate) bool { return s == gone })
}

// retired returns a new post whose former messages are those that p had.
func (p Post) retired() Post {
	return Post{Lost: p.unacknowledged(), Former: slices.Concat(p.Former, p.all()), Folio: p.Folio}
}

// Retire updates the former messages of a post to say that a newer one replaces them. Former
// messages of a request are updated only with a card of that request (by), so that only one
// writer updates a message. Those in an unreachable chat are kept until it is reachable again.
func (k *Keeper) Retire(ctx context.Context, key string, to recipient.Place, by cards.Data) error {
	p, err := posts.Read(ctx, k.Store, key)
	if err != nil || len(p.Former) == 0 || p.Folio != by.Folio {
		return err
	}
	var failed error
	m := Outgoing(cards.Message{Card: to.Texts.Outdated()}, to.Texts)
	if by.Folio != "" {
		m = Outgoing(cards.Message{Card: to.Texts.Newer(by)}, to.Texts)
	}
	for _, s := range p.Former {
		switch err := k.Teams.Update(ctx, s.Conversation, s.ID, m); {
		case err == nil, connector.IsRejected(err), connector.IsDeleted(err):
			forget := func(p *Post) { p.Former = slices.DeleteFunc(p.Former, func(f duplicate) bool { return f == s }) }
			failed = cmp.Or(failed, k.note(ctx, key, forget))
		case !connector.IsGone(err):
			failed = cmp.Or(failed, fmt.Errorf("retire a message of %s: %w", key, delayed(err)))
		}
	}
	return failed
}

// Adopt records the id of a clicked card whose sending was not acknowledged, so that it is
// updated like the others. The caller has checked that the person may decide on it. Since a
// click can name any message, at most as many are adopted as were sent without acknowledgement,
// and none that belongs to another post.
func (k *Keeper) Adopt(tx provisioning.Tx, key string, from Source) error {
	p, _, err := posts.Get(tx, key)
	if err != nil || from.ID == "" || p.unacknowledged() == 0 || p.hasOrHad(from.Conversation, from.ID) {
		return err
	}
	if free, err := unclaimed(tx, from); err != nil || !free {
		return err
	}
	p.adopt(from.Conversation, from.ID)
	return errors.Join(posts.Put(tx, key, p), index(tx, key, p))
}

// CopyOf returns the key of the first of the posts that the message may be an unacknowledged
// copy of; "" for none, or if one of them has the message.
func (k *Keeper) CopyOf(ctx context.Context, keys []string, from Source) (key string, err error) {
	known := false
	err = k.Store.View(ctx, func(tx provisioning.Tx) error {
		key = ""
		for _, one := range keys {
			p, _, err := posts.Get(tx, one)
			if err != nil {
				return err
			}
			known = known || p.hasOrHad(from.Conversation, from.ID)
			if p.unacknowledged() > 0 && key == "" {
				key = one
			}
		}
		return nil
	})
	if known {
		key = ""
	}
	return key, err
}

// unclaimed reports whether the message that a click names may be a card that belongs to no post
// yet. In a channel a card is the first message of its thread. In a personal chat the owner is
// not looked up: the person could only claim their own cards.
func unclaimed(tx provisioning.Tx, from Source) (bool, error) {
	if _, root, _ := strings.Cut(from.Conversation.ID, ";messageid="); root != "" && root != from.ID {
		return false, nil
	}
	at := Location(from.Conversation, from.ID)
	holder, err := holderOf(tx, at)
	if err == nil && holder == "" {
		holder, err = findUnindexed(tx, from.Stage, at)
	}
	return holder == "", err
}

// Carries reports whether the message that a click names is one of the post's. If one of the
// post's sendings was not acknowledged, the message is adopted.
func (k *Keeper) Carries(ctx context.Context, from Source, key string) (bool, error) {
	p, err := posts.Read(ctx, k.Store, key)
	if err != nil || p.has(from.Conversation, from.ID) || p.unacknowledged() == 0 {
		return p.has(from.Conversation, from.ID), err
	}
	err = k.Store.Update(ctx, func(tx provisioning.Tx) error {
		if err := k.Adopt(tx, key, from); err != nil {
			return err
		}
		p, _, err = posts.Get(tx, key)
		return err
	})
	return p.has(from.Conversation, from.ID), err
}

// Refresh adopts a clicked card and enqueues the update of all cards of the request. round is
// the round that the card names.
func (k *Keeper) Refresh(ctx context.Context, key string, f provisioning.Folio, round int, from Source) error {
	return k.Store.Update(ctx, func(tx provisioning.Tx) error {
		r, err := tx.Request(f)
		if err != nil || round < 1 || round > r.Round {
			return err // not one of our cards
		}
		next := job.Job{Kind: provisioning.JobCards, Key: string(f), Urgent: true, Due: k.Now()}
		return errors.Join(k.Adopt(tx, key, from), tx.Enqueue(next))
	})
}

// Show updates the message of a post that a click came from. The job of the post updates its
// other messages.
func (k *Keeper) Show(ctx context.Context, key string, from Source, texts *cards.Texts, card cards.Card) error {
	_, digest, err := digested(card)
	if err != nil {
		return err
	}
	return k.OneAtATime(ctx, key, func() error {
		if err := k.Teams.Update(ctx, from.Conversation, from.ID, Outgoing(cards.Message{Card: card}, texts)); err != nil {
			return err
		}
		return k.note(ctx, key, func(p *Post) {
			if p.Shown = ""; len(p.all()) == 1 {
				p.Shown = digest
			}
		})
	})
}
