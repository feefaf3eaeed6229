package service_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// frozenReceipts takes every call and answers none. It does not keep the tests waiting:
// it gives up at once, and counts how long its caller would have waited.
type frozenReceipts struct {
	mu     sync.Mutex
	frozen bool
	asked  int
	waited time.Duration
	provisioning.Receipts
}

func (f *frozenReceipts) freeze(ctx context.Context) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.frozen {
		return nil
	}
	patience := 10 * time.Second // a statement's, by store/receipts
	if until, bounded := ctx.Deadline(); bounded {
		patience = min(patience, time.Until(until))
	}
	if patience < 10*time.Second { // else the job of the row alone, which holds up nobody
		f.waited += patience
	}
	f.asked++
	return problem.Refuse(problem.CodeUnavailable, "receipts.unavailable")
}

func (f *frozenReceipts) Put(ctx context.Context, r provisioning.Receipt) error {
	if err := f.freeze(ctx); err != nil {
		return err
	}
	return f.Receipts.Put(ctx, r)
}

func (f *frozenReceipts) Find(ctx context.Context, q provisioning.ReceiptQuery) ([]provisioning.Receipt, error) {
	if err := f.freeze(ctx); err != nil {
		return nil, err
	}
	return f.Receipts.Find(ctx, q)
}

func (f *frozenReceipts) Recovered(ctx context.Context, a identity.Address, folio provisioning.Folio, at time.Time) error {
	if err := f.freeze(ctx); err != nil {
		return err
	}
	return f.Receipts.Recovered(ctx, a, folio, at)
}

// The receipts server accepts connections and never answers. Ana's account is announced
// all the same, some three seconds later than without it: the first to ask finds out,
// and nobody else does. The row is written when it answers again.
func TestAFrozenReceiptsServerDelaysNobodyForLong(t *testing.T) {
	t.Parallel()
	p := build(t, func(s *site) { s.haste = 1 })
	f := p.submit(ana())
	p.approve(f)
	frozen := &frozenReceipts{Receipts: p.works.Receipts, frozen: true}
	p.works.Receipts = frozen
	p.runner.Drain(t.Context())
	p.want(f, 1, provisioning.AccountAnnounced, anaMail)
	frozen.mu.Lock()
	asked, waited := frozen.asked, frozen.waited
	frozen.frozen = false
	frozen.mu.Unlock()
	if asked == 0 || waited == 0 || waited > 6*time.Second { // twice, on a machine so slow that it is time to look again
		t.Errorf("asked %d times; the announcement waited %s", asked, waited)
	}
	p.pass(10 * time.Minute)
	p.settle()
	if a := p.want(f, 1, provisioning.AccountAnnounced, anaMail); a.RecordedAt.IsZero() {
		t.Error("the row was never written")
	}
}
