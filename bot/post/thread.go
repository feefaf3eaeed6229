package post

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// threads holds, by Location, the key of the post there.
var threads = provisioning.Document[string]{Kind: "thread"}

// Location identifies a card of a stage: "channel/message", the id of the channel or group chat
// and that of the message; in a channel the id of the thread's first message.
func Location(c connector.Conversation, id string) string {
	place, root, _ := strings.Cut(c.ID, ";messageid=")
	if root != "" {
		id = root
	}
	return place + "/" + id
}

// locations returns the Location of each message of the post.
func (p Post) locations() []string {
	var all []string
	for _, s := range p.all() {
		all = append(all, Location(s.Conversation, s.ID))
	}
	return all
}

// index records by which messages a stage's post, or that of a line in attention, is found. A
// location of another post is left to it.
func index(tx provisioning.Tx, key string, p Post) error {
	if !decidable(key) {
		return nil
	}
	for _, s := range p.locations() {
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

// holderOf returns the key of the indexed post that has a message at a location; "" for none.
func holderOf(tx provisioning.Tx, at string) (key string, err error) {
	if key, _, err = threads.Get(tx, at); err != nil || key == "" {
		return "", err
	}
	p, _, err := posts.Get(tx, key)
	if !slices.Contains(p.locations(), at) {
		key = ""
	}
	return key, err
}

// decidable reports whether the key is that of a post with a decision: a stage's card, a line in
// attention, or a letter.
func decidable(key string) bool {
	_, _, _, staged := StageOf(key)
	_, _, letter := LetterOf(key)
	return staged || letter || strings.HasPrefix(key, "line/")
}

// KeyAt returns the key of the post that still has a message at the location; "" for none.
func (k *Keeper) KeyAt(ctx context.Context, at string, stage provisioning.StageName) (key string, err error) {
	if at == "" {
		return "", nil
	}
	err = k.Store.View(ctx, func(tx provisioning.Tx) error {
		if key, err = holderOf(tx, at); err == nil && key == "" {
			key, err = findUnindexed(tx, stage, at)
		}
		return err
	})
	return key, err
}

// findUnindexed is holderOf for posts written by a release without the index: it looks through
// the requests that the stage holds, hundreds at most.
func findUnindexed(tx provisioning.Tx, stage provisioning.StageName, at string) (key string, err error) {
	if stage == "" {
		return "", nil
	}
	for r, err := range tx.ListRequests(provisioning.RequestFilter{State: stage.Waiting()}) {
		if err == nil {
			key, err = findOnRequest(tx, r, stage, at)
		}
		if err != nil || key != "" {
			return key, err
		}
	}
	return "", nil
}

// findOnRequest returns the key of the post of a request at a stage that has a message at the
// location; "" for none.
func findOnRequest(tx provisioning.Tx, r provisioning.Request, stage provisioning.StageName, at string) (string, error) {
	keys := []string{OfStage(r.Folio, stage, r.Round)}
	if stage == provisioning.Platform {
		var err error
		if keys, err = AttentionKeys(tx, r.Folio); err != nil {
			return "", err
		}
	}
	for _, key := range keys {
		p, _, err := posts.Get(tx, key)
		if err != nil || slices.Contains(p.locations(), at) {
			return key, err
		}
	}
	return "", nil
}

// AttentionKeys returns the keys of the posts of a request's lines that are, or were, in
// attention.
func AttentionKeys(tx provisioning.Tx, f provisioning.Folio) (keys []string, err error) {
	for key, err := range posts.Keys(tx, postsOfAttention(f)) {
		if err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	return keys, nil
}

// NewestAt returns the key of the newest card of a request in a stage's channel; "" for none. It
// is of the last round that was posted there, which may be before the present one.
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
			if p.hasMessageIn(channel) {
				key = OfStage(f, stage, round)
				return nil
			}
		}
		return nil
	})
	if problem.CodeOf(err) == problem.CodeNotFound {
		return "", nil
	}
	return key, err
}

// SeenAt reports whether the post of a key has a message in a channel.
func SeenAt(tx provisioning.Tx, key, channel string) (bool, error) {
	p, _, err := posts.Get(tx, key)
	return p.hasMessageIn(channel), err
}

// hasMessageIn reports whether the post has a message in a channel.
func (p Post) hasMessageIn(channel string) bool {
	return slices.ContainsFunc(p.locations(), func(s string) bool { return strings.HasPrefix(s, channel+"/") })
}

// StageOf parses a key of OfStage; ok is false for any other key.
func StageOf(key string) (f provisioning.Folio, stage provisioning.StageName, round int, ok bool) {
	parts := strings.Split(key, "/")
	if len(parts) != 4 || parts[0] != "request" {
		return "", "", 0, false
	}
	round, err := strconv.Atoi(parts[3])
	return provisioning.Folio(parts[1]), provisioning.StageName(parts[2]), round, err == nil
}
