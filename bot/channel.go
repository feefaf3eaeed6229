package bot

import (
	"context"
	"errors"
	"strings"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/bot/words"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
)

// Channel is where a stage works: a channel of a team, or a group chat.
type Channel struct {
	TeamID     string `json:"teamId,omitempty"`
	GroupID    string `json:"groupId,omitempty"` // the team's Entra group
	ChannelID  string `json:"channelId"`
	ServiceURL string `json:"serviceUrl,omitempty"`
}

// channels are kept by stage.
var channels = provisioning.Document[Channel]{Kind: "channel"}

// services has one record, "url": the service address that Teams was last heard from.
var services = provisioning.Document[string]{Kind: "service"}

// within reports whether the channel is the place of the activity or, where that is
// a whole team's, belongs to it as far as is known.
func (c Channel) within(a *connector.Activity) bool {
	if a.EventType == "channelDeleted" || a.EventType == "channelRestored" {
		return c.ChannelID == a.ChannelID
	}
	team := a.TeamID != "" && (c.TeamID == a.TeamID || c.TeamID != "" && c.TeamID == a.TeamGroupID)
	return team || c.ChannelID == a.ChannelID || c.ChannelID == a.Conversation.ID
}

// isGroupChat reports whether the id is of a group chat; those of channels end in
// @thread.tacv2 or @thread.skype.
func isGroupChat(id string) bool { return strings.HasSuffix(id, "@thread.v2") }

// channel returns where a stage works: as registered from Teams, else as configured.
func (b *Bot) channel(tx provisioning.Tx, stage provisioning.StageName) (Channel, bool, error) {
	c, found, err := channels.Get(tx, string(stage))
	if err != nil || found {
		return c, found, err
	}
	c, found = b.Channels[stage]
	return c, found && c.ChannelID != "", nil
}

// workplace returns a stage's channel with the service address to reach it by.
func (b *Bot) workplace(tx provisioning.Tx, stage provisioning.StageName) (Channel, error) {
	c, _, err := b.channel(tx, stage)
	if err != nil || c.ServiceURL != "" {
		return c, err
	}
	url, found, err := services.Get(tx, "url")
	if c.ServiceURL = url; !found {
		c.ServiceURL = b.ServiceURL
	}
	return c, err
}

// stageOf returns the stage whose channel an activity came from; "" for none.
func (b *Bot) stageOf(tx provisioning.Tx, a *connector.Activity) (provisioning.StageName, error) {
	place := placeOf(a)
	if a.Conversation.Type == connector.Personal || place == "" {
		return "", nil
	}
	for _, stage := range b.Rules.Stages.WithPlatform() {
		c, found, err := b.channel(tx, stage)
		if err != nil {
			return "", err
		}
		if found && c.ChannelID == place {
			return stage, nil
		}
	}
	return "", nil
}

// placeOf returns the id of the channel, or of the group chat, where somebody said or
// pressed something. It is "" where the activity names two: authority hangs on the
// place, and no part of an activity is believed against another.
func placeOf(a *connector.Activity) string {
	id, _, _ := strings.Cut(a.Conversation.ID, ";")
	if a.ChannelID != "" && a.ChannelID != id {
		return ""
	}
	return id
}

// stageWords are what people call the stages beside their names.
var stageWords = map[provisioning.StageName]provisioning.StageName{
	"plataforma": provisioning.Platform, "direccion": provisioning.Director, "subdireccion": provisioning.Subdirector,
}

// register binds the channel that an administrator writes in to the stage they
// name. What waited for it is posted there.
func (b *Bot) register(ctx context.Context, t turn, named string) (cards.Message, error) {
	stage := provisioning.StageName(words.Plain(words.First(named)))
	if other, ok := stageWords[stage]; ok {
		stage = other
	}
	if !b.Rules.Stages.Known(stage) {
		return cards.Message{Text: t.texts.Say("register.which", nil)}, nil
	}
	place := placeOf(t.Activity)
	var bound bool
	err := b.Store.Update(ctx, func(tx provisioning.Tx) (err error) {
		if bound, err = b.Access.BindChannel(tx, t.by, stage, t.stage, place); err != nil || !bound {
			return err
		}
		c := Channel{TeamID: t.TeamID, GroupID: t.TeamGroupID, ChannelID: place, ServiceURL: t.Conversation.ServiceURL}
		return errors.Join(channels.Put(tx, string(stage), c), b.over(tx, stage))
	})
	switch {
	case err != nil:
		return cards.Message{}, err
	case !bound:
		return cards.Message{Text: t.texts.Say("register.taken", map[string]string{"stage": t.texts.Stage(t.stage)})}, nil
	}
	return cards.Message{Text: t.texts.Say("register.done", map[string]string{"stage": t.texts.Stage(stage)})}, nil
}

// awaken sets going what could not be shown while the stage had no channel.
func (b *Bot) awaken(tx provisioning.Tx, stage provisioning.StageName) error {
	errs := []error{tx.Enqueue(job.Job{Kind: provisioning.JobNotices, Key: string(stage), Due: b.Now()})}
	for r, err := range tx.ListRequests(provisioning.RequestFilter{State: stage.Waiting()}) {
		if err != nil {
			return err
		}
		errs = append(errs, tx.Enqueue(job.Job{Kind: provisioning.JobCards, Key: string(r.Folio), Due: b.Now()}))
	}
	return errors.Join(errs...)
}
