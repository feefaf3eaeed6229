package recipient

import (
	"errors"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
)

// Channel is the channel of a team, or the group chat, in which a stage works.
type Channel struct {
	TeamID     string `json:"teamId,omitempty"`
	GroupID    string `json:"groupId,omitempty"` // the team's Entra group
	ChannelID  string `json:"channelId"`
	ServiceURL string `json:"serviceUrl,omitempty"`
}

// channels are kept by stage name.
var channels = provisioning.Document[Channel]{Kind: "channel"}

// services has one record, "url": the service URL of the latest personal activity.
var services = provisioning.Document[string]{Kind: "service"}

// within reports whether the channel is affected by the event of an activity: it is the
// conversation of the activity, or the event is a team's and the channel belongs to that team.
func (c Channel) within(a *connector.Activity) bool {
	if a.EventType == "channelDeleted" || a.EventType == "channelRestored" {
		return c.ChannelID == a.ChannelID
	}
	team := a.TeamID != "" && (c.TeamID == a.TeamID || c.TeamID != "" && c.TeamID == a.TeamGroupID)
	return team || c.ChannelID == a.ChannelID || c.ChannelID == a.Conversation.ID
}

// Channel returns the channel of a stage: the one registered from Teams, else the configured
// one.
func (reg *Registry) Channel(tx provisioning.Tx, stage provisioning.StageName) (Channel, bool, error) {
	c, found, err := channels.Get(tx, string(stage))
	if err != nil || found {
		return c, found, err
	}
	c, found = reg.Channels[stage]
	return c, found && c.ChannelID != "", nil
}

// channelWithURL returns a stage's channel with a service URL: its own, the latest seen, or the
// configured one.
func (reg *Registry) channelWithURL(tx provisioning.Tx, stage provisioning.StageName) (Channel, error) {
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

// resumeStage enqueues the notices and cards that waited for the stage's channel.
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
