package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/audit"
)

func (c *checker) folios(ctx context.Context) error {
	return eachRecord(ctx, c, bucketFolios, func(k []byte, n int) {
		if n < 1 || n > lastFolio {
			c.problem(bucketFolios, k, "counts to %d", n)
		}
	})
}

// requests also checks that no folio is above the year's counter: it would be assigned again.
func (c *checker) requests(ctx context.Context) error {
	return eachRecord(ctx, c, bucketRequests, func(k []byte, r provisioning.Request) {
		c.same(bucketRequests, k, "its folio", string(r.Folio), string(k))
		c.indexed(bucketRequests, k, bucketByRequester, requesterKey(r))
		c.indexed(bucketRequests, k, bucketByState, stateKey(r))
		year, number, _ := strings.Cut(string(r.Folio), "-")
		if n, err := strconv.Atoi(number); err != nil || n > c.lastOf(year) {
			c.problem(bucketRequests, k, "was never given: the year counts to %d", c.lastOf(year))
		}
	})
}

func (c *checker) lastOf(year string) int {
	n, _ := c.t.counter(bucketFolios, []byte(year)) // an unreadable one is reported by folios
	return n
}

// requestIndexes also finds entries of a former state.
func (c *checker) requestIndexes(ctx context.Context) error {
	for bucket, keyOf := range map[string]func(provisioning.Request) []byte{
		bucketByRequester: requesterKey, bucketByState: stateKey,
	} {
		err := c.astray(ctx, bucket, func(k, _ []byte) {
			if r, ok := record[provisioning.Request](c, bucketRequests, last(k)); !ok || !bytes.Equal(keyOf(r), k) {
				c.problem(bucket, k, "no such request")
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *checker) accounts(ctx context.Context) error {
	var folio provisioning.Folio
	counts := provisioning.Tally{}
	err := eachRecord(ctx, c, bucketAccounts, func(k []byte, a provisioning.Account) {
		c.same(bucketAccounts, k, "its stamp", string(a.Stamp), string(k))
		c.same(bucketAccounts, k, "the stamp of its number", string(provisioning.NewStamp(a.Folio(), a.Number)), string(k))
		c.indexed(bucketAccounts, k, bucketByIdentity, identityKey(a))
		for _, w := range accountWords(a) {
			c.indexed(bucketAccounts, k, bucketByWord, join(w, string(a.Stamp)))
		}
		if a.Folio() != folio {
			c.sumsUp(folio, counts)
			folio, counts = a.Folio(), provisioning.Tally{}
			c.indexed(bucketAccounts, k, bucketRequests, []byte(folio))
		}
		counts[a.State]++
	})
	c.sumsUp(folio, counts)
	return err
}

// sumsUp compares the stored tally with the counted lines.
func (c *checker) sumsUp(f provisioning.Folio, counted provisioning.Tally) {
	if f == "" {
		return
	}
	if kept, _ := c.t.Tally(f); !maps.Equal(kept, counted) {
		c.problem(bucketTallies, []byte(f), "says %v; there are %v", kept, counted)
	}
}

func (c *checker) accountIndexes(ctx context.Context) error {
	err := c.astray(ctx, bucketByIdentity, func(k, _ []byte) {
		if a, ok := record[provisioning.Account](c, bucketAccounts, last(k)); !ok || !bytes.Equal(identityKey(a), k) {
			c.problem(bucketByIdentity, last(k), "the line is not of that holder")
		}
	})
	if err != nil {
		return err
	}
	return c.astray(ctx, bucketByWord, func(k, _ []byte) {
		word, stamp, _ := bytes.Cut(k, []byte(sep))
		if a, ok := record[provisioning.Account](c, bucketAccounts, stamp); !ok || !slices.Contains(accountWords(a), string(word)) {
			c.problem(bucketByWord, stamp, "the line has no such word")
		}
	})
}

// tallies finds tallies without a line; the others are checked by accounts.
func (c *checker) tallies(ctx context.Context) error {
	return c.each(ctx, bucketTallies, func(k, _ []byte) {
		for range c.t.ascend(bucketAccounts, append(k, '-'), nil) {
			return
		}
		c.problem(bucketTallies, k, "the request has no lines")
	})
}

func (c *checker) addresses(ctx context.Context) error {
	return c.each(ctx, bucketAddresses, func(k, v []byte) {
		a, ok := record[provisioning.Account](c, bucketAccounts, v)
		switch {
		case k[0] == retiredMark && (!ok || a.ErasedAt.IsZero()):
			c.problem(bucketAddresses, v, "an address is retired of a line whose holder was not erased")
		case k[0] != retiredMark && (!ok || string(a.Address) != string(k)):
			c.problem(bucketAddresses, v, "the line does not have the address that is reserved for it")
		}
	})
}

// seats counts in memory by SKU, of which a tenant has a few dozen.
func (c *checker) seats(ctx context.Context) error {
	held := map[string]int{}
	err := eachRecord(ctx, c, bucketSeats, func(k []byte, s seat) {
		c.indexed(bucketSeats, k, bucketAccounts, k)
		switch {
		case (s.SKU == "") == (s.Queue == ""):
			c.problem(bucketSeats, k, "neither holds nor waits, or both")
		case s.SKU != "":
			held[s.SKU]++
		default:
			c.indexed(bucketSeats, k, bucketSeatsQueue, join(s.Queue, numberKey(s.Place)))
		}
	})
	if err != nil {
		return err
	}
	err = eachRecord(ctx, c, bucketSeatsHeld, func(k []byte, n int) {
		if n != held[string(k)] {
			c.problem(bucketSeatsHeld, k, "says %d; there are %d", n, held[string(k)])
		}
		delete(held, string(k))
	})
	for sku, n := range held {
		c.problem(bucketSeatsHeld, []byte(sku), "says nothing; there are %d", n)
	}
	return err
}

func (c *checker) queues(ctx context.Context) error {
	return c.each(ctx, bucketSeatsQueue, func(k, v []byte) {
		s, ok := record[seat](c, bucketSeats, v)
		if !ok || !bytes.Equal(join(s.Queue, numberKey(s.Place)), k) {
			c.problem(bucketSeatsQueue, v, "the line does not wait there")
		}
		c.numbered(bucketSeatsQueue, v, keyNumber(k))
	})
}

func (c *checker) outbox(ctx context.Context) error {
	return eachRecord(ctx, c, bucketOutbox, func(k []byte, n provisioning.Notice) {
		if !bytes.Equal(join(n.To, numberKey(n.ID)), k) {
			c.problem(bucketOutbox, []byte(n.To), "notice %d is not where it belongs", n.ID)
		}
		if n.Once != "" {
			c.indexed(bucketOutbox, []byte(n.To), bucketOnce, []byte(n.Once))
		}
		c.numbered(bucketOutbox, []byte(n.To), n.ID)
	})
}

// numbered reports a number that is 0 or above the bucket's sequence.
func (c *checker) numbered(bucket string, key []byte, n uint64) {
	if given := c.t.bolt.Bucket([]byte(bucket)).Sequence(); n == 0 || n > given {
		c.problem(bucket, key, "has number %d; the last given is %d", n, given)
	}
}

// audit also verifies the chain; of that only the first broken link is reported.
func (c *checker) audit(ctx context.Context) error {
	var seq uint64
	err := eachRecord(ctx, c, bucketAudit, func(k []byte, e audit.Entry) {
		seq++
		if e.Seq != keyNumber(k) || e.Seq != seq {
			c.problem(bucketAudit, []byte(e.Act), "entry %d is at %d, where %d belongs", e.Seq, keyNumber(k), seq)
			seq = keyNumber(k)
		}
		if e.Folio != "" {
			c.indexed(bucketAudit, []byte(e.Folio), bucketAuditFolio, join(e.Folio, numberKey(e.Seq)))
		}
	})
	if given := c.t.bolt.Bucket([]byte(bucketAudit)).Sequence(); err == nil && given != seq {
		c.problem(bucketAudit, nil, "ends at %d; the last given is %d", seq, given)
	}
	if err != nil {
		return err
	}
	return c.chain()
}

// chain reports the first broken link of the audit.
func (c *checker) chain() error {
	_, err := audit.Verify(c.t.Chain())
	if broken, is := errors.AsType[*audit.Break](err); is {
		c.problem(bucketAudit, []byte(broken.Entry.Act), "%v", broken)
		return nil
	}
	return err
}

func (c *checker) auditIndex(ctx context.Context) error {
	return c.astray(ctx, bucketAuditFolio, func(k, _ []byte) {
		folio, seq, _ := bytes.Cut(k, []byte(sep))
		if e, ok := record[audit.Entry](c, bucketAudit, seq); !ok || e.Folio != string(folio) {
			c.problem(bucketAuditFolio, folio, "entry %d is not the request's", keyNumber(k))
		}
	})
}

func (c *checker) documents(ctx context.Context) error {
	return c.each(ctx, bucketDocuments, func(k, v []byte) {
		if !json.Valid(v) {
			c.problem(bucketDocuments, k, "cannot be read")
		}
	})
}
