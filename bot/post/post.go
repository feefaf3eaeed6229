package post

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/bot/recipient"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
)

// Post is a message that stands somewhere and is kept true. IDs are usually one;
// more where an answer was lost and it had to be sent again.
type Post struct {
	Conversation connector.Conversation `json:"conversation"`
	IDs          []string               `json:"ids,omitempty"`
	Shown        string                 `json:"shown,omitempty"` // a digest of what they show
	SentAt       time.Time              `json:"sentAt,omitzero"` // set before the first is sent
	Strays       []duplicate            `json:"strays,omitempty"`
	Lost         int                    `json:"lost,omitempty"`   // sendings whose answer nobody heard: as many more may stand
	Former       []duplicate            `json:"former,omitempty"` // messages whose place it took, until they say so
	Folio        provisioning.Folio     `json:"folio,omitempty"`  // the request that the former ones showed, if any
}

// posts are kept by what they show, "request/2026-000001/director": see post_key.go.
var posts = provisioning.Document[Post]{Kind: "post"}

// standsIn reports whether the post is in the channel.
func (p Post) standsIn(c recipient.Channel) bool {
	channel, _, _ := strings.Cut(p.Conversation.ID, ";")
	return p.Conversation.ID == "" || channel == c.ChannelID
}

// OneAtATime does what draws the post of a key, or of several, while nobody else does; it
// returns ctx's error where its turn does not come in time.
func (k *Keeper) OneAtATime(ctx context.Context, key string, work func() error) error {
	return k.drawing.Do(ctx, key, work)
}

// Read returns what is kept of the post of a key; the zero post where nothing is.
func (k *Keeper) Read(ctx context.Context, key string) (Post, error) {
	return posts.Read(ctx, k.Store, key)
}

// Stands reports whether a message of the post is known to stand.
func (p Post) Stands() bool { return len(p.IDs) > 0 }

// Posted reports whether a message of the post stands, or may.
func (p Post) Posted() bool { return p.Stands() || !p.SentAt.IsZero() }

// Shows reports whether the post shows the card.
func (p Post) Shows(card cards.Card) (bool, error) {
	_, digest, err := digested(card)
	return p.Shown == digest, err
}

// SendAnew has the card of a post sent below what was said since, unless it was sent within the
// time given.
func (k *Keeper) SendAnew(tx provisioning.Tx, key string, stands time.Duration) error {
	p, found, err := posts.Get(tx, key)
	if err != nil || !found || k.Now().Sub(p.SentAt) < stands {
		return err
	}
	return posts.Put(tx, key, p.passed())
}

// Forget forgets a post, whose messages stay as they are.
func (k *Keeper) Forget(tx provisioning.Tx, key string) error { return posts.Drop(tx, key) }

// ensure makes the post of that key show the card: sent where it was not, replaced
// where it shows something else. Doing it again changes nothing.
func (k *Keeper) ensure(ctx context.Context, key string, to recipient.Place, card cards.Card) error {
	raw, digest, err := digested(card)
	if err != nil {
		return fmt.Errorf("draw %s: %w", key, err)
	}
	p, err := posts.Read(ctx, k.Store, key)
	if err != nil {
		return err
	}
	message := connector.Message{Card: raw, Summary: card.Summary, Locale: to.Texts.Locale()}
	if len(p.IDs) > 0 && p.Shown == digest {
		return k.Retire(ctx, key, to, card.Of())
	}
	tried := k.Now()
	if len(p.IDs) == 0 {
		err = k.send(ctx, key, p, to, Outgoing(cards.Message{Card: card.Refreshing(to.Users...)}, to.Texts), digest)
	} else {
		err = k.replace(ctx, key, p, message, digest)
	}
	switch {
	case connector.IsRejected(err):
		return k.Recipients.CardRefused(ctx, key, folioOfPost(key), to, err)
	case connector.IsGone(err) && len(p.IDs) > 0 && to.Stage != "" && p.standsIn(to.Channel):
		return k.Recipients.ChannelFailed(ctx, to.Stage, tried, err)
	case err == nil:
		err = k.Recipients.CardTaken(ctx, key)
	}
	return errors.Join(err, k.Retire(ctx, key, to, card.Of()))
}

// digested returns a card as it is sent, and the digest by which it is known again.
func digested(card cards.Card) (raw json.RawMessage, digest string, err error) {
	if raw, err = json.Marshal(card); err != nil {
		return nil, "", err
	}
	sum := sha256.Sum256(raw)
	return raw, hex.EncodeToString(sum[:12]), nil
}

// EnsureFor is ensure for a person's chat. One who cannot be reached is noted, and
// their cards are made true when they are heard from again.
func (k *Keeper) EnsureFor(ctx context.Context, key string, to recipient.Place, card cards.Card) error {
	err := k.ensure(ctx, key, to, card)
	if connector.IsGone(err) {
		k.Log.WarnContext(ctx, "person out of reach", "person", to.ID, "err", err)
		return k.Recipients.MarkUnreachable(ctx, to.ID)
	}
	return err
}

