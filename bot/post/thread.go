package post

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/provisioning"
)

// threads has, by channel and message as spot joins them, the key of the post there.
var threads = provisioning.Document[string]{Kind: "thread"}

// Spot is where somebody finds a card of a stage: the channel, or group chat, and the id of
// the message, which in a channel is that of the thread's first.
func Spot(c connector.Conversation, id string) string {
	place, root, _ := strings.Cut(c.ID, ";messageid=")
	if root != "" {
		id = root
	}
	return place + "/" + id
}

// spots are those of the messages of a post.
func (p Post) spots() []string {
	var all []string
	for _, s := range p.everywhere() {
		all = append(all, Spot(s.Conversation, s.ID))
	}
	return all
}

// locate keeps by which messages the post of a stage, or of a line in attention, is found.
// What is another post's stays so.
func locate(tx provisioning.Tx, key string, p Post) error {
	if !decidable(key) {
		return nil
	}
	for _, s := range p.spots() {
		holder, err := holderOf(tx, s)
		if err == nil && holder == "" {
			err = threads.Put(tx, s, key)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// holderOf returns the key of the located post that has a message there; "" for none.
func holderOf(tx provisioning.Tx, at string) (key string, err error) {
	if key, _, err = threads.Get(tx, at); err != nil || key == "" {
		return "", err
	}
	p, _, err := posts.Get(tx, key)
	if !slices.Contains(p.spots(), at) {
		key = ""
	}
	return key, err
}

// decidable reports whether a key is that of a post which is decided upon.
func decidable(key string) bool {
	_, _, _, staged := StageOf(key)
	return staged || strings.HasPrefix(key, "line/")
}

// KeyAt returns the key of the post that somebody's words are about, if it stands there
// still; "" for none.
func (k *Keeper) KeyAt(ctx context.Context, at string, stage provisioning.StageName) (key string, err error) {
	if at == "" {
		return "", nil
	}
	err = k.Store.View(ctx, func(tx provisioning.Tx) error {
		if key, err = holderOf(tx, at); err == nil && key == "" {
			key, err = unlocated(tx, stage, at)
		}
		return err
	})
	return key, err
}

// unlocated is holderOf for a post of a release that kept no threads: it is looked for
// among those of what the stage holds, hundreds at most.
func unlocated(tx provisioning.Tx, stage provisioning.StageName, at string) (key string, err error) {
	if stage == "" {
		return "", nil
	}
	for r, err := range tx.ListRequests(provisioning.RequestFilter{State: stage.Waiting()}) {
		if err == nil {
			key, err = standingOf(tx, r, stage, at)
		}
		if err != nil || key != "" {
			return key, err
		}
	}
	return "", nil
}

// standingOf returns the key of the post of a request before a stage that has a message
// there; "" for none.
func standingOf(tx provisioning.Tx, r provisioning.Request, stage provisioning.StageName, at string) (string, error) {
	keys := []string{OfStage(r.Folio, stage, r.Round)}
	if stage == provisioning.Platform {
		var err error
		if keys, err = AttentionKeys(tx, r.Folio); err != nil {
			return "", err
		}
	}
	for _, key := range keys {
		p, _, err := posts.Get(tx, key)
		if err != nil || slices.Contains(p.spots(), at) {
			return key, err
		}
	}
	return "", nil
}

// AttentionKeys are those of the posts of a request's lines that are, or were, in attention.
func AttentionKeys(tx provisioning.Tx, f provisioning.Folio) (keys []string, err error) {
	for key, err := range posts.Keys(tx, postsOfAttention(f)) {
		if err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	return keys, nil
}

// NewestAt returns the key of the newest card of a request that stands before a stage, in
// its channel; "" for none. It is of the round that can be seen there, which need not be
// the present one yet.
func (k *Keeper) NewestAt(ctx context.Context, stage provisioning.StageName, channel string, f provisioning.Folio) (key string, err error) {
	err = k.Store.View(ctx, func(tx provisioning.Tx) error {
		r, err := tx.Request(f)
		if err != nil {
			return err
		}
		for round := r.Round; round > 0; round-- {
			p, _, err := posts.Get(tx, OfStage(f, stage, round))
			if err != nil {
				return err
			}
			if p.seenIn(channel) {
				key = OfStage(f, stage, round)
				return nil
			}
		}
		return nil
	})
	if provisioning.CodeOf(err) == provisioning.CodeNotFound {
		return "", nil
	}
	return key, err
}

// SeenAt reports whether a message of the post of a key stands in a channel.
func SeenAt(tx provisioning.Tx, key, channel string) (bool, error) {
	p, _, err := posts.Get(tx, key)
	return p.seenIn(channel), err
}

// seenIn reports whether a message of the post stands in a channel.
func (p Post) seenIn(channel string) bool {
	return slices.ContainsFunc(p.spots(), func(s string) bool { return strings.HasPrefix(s, channel+"/") })
}

// StageOf returns what a key of OfStage names.
func StageOf(key string) (f provisioning.Folio, stage provisioning.StageName, round int, ok bool) {
	parts := strings.Split(key, "/")
	if len(parts) != 4 || parts[0] != "request" {
		return "", "", 0, false
	}
	round, err := strconv.Atoi(parts[3])
	return provisioning.Folio(parts[1]), provisioning.StageName(parts[2]), round, err == nil
}
