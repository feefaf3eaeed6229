package recipient

import (
	"errors"

	"seducoahuila.gob.mx/altas/bot/connector"
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

// Channel returns where a stage works: as registered from Teams, else as configured.
func (reg *Registry) Channel(tx provisioning.Tx, stage provisioning.StageName) (Channel, bool, error) {
	c, found, err := channels.Get(tx, string(stage))
	if err != nil || found {
		return c, found, err
	}
	c, found = reg.Channels[stage]
	return c, found && c.ChannelID != "", nil
}

// workplace returns a stage's channel with the service address to reach it by.
func (reg *Registry) workplace(tx provisioning.Tx, stage provisioning.StageName) (Channel, error) {
	c, _, err := reg.Channel(tx, stage)
	if err != nil || c.ServiceURL != "" {
		return c, err
	}
	url, found, err := services.Get(tx, "url")
	if c.ServiceURL = url; !found {
		c.ServiceURL = reg.ServiceURL
	}
	return c, err
}

// StageOf returns the stage whose channel an activity came from; "" for none.
func (reg *Registry) StageOf(tx provisioning.Tx, a *connector.Activity) (provisioning.StageName, error) {
	place := a.Place()
	if a.Conversation.Type == connector.Personal || place == "" {
		return "", nil
	}
	for _, stage := range reg.Rules.Stages.WithPlatform() {
		c, found, err := reg.Channel(tx, stage)
		if err != nil {
			return "", err
		}
		if found && c.ChannelID == place {
			return stage, nil
		}
	}
	return "", nil
}

// resumeStage sets going what could not be shown while the stage had no channel.
func (reg *Registry) resumeStage(tx provisioning.Tx, stage provisioning.StageName) error {
	errs := []error{tx.Enqueue(job.Job{Kind: provisioning.JobNotices, Key: string(stage), Due: reg.Now()})}
	for r, err := range tx.ListRequests(provisioning.RequestFilter{State: stage.Waiting()}) {
		if err != nil {
			return err
		}
		errs = append(errs, tx.Enqueue(job.Job{Kind: provisioning.JobCards, Key: string(r.Folio), Due: reg.Now()}))
	}
	return errors.Join(errs...)
}
