package store

import (
	"context"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
)

// Forgotten reads the whole file and returns work without a job, and reservations that should
// have been released or are missing: lines of an authorised request without a job, receipts
// rows without a job, seats and addresses of lines that no longer need them, an open line whose
// address is not reserved. No committed transaction leaves any of these. Notices of an
// unreachable person may be pending without a job. Its only error is ctx's.
func (db *DB) Forgotten(ctx context.Context) ([]Problem, error) {
	return db.look(ctx, func(c *checker) error {
		for _, look := range []func(context.Context) error{c.carried, c.settled, c.waiting} {
			if err := look(ctx); err != nil {
				return err
			}
		}
		return nil
	})
}

// owes reports a record whose job is not in the queue.
func (c *checker) owes(bucket string, key []byte, kind job.Kind, named string) {
	if !c.owed(kind, named) {
		c.problem(bucket, key, "needs the job %s %s, which is not owed", kind, last([]byte(named)))
	}
}

func (c *checker) owed(kind job.Kind, named string) bool {
	return c.t.has(bucketJobs, join(string(kind), named))
}

// carried checks that each line has the job and the reservations that its state needs.
func (c *checker) carried(ctx context.Context) error {
	var r provisioning.Request
	return eachRecord(ctx, c, bucketAccounts, func(k []byte, a provisioning.Account) {
		if a.Folio() != r.Folio {
			r, _ = record[provisioning.Request](c, bucketRequests, []byte(a.Folio()))
		}
		authorised := r.State == provisioning.StateProvisioning || r.State == provisioning.StateAttention
		s, _ := c.t.seatOf(a.Stamp) // an unreadable one is reported by Check
		c.seated(k, a, s, authorised)
		switch {
		case a.State == provisioning.AccountAnnounced && a.RecordedAt.IsZero():
			c.owes(bucketAccounts, k, provisioning.JobReceipt, string(a.Stamp))
		case a.State.Final() || r.State.Final():
			return
		case a.State == provisioning.AccountAttention:
			if a.Trouble == nil || r.State != provisioning.StateAttention {
				c.problem(bucketAccounts, k, "is in attention, its request %s", r.State)
			}
		case authorised && s.Queue == "" && !c.owed(provisioning.JobStart, string(a.Folio())):
			c.owes(bucketAccounts, k, provisioning.JobLine, string(a.Stamp))
		}
		if holder, _ := c.t.HolderOf(a.Address); a.Kind.Creates() && holder != a.Stamp {
			c.problem(bucketAccounts, k, "does not hold its address")
		}
	})
}

// seated checks the seat reserved for a line.
func (c *checker) seated(k []byte, a provisioning.Account, s seat, authorised bool) {
	switch {
	case s == (seat{}):
		return
	case a.State.Final() || !authorised || !a.LicensedAt.IsZero():
		c.problem(bucketSeats, k, "is kept for a line that is %s", a.State)
	case s.SKU != a.SKU:
		c.problem(bucketSeats, k, "is of %q; the line has %q", s.SKU, a.SKU)
	}
}

// settled checks that each request's state follows from its lines, and that a final request
// reserves no address for a line without an account.
func (c *checker) settled(ctx context.Context) error {
	return eachRecord(ctx, c, bucketRequests, func(k []byte, r provisioning.Request) {
		tally, _ := c.t.Tally(r.Folio)
		c.same(bucketRequests, k, "its state", string(r.State), string(r.Settle(tally, r.StageSince).State))
		if r.State != provisioning.StateReturned && !r.State.Final() || c.owed(provisioning.JobStart, string(r.Folio)) {
			return
		}
		for a, err := range c.t.AccountsOf(r.Folio, 0) {
			if holder, _ := c.t.HolderOf(a.Address); err == nil && r.State.Final() && !a.Made() && holder == a.Stamp {
				c.problem(bucketAddresses, k, "line %d keeps an address that it will never have", a.Number)
			}
		}
	})
}

// waiting checks that each queue for seats has its job.
func (c *checker) waiting(ctx context.Context) error {
	return c.each(ctx, bucketSeatsQueue, func(k, v []byte) {
		queue := string(k[:len(k)-len(sep)-len(numberKey(0))])
		c.owes(bucketSeatsQueue, v, provisioning.JobSeats, queue)
	})
}
