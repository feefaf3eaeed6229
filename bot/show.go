package bot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
)

// The keys of posts.
func postOfDraft(id string) string                 { return "draft/" + id }
func postOfAccount(s provisioning.Stamp) string    { return "account/" + string(s) }
func postOfAttention(s provisioning.Stamp) string  { return "line/" + string(s) }
func postsOfAttention(f provisioning.Folio) string { return "line/" + string(f) + "-" }
func postsOfStages(f provisioning.Folio) string    { return "request/" + string(f) + "/" }
func postOfStage(f provisioning.Folio, s provisioning.StageName, round int) string {
	return fmt.Sprintf("%s%s/%d", postsOfStages(f), s, round)
}

// postOfOutcome is what was said below the card when the request came to its state.
func postOfOutcome(r provisioning.Request) string {
	return fmt.Sprintf("outcome/%s/%s", r.Folio, r.State)
}

// stampOfAttention returns the line that a key of postOfAttention names.
func stampOfAttention(key string) provisioning.Stamp {
	return provisioning.Stamp(strings.TrimPrefix(key, "line/"))
}

// resendAfter is how long a message whose sending was cut short is given to turn
// up, by somebody's click on it, before it is sent again.
const resendAfter = 5 * time.Second

// place is where a post goes: a chat, or a channel.
type place struct {
	chat    connector.Conversation
	person  chat // whose the chat is
	channel Channel
	stage   provisioning.StageName // whose the channel is
}

// nowhere reports whether the place is not known.
func (p place) nowhere() bool { return p.chat.ID == "" && p.channel.ChannelID == "" }

// standsIn reports whether the post is in the channel.
func (p post) standsIn(c Channel) bool {
	channel, _, _ := strings.Cut(p.Conversation.ID, ";")
	return p.Conversation.ID == "" || channel == c.ChannelID
}

// ensure makes the post of that key show the card: sent where it was not, replaced
// where it shows something else. Doing it again changes nothing.
func (b *Bot) ensure(ctx context.Context, key string, to place, card cards.Card, texts *cards.Texts) error {
	raw, err := json.Marshal(card)
	if err != nil {
		return fmt.Errorf("draw %s: %w", key, err)
	}
	sum := sha256.Sum256(raw)
	digest := hex.EncodeToString(sum[:12])
	p, err := b.post(ctx, key)
	if err != nil {
		return err
	}
	message := connector.Message{Card: json.RawMessage(raw), Summary: card.Summary, Locale: texts.Locale()}
	if len(p.IDs) == 0 {
		return b.send(ctx, key, p, to, message, digest)
	}
	if p.Shown == digest {
		return nil
	}
	err = b.replace(ctx, key, p, message, digest)
	if isGone(err) && to.stage != "" && p.standsIn(to.channel) {
		return b.silenced(ctx, to.stage, err)
	}
	return err
}

func (b *Bot) post(ctx context.Context, key string) (post, error) {
	var p post
	err := b.Store.View(ctx, func(tx provisioning.Tx) (err error) {
		p, _, err = posts.get(tx, key)
		return err
	})
	return p, err
}

// send posts the card and keeps its id. That it is about to be sent is written
// first: if the answer is lost, the card may be there, and is given time to show.
func (b *Bot) send(ctx context.Context, key string, p post, to place, m connector.Message, digest string) error {
	if wait := resendAfter - b.Now().Sub(p.SentAt); !p.SentAt.IsZero() && wait > 0 {
		return provisioning.RetryAfter(wait, fmt.Errorf("%s may have been sent a moment ago", key))
	}
	if err := b.note(ctx, key, func(p *post) { p.SentAt = b.Now() }); err != nil {
		return err
	}
	conv, id, err := b.transmit(ctx, to, m)
	if err != nil {
		if !ambiguous(err) {
			err = errors.Join(err, b.note(ctx, key, func(p *post) { p.SentAt = time.Time{} }))
		}
		return fmt.Errorf("send %s: %w", key, err)
	}
	return b.note(ctx, key, func(p *post) {
		p.Conversation, p.IDs, p.Shown = conv, append(p.IDs, id), digest
	})
}

// transmit sends a message to a place and returns where it stands.
func (b *Bot) transmit(ctx context.Context, to place, m connector.Message) (connector.Conversation, string, error) {
	if to.chat.ID != "" {
		id, err := b.Teams.Send(ctx, to.chat, m)
		return to.chat, id, delayed(err)
	}
	conv, id, err := b.publish(ctx, to.channel, m)
	switch {
	case isGone(err):
		return conv, id, b.silenced(ctx, to.stage, err)
	case err == nil:
		if err := b.restored(ctx, to.stage); err != nil {
			b.Log.WarnContext(ctx, "outage not forgotten", "stage", to.stage, "err", err)
		}
	}
	return conv, id, delayed(err)
}

