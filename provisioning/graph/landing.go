package graph

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
)

// restless is how long to be silent after a 429 that does not say.
const restless = 5 * time.Second

// fly sends one batch and hands out its answers.
func (d *desk) fly(work context.Context, calls []*call) {
	sent := d.now()
	results, fail := d.client.post(work, calls)
	d.mu.Lock()
	now, silent := d.now(), d.pace.silent
	d.flying--
	d.busy = now
	if fail == nil {
		d.mayFly = min(maxFlying, 2*d.mayFly)
	}
	for i, c := range calls {
		if fail != nil {
			d.failed(now, c, fail, len(calls))
			continue
		}
		d.landed(now, sent, c, results[i])
	}
	until := d.pace.silent
	d.mu.Unlock()
	d.nudge()
	if until.After(silent) {
		d.keep(work, until)
	}
	if fail != nil {
		d.client.config.Log.WarnContext(work, "graph batch failed", "items", len(calls), "status", fail.status, "request", fail.requestID, "err", fail.err)
	}
}

// keep has the silence outlive this process.
func (d *desk) keep(ctx context.Context, until time.Time) {
	if d.client.config.Silence == nil {
		return
	}
	if err := d.client.config.Silence.Hush(context.WithoutCancel(ctx), until); err != nil {
		d.client.config.Log.WarnContext(ctx, "graph's Retry-After not kept", "until", until, "err", err)
	}
}

// failed deals with a call whose whole batch failed.
func (d *desk) failed(now time.Time, c *call, fail *failure, items int) {
	switch {
	case fail.status == http.StatusTooManyRequests:
		d.pace.waived(c)
		d.retryLater(now, c, fail.retry)
	case fail.retry > 0: // 503 that says when
		d.pace.landed(now, c)
		d.pace.hush(now, fail.retry)
		d.end(c, outcome{err: provisioning.RetryAfter(fail.retry, unavailable(fail))})
	case fail.definite && fail.status != 0 && fail.status != http.StatusUnauthorized && fail.status != http.StatusForbidden && items > 1:
		// One item may have spoilt it for the others.
		d.pace.waived(c)
		c.alone = true
		d.enqueue(c, true)
	default:
		d.pace.landed(now, c)
		d.end(c, outcome{err: batchError(fail)})
	}
}

// landed deals with the answer to one call of a batch that was sent at the time. The
// service behind the batch may refuse a token that the batch took, one revoked or
// from before a change of policy: nothing was done, and the call goes once more.
// https://learn.microsoft.com/entra/identity-platform/app-resilience-continuous-access-evaluation
func (d *desk) landed(now, sent time.Time, c *call, r *result) {
	if r == nil {
		d.pace.landed(now, c)
		d.end(c, outcome{err: unavailable(&failure{err: errMissing})})
		return
	}
	wait := retryAfter(header(r.header, "Retry-After"))
	if r.status == http.StatusTooManyRequests { // its Retry-After says when, whatever the share
		d.pace.waived(c)
		d.retryLater(now, c, wait)
		return
	}
	if share, err := strconv.ParseFloat(header(r.header, "x-ms-throttle-limit-percentage"), 64); err == nil {
		defer d.pace.heard(now, share, c.write)
	}
	d.pace.landed(now, c)
	if r.status == http.StatusUnauthorized && !c.retold && d.client.credential.Renew(sent, header(r.header, "WWW-Authenticate")) {
		c.retold = true
		d.enqueue(c, true)
		return
	}
	if r.status >= http.StatusInternalServerError && wait > 0 {
		d.pace.hush(now, wait)
	}
	d.end(c, outcome{result: r})
}

// retryLater puts a throttled call back at the head of its queue: it goes first
// when the silence ends, unless its patience ends before.
func (d *desk) retryLater(now time.Time, c *call, wait time.Duration) {
	if wait <= 0 {
		wait = restless
	}
	d.mayFly = 1 // one goes first, to see whether the service will have us again
	d.pace.hush(now, wait)
	d.enqueue(c, true)
}

func header(headers map[string]string, name string) string {
	for key, value := range headers {
		if strings.EqualFold(key, name) {
			return value
		}
	}
	return ""
}
