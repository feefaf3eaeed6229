package connector

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"
)

const (
	maxAnswer = 4 << 20
	attempts  = 3
)

// request is one outgoing REST call.
type request struct {
	op         string
	method     string
	address    string
	body       any // marshalled after pacing; nil for none
	lane       lane
	thread     string
	repeatable bool // idempotent
}

// do makes the call, paced, and repeats it if that is safe. A wait longer than MaxWait is left
// to the caller's queue: the *Error has RetryAfter.
func (c *Connector) do(ctx context.Context, r request) ([]byte, error) {
	var body []byte
	for attempt := 1; ; attempt++ {
		if err := c.paceFor(ctx, r); err != nil {
			return nil, err
		}
		if attempt == 1 && r.body != nil { // in a flood most calls are refused before this
			var err error
			if body, err = encode(r.op, r.body); err != nil {
				return nil, err
			}
		}
		answer, failed := c.try(ctx, r, body)
		if failed == nil {
			return answer, nil
		}
		wait := max(failed.RetryAfter, backoff(attempt))
		if attempt == attempts || wait > c.maxWait || !r.mayRepeat(failed) || ctx.Err() != nil {
			return nil, failed
		}
		if err := c.sleep(ctx, wait); err != nil {
			return nil, failed
		}
	}
}

func (c *Connector) paceFor(ctx context.Context, r request) error {
	l := r.lane
	if l == writing && c.urgent != nil && !c.urgent(ctx) {
		l = background
	}
	if err := c.paceIn(ctx, r, l, r.thread, CodePaced); err != nil {
		return err
	}
	return c.paceIn(ctx, r, tenantWide, "", CodeCrowded)
}

// paceIn waits for a slot of a lane. It fails at once if the wait would be too long.
func (c *Connector) paceIn(ctx context.Context, r request, l lane, thread, code string) error {
	wait, ok := c.pace.reserve(l, thread, c.maxPatience(ctx))
	if !ok {
		return &Error{Op: r.op, Code: code, RetryAfter: wait}
	}
	if wait <= 0 {
		return nil
	}
	if err := c.sleep(ctx, wait); err != nil {
		return &Error{Op: r.op, Code: code, RetryAfter: wait, Err: err}
	}
	return nil
}

// maxPatience is how long a call may wait for its slot: at most until its context's deadline.
func (c *Connector) maxPatience(ctx context.Context) time.Duration {
	if deadline, ok := ctx.Deadline(); ok {
		return min(c.maxWait, time.Until(deadline))
	}
	return c.maxWait
}

// mayRepeat reports whether the call may be repeated. After 401, 412 and 429 nothing was done;
// after other errors only idempotent calls are repeated. 500 is never repeated.
func (r request) mayRepeat(failed *Error) bool {
	switch failed.Status {
	case http.StatusUnauthorized, http.StatusPreconditionFailed, http.StatusTooManyRequests:
		return true
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return r.repeatable
	case 0:
		return failed.Code == "" && (r.repeatable || !failed.Ambiguous)
	}
	return false
}

func (c *Connector) try(ctx context.Context, r request, body []byte) ([]byte, *Error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	token, err := c.token.get(ctx)
	if err != nil {
		return nil, &Error{Op: r.op, Code: CodeToken, Err: err}
	}
	var connected atomic.Bool
	trace := &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { connected.Store(true) }}
	req, err := http.NewRequestWithContext(httptrace.WithClientTrace(ctx, trace), r.method, r.address, bytes.NewReader(body))
	if err != nil {
		return nil, &Error{Op: r.op, Code: CodeInvalid, Err: err}
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Accept", "application/json")
	if body != nil {
		req.Header.Set("Content-Type", "application/json; charset=utf-8")
	}
	resp, err := c.client.Do(req)
	if err != nil {
		return nil, &Error{Op: r.op, Ambiguous: connected.Load(), Err: err}
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if resp.StatusCode >= 200 && resp.StatusCode < 300 {
		if err != nil {
			return nil, &Error{Op: r.op, Ambiguous: true, Err: err}
		}
		return answer, nil
	}
	return nil, c.classify(ctx, r, token, resp, answer)
}

// classify converts an error response to an *Error.
func (c *Connector) classify(ctx context.Context, r request, token string, resp *http.Response, answer []byte) *Error {
	failed := &Error{Op: r.op, Status: resp.StatusCode, RetryAfter: retryAfter(resp.Header.Get("Retry-After"), c.clock(resp))}
	failed.Code, failed.Message = vendorError(answer)
	switch {
	case resp.StatusCode == http.StatusUnauthorized:
		c.token.renew(token)
	case resp.StatusCode == http.StatusForbidden, resp.StatusCode == http.StatusNotFound, resp.StatusCode == http.StatusGone:
		failed.Gone = true
	case resp.StatusCode == http.StatusTooManyRequests:
		c.markThrottled(ctx, r.thread, max(failed.RetryAfter, time.Second))
	case resp.StatusCode >= 500:
		failed.Ambiguous = true
	}
	return failed
}

// clock is the time of a response: the service's Date, or the local time if there is none.
func (c *Connector) clock(resp *http.Response) time.Time {
	if at, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
		return at
	}
	return c.now()
}

// vendorError reads the several shapes of Teams' errors:
//
//	{"error":{"code","message"}}, {"code","message"}, {"errorCode":209,"message":"{\"subCode\":…}"}
func vendorError(answer []byte) (code, message string) {
	f := asFields(answer)
	if inner := f.object("error"); inner != nil {
		f = inner
	}
	code, message = f.text("code"), f.text("message")
	if sub := asFields(json.RawMessage(message)); sub != nil {
		code = cmp.Or(sub.text("subCode"), code)
		message = cmp.Or(sub.text("details"), sub.text("message"))
	}
	return code, clip(message, 500)
}

func backoff(attempt int) time.Duration {
	base := 250 * time.Millisecond << (attempt - 1)
	return base + rand.N(base) //nolint:gosec // jitter is no secret
}
