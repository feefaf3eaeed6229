package store

import (
	"encoding/json"
	"fmt"

	"go.etcd.io/bbolt"
)

// The buckets; README.md describes their keys and values.
const (
	bucketMeta        = "meta"
	bucketFolios      = "folios"
	bucketRequests    = "requests"
	bucketByRequester = "requests.requester"
	bucketByState     = "requests.state"
	bucketAccounts    = "accounts"
	bucketByIdentity  = "accounts.identity"
	bucketByWord      = "accounts.word"
	bucketTallies     = "accounts.tally"
	bucketAddresses   = "addresses"
	bucketSeats       = "seats"
	bucketSeatsHeld   = "seats.held"
	bucketSeatsQueue  = "seats.queue"
	bucketOutbox      = "outbox"
	bucketOnce        = "outbox.once"
	bucketAudit       = "audit"
	bucketAuditFolio  = "audit.folio"
	bucketDocuments   = "documents"
	bucketJobs        = "jobs"
	bucketJobsSince   = "jobs.since"
	bucketJobsLater   = "jobs.later"
	bucketJobsReady   = "jobs.ready"
	bucketJobsLeased  = "jobs.leased"
	bucketJobsTurn    = "jobs.turn"
)

// keySchema is the key of the file's schema version in bucketMeta.
const keySchema = "schema"

// migration upgrades a file by one schema version. Its version is its index in migrations,
// counted from 1. A released migration is never changed.
type migration struct {
	about string
	apply func(*bbolt.Tx) error
}

func migrations() []migration {
	return []migration{
		{"the first buckets", makeBuckets(
			bucketFolios, bucketRequests, bucketByRequester, bucketByState,
			bucketAccounts, bucketByIdentity, bucketByWord, bucketTallies,
			bucketAddresses, bucketSeats, bucketSeatsHeld, bucketSeatsQueue,
			bucketOutbox, bucketOnce, bucketAudit, bucketAuditFolio, bucketDocuments,
			bucketJobs, bucketJobsSince, bucketJobsLater, bucketJobsReady, bucketJobsLeased, bucketJobsTurn,
		)},
		// Versions before take every line for one that creates an account, and must not open the file.
		{"requests about accounts that exist", func(*bbolt.Tx) error { return nil }},
		{"chained audit entries", chainAudit},
	}
}

func makeBuckets(names ...string) func(*bbolt.Tx) error {
	return func(b *bbolt.Tx) error {
		for _, name := range names {
			if _, err := b.CreateBucket([]byte(name)); err != nil {
				return fmt.Errorf("bucket %s: %w", name, err)
			}
		}
		return nil
	}
}

// migrate applies the missing steps in one transaction.
func (db *DB) migrate(steps []migration) error {
	version, err := db.schema()
	switch {
	case err != nil:
		return err
	case version > len(steps):
		return fmt.Errorf("it was written by a newer Altas: its schema is %d, this one reads up to %d", version, len(steps))
	case version == len(steps):
		return nil
	}
	return db.bolt.Update(func(b *bbolt.Tx) error {
		for i, step := range steps[version:] {
			if err := step.apply(b); err != nil {
				return fmt.Errorf("migration %d (%s): %w", version+i+1, step.about, err)
			}
		}
		meta, err := b.CreateBucketIfNotExists([]byte(bucketMeta))
		if err != nil {
			return err
		}
		data, err := json.Marshal(len(steps))
		if err != nil {
			return err
		}
		return meta.Put([]byte(keySchema), data)
	})
}

// schema returns the file's schema version; 0 for a new file.
func (db *DB) schema() (version int, err error) {
	err = db.bolt.View(func(b *bbolt.Tx) error {
		meta := b.Bucket([]byte(bucketMeta))
		if meta == nil {
			return nil
		}
		if err := json.Unmarshal(meta.Get([]byte(keySchema)), &version); err != nil {
			return fmt.Errorf("its schema version cannot be read: %w", err)
		}
		return nil
	})
	return version, err
}
