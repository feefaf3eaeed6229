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

// outage is that nothing can be posted to a stage's channel: it was deleted, its
// team archived, the bot taken out of it, or none was ever registered. Since is zero
// once it is over; Back is when it last was, for what was tried before and fails after.
type outage struct {
	Since time.Time `json:"since,omitzero"`
	Back  time.Time `json:"back,omitzero"`
}

// outages are kept by the stage whose channel takes no message.
var outages = provisioning.Document[outage]{Kind: "outage"}

func (o outage) lasts() bool { return !o.Since.IsZero() }

// tryAgain is how long a channel that refused is left alone. Registering one, or
// putting the bot back into its team, sets going at once what waited.
const tryAgain = 10 * time.Minute

// ChannelFailed notes that a stage's channel refused what was tried at the time, and has it
// tried again: later or, where the channel came back meanwhile, at once.
func (reg *Registry) ChannelFailed(ctx context.Context, stage provisioning.StageName, tried time.Time, cause error) error {
	reg.Log.WarnContext(ctx, "channel out of reach", "stage", stage, "err", cause)
	wait := tryAgain
	err := reg.Store.Update(ctx, func(tx provisioning.Tx) error {
		o, _, err := outages.Get(tx, string(stage))
		if err != nil || o.Back.After(tried) && !o.Back.After(reg.Now()) {
			wait = time.Second
			return err
		}
		wait = tryAgain
		return reg.beginOutage(tx, stage)
	})
	return job.RetryAfter(wait, errors.Join(cause, err))
}

// beginOutage has it told, once, that a stage cannot be reached: to the platform's
// channel or, if that is the one, to the administrators.
func (reg *Registry) beginOutage(tx provisioning.Tx, stage provisioning.StageName) error {
	o, _, err := outages.Get(tx, string(stage))
	if err != nil || o.lasts() {
		return err
	}
	now := reg.Now()
	errs := []error{outages.Put(tx, string(stage), outage{Since: now, Back: o.Back})}
	told := []string{string(provisioning.Platform)}
	if stage == provisioning.Platform {
		told = reg.Rules.Administrators
	}
	for _, to := range told {
		n := provisioning.Notice{
			To: to, Kind: provisioning.NoticeUnreachable, At: now, Args: map[string]string{"stage": string(stage)},
			Once: fmt.Sprintf("unreachable/%s/%d/%s", stage, now.UnixNano(), to),
		}
		errs = append(errs, tx.Post(n), tx.Enqueue(job.Job{Kind: provisioning.JobNotices, Key: to, Due: now}))
	}
	return errors.Join(errs...)
}

// Bind has a channel work for a stage, in place of the one before, and posts there what
// waited for it.
func (reg *Registry) Bind(tx provisioning.Tx, stage provisioning.StageName, c Channel) error {
	return errors.Join(channels.Put(tx, string(stage), c), reg.EndOutage(tx, stage))
}

// EndOutage ends the outage of a stage and sets going what waited.
func (reg *Registry) EndOutage(tx provisioning.Tx, stage provisioning.StageName) error {
	return errors.Join(outages.Put(tx, string(stage), outage{Back: reg.Now()}), reg.resumeStage(tx, stage))
}

// ChannelWorked ends an outage, now that the stage's channel took what was tried at the
// time. What it took before the outage began says nothing.
func (reg *Registry) ChannelWorked(ctx context.Context, stage provisioning.StageName, tried time.Time) error {
	o, err := outages.Read(ctx, reg.Store, string(stage))
	if err != nil || !o.lasts() || !o.Since.Before(tried) && !o.Since.After(reg.Now()) { // else a clock that was ahead wrote that
		return err
	}
	return reg.Store.Update(ctx, func(tx provisioning.Tx) error { return reg.EndOutage(tx, stage) })
}

// The events by which Teams tells that a place is gone, and that it is there again.
// https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/subscribe-to-conversation-events
var (
	placeGone = map[string]bool{"channelDeleted": true, "teamDeleted": true, "teamHardDeleted": true, "teamArchived": true}
	placeBack = map[string]bool{"channelRestored": true, "teamRestored": true, "teamUnarchived": true}
)

// PlaceChanged sees to a channel or team that went, or came back. A new name changes
// nothing: a channel is known by its id.
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
			case back && o.lasts() && found && c.within(a): // by its word: going once more is told once more
				errs = append(errs, reg.EndOutage(tx, stage))
			case back && o.lasts():
				errs = append(errs, reg.resumeStage(tx, stage))
			}
		}
		return errors.Join(errs...)
	})
}
