package teamsfake

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// Message is a message of a conversation, as one person sees it.
type Message struct {
	ID           string
	Conversation string // with ;messageid= in a channel
	From         string // the person's object id; empty for the bot
	ReplyTo      string
	Text         string
	Summary      string
	Card         *Card
	Attachments  []map[string]any
	Edits        int // number of updates
	Own          bool
	Raw          map[string]any
}

// Messages returns the messages of a conversation as a person sees them, oldest first. A channel's
// id without ;messageid= selects all its threads.
func (f *Fake) Messages(conversationID, viewer string) []Message {
	f.mu.Lock()
	defer f.mu.Unlock()
	c, root := f.find(conversationID)
	if c == nil {
		return nil
	}
	var seen []Message
	for _, p := range c.posts {
		if !p.deleted && (root == "" || p.thread == root) {
			seen = append(seen, c.see(p, viewer))
		}
	}
	return seen
}

func (c *conversation) see(p *post, viewer string) Message {
	m := Message{
		ID: p.id, Conversation: c.id, From: p.from, ReplyTo: p.replyTo,
		Text: text(p.body, "text"), Summary: text(p.body, "summary"), Edits: p.edits, Raw: deep(p.body),
	}
	if c.kind == "channel" {
		m.Conversation += ";messageid=" + p.thread
	}
	for _, a := range list(p.body, "attachments") {
		attachment, _ := a.(object)
		m.Attachments = append(m.Attachments, deep(attachment))
		if text(attachment, "contentType") == adaptiveCard {
			m.Card = &Card{Conversation: m.Conversation, Message: p.id, Content: deep(child(attachment, "content"))}
		}
	}
	if view := p.views[viewer]; view != nil {
		m.Own = true
		m.Card = &Card{Conversation: m.Conversation, Message: p.id, Content: deep(view)}
	}
	return m
}

// Seed adds messages that an earlier Fake had: with their ids, in the given order, without
// user-specific views. Their conversations must exist.
func (f *Fake) Seed(messages ...Message) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, m := range messages {
		id, root, _ := strings.Cut(m.Conversation, ";messageid=")
		c := f.chats[id]
		if c == nil {
			return fmt.Errorf("seed: no conversation %q", id)
		}
		c.posts = append(c.posts, &post{id: m.ID, thread: root, from: m.From, replyTo: m.ReplyTo, body: deep(m.Raw)})
	}
	f.signal()
	return nil
}

// Cards returns the cards of a conversation as a person sees them, oldest first.
func (f *Fake) Cards(conversationID, viewer string) []*Card {
	var cards []*Card
	for _, m := range f.Messages(conversationID, viewer) {
		if m.Card != nil {
			cards = append(cards, m.Card)
		}
	}
	return cards
}

// NewestCard returns the newest card with a visible and enabled action of that verb, or the newest
// card if verb is empty; nil if there is none.
func (f *Fake) NewestCard(conversationID, viewer, verb string) *Card {
	cards := f.Cards(conversationID, viewer)
	for _, card := range slices.Backward(cards) {
		if verb == "" || card.Offers(verb) {
			return card
		}
	}
	return nil
}

// AwaitCard waits for a card with an action of that verb and returns the newest. The messages in
// before do not count: their cards may still have the action.
func (f *Fake) AwaitCard(ctx context.Context, conversationID, viewer, verb string, before []*Card) (*Card, error) {
	var card *Card
	err := f.Await(ctx, func() bool {
		card = f.NewestCard(conversationID, viewer, verb)
		return card != nil && !slices.ContainsFunc(before, func(old *Card) bool { return old.Message == card.Message })
	})
	if err != nil {
		return nil, fmt.Errorf("await a card with %q in %s: %w", verb, conversationID, err)
	}
	return card, nil
}
