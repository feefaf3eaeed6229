package provisioning

import (
	"context"
	"errors"

	"seducoahuila.gob.mx/altas/provisioning/job"
)

// Start applies a request's decision to its lines. If the request is authorised its kind starts
// them; if it ended, what is reserved for each is released.
func (p *Executor) Start(ctx context.Context, j job.Job) error {
	r, err := p.request(ctx, Folio(j.Key))
	if err != nil {
		return err
	}
	kind, err := p.Kinds.of(r.Kind)
	switch {
	case err != nil:
		return err
	case r.State == StateProvisioning || r.State == StateAttention:
		return kind.Begin(ctx, r)
	case r.State.Final() && r.State != StateCompleted:
		return p.EachLine(ctx, r.Folio, kind.Release)
	}
	return nil
}

// Wake enqueues the jobs of every open request when a process starts. Under the rules of the former
// process, lines may wait for a licence that is no longer needed, and reminders may be missing.
func (p *Executor) Wake(ctx context.Context) error {
	for _, state := range []RequestState{StateDirector, StateSubdirector, StateReturned, StateProvisioning, StateAttention} {
		last, err := p.wakePage(ctx, state, "")
		for last != "" && err == nil {
			last, err = p.wakePage(ctx, state, last)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// wakePage is Wake for one page of the requests in a state, those below a folio. It returns the
// last folio of the page, "" if there are no more.
func (p *Executor) wakePage(ctx context.Context, state RequestState, below Folio) (last Folio, err error) {
	err = p.Store.Update(ctx, func(tx Tx) error {
		last = ""
		page, err := head(tx.ListRequests(RequestFilter{State: state, Before: below}), pageOfLines)
		for _, r := range page {
			err = errors.Join(err, p.wake(tx, r))
		}
		if len(page) == pageOfLines {
			last = page[len(page)-1].Folio
		}
		return err
	})
	return last, err
}

func (p *Executor) wake(tx Tx, r Request) error {
	err := tx.Enqueue(job.Job{Kind: JobRemind, Key: string(r.Folio), Due: p.Now()})
	if r.State == StateProvisioning || r.State == StateAttention {
		start := job.Job{Kind: JobStart, Key: string(r.Folio), Urgent: r.Lines <= urgentLines, Due: p.Now()}
		err = errors.Join(err, tx.Enqueue(start))
	}
	return err
}
