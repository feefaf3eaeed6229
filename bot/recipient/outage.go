package recipient

import (
	"context"
	"errors"
	"fmt"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
)

// outage records that nothing can be posted to a stage's channel: it was deleted, its team
// archived, the bot removed from it, or none was registered. Since is zero once the outage is
// over. Back is the end of the last one: a request sent before it may still fail after it.
type outage struct {
	Since time.Time `json:"since,omitzero"`
	Back  time.Time `json:"back,omitzero"`
}

// outages are kept by stage name.
var outages = provisioning.Document[outage]{Kind: "outage"}

func (o outage) ongoing() bool { return !o.Since.IsZero() }

// outageRetry is the wait before an unreachable channel is tried again. Registering a channel,
// or adding the bot to the team again, resumes delivery at once.
const outageRetry = 10 * time.Minute

// ChannelFailed records that a request sent to a stage's channel at the time tried was refused.
// It returns a job error: retry after outageRetry or, if the channel came back since tried,
// after a second.
func (reg *Registry) ChannelFailed(ctx context.Context, stage provisioning.StageName, tried time.Time, cause error) error {
	reg.Log.WarnContext(ctx, "channel unreachable", "stage", stage, "err", cause)
	wait := outageRetry
	err := reg.Store.Update(ctx, func(tx provisioning.Tx) error {
		o, _, err := outages.Get(tx, string(stage))
		if err != nil || o.Back.After(tried) && !o.Back.After(reg.Now()) {
			wait = time.Second
			return err
		}
		wait = outageRetry
		return reg.beginOutage(tx, stage)
	})
	return job.RetryAfter(wait, errors.Join(cause, err))
}

// beginOutage records the outage and posts one notice of it: to the platform's channel or, if
// that is the unreachable one, to the administrators.
func (reg *Registry) beginOutage(tx provisioning.Tx, stage provisioning.StageName) error {
	o, _, err := outages.Get(tx, string(stage))
	if err != nil || o.ongoing() {
		return err
	}
	now := reg.Now()
	errs := []error{outages.Put(tx, string(stage), outage{Since: now, Back: o.Back})}
	recipients := []string{string(provisioning.Platform)}
	if stage == provisioning.Platform {
		recipients = reg.Rules.Administrators
	}
	for _, to := range recipients {
		n := provisioning.Notice{
			To: to, Kind: provisioning.NoticeUnreachable, At: now, Args: map[string]string{"stage": string(stage)},
			Once: fmt.Sprintf("unreachable/%s/%d/%s", stage, now.UnixNano(), to),
		}
		errs = append(errs, tx.Post(n), tx.Enqueue(job.Job{Kind: provisioning.JobNotices, Key: to, Due: now}))
	}
	return errors.Join(errs...)
}

// Bind registers a channel for a stage in place of the one before, and resumes delivery.
func (reg *Registry) Bind(tx provisioning.Tx, stage provisioning.StageName, c Channel) error {
	return errors.Join(channels.Put(tx, string(stage), c), reg.endOutage(tx, stage))
}

// endOutage ends the outage of a stage and resumes delivery.
func (reg *Registry) endOutage(tx provisioning.Tx, stage provisioning.StageName) error {
	return errors.Join(outages.Put(tx, string(stage), outage{Back: reg.Now()}), reg.resumeStage(tx, stage))
}

// ChannelWorked ends the outage of a stage, after a request sent at the time tried succeeded.
// The success of a request sent before the outage began is ignored.
func (reg *Registry) ChannelWorked(ctx context.Context, stage provisioning.StageName, tried time.Time) error {
	o, err := outages.Read(ctx, reg.Store, string(stage))
	if err != nil || !o.ongoing() || !o.Since.Before(tried) && !o.Since.After(reg.Now()) { // Since lies ahead if the clock was ahead then
		return err
	}
	return reg.Store.Update(ctx, func(tx provisioning.Tx) error { return reg.endOutage(tx, stage) })
}

// The events by which Teams reports that a channel or team is gone, or restored.
// https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/subscribe-to-conversation-events
var (
	placeGone = map[string]bool{"channelDeleted": true, "teamDeleted": true, "teamHardDeleted": true, "teamArchived": true}
	placeBack = map[string]bool{"channelRestored": true, "teamRestored": true, "teamUnarchived": true}
)

// PlaceChanged begins or ends the outage of the stages whose channel or team was removed or
// restored. Renaming has no effect: a channel is identified by its id.
func (reg *Registry) PlaceChanged(ctx context.Context, a *connector.Activity) error {
	gone := placeGone[a.EventType] || a.BotRemoved()
	back := placeBack[a.EventType] || a.BotAdded()
	if !gone && !back {
		return nil
	}
	return reg.Store.Update(ctx, func(tx provisioning.Tx) error {
		var errs []error
		for _, stage := range reg.Rules.Stages.WithPlatform() {
			c, found, err := reg.Channel(tx, stage)
			o, _, unread := outages.Get(tx, string(stage))
			errs = append(errs, err, unread)
			switch {
			case gone && found && c.within(a):
				errs = append(errs, reg.beginOutage(tx, stage))
			case back && o.ongoing() && found && c.within(a): // reported by Teams: another removal is a new outage
				errs = append(errs, reg.endOutage(tx, stage))
			case back && o.ongoing():
				errs = append(errs, reg.resumeStage(tx, stage))
			}
		}
		return errors.Join(errs...)
	})
}
