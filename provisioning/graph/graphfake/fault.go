package graphfake

import (
	"net/http"
	"strconv"
	"time"
)

// Fault makes the next requests of one operation fail.
type Fault struct {
	Op    string // users.create, users.assignLicense …; "batch": the whole $batch; "*": any operation
	After bool   // fail after the effect, instead of before
	Times int    // number of requests that fail; 0 is one
	Skip  int    // number of requests that succeed first

	Break      Break
	Status     int           // for BreakStatus: 429, 500, 503, 504 …
	Code       string        // error code of Status
	Message    string        // error message of Status
	RetryAfter time.Duration // sent with Status
	Share      float64       // x-ms-throttle-limit-percentage sent with Status; 0: not sent
	Delay      time.Duration // for BreakSlow
}

// Break is the kind of failure.
type Break int

// BreakStatus responds with an error with Fault.Status; BreakReset closes the connection;
// BreakEmptyObject responds with Status and the body {}; BreakHTML with Status and a proxy's page;
// BreakNoBody with Status only. With BreakSlow the request is processed normally after Fault.Delay.
const (
	BreakStatus Break = iota
	BreakReset
	BreakEmptyObject
	BreakHTML
	BreakNoBody
	BreakSlow
)

// Fail plans a fault. Faults of the same operation apply one after the other.
func (t *Tenant) Fail(f Fault) {
	t.admission.mu.Lock()
	defer t.admission.mu.Unlock()
	f.Times = max(1, f.Times)
	t.admission.faults = append(t.admission.faults, &f)
}

// Heal removes all planned faults and the hook.
func (t *Tenant) Heal() {
	t.admission.mu.Lock()
	defer t.admission.mu.Unlock()
	t.admission.faults, t.admission.hook = nil, nil
}

// OnRequest sets a hook that returns the fault of a request for which none is planned, if any. It is
// called concurrently.
func (t *Tenant) OnRequest(hook func(op string) (Fault, bool)) {
	t.admission.mu.Lock()
	defer t.admission.mu.Unlock()
	t.admission.hook = hook
}

// fail returns the response of a fault.
func (t *Tenant) fail(c *call, f Fault) answer {
	status := f.Status
	if status == 0 {
		status = http.StatusServiceUnavailable
	}
	c.throttled = false // the throttled response is not sent
	if f.RetryAfter > 0 && f.Break == BreakStatus {
		t.admission.mu.Lock()
		t.admission.startRetryAfter(c, f.RetryAfter)
		t.admission.mu.Unlock()
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
