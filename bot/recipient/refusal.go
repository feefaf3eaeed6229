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

// refusal is that Teams refuses a message as it is: trying again seldom helps, and what
// comes after it must not wait. A notice that was tried often enough is kept here, a
// dead letter; a card goes on being tried, now and then.
type refusal struct {
	Tries  int                  `json:"tries"`
	Next   time.Time            `json:"next,omitzero"` // not before
	Cause  string               `json:"cause"`
	Notice *provisioning.Notice `json:"notice,omitempty"` // the dead letter
}

// refusals are kept by refusedNotice or refusedCard: what Teams does not take.
var refusals = provisioning.Document[refusal]{Kind: "refusal"}

const (
	refusedTries = 4
	refusedFirst = 30 * time.Second // after the first, then four times as long each
	refusedLast  = time.Hour        // between tries of a card
)

func refusedNotice(n provisioning.Notice) string {
	return "notice/" + n.To + "/" + strconv.FormatUint(n.ID, 10)
}

func refusedCard(post string) string { return "card/" + post }

// again counts one more refusal.
func (r refusal) again(now time.Time, cause error) refusal {
	r.Next, r.Cause = now.Add(min(refusedLast, refusedFirst<<(2*min(r.Tries, 6)))), cause.Error()
	r.Tries++
	return r
}

// NoticeRefused has the notices after one that Teams refused go on. It is tried again later;
// at last it is a dead letter, of which the platform's channel is told.
func (reg *Registry) NoticeRefused(ctx context.Context, n provisioning.Notice, cause error) error {
	reg.Log.WarnContext(ctx, "Teams refuses a notice", "kind", n.Kind, "folio", n.Folio, "to", n.To, "err", cause)
	return reg.Store.Update(ctx, func(tx provisioning.Tx) error {
		r, _, err := refusals.Get(tx, refusedNotice(n))
		if err != nil {
			return err
		}
		r = r.again(reg.Now(), cause)
		if r.Tries < refusedTries {
			later := job.Job{Kind: provisioning.JobNotices, Key: n.To, Due: r.Next}
			return errors.Join(refusals.Put(tx, refusedNotice(n), r), tx.Enqueue(later))
		}
		r.Next, r.Notice = time.Time{}, &n
		return errors.Join(refusals.Put(tx, refusedNotice(n), r), tx.Delivered(n.To, n.ID), reg.tellRefused(tx, n.To, n.Kind, n.Folio))
	})
}

// NoticeWaits reports whether the notice was refused and is not to be tried yet.
func (reg *Registry) NoticeWaits(tx provisioning.Tx, n provisioning.Notice) (bool, error) {
	r, _, err := refusals.Get(tx, refusedNotice(n))
	wait := r.Next.Sub(reg.Now())
	return wait > 0 && wait <= refusedLast, err
}

// CardRefused has a card that Teams refuses tried less and less often, and tells the
// platform's channel of it once.
func (reg *Registry) CardRefused(ctx context.Context, key string, f provisioning.Folio, to Place, cause error) error {
	var next time.Time
	err := reg.Store.Update(ctx, func(tx provisioning.Tx) error {
		r, _, err := refusals.Get(tx, refusedCard(key))
		if err != nil {
			return err
		}
		r = r.again(reg.Now(), cause)
		next = r.Next
		err = refusals.Put(tx, refusedCard(key), r)
		if r.Tries == refusedTries {
			who := to.ID
			if to.Stage != "" {
				who = string(to.Stage)
			}
			err = errors.Join(err, reg.tellRefused(tx, who, "", f))
		}
		return err
	})
	return job.RetryAfter(next.Sub(reg.Now()), errors.Join(cause, err))
}

// NoticeTaken forgets that a notice was refused.
func (reg *Registry) NoticeTaken(tx provisioning.Tx, n provisioning.Notice) error {
	return refusals.Drop(tx, refusedNotice(n))
}

// CardTaken forgets that a card was refused.
func (reg *Registry) CardTaken(ctx context.Context, key string) error {
	r, err := refusals.Read(ctx, reg.Store, refusedCard(key))
	if err != nil || r.Tries == 0 {
		return err
	}
	return reg.Store.Update(ctx, func(tx provisioning.Tx) error { return refusals.Drop(tx, refusedCard(key)) })
}

// tellRefused tells the platform's channel, or the administrators where that is the one
// that refuses, whom a notice of the kind, or a card ("") does not reach. Of what tells
// this nobody is told.
func (reg *Registry) tellRefused(tx provisioning.Tx, to string, kind provisioning.NoticeKind, f provisioning.Folio) error {
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
	told := []string{string(provisioning.Platform)}
	if to == string(provisioning.Platform) {
		told = reg.Rules.Administrators
	}
	var errs []error
	for _, whom := range told {
		n := provisioning.Notice{To: whom, Kind: provisioning.NoticeUndelivered, Folio: f, Args: args, At: reg.Now()}
		errs = append(errs, tx.Post(n), tx.Enqueue(job.Job{Kind: provisioning.JobNotices, Key: whom, Due: n.At}))
	}
	return errors.Join(errs...)
}

// Undelivered is a notice that Teams refused for good.
type Undelivered struct {
	Notice provisioning.Notice
	Cause  string // Teams' last word
}

// DeadLetters yields what Teams refused for good and is kept.
func DeadLetters(tx provisioning.Tx) iter.Seq2[Undelivered, error] {
	return func(yield func(Undelivered, error) bool) {
		for key, err := range refusals.Keys(tx, "notice/") {
			var r refusal
			if err == nil {
				r, _, err = refusals.Get(tx, key)
			}
			if err == nil && r.Notice == nil {
				continue // still tried
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

// Resend has a dead letter delivered once more.
func Resend(tx provisioning.Tx, n provisioning.Notice, now time.Time) error {
	again := n
	again.Once = "" // which was used
	return errors.Join(
		refusals.Drop(tx, refusedNotice(n)), tx.Post(again),
		tx.Enqueue(job.Job{Kind: provisioning.JobNotices, Key: n.To, Due: now}),
	)
}
