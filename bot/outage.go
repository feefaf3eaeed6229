package bot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/provisioning"
)

// outage is that nothing can be posted to a stage's channel: it was deleted, its
// team archived, the bot taken out of it, or none was ever registered.
type outage struct {
	Since time.Time `json:"since"`
}

// tryAgain is how long a channel that refused is left alone. Registering one, or
// putting the bot back into its team, sets going at once what waited.
const tryAgain = 10 * time.Minute

// silenced notes that a stage's channel refused, and has what was to be posted
// tried again later.
func (b *Bot) silenced(ctx context.Context, stage provisioning.StageName, cause error) error {
	b.Log.WarnContext(ctx, "channel out of reach", "stage", stage, "err", cause)
	err := b.Store.Update(ctx, func(tx provisioning.Tx) error { return b.cutOff(tx, stage) })
	return provisioning.RetryAfter(tryAgain, errors.Join(cause, err))
}

// cutOff has it told, once, that a stage cannot be reached: to the platform's
// channel or, if that is the one, to the administrators.
func (b *Bot) cutOff(tx provisioning.Tx, stage provisioning.StageName) error {
	_, known, err := outages.get(tx, string(stage))
	if err != nil || known {
		return err
	}
	now := b.Now()
	errs := []error{outages.put(tx, string(stage), outage{Since: now})}
	told := []string{string(provisioning.Platform)}
	if stage == provisioning.Platform {
		told = b.Rules.Administrators
	}
	for _, to := range told {
		n := provisioning.Notice{
			To: to, Kind: provisioning.NoticeUnreachable, At: now, Args: map[string]string{"stage": string(stage)},
			Once: fmt.Sprintf("unreachable/%s/%d/%s", stage, now.UnixNano(), to),
		}
		errs = append(errs, tx.Post(n), tx.Enqueue(provisioning.Job{Kind: provisioning.JobNotices, Key: to, Due: now}))
	}
	return errors.Join(errs...)
}

// restored forgets an outage, now that the stage's channel took a message.
func (b *Bot) restored(ctx context.Context, stage provisioning.StageName) error {
	known, err := outages.read(ctx, b.Store, string(stage))
	if err != nil || known.Since.IsZero() {
		return err
	}
	return b.Store.Update(ctx, func(tx provisioning.Tx) error {
		return errors.Join(outages.drop(tx, string(stage)), b.awaken(tx, stage))
	})
}

// The events by which Teams tells that a place is gone, and that it is there again.
// https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/subscribe-to-conversation-events
var (
	placeGone = map[string]bool{"channelDeleted": true, "teamDeleted": true, "teamHardDeleted": true, "teamArchived": true}
	placeBack = map[string]bool{"channelRestored": true, "teamRestored": true, "teamUnarchived": true}
)

// placeChanged sees to a channel or team that went, or came back. A new name changes
// nothing: a channel is known by its id.
func (b *Bot) placeChanged(ctx context.Context, a *connector.Activity) error {
	gone := placeGone[a.EventType] || among(a.MembersRemoved, a.Recipient)
	back := placeBack[a.EventType] || among(a.MembersAdded, a.Recipient)
	if !gone && !back {
		return nil
	}
	return b.Store.Update(ctx, func(tx provisioning.Tx) error {
		var errs []error
		for _, stage := range b.stages() {
			c, found, err := b.channel(tx, stage)
			_, known, missing := outages.get(tx, string(stage))
			errs = append(errs, err, missing)
			switch {
			case gone && found && c.within(a):
				errs = append(errs, b.cutOff(tx, stage))
			case back && known && found && c.within(a): // by its word: going once more is told once more
				errs = append(errs, outages.drop(tx, string(stage)), b.awaken(tx, stage))
			case back && known:
				errs = append(errs, b.awaken(tx, stage))
			}
		}
		return errors.Join(errs...)
	})
}