// publish posts a message to a stage's channel, or group chat.
func (b *Bot) publish(ctx context.Context, c Channel, m connector.Message) (connector.Conversation, string, error) {
	if !isGroupChat(c.ChannelID) {
		return b.Teams.Post(ctx, c.ServiceURL, b.TenantID, c.ChannelID, m)
	}
	conv := connector.Conversation{ServiceURL: c.ServiceURL, ID: c.ChannelID, Type: connector.GroupChat, TenantID: b.TenantID, IsGroup: true}
	id, err := b.Teams.Send(ctx, conv, m)
	return conv, id, err
}

// isGroupChat reports whether the id is of a group chat; those of channels end in
// @thread.tacv2 or @thread.skype.
func isGroupChat(id string) bool { return strings.HasSuffix(id, "@thread.v2") }

// replace updates every message of the post. One that somebody deleted is let go, and
// a stray that can't be reached; when none is left the card is sent anew.
func (b *Bot) replace(ctx context.Context, key string, p post, m connector.Message, digest string) error {
	var gone []stray
	for i, s := range p.everywhere() {
		err := b.Teams.Update(ctx, s.Conversation, s.ID, m)
		switch {
		case isDeleted(err), isGone(err) && i >= len(p.IDs):
			gone = append(gone, s)
		case err != nil:
			return fmt.Errorf("update %s: %w", key, delayed(err))
		}
	}
	left := 0
	err := b.note(ctx, key, func(now *post) {
		if len(now.everywhere()) == len(p.everywhere()) { // none was found meanwhile that shows something else
			now.Shown = digest
		}
		now.IDs = slices.DeleteFunc(now.IDs, func(id string) bool { return slices.Contains(gone, stray{now.Conversation, id}) })
		now.Strays = slices.DeleteFunc(now.Strays, func(s stray) bool { return slices.Contains(gone, s) })
		if left = len(now.IDs); left == 0 {
			now.SentAt = time.Time{}
		}
	})
	if err == nil && left == 0 {
		return provisioning.RetryAfter(time.Second, fmt.Errorf("%s was deleted", key))
	}
	return err
}

// note changes what is kept of a post.
func (b *Bot) note(ctx context.Context, key string, change func(*post)) error {
	return b.Store.Update(ctx, func(tx provisioning.Tx) error {
		p, _, err := posts.get(tx, key)
		if err != nil {
			return err
		}
		change(&p)
		return posts.put(tx, key, p)
	})
}

// adopt keeps the id of a card that was clicked: one whose sending was answered by
// nobody, or sent twice, is kept true like the others.
func (b *Bot) adopt(tx provisioning.Tx, key string, t turn) error {
	if t.ReplyToID == "" {
		return nil
	}
	p, _, err := posts.get(tx, key)
	if err != nil || slices.Contains(p.IDs, t.ReplyToID) {
		return err
	}
	if len(p.IDs) == 0 {
		p.Conversation = t.Conversation
	}
	p.Shown = ""
	if p.Conversation.ID == t.Conversation.ID {
		p.IDs = append(p.IDs, t.ReplyToID)
		return posts.put(tx, key, p)
	}
	s := stray{t.Conversation, t.ReplyToID}
	if slices.Contains(p.Strays, s) {
		return nil
	}
	p.Strays = append(p.Strays, s)
	return posts.put(tx, key, p)
}

// keepTrue adopts a card that was clicked and has it show to everybody what is true.
// round is the one that the card says it is of.
func (b *Bot) keepTrue(ctx context.Context, key string, f provisioning.Folio, round int, t turn) error {
	return b.Store.Update(ctx, func(tx provisioning.Tx) error {
		r, err := tx.Request(f)
		if err != nil || round < 1 || round > r.Round {
			return err // no card of ours
		}
		job := provisioning.Job{Kind: provisioning.JobCards, Key: string(f), Urgent: true, Due: b.Now()}
		return errors.Join(b.adopt(tx, key, t), tx.Enqueue(job))
	})
}

// ambiguous reports whether a message that could not be sent may be there.
func ambiguous(err error) bool {
	var failed *connector.Error
	return errors.As(err, &failed) && failed.Ambiguous
}

// isUnnamed reports whether a message was sent, and only its id is not known.
func isUnnamed(err error) bool {
	var failed *connector.Error
	return errors.As(err, &failed) && failed.Code == connector.CodeNoID
}

// isDeleted reports whether the message alone is gone, and not all of its
// conversation or the bot's place in it.
func isDeleted(err error) bool {
	var failed *connector.Error
	return errors.As(err, &failed) && failed.Status == http.StatusNotFound && failed.Code != "ConversationNotFound"
}

// isGone reports whether what was to be changed, or who was to be told, is out of reach.
func isGone(err error) bool {
	var failed *connector.Error
	return errors.As(err, &failed) && failed.Gone
}

// delayed passes on how long Teams asked to wait.
func delayed(err error) error {
	var failed *connector.Error
	if errors.As(err, &failed) && failed.RetryAfter > 0 {
		return provisioning.RetryAfter(failed.RetryAfter, err)
	}
	return err
}
