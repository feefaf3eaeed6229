package recipient

import (
	"context"
	"errors"
	"iter"
	"strconv"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
)

// refusal records that Teams refuses a message because of its content. A retry seldom helps, and
// later messages must not wait for it. A notice becomes a dead letter after refusedTries; a card
// is retried further, at most hourly.
type refusal struct {
	Tries  int                  `json:"tries"`
	Next   time.Time            `json:"next,omitzero"` // earliest next try
	Cause  string               `json:"cause"`
	Notice *provisioning.Notice `json:"notice,omitempty"` // set once it is a dead letter
}

// refusals are kept by refusedNotice or refusedCard.
var refusals = provisioning.Document[refusal]{Kind: "refusal"}

const (
	refusedTries = 4
	refusedFirst = 30 * time.Second // wait after the first, then four times as long each
	refusedLast  = time.Hour        // longest wait
)

func refusedNotice(n provisioning.Notice) string {
	return "notice/" + n.To + "/" + strconv.FormatUint(n.ID, 10)
}

func refusedCard(post string) string { return "card/" + post }

// counted returns r with one more refusal.
func (r refusal) counted(now time.Time, cause error) refusal {
	r.Next, r.Cause = now.Add(min(refusedLast, refusedFirst<<(2*min(r.Tries, 6)))), cause.Error()
	r.Tries++
	return r
}

// NoticeRefused records that Teams refused a notice, so that the notices after it are sent. It
// is retried later; after refusedTries it is a dead letter, and the platform's channel gets a
// notice.
func (reg *Registry) NoticeRefused(ctx context.Context, n provisioning.Notice, cause error) error {
	reg.Log.WarnContext(ctx, "notice refused by Teams", "kind", n.Kind, "folio", n.Folio, "to", n.To, "err", cause)
	return reg.Store.Update(ctx, func(tx provisioning.Tx) error {
		r, _, err := refusals.Get(tx, refusedNotice(n))
		if err != nil {
			return err
		}
		r = r.counted(reg.Now(), cause)
		if r.Tries < refusedTries {
			later := job.Job{Kind: provisioning.JobNotices, Key: n.To, Due: r.Next}
			return errors.Join(refusals.Put(tx, refusedNotice(n), r), tx.Enqueue(later))
		}
		r.Next, r.Notice = time.Time{}, &n
		return errors.Join(refusals.Put(tx, refusedNotice(n), r), tx.Delivered(n.To, n.ID), reg.announceRefusal(tx, n.To, n.Kind, n.Folio))
	})
}

// NoticeWaits reports whether the notice was refused and its next try is not due yet.
func (reg *Registry) NoticeWaits(tx provisioning.Tx, n provisioning.Notice) (bool, error) {
	r, _, err := refusals.Get(tx, refusedNotice(n))
	wait := r.Next.Sub(reg.Now())
	return wait > 0 && wait <= refusedLast, err
}

// CardRefused records that Teams refused a card, and returns a job error with the wait until its
// next try. After refusedTries the platform's channel gets one notice.
func (reg *Registry) CardRefused(ctx context.Context, key string, f provisioning.Folio, to Place, cause error) error {
	var next time.Time
	err := reg.Store.Update(ctx, func(tx provisioning.Tx) error {
		r, _, err := refusals.Get(tx, refusedCard(key))
		if err != nil {
			return err
		}
		r = r.counted(reg.Now(), cause)
		next = r.Next
		err = refusals.Put(tx, refusedCard(key), r)
		if r.Tries == refusedTries {
			who := to.ID
			if to.Stage != "" {
				who = string(to.Stage)
			}
			err = errors.Join(err, reg.announceRefusal(tx, who, "", f))
		}
		return err
	})
	return job.RetryAfter(next.Sub(reg.Now()), errors.Join(cause, err))
}

// NoticeAccepted drops the refusals of a notice.
func (reg *Registry) NoticeAccepted(tx provisioning.Tx, n provisioning.Notice) error {
	return refusals.Drop(tx, refusedNotice(n))
}

// CardAccepted drops the refusals of a card.
func (reg *Registry) CardAccepted(ctx context.Context, key string) error {
	r, err := refusals.Read(ctx, reg.Store, refusedCard(key))
	if err != nil || r.Tries == 0 {
		return err
	}
	return reg.Store.Update(ctx, func(tx provisioning.Tx) error { return refusals.Drop(tx, refusedCard(key)) })
}

// announceRefusal posts a notice that a notice of the kind, or a card (""), cannot be delivered:
// to the platform's channel, or to the administrators if that is the one that refuses. An
// undeliverable NoticeUndelivered has no notice of its own.
func (reg *Registry) announceRefusal(tx provisioning.Tx, to string, kind provisioning.NoticeKind, f provisioning.Folio) error {
	if kind == provisioning.NoticeUndelivered {
		return nil
	}
	args := map[string]string{"kind": string(kind)}
	if stage := provisioning.StageName(to); reg.Rules.Stages.Known(stage) {
		args["stage"] = to
	} else {
		c, _, err := chats.Get(tx, to)
		if err != nil {
			return err
		}
		args["name"] = c.Name
	}
	recipients := []string{string(provisioning.Platform)}
	if to == string(provisioning.Platform) {
		recipients = reg.Rules.Administrators
	}
	var errs []error
	for _, to := range recipients {
		n := provisioning.Notice{To: to, Kind: provisioning.NoticeUndelivered, Folio: f, Args: args, At: reg.Now()}
		errs = append(errs, tx.Post(n), tx.Enqueue(job.Job{Kind: provisioning.JobNotices, Key: to, Due: n.At}))
	}
	return errors.Join(errs...)
}

// Undelivered is a dead letter: a notice that Teams refused for good.
type Undelivered struct {
	Notice provisioning.Notice
	Cause  string // Teams' last error
}

// DeadLetters yields the dead letters.
func DeadLetters(tx provisioning.Tx) iter.Seq2[Undelivered, error] {
	return func(yield func(Undelivered, error) bool) {
		for key, err := range refusals.Keys(tx, "notice/") {
			var r refusal
			if err == nil {
				r, _, err = refusals.Get(tx, key)
			}
			if err == nil && r.Notice == nil {
				continue // still retried
			}
			u := Undelivered{Cause: r.Cause}
			if err == nil {
				u.Notice = *r.Notice
			}
			if !yield(u, err) || err != nil {
				return
			}
		}
	}
}

// Resend enqueues a dead letter for delivery once more.
func Resend(tx provisioning.Tx, n provisioning.Notice, now time.Time) error {
	again := n
	again.Once = "" // that key is used up
	return errors.Join(
		refusals.Drop(tx, refusedNotice(n)), tx.Post(again),
		tx.Enqueue(job.Job{Kind: provisioning.JobNotices, Key: n.To, Due: now}),
	)
}
