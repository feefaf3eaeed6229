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

// frozenReceipts answers no call. It does not block the tests: it returns at once, and counts how
// long its caller would have waited.
type frozenReceipts struct {
	mu     sync.Mutex
	frozen bool
	asked  int
	waited time.Duration
	provisioning.Receipts
}

func (f *frozenReceipts) block(ctx context.Context) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.frozen {
		return nil
	}
	patience := 10 * time.Second // of a statement, in store/receipts
	if until, bounded := ctx.Deadline(); bounded {
		patience = min(patience, time.Until(until))
	}
	if patience < 10*time.Second { // otherwise it is the row's own job, which blocks nobody
		f.waited += patience
	}
	f.asked++
	return problem.Refuse(problem.CodeUnavailable, "receipts.unavailable")
}

func (f *frozenReceipts) Put(ctx context.Context, r provisioning.Receipt) error {
	if err := f.block(ctx); err != nil {
		return err
	}
	return f.Receipts.Put(ctx, r)
}

func (f *frozenReceipts) Find(ctx context.Context, q provisioning.ReceiptQuery) ([]provisioning.Receipt, error) {
	if err := f.block(ctx); err != nil {
		return nil, err
	}
	return f.Receipts.Find(ctx, q)
}

func (f *frozenReceipts) Recovered(ctx context.Context, a identity.Address, folio provisioning.Folio, at time.Time) error {
	if err := f.block(ctx); err != nil {
		return err
	}
	return f.Receipts.Recovered(ctx, a, folio, at)
}

// The receipts server accepts connections and never answers. Ana's account is announced
// nevertheless, some three seconds later: only the first call waits. The row is written when the
// server answers again.
func TestAFrozenReceiptsServerDelaysNobodyForLong(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, func(s *pipelineOptions) { s.speed = 1 })
	f := p.submit(ana())
	p.approve(f)
	frozen := &frozenReceipts{Receipts: p.executor.Receipts, frozen: true}
	p.executor.Receipts = frozen
	p.runner.Drain(t.Context())
	p.want(f, 1, provisioning.AccountAnnounced, anaMail)
	frozen.mu.Lock()
	asked, waited := frozen.asked, frozen.waited
	frozen.frozen = false
	frozen.mu.Unlock()
	if asked == 0 || waited == 0 || waited > 6*time.Second { // twice, on a very slow machine
		t.Errorf("asked %d times; the announcement waited %s", asked, waited)
	}
	p.runFor(10 * time.Minute)
	p.settle()
	if a := p.want(f, 1, provisioning.AccountAnnounced, anaMail); a.RecordedAt.IsZero() {
		t.Error("the row was never written")
	}
}
