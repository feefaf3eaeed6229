package graph

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/provisioning/job"
)

// send sends one batch and distributes its answers.
func (b *batcher) send(work context.Context, calls []*call) {
	sent := b.now()
	results, fail := b.client.post(work, calls)
	b.mu.Lock()
	now, pausedUntil := b.now(), b.pace.pausedUntil
	b.outstanding--
	b.lastActive = now
	if fail == nil {
		b.allowed = min(maxOutstanding, 2*b.allowed)
	}
	for i, c := range calls {
		if fail != nil {
			b.failed(now, c, fail, len(calls))
			continue
		}
		b.answered(now, sent, c, results[i])
	}
	until := b.pace.pausedUntil
	b.mu.Unlock()
	b.notify()
	if until.After(pausedUntil) {
		b.saveRetryAfter(work, until)
	}
	if fail != nil {
		b.client.config.Log.WarnContext(work, "graph batch failed", "items", len(calls), "status", fail.status, "request", fail.requestID, "err", fail.err)
	}
}

// saveRetryAfter saves the end of the Retry-After period, to apply after a restart.
func (b *batcher) saveRetryAfter(ctx context.Context, until time.Time) {
	if b.client.config.Throttle == nil {
		return
	}
	if err := b.client.config.Throttle.Save(context.WithoutCancel(ctx), until); err != nil {
		b.client.config.Log.WarnContext(ctx, "graph's Retry-After not saved", "until", until, "err", err)
	}
}

// failed handles a call whose whole batch failed.
func (b *batcher) failed(now time.Time, c *call, fail *failure, items int) {
	switch {
	case fail.status == http.StatusTooManyRequests:
		b.pace.unbook(c)
		b.retryLater(now, c, fail.retry)
	case fail.retry > 0: // 503 with Retry-After
		b.pace.settle(now, c)
		b.pause(now, fail.retry)
		b.end(c, outcome{err: job.RetryAfter(fail.retry, unavailable(fail))})
	case fail.definite && fail.status != 0 && fail.status != http.StatusUnauthorized && fail.status != http.StatusForbidden && items > 1:
		// One invalid item may be the reason: send each in a batch of its own.
		b.pace.unbook(c)
		c.alone = true
		b.enqueue(c, true)
	default:
		b.pace.settle(now, c)
		b.end(c, outcome{err: batchError(fail)})
	}
}

// answered handles the answer to one call of a batch sent at that time. The service behind the
// batch endpoint may refuse a token that the endpoint accepted, because it was revoked or a
// policy changed: the call had no effect and is sent once more.
// https://learn.microsoft.com/entra/identity-platform/app-resilience-continuous-access-evaluation
func (b *batcher) answered(now, sent time.Time, c *call, r *result) {
	if r == nil {
		b.pace.settle(now, c)
		b.end(c, outcome{err: unavailable(&failure{err: errMissing})})
		return
	}
	if r.status == http.StatusTooManyRequests { // its Retry-After decides, not the share
		b.pace.unbook(c)
		b.retryLater(now, c, r.retry)
		return
	}
	if share, err := strconv.ParseFloat(header(r.header, "x-ms-throttle-limit-percentage"), 64); err == nil {
		defer b.pace.recordShare(now, share, c.write)
	}
	b.pace.settle(now, c)
	if r.status == http.StatusUnauthorized && !c.resent && b.client.credential.Renew(sent, header(r.header, "WWW-Authenticate")) {
		c.resent = true
		b.enqueue(c, true)
		return
	}
	if r.status >= http.StatusInternalServerError && r.retry > 0 {
		b.pause(now, r.retry)
	}
	b.end(c, outcome{result: r})
}

// retryLater puts a throttled call back at the head of its queue, to be sent first after the
// Retry-After period, unless Config.Patience ends before.
func (b *batcher) retryLater(now time.Time, c *call, wait time.Duration) {
	if wait <= 0 {
		wait = b.pace.backOff(now)
	}
	b.pause(now, wait)
	b.enqueue(c, true)
}

// pause stops sending for wait. After that a single batch is sent first, as a probe.
func (b *batcher) pause(now time.Time, wait time.Duration) {
	b.allowed = 1
	b.pace.pause(now, wait)
}

func header(headers map[string]any, name string) string {
	for key, value := range headers {
		if strings.EqualFold(key, name) {
			return fmt.Sprint(value)
		}
	}
	return ""
}
