package graphfake

import (
	"net/http"
	"strconv"
	"time"
)

// Fault breaks the next requests of one operation.
type Fault struct {
	Op    string // users.create, users.assignLicense … "batch" the whole $batch, "*" any request
	After bool   // the effect happens, only its answer is lost
	Times int    // how many requests; 0 is one
	Skip  int    // how many requests pass first

	Break      Break
	Status     int           // for BreakStatus: 429, 500, 503, 504 …
	Code       string        // error code beside Status
	Message    string        // error message beside Status
	RetryAfter time.Duration // sent with Status
	Share      float64       // x-ms-throttle-limit-percentage sent with Status, 0 for none
	Delay      time.Duration // for BreakSlow
}

// Break is what the caller gets in place of an answer.
type Break int

// BreakStatus answers an error with Fault.Status; BreakReset cuts the
// connection; BreakEmptyObject answers Status with the body {}; BreakHTML a
// proxy's page; BreakNoBody nothing but the Status. With BreakSlow the request is
// done and answered as any, Fault.Delay late.
const (
	BreakStatus Break = iota
	BreakReset
	BreakEmptyObject
	BreakHTML
	BreakNoBody
	BreakSlow
)

// Fail plans a fault. Faults of the same operation apply one after another.
func (t *Tenant) Fail(f Fault) {
	t.gate.mu.Lock()
	defer t.gate.mu.Unlock()
	f.Times = max(1, f.Times)
	t.gate.faults = append(t.gate.faults, &f)
}

// Heal forgets all planned faults, and the hook.
func (t *Tenant) Heal() {
	t.gate.mu.Lock()
	defer t.gate.mu.Unlock()
	t.gate.faults, t.gate.hook = nil, nil
}

// OnRequest lets hook decide about a fault of every request that none was
// planned for. It is called from many goroutines at once.
func (t *Tenant) OnRequest(hook func(op string) (Fault, bool)) {
	t.gate.mu.Lock()
	defer t.gate.mu.Unlock()
	t.gate.hook = hook
}

// fail is the broken answer.
func (t *Tenant) fail(c *call, f Fault) answer {
	status := f.Status
	if status == 0 {
		status = http.StatusServiceUnavailable
	}
	c.throttled = false // what was answered before is lost
	if f.RetryAfter > 0 && f.Break == BreakStatus {
		t.gate.mu.Lock()
		t.gate.silence(c, f.RetryAfter)
		t.gate.mu.Unlock()
	}
	switch f.Break {
	case BreakReset:
		return answer{reset: true}
	case BreakEmptyObject:
		return answer{status: status, body: map[string]any{}}
	case BreakHTML:
		return answer{status: status, kind: "text/html", raw: "<html><body><h1>Our services aren't available right now</h1></body></html>"}
	case BreakNoBody:
		return answer{status: status}
	}
	code, message := f.Code, f.Message
	if code == "" {
		code, message = statusCode(status)
	}
	a := t.refuse(c, &fault{status: status, code: code, message: message, retryAfter: f.RetryAfter})
	if f.Share > 0 {
		a = a.with(map[string]string{"x-ms-throttle-limit-percentage": strconv.FormatFloat(f.Share, 'f', 2, 64)})
	}
	return a
}

func statusCode(status int) (code, message string) {
	switch status {
	case http.StatusTooManyRequests:
		return "TooManyRequests", "Too many requests."
	case http.StatusServiceUnavailable:
		return "serviceNotAvailable", "The service is temporarily unavailable. Please try again later."
	case http.StatusGatewayTimeout:
		return "UnknownError", "Gateway timeout."
	}
	return "InternalServerError", "Internal Server Error"
}
