package store

import (
	"bytes"
	"context"
)

func (c *checker) jobs(ctx context.Context) error {
	return eachRecord(ctx, c, bucketJobs, func(k []byte, r jobRecord) {
		if !bytes.Equal(join(string(r.Kind), r.Key), k) {
			c.problem(bucketJobs, k, "is %s %s", r.Kind, r.Key)
		}
		in, entry := r.placeKey()
		c.indexed(bucketJobs, k, in, entry)
		c.indexed(bucketJobs, k, bucketJobsSince, r.sinceKey())
		if leased := r.Place == placeLeased; leased == (r.Lease == 0) || leased == r.Until.IsZero() || !leased && r.Again != nil {
			c.problem(bucketJobs, k, "is %s, with lease %d until %v", r.Place, r.Lease, r.Until)
		}
	})
}

// jobIndexes finds index entries whose job does not exist or is in another index: Claim would
// look for the job, or NextDue return its time, in vain.
func (c *checker) jobIndexes(ctx context.Context) error {
	for bucket, keyOf := range map[string]func(k []byte) (kind, key []byte){
		bucketJobsLater: timedKey, bucketJobsLeased: timedKey, bucketJobsReady: readyKey, bucketJobsSince: sinceKeyOf,
	} {
		err := c.astray(ctx, bucket, func(k, _ []byte) {
			kind, key := keyOf(k)
			r, ok := record[jobRecord](c, bucketJobs, join(string(kind), string(key)))
			in, entry := r.placeKey()
			if bucket == bucketJobsSince {
				in, entry = bucket, r.sinceKey()
			}
			if !ok || in != bucket || !bytes.Equal(entry, k) {
				c.problem(bucket, join(string(kind), string(key)), "the job is not there")
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// timedKey, readyKey and sinceKeyOf parse the keys that placeKey and sinceKey return.
func timedKey(k []byte) (kind, key []byte) {
	kind, rest, _ := bytes.Cut(k, []byte(sep))
	return kind, from(rest, timeSize)
}

func readyKey(k []byte) (kind, key []byte) {
	kind, rest, _ := bytes.Cut(k, []byte(sep))
	_, rest, _ = bytes.Cut(from(rest, len("0")+len(sep)), []byte(sep))
	return kind, from(rest, timeSize)
}

func sinceKeyOf(k []byte) (kind, key []byte) {
	kind, rest, _ := bytes.Cut(k, []byte(sep))
	return kind, from(rest, timeSize+len("0"))
}

// from returns b[n:]; empty if b is shorter.
func from(b []byte, n int) []byte { return b[min(n, len(b)):] }
