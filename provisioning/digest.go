package provisioning

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// Digest tells each stage, and the platform, at the start of a working day what waits there.
type Digest struct {
	Store Store
	Rules *Rules
	Now   func() time.Time
}

// digestWithin is how long after the start of a working day the digest may still be posted, in working
// time: one of a process that was down for longer would tell nothing new.
const digestWithin = 2 * time.Hour

// Post posts the day's digests that are due: one a stage and day, however often it is called and the
// process restarted; none where nothing has waited since before the working day began, and none on days
// off.
func (d *Digest) Post(ctx context.Context) error {
	now := d.Now()
	local := d.Rules.Calendar.Local(now)
	midnight := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, local.Location())
	begins := d.Rules.Calendar.Next(midnight)
	if now.Before(begins) || !d.Rules.Calendar.Open(now) || d.Rules.Calendar.Worked(begins, now) >= digestWithin {
		return nil
	}
	return d.Store.Update(ctx, func(tx Tx) error {
		var failed error
		for _, stage := range d.Rules.Stages.WithPlatform() {
			failed = errors.Join(failed, d.post(tx, stage, begins))
		}
		return failed
	})
}

// post posts the digest of one stage, of what has waited there since before an instant.
func (d *Digest) post(tx Tx, stage StageName, before time.Time) error {
	waiting, oldest := 0, before
	for r, err := range tx.ListRequests(RequestFilter{State: stage.Waiting()}) {
		if err != nil {
			return err
		}
		if r.StageSince.Before(before) {
			waiting, oldest = waiting+1, sooner(oldest, r.StageSince)
		}
	}
	if waiting == 0 {
		return nil
	}
	return Send(tx, Notice{
		To: string(stage), Kind: NoticeDigest, At: d.Now(), Optional: true, // tomorrow's stands for this one
		Once: fmt.Sprintf("digest/%s/%s", stage, before.Format(time.DateOnly)),
		Args: map[string]string{"stage": string(stage), "waiting": strconv.Itoa(waiting), "since": oldest.Format(time.RFC3339)},
	})
}
