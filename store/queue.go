package store

import (
	"bytes"
	"context"
	"iter"
	"time"

	"seducoahuila.gob.mx/altas/provisioning/job"
)

// Claim implements job.Queue.
func (db *DB) Claim(ctx context.Context, kind job.Kind, now time.Time, lease time.Duration, room job.Room) ([]job.Job, error) {
	var jobs []job.Job
	for more := true; more; {
		err := db.update(ctx, func(t *tx) (err error) {
			jobs = nil
			if err = t.expireLeases(kind, now); err != nil {
				return err
			}
			if more, err = t.promote(kind, now); err != nil || more {
				return err
			}
			jobs, err = t.leaseReady(kind, now.Add(lease), room)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return jobs, nil
}

// expireLeases frees the kind's jobs whose lease has ended.
func (t *tx) expireLeases(kind job.Kind, now time.Time) error {
	for key := range t.until(bucketJobsLeased, kind, now) {
		if err := t.update(kind, key, jobRecord.freed); err != nil {
			return err
		}
	}
	return nil
}

// promoteAtMost is how many jobs one transaction moves to ready: bbolt splits pages only at the
// commit, so n new entries cost n² until then.
const promoteAtMost = 1000

// promote moves the kind's due jobs to ready, promoteAtMost at a time. It returns whether there
// are more.
func (t *tx) promote(kind job.Kind, now time.Time) (more bool, err error) {
	left := promoteAtMost
	ready := func(r jobRecord) jobRecord {
		r.Place = placeReady
		return r
	}
	for key := range t.until(bucketJobsLater, kind, now) {
		if left == 0 {
			return true, nil
		}
		left--
		if err := t.update(kind, key, ready); err != nil {
			return false, err
		}
	}
	return false, nil
}

// until yields the keys of the kind's jobs whose time in the bucket is not after now.
func (t *tx) until(bucket string, kind job.Kind, now time.Time) iter.Seq[string] {
	return func(yield func(string) bool) {
		p := prefix(string(kind))
		for k := range t.ascend(bucket, p, nil) {
			if keyTime(k[len(p):]).After(now) || !yield(string(k[len(p)+timeSize:])) {
				return
			}
		}
	}
}

// update changes the job, if it exists.
func (t *tx) update(kind job.Kind, key string, change func(jobRecord) jobRecord) error {
	old, found, err := t.job(kind, key)
	if err != nil || !found {
		return err
	}
	return t.placeJob(&old, change(old))
}

// leaseReady leases as many ready jobs as room allows: the urgent ones, then the others, round
// robin over the lanes, starting after the lane served last.
func (t *tx) leaseReady(kind job.Kind, until time.Time, room job.Room) ([]job.Job, error) {
	var jobs []job.Job
	for _, urgent := range []bool{true, false} {
		n := room.All
		if !urgent {
			n = min(n, len(jobs)+room.Plain)
		}
		turnKey := join(string(kind), rank(urgent))
		p := prefix(string(kind), rank(urgent))
		lane, served := string(t.get(bucketJobsTurn, turnKey)), false
		for len(jobs) < n {
			k := t.firstAfter(p, lane)
			if k == nil {
				break
			}
			lane, served = laneOf(k, p), true
			j, err := t.lease(kind, keyOf(k, p, lane), until)
			if err != nil {
				return nil, err
			}
			jobs = append(jobs, j)
		}
		if served {
			if err := t.put(bucketJobsTurn, turnKey, []byte(lane)); err != nil {
				return nil, err
			}
		}
	}
	return jobs, nil
}

// firstAfter returns the key of the first job of the next lane after lane, which after the last
// lane is the first one; nil if no job is ready.
func (t *tx) firstAfter(p []byte, lane string) []byte {
	c := t.bolt.Bucket([]byte(bucketJobsReady)).Cursor()
	k, _ := c.Seek(end(append(bytes.Clone(p), lane+sep...)))
	if !bytes.HasPrefix(k, p) {
		k, _ = c.Seek(p)
	}
	if !bytes.HasPrefix(k, p) {
		return nil
	}
	return bytes.Clone(k)
}

// laneOf and keyOf parse the key of a ready job: prefix, lane, zero byte, time, key.
func laneOf(k, p []byte) string {
	rest := k[len(p):]
	return string(rest[:bytes.IndexByte(rest, 0)])
}

func keyOf(k, p []byte, lane string) string { return string(k[len(p)+len(lane)+1+timeSize:]) }

func (t *tx) lease(kind job.Kind, key string, until time.Time) (job.Job, error) {
	number, err := t.next(bucketJobsLeased)
	if err != nil {
		return job.Job{}, err
	}
	var leased job.Job
	err = t.update(kind, key, func(r jobRecord) jobRecord {
		r.Place, r.Until, r.Lease = placeLeased, until, number
		leased = r.Job
		return r
	})
	return leased, err
}

// releaseLeases frees every leased job of all kinds.
func (t *tx) releaseLeases() error {
	for k := range t.ascend(bucketJobsLeased, nil, nil) {
		kind, rest, _ := bytes.Cut(k, []byte(sep))
		if err := t.update(job.Kind(kind), string(rest[timeSize:]), jobRecord.freed); err != nil {
			return err
		}
	}
	return nil
}

// Finish implements job.Queue.
func (db *DB) Finish(ctx context.Context, j job.Job) error {
	return db.update(ctx, func(t *tx) error {
		r, held, err := t.held(j)
		switch {
		case err != nil || !held:
			return err
		case r.Again == nil:
			return t.dropJob(r)
		}
		next := r
		next.Due, next.Since, next.Urgent = r.Again.Due, r.Again.Since, r.Again.Urgent
		next.Attempt, next.Fault = 0, ""
		return t.giveBack(r, next)
	})
}

// Postpone implements job.Queue.
func (db *DB) Postpone(ctx context.Context, j job.Job) error {
	return db.update(ctx, func(t *tx) error {
		r, held, err := t.held(j)
		if err != nil || !held {
			return err
		}
		next := r
		next.Due, next.Attempt, next.Fault = j.Due, j.Attempt, j.Fault
		if next.Due.IsZero() {
			next.Due = atOnce
		}
		return t.giveBack(r, next)
	})
}

func (t *tx) giveBack(old, next jobRecord) error {
	t.enqueued = true
	return t.placeJob(&old, next.freed())
}

// held returns the job and whether the lease under which it was claimed is still its lease.
func (t *tx) held(j job.Job) (jobRecord, bool, error) {
	r, found, err := t.job(j.Kind, j.Key)
	return r, found && r.Place == placeLeased && r.Lease == j.Lease, err
}

// Enqueued implements job.Queue.
func (db *DB) Enqueued() <-chan struct{} { return db.enqueued }

// NextDue implements job.Queue.
func (db *DB) NextDue(ctx context.Context, kind job.Kind) (time.Time, error) {
	var next time.Time
	err := db.view(ctx, func(t *tx) error {
		p := prefix(string(kind))
		times := []time.Time{t.firstTime(bucketJobsLater, p), t.firstTime(bucketJobsLeased, p)}
		for _, urgent := range []bool{true, false} {
			times = append(times, t.firstReady(prefix(string(kind), rank(urgent))))
		}
		next = time.Time{}
		for _, at := range times {
			if next.IsZero() || !at.IsZero() && at.Before(next) {
				next = at
			}
		}
		return nil
	})
	return next, err
}

// firstTime returns the time of the first entry under p; zero if there is none.
func (t *tx) firstTime(bucket string, p []byte) time.Time {
	for k := range t.ascend(bucket, p, nil) {
		return keyTime(k[len(p):])
	}
	return time.Time{}
}

// firstReady returns the earliest due time of the ready jobs under p. It reads the first job of
// each lane, which is the lane's earliest.
func (t *tx) firstReady(p []byte) time.Time {
	var first time.Time
	c := t.bolt.Bucket([]byte(bucketJobsReady)).Cursor()
	for k, _ := c.Seek(p); bytes.HasPrefix(k, p); {
		lane := prefix(string(p) + laneOf(k, p))
		if at := keyTime(k[len(lane):]); first.IsZero() || at.Before(first) {
			first = at
		}
		k, _ = c.Seek(end(lane))
	}
	return first
}

// Depth implements job.Queue. It reads one index in order, and no record.
func (db *DB) Depth(ctx context.Context) (map[job.Kind]job.Depth, error) {
	depths := map[job.Kind]job.Depth{}
	err := db.view(ctx, func(t *tx) error {
		for k := range t.ascend(bucketJobsSince, nil, nil) {
			name, rest, _ := bytes.Cut(k, []byte(sep))
			d := depths[job.Kind(name)]
			if d.Jobs == 0 {
				d.Oldest = keyTime(rest)
			}
			d.Jobs++
			if rest[timeSize] == '1' {
				d.Failing++
			}
			depths[job.Kind(name)] = d
		}
		return nil
	})
	return depths, err
}
