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

// Source is the message that a click came from, as the click says, and the stage whose
// channel it came from, "" elsewhere.
type Source struct {
	Conversation connector.Conversation
	ID           string
	Stage        provisioning.StageName
}

// duplicate is a message like those of its post, in another thread: sent before its post
// was, by an answer that was lost, and known once somebody clicked on it.
type duplicate struct {
	Conversation connector.Conversation `json:"conversation"`
	ID           string                 `json:"id"`
}

// everywhere returns all messages of the post, the strays last.
func (p Post) everywhere() []duplicate {
	all := make([]duplicate, 0, len(p.IDs)+len(p.Strays))
	for _, id := range p.IDs {
		all = append(all, duplicate{p.Conversation, id})
	}
	return append(all, p.Strays...)
}

// has reports whether the message is one of the post's.
func (p Post) has(conv connector.Conversation, id string) bool {
	return id != "" && slices.ContainsFunc(p.everywhere(), func(s duplicate) bool { return s.ID == id && s.Conversation.ID == conv.ID })
}

// knows reports whether the message is one of the post's, or of those whose place it took.
func (p Post) knows(conv connector.Conversation, id string) bool {
	p.Strays = slices.Concat(p.Strays, p.Former)
	return p.has(conv, id)
}

// maxLost bounds how many messages are believed to stand somewhere unknown.
const maxLost = 10

// sending notes that a message is about to be sent. Until its answer is heard it may
// stand somewhere.
func (p *Post) sending(at time.Time) {
	p.Lost, p.SentAt = min(p.unheard()+1, maxLost), at
}

// unheard returns how many messages of the post may stand that nobody told the id of:
// one, in a record of before they were counted, that was being sent.
func (p Post) unheard() int {
	if p.Lost == 0 && len(p.IDs) == 0 && !p.SentAt.IsZero() {
		return 1
	}
	return p.Lost
}

// sent notes where the message stands that was being sent.
func (p *Post) sent(conv connector.Conversation, id string) {
	if p.has(conv, id) { // a click on it was quicker than Teams' answer
		return
	}
	p.Lost = max(0, p.Lost-1)
	p.Conversation, p.IDs = conv, append(p.IDs, id)
}

// refused notes that the message that was being sent does not stand anywhere.
func (p *Post) refused() { p.Lost, p.SentAt = max(0, p.Lost-1), time.Time{} }

// found takes a message that somebody clicked on as one of those whose answer was lost.
func (p *Post) found(conv connector.Conversation, id string) {
	p.Lost, p.Shown = p.unheard()-1, ""
	switch {
	case len(p.IDs) == 0:
		p.Conversation, p.IDs = conv, []string{id}
	case p.Conversation.ID == conv.ID:
		p.IDs = append(p.IDs, id)
	default:
		p.Strays = append(p.Strays, duplicate{conv, id})
	}
}

// drop lets a message go that stands no longer.
func (p *Post) drop(gone duplicate) {
	p.IDs = slices.DeleteFunc(p.IDs, func(id string) bool { return duplicate{p.Conversation, id} == gone })
	p.Strays = slices.DeleteFunc(p.Strays, func(s duplicate) bool { return s == gone })
}

// passed returns the post as it begins anew, below the messages that it had.
func (p Post) passed() Post {
	return Post{Lost: p.unheard(), Former: slices.Concat(p.Former, p.everywhere()), Folio: p.Folio}
}

// Retire has the messages whose place the post took, by what it shows now, say so in place
// of what they showed. Those of a request are left to who draws that: of two that draw one
// message the later must be right. Those in a chat that is out of reach wait until it is
// heard from again.
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

// Adopt keeps the id of a card that was clicked by who may decide on it: one whose
// sending was answered by nobody is kept true like the others. No more are taken than
// were sent so, for the click may name any message, and none that is known to be another's.
func (k *Keeper) Adopt(tx provisioning.Tx, key string, from Source) error {
	p, _, err := posts.Get(tx, key)
	if err != nil || from.ID == "" || p.unheard() == 0 || p.knows(from.Conversation, from.ID) {
		return err
	}
	if nobodys, err := unclaimed(tx, from); err != nil || !nobodys {
		return err
	}
	p.found(from.Conversation, from.ID)
	return errors.Join(posts.Put(tx, key, p), locate(tx, key, p))
}

// CopyOf returns the key of the first of the posts that the message may be a copy of, nobody
// having told its id; "" for none, or where it is known.
func (k *Keeper) CopyOf(ctx context.Context, keys []string, from Source) (key string, err error) {
	known := false
	err = k.Store.View(ctx, func(tx provisioning.Tx) error {
		key = ""
		for _, one := range keys {
			p, _, err := posts.Get(tx, one)
			if err != nil {
				return err
			}
			known = known || p.knows(from.Conversation, from.ID)
			if p.unheard() > 0 && key == "" {
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

// unclaimed reports whether the message that a click names may be a card that no post has
// yet. In a channel a card is the first of its thread. In the chat with one person, who could
// take nobody's cards but their own, it is not looked up whose it is.
func unclaimed(tx provisioning.Tx, from Source) (bool, error) {
	if _, root, _ := strings.Cut(from.Conversation.ID, ";messageid="); root != "" && root != from.ID {
		return false, nil
	}
	at := Spot(from.Conversation, from.ID)
	holder, err := holderOf(tx, at)
	if err == nil && holder == "" {
		holder, err = unlocated(tx, from.Stage, at)
	}
	return holder == "", err
}

// Carries reports whether the message that a click names is one of the post's. One whose
// sending nobody answered yet is, from then on.
func (k *Keeper) Carries(ctx context.Context, from Source, key string) (bool, error) {
	p, err := posts.Read(ctx, k.Store, key)
	if err != nil || p.has(from.Conversation, from.ID) || p.unheard() == 0 {
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

// Refresh adopts a card that was clicked and has it show to everybody what is true.
// round is the one that the card says it is of.
func (k *Keeper) Refresh(ctx context.Context, key string, f provisioning.Folio, round int, from Source) error {
	return k.Store.Update(ctx, func(tx provisioning.Tx) error {
		r, err := tx.Request(f)
		if err != nil || round < 1 || round > r.Round {
			return err // no card of ours
		}
		next := job.Job{Kind: provisioning.JobCards, Key: string(f), Urgent: true, Due: k.Now()}
		return errors.Join(k.Adopt(tx, key, from), tx.Enqueue(next))
	})
}

// Show shows a card on the message of its post that a click came from. Whatever else the
// post has is drawn by its job.
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
			if p.Shown = ""; len(p.everywhere()) == 1 {
				p.Shown = digest
			}
		})
	})
}
