package turn

import (
	"context"
	"errors"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/provisioning/job"
)

// closeWithin is how long Finish waits for replies. They only answer questions, which can be
// repeated.
const closeWithin = 3 * time.Second

// Finish waits up to closeWithin for the replies being sent, and cancels the rest.
func (r *Responder) Finish() {
	rest := time.AfterFunc(closeWithin, func() { close(r.closing) })
	defer rest.Stop()
	r.group.Wait()
}

// A reply is dropped after replyWithin. No more are queued than can be sent in that time if
// Teams takes three seconds for each. Teams accepts 50 messages a second from an app; maxSending
// fills two of the three seconds that a message may wait for its slot, so that notices and stage
// cards, which must not be lost, find one too.
const (
	replyWithin = 3 * time.Minute
	maxReplies  = 6000
	maxSending  = 100
)

// Reply sends in the background, in order, what only answers a question (help, a list), so that
// Teams' request is answered at once. After a crash the person has to ask again. Beyond
// maxReplies the reply is dropped.
func (r *Responder) Reply(ctx context.Context, do func(context.Context) error) {
	select {
	case r.replies <- struct{}{}:
	default:
		r.drops.Warn(ctx, r.Now(), r.Log, "answer dropped: too many queued")
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
		if err := r.sendBounded(bounded, do); err != nil {
			r.drops.Warn(ctx, r.Now(), r.Log, "answer not sent", "err", err)
		}
	})
}

// sendBounded sends a reply once fewer than maxSending are being sent.
func (r *Responder) sendBounded(ctx context.Context, do func(context.Context) error) error {
	select {
	case r.sending <- struct{}{}:
		defer func() { <-r.sending }()
		return retryCrowded(ctx, do)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// retryCrowded retries while the only error is that the app as a whole is over Teams' limit. The
// limit of a single chat is not waited for: that would delay everybody's replies.
func retryCrowded(ctx context.Context, do func(context.Context) error) error {
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
