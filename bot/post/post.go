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

// Post is a message, mostly a card, that is kept up to date. It usually has one id; more if an
// acknowledgement was lost and it was sent again.
type Post struct {
	Conversation connector.Conversation `json:"conversation"`
	IDs          []string               `json:"ids,omitempty"`
	Shown        string                 `json:"shown,omitempty"` // digest of the card that the messages show
	SentAt       time.Time              `json:"sentAt,omitzero"` // when sending began; set before the request to Teams
	Strays       []duplicate            `json:"strays,omitempty"`
	Lost         int                    `json:"lost,omitempty"`   // sendings without acknowledgement: as many further messages may exist
	Former       []duplicate            `json:"former,omitempty"` // messages that it replaces, until they are updated to say so
	Folio        provisioning.Folio     `json:"folio,omitempty"`  // the request that the former messages showed, if any
}

// posts are kept by what they show, "request/2026-000001/director": see key.go.
var posts = provisioning.Document[Post]{Kind: "post"}

// inChannel reports whether the post is in the channel; true if it was not sent yet.
func (p Post) inChannel(c recipient.Channel) bool {
	channel, _, _ := strings.Cut(p.Conversation.ID, ";")
	return p.Conversation.ID == "" || channel == c.ChannelID
}

// OneAtATime runs work while holding the lock of a post's key. It returns ctx's error if the
// lock is not acquired in time.
func (k *Keeper) OneAtATime(ctx context.Context, key string, work func() error) error {
	return k.drawing.Do(ctx, key, work)
}

// Read returns the post of a key; the zero Post if there is none.
func (k *Keeper) Read(ctx context.Context, key string) (Post, error) {
	return posts.Read(ctx, k.Store, key)
}

// Stands reports whether a message of the post is known to exist.
func (p Post) Stands() bool { return len(p.IDs) > 0 }

// Posted reports whether a message of the post exists or may exist.
func (p Post) Posted() bool { return p.Stands() || !p.SentAt.IsZero() }

// Shows reports whether the post shows the card.
func (p Post) Shows(card cards.Card) (bool, error) {
	_, digest, err := digested(card)
	return p.Shown == digest, err
}

// SendAnew makes the next update send the card as a new message at the end of the conversation,
// unless it was sent within the given time.
func (k *Keeper) SendAnew(tx provisioning.Tx, key string, stands time.Duration) error {
	p, found, err := posts.Get(tx, key)
	if err != nil || !found || k.Now().Sub(p.SentAt) < stands {
		return err
	}
	return posts.Put(tx, key, p.retired())
}

// Forget drops the record of a post; its messages stay as they are.
func (k *Keeper) Forget(tx provisioning.Tx, key string) error { return posts.Drop(tx, key) }

// ensure sends the card if the post has no message, and updates its messages if they show
// another card. It is idempotent.
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
		err = k.send(ctx, key, p, to, Outgoing(cards.Message{Card: card.Ringing().Refreshing(to.Users...)}, to.Texts), digest)
	} else {
		err = k.replace(ctx, key, p, message, digest)
	}
	switch {
	case connector.IsRejected(err):
		return k.Recipients.CardRefused(ctx, key, folioOfPost(key), to, err)
	case connector.IsGone(err) && len(p.IDs) > 0 && to.Stage != "" && p.inChannel(to.Channel):
		return k.Recipients.ChannelFailed(ctx, to.Stage, tried, err)
	case err == nil:
		err = k.Recipients.CardAccepted(ctx, key)
	}
	return errors.Join(err, k.Retire(ctx, key, to, card.Of()))
}

// digested returns a card as JSON, and the digest by which an unchanged card is recognised.
func digested(card cards.Card) (raw json.RawMessage, digest string, err error) {
	if raw, err = json.Marshal(card); err != nil {
		return nil, "", err
	}
	sum := sha256.Sum256(raw)
	return raw, hex.EncodeToString(sum[:12]), nil
}

// EnsureFor is ensure for a personal chat. A person who cannot be reached is marked so; their
// cards are updated when they are reachable again.
func (k *Keeper) EnsureFor(ctx context.Context, key string, to recipient.Place, card cards.Card) error {
	err := k.ensure(ctx, key, to, card)
	if connector.IsGone(err) {
		k.Log.WarnContext(ctx, "person unreachable", "person", to.ID, "err", err)
		return k.Recipients.MarkUnreachable(ctx, to.ID)
	}
	return err
}

// EnsureAt is ensure for a stage's channel. While the stage must still decide (asked), the card
// must be in its present channel: one in a former channel is deleted and sent again. A card that
// needs no decision any more is not retried if its channel is unreachable.
func (k *Keeper) EnsureAt(ctx context.Context, key string, to recipient.Place, asked bool, card cards.Card) error {
	p, err := posts.Read(ctx, k.Store, key)
	switch {
	case err != nil:
		return err
	case to.Nowhere() && !asked:
		return nil
	case to.Nowhere():
		return k.Recipients.ChannelFailed(ctx, to.Stage, k.Now(), fmt.Errorf("no channel is registered for %s", to.Stage))
	case asked && !p.inChannel(to.Channel):
		k.remove(ctx, key, p)
		if err := k.note(ctx, key, func(p *Post) { *p = Post{} }); err != nil {
			return err
		}
	}
	err = k.ensure(ctx, key, to, card)
	if connector.IsGone(err) && !asked {
		k.Log.InfoContext(ctx, "card without open decision unreachable", "post", key, "err", err)
		return nil
	}
	return err
}

// remove deletes a card from the stage's former channel, where clicks on it would be refused.
// The channel itself may not exist any more.
func (k *Keeper) remove(ctx context.Context, key string, p Post) {
	for _, s := range p.all() {
		if err := k.Teams.Delete(ctx, s.Conversation, s.ID); err != nil {
			k.Log.InfoContext(ctx, "card not deleted from the former channel", "post", key, "err", err)
		}
	}
}

// resendAfter is the wait before a message without acknowledgement is sent again. A click on it
// within that time makes its id known.
const resendAfter = 5 * time.Second

// send posts the card and records its id. The attempt is recorded first: if the acknowledgement
// is lost the card may exist, and resendAfter applies.
func (k *Keeper) send(ctx context.Context, key string, p Post, to recipient.Place, m connector.Message, digest string) error {
	age := k.Now().Sub(p.SentAt) // negative if the clock was ahead when it was written
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
		if !p.SentAt.Equal(at) { // SendAnew was called meanwhile: this one is a former message
			p.Lost, p.Former = max(0, p.Lost-1), append(p.Former, duplicate{conv, id})
			return
		}
		p.sent(conv, id)
		p.Shown = digest
	})
}

// replace updates every message of the post, and goes on after a failure. A deleted message is
// dropped at once, as is an unreachable one in another thread; when none is left the card is
// sent again.
func (k *Keeper) replace(ctx context.Context, key string, p Post, m connector.Message, digest string) error {
	var failed error
	standing := len(p.all())
	for i, s := range p.all() {
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
		if len(now.all()) == standing { // no message was adopted meanwhile
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

// note changes the record of a post.
func (k *Keeper) note(ctx context.Context, key string, change func(*Post)) error {
	return k.Store.Update(ctx, func(tx provisioning.Tx) error {
		p, _, err := posts.Get(tx, key)
		if err != nil {
			return err
		}
		change(&p)
		return errors.Join(posts.Put(tx, key, p), index(tx, key, p))
	})
}