// EnsureAt is ensure for a stage's channel. A card that still asks for something
// must stand there: one in a channel that the stage has left is sent anew. One that
// asks for nothing any more is let go where it can't be reached.
func (k *Keeper) EnsureAt(ctx context.Context, key string, to recipient.Place, asked bool, card cards.Card) error {
	p, err := posts.Read(ctx, k.Store, key)
	switch {
	case err != nil:
		return err
	case to.Nowhere() && !asked:
		return nil
	case to.Nowhere():
		return k.Recipients.ChannelFailed(ctx, to.Stage, k.Now(), fmt.Errorf("no channel is registered for %s", to.Stage))
	case asked && !p.standsIn(to.Channel):
		k.remove(ctx, key, p)
		if err := k.note(ctx, key, func(p *Post) { *p = Post{} }); err != nil {
			return err
		}
	}
	err = k.ensure(ctx, key, to, card)
	if connector.IsGone(err) && !asked {
		k.Log.InfoContext(ctx, "a card that asks for nothing is out of reach", "post", key, "err", err)
		return nil
	}
	return err
}

// remove deletes a card from the channel that its stage has left, where nobody could
// decide on it any more. The channel may be gone itself.
func (k *Keeper) remove(ctx context.Context, key string, p Post) {
	for _, s := range p.everywhere() {
		if err := k.Teams.Delete(ctx, s.Conversation, s.ID); err != nil {
			k.Log.InfoContext(ctx, "a card stays where its stage is no more", "post", key, "err", err)
		}
	}
}

// resendAfter is how long a message whose sending was cut short is given to turn
// up, by somebody's click on it, before it is sent again.
const resendAfter = 5 * time.Second

// send posts the card and keeps its id. That it is about to be sent is written
// first: if the answer is lost, the card may be there, and is given time to show.
func (k *Keeper) send(ctx context.Context, key string, p Post, to recipient.Place, m connector.Message, digest string) error {
	age := k.Now().Sub(p.SentAt) // below zero where a clock that was ahead wrote it
	if wait := resendAfter - age; !p.SentAt.IsZero() && age >= 0 && wait > 0 {
		return job.RetryAfter(wait, fmt.Errorf("%s may have been sent a moment ago", key))
	}
	at := k.Now()
	if err := k.note(ctx, key, func(p *Post) { p.sending(at) }); err != nil {
		return err
	}
	conv, id, err := k.transmit(ctx, to, m)
	if err != nil {
		if !connector.IsAmbiguous(err) {
			err = errors.Join(err, k.note(ctx, key, (*Post).refused))
		}
		return fmt.Errorf("send %s: %w", key, err)
	}
	return k.note(ctx, key, func(p *Post) {
		if !p.SentAt.Equal(at) { // it was asked for anew meanwhile, below what was just sent
			p.Lost, p.Former = max(0, p.Lost-1), append(p.Former, duplicate{conv, id})
			return
		}
		p.sent(conv, id)
		p.Shown = digest
	})
}

// replace updates every message of the post; one that cannot be does not keep the others
// from it. One that somebody deleted is let go at once, and a stray that can't be reached;
// when none is left the card is sent anew.
func (k *Keeper) replace(ctx context.Context, key string, p Post, m connector.Message, digest string) error {
	var failed error
	standing := len(p.everywhere())
	for i, s := range p.everywhere() {
		err := k.Teams.Update(ctx, s.Conversation, s.ID, m)
		switch {
		case connector.IsDeleted(err), (connector.IsGone(err) || connector.IsRejected(err)) && i >= len(p.IDs):
			standing--
			failed = cmp.Or(failed, k.note(ctx, key, func(p *Post) { p.drop(s) }))
		case err != nil:
			failed = cmp.Or(failed, fmt.Errorf("update %s: %w", key, delayed(err)))
		}
	}
	if failed != nil {
		return failed
	}
	left := 0
	err := k.note(ctx, key, func(now *Post) {
		if len(now.everywhere()) == standing { // none was found meanwhile that shows something else
			now.Shown = digest
		}
		if left = len(now.IDs); left == 0 {
			now.SentAt = time.Time{}
		}
	})
	if err == nil && left == 0 {
		return job.RetryAfter(time.Second, fmt.Errorf("%s was deleted", key))
	}
	return err
}

// note changes what is kept of a post.
func (k *Keeper) note(ctx context.Context, key string, change func(*Post)) error {
	return k.Store.Update(ctx, func(tx provisioning.Tx) error {
		p, _, err := posts.Get(tx, key)
		if err != nil {
			return err
		}
		change(&p)
		return errors.Join(posts.Put(tx, key, p), locate(tx, key, p))
	})
}
