package turn

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

// Finish waits a moment for the replies that are being sent, and gives up the rest.
func (r *Responder) Finish() {
	rest := time.AfterFunc(closeWithin, func() { close(r.closing) })
	defer rest.Stop()
	r.group.Wait()
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

// Reply does what only answers a question (help, a list): in the background, in the
// order they were asked, so that Teams has its answer at once; a crash costs the person
// asking again. Beyond maxReplies the answer is dropped.
func (r *Responder) Reply(ctx context.Context, do func(context.Context) error) {
	select {
	case r.replies <- struct{}{}:
	default:
		r.drops.Warn(ctx, r.Now(), r.Log, "answer dropped: too many on their way")
		return
	}
	r.group.Go(func() {
		defer func() { <-r.replies }()
		bounded, cancel := context.WithTimeout(job.Urgent(context.WithoutCancel(ctx)), replyWithin)
		defer cancel()
		go func() {
			select {
			case <-r.closing:
				cancel()
			case <-bounded.Done():
			}
		}()
		if err := r.inTurn(bounded, do); err != nil {
			r.drops.Warn(ctx, r.Now(), r.Log, "answer not sent", "err", err)
		}
	})
}

// inTurn sends an answer once fewer than maxSending are being sent.
func (r *Responder) inTurn(ctx context.Context, do func(context.Context) error) error {
	select {
	case r.sending <- struct{}{}:
		defer func() { <-r.sending }()
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
