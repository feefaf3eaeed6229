package bot

import (
	"context"
	"errors"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/provisioning/job"
)

// closeWithin is how long Close waits for replies: what only answers a question may
// be asked again.
const closeWithin = 3 * time.Second

// Close waits a moment for the replies that are being sent, and gives up the rest.
func (b *Bot) Close() {
	rest := time.AfterFunc(closeWithin, func() { close(b.closing) })
	defer rest.Stop()
	b.group.Wait()
	b.revealing.group.Wait()
}

// An answer is given up after replyWithin; and no more wait for their turn than can be
// sent in that time, though Teams should take three seconds for each. Of one app it takes
// 50 a second: those that are sent at once fill two of the three seconds that a message
// may wait for its slot, so that what must not be lost, a notice or a card for a stage,
// finds one too.
const (
	replyWithin = 3 * time.Minute
	maxReplies  = 6000
	maxSending  = 100
)

// reply does what only answers a question (help, a list): in the background, in the
// order they were asked, so that Teams has its answer at once; a crash costs the person
// asking again. Beyond maxReplies the answer is dropped.
func (b *Bot) reply(ctx context.Context, do func(context.Context) error) {
	select {
	case b.replies <- struct{}{}:
	default:
		b.warn(ctx, &b.drops, "answer dropped: too many on their way")
		return
	}
	b.group.Go(func() {
		defer func() { <-b.replies }()
		bounded, cancel := context.WithTimeout(job.Urgent(context.WithoutCancel(ctx)), replyWithin)
		defer cancel()
		go func() {
			select {
			case <-b.closing:
				cancel()
			case <-bounded.Done():
			}
		}()
		if err := b.inTurn(bounded, do); err != nil {
			b.warn(ctx, &b.drops, "answer not sent", "err", err)
		}
	})
}

// inTurn sends an answer once fewer than maxSending are being sent.
func (b *Bot) inTurn(ctx context.Context, do func(context.Context) error) error {
	select {
	case b.sending <- struct{}{}:
		defer func() { <-b.sending }()
		return patiently(ctx, do)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// patiently does it again for as long as nothing was sent only because Teams takes
// no more of all the answers together. Who asks faster than their own chat allows is
// not waited for: they would stand in everybody's way.
func patiently(ctx context.Context, do func(context.Context) error) error {
	for {
		err := job.Safely(func() error { return do(ctx) })
		failed, ok := errors.AsType[*connector.Error](err)
		if !ok || failed.Code != connector.CodeCrowded {
			return err
		}
		select {
		case <-time.After(failed.RetryAfter):
		case <-ctx.Done():
			return err
		}
	}
}
