package provisioning

import (
	"errors"
	"time"

	"seducoahuila.gob.mx/altas/provisioning/job"
)

// PutLine writes a line and the audit entry of its move, with the states before and after it, and sets
// its request's state by its lines.
// The cards are updated if the change is visible.
func PutLine(tx Tx, a Account, e Entered) error {
	before, err := tx.Account(a.Stamp)
	if err != nil {
		return err
	}
	e.Before, e.After = string(before.State), string(a.State)
	if err := errors.Join(tx.PutAccount(a), tx.Record(e)); err != nil {
		return err
	}
	return settle(tx, a, e.At)
}

// settle sets the state of a changed line's request.
func settle(tx Tx, a Account, at time.Time) error {
	r, err := tx.Request(a.Folio())
	if err != nil {
		return err
	}
	tally, err := tx.Tally(r.Folio)
	if err != nil {
		return err
	}
	settled := r.Settle(tally, at)
	if settled.Version != r.Version {
		if err := errors.Join(tx.PutRequest(settled), letterDue(tx, settled, at)); err != nil {
			return err
		}
		if settled.State == StateAttention || r.State == StateAttention {
			if err := tx.Enqueue(job.Job{Kind: JobRemind, Key: string(r.Folio), Due: at}); err != nil {
				return err
			}
		}
		if settled.State == StateCompleted && r.Lines > 1 {
			if err := tellOnce(tx, settled, NoticeCompleted, "", at); err != nil {
				return err
			}
		}
	}
	if settled.Version == r.Version && !a.State.Final() && a.State != AccountAttention {
		return nil
	}
	return tx.Enqueue(job.Job{Kind: JobCards, Key: string(r.Folio), Urgent: r.Lines <= urgentLines, Due: cardsDue(settled, at)})
}

// cardsDue returns when to update the cards: for a list that is not completed, with a delay, so
// that they are not updated at every line.
func cardsDue(r Request, now time.Time) time.Time {
	if r.Lines <= urgentLines || r.State == StateCompleted {
		return now
	}
	return now.Add(5 * time.Second)
}
