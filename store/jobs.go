package store

import (
	"time"

	"seducoahuila.gob.mx/altas/provisioning/job"
)

// A job's record is stored under (kind, key). It has an entry in one of three indexes, its
// place: later, by due time; ready, by lane, once Claim has found it due; leased, by the
// lease's end.

type place string

const (
	placeLater  place = "later"
	placeReady  place = "ready"
	placeLeased place = "leased"
)

// jobRecord is a job with its place.
type jobRecord struct {
	job.Job
	Place place     `json:"place"`
	Until time.Time `json:"until,omitzero"` // the lease's end
	Again *again    `json:"again,omitempty"`
}

// again is set if the job was enqueued while it was leased: it must run once more.
type again struct {
	Due    time.Time `json:"due"`
	Since  time.Time `json:"since"`
	Urgent bool      `json:"urgent,omitempty"`
}

// atOnce is the due time of a job that was enqueued without one.
var atOnce = time.Unix(0, 0).UTC()

// Enqueue implements provisioning.Enqueuer.
func (t *tx) Enqueue(j job.Job) error {
	if err := whole(string(j.Kind), j.Key); err != nil {
		return err
	}
	if j.Lane != "" && whole(j.Lane) != nil {
		return errKey
	}
	j.Lease = 0
	if j.Due.IsZero() {
		j.Due = atOnce
	}
	if j.Since.IsZero() {
		j.Since = j.Due
	}
	t.enqueued = true
	old, found, err := t.job(j.Kind, j.Key)
	switch {
	case err != nil:
		return err
	case !found:
		return t.placeJob(nil, jobRecord{Job: j, Place: placeLater})
	case old.Place == placeLeased:
		return t.placeJob(&old, old.dirtied(j))
	}
	return t.mergeJob(old, j)
}

// mergeJob merges an enqueued job into the one of the same key that is already in the queue.
func (t *tx) mergeJob(old jobRecord, j job.Job) error {
	next := old
	next.Due = earlier(old.Due, j.Due)
	next.Since = earlier(old.Since, j.Since)
	next.Urgent = old.Urgent || j.Urgent
	next.Attempt = 0
	if next == old {
		return nil
	}
	return t.placeJob(&old, next)
}

// dirtied returns the leased job with j merged into Again.
func (r jobRecord) dirtied(j job.Job) jobRecord {
	a := again{Due: j.Due, Since: j.Since, Urgent: j.Urgent}
	if r.Again != nil {
		a.Due = earlier(a.Due, r.Again.Due)
		a.Since = earlier(a.Since, r.Again.Since)
		a.Urgent = a.Urgent || r.Again.Urgent
	}
	r.Again = &a
	return r
}

// freed returns the leased job without its lease, due at the earlier of its own time and Again's.
func (r jobRecord) freed() jobRecord {
	if r.Again != nil {
		r.Due = earlier(r.Due, r.Again.Due)
		r.Since = earlier(r.Since, r.Again.Since)
		r.Urgent = r.Urgent || r.Again.Urgent
		r.Attempt = 0
	}
	r.Place, r.Until, r.Lease, r.Again = placeLater, time.Time{}, 0, nil
	return r
}

func (t *tx) job(kind job.Kind, key string) (jobRecord, bool, error) {
	var r jobRecord
	found, err := t.load(bucketJobs, join(string(kind), key), &r)
	return r, found, err
}

// placeJob writes the record and replaces the index entries of old, which is nil for a new job.
func (t *tx) placeJob(old *jobRecord, r jobRecord) error {
	var wasSince, wasPlace []byte
	wasIn := ""
	if old != nil {
		wasSince = old.sinceKey()
		wasIn, wasPlace = old.placeKey()
	}
	in, key := r.placeKey()
	if in != wasIn && wasIn != "" {
		if err := t.del(wasIn, wasPlace); err != nil {
			return err
		}
		wasPlace = nil
	}
	if err := t.move(in, wasPlace, key); err != nil {
		return err
	}
	if err := t.move(bucketJobsSince, wasSince, r.sinceKey()); err != nil {
		return err
	}
	return t.save(bucketJobs, join(string(r.Kind), r.Key), r)
}

// dropJob deletes the job and its index entries.
func (t *tx) dropJob(r jobRecord) error {
	in, key := r.placeKey()
	if err := t.del(in, key); err != nil {
		return err
	}
	if err := t.del(bucketJobsSince, r.sinceKey()); err != nil {
		return err
	}
	return t.del(bucketJobs, join(string(r.Kind), r.Key))
}

// placeKey returns the bucket and the key of the index entry of the job's place.
func (r jobRecord) placeKey() (bucket string, key []byte) {
	switch r.Place {
	case placeReady:
		return bucketJobsReady, join(string(r.Kind), rank(r.Urgent), r.Lane, timeKey(r.Due)+r.Key)
	case placeLeased:
		return bucketJobsLeased, join(string(r.Kind), timeKey(r.Until)+r.Key)
	}
	return bucketJobsLater, join(string(r.Kind), timeKey(r.Due)+r.Key)
}

// sinceKey returns the job's key in bucketJobsSince. It contains whether the job failed, so that
// Depth reads no record.
func (r jobRecord) sinceKey() []byte {
	failing := "0"
	if r.Attempt > 0 {
		failing = "1"
	}
	return join(string(r.Kind), timeKey(r.Since)+failing+r.Key)
}

// rank sorts urgent jobs before the others.
func rank(urgent bool) string {
	if urgent {
		return "0"
	}
	return "1"
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
