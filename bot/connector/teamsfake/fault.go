package teamsfake

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"time"
)

// Fault is how the next matching requests fail. The zero value answers the first request with 503,
// once, without its effect.
type Fault struct {
	Method     string        // any if empty
	Path       string        // part of the decoded path; any if empty
	Suffix     string        // suffix of the path; any if empty
	Body       string        // part of the request body; any if empty
	Skip       int           // matching requests that succeed before
	Times      int           // 1 if zero
	After      bool          // the request has its effect, then its response is lost
	Drop       bool          // the connection is closed instead of a response
	Delay      time.Duration // the response is delayed, at most until the caller gives up
	Status     int           // 503 if zero, unless Drop or only Delay is set
	Code       string        // error code in the body
	RetryAfter string        // header
	Late       bool          // with Delay: the request has its effect after the delay, not before it
	Bare       bool          // the response body is {}, whatever its status
}

// Inject adds a fault.
func (f *Fake) Inject(fault Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if fault.Times == 0 {
		fault.Times = 1
	}
	f.faults = append(f.faults, &fault)
}

// Heal removes all faults.
func (f *Fake) Heal() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults = nil
}

// FaultsLeft returns how many times faults are still to occur.
func (f *Fake) FaultsLeft() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	left := 0
	for _, fault := range f.faults {
		left += fault.Times
	}
	return left
}

// matches reports whether the fault applies to the request.
func (fault *Fault) matches(r *http.Request, body []byte) bool {
	return fault.Times > 0 && (fault.Method == "" || fault.Method == r.Method) && strings.Contains(r.URL.Path, fault.Path) &&
		strings.HasSuffix(r.URL.Path, fault.Suffix) && bytes.Contains(body, []byte(fault.Body))
}

func (f *Fake) takeFault(r *http.Request) *Fault {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil // the client closed the connection
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, fault := range f.faults {
		if !fault.matches(r, body) {
			continue
		}
		if fault.Skip > 0 {
			fault.Skip--
			continue
		}
		fault.Times--
		return fault
	}
	return nil
}

func (f *Fake) withFaults(w http.ResponseWriter, r *http.Request, serve func() answer) {
	fault := f.takeFault(r)
	if fault == nil {
		serve().write(w)
		return
	}
	onlySlow := fault.Delay > 0 && !fault.Drop && fault.Status == 0
	var good answer
	if (fault.After || onlySlow) && !fault.Late {
		good = serve()
	}
	if fault.Delay > 0 {
		timer := time.NewTimer(fault.Delay)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-r.Context().Done():
			return
		}
	}
	if (fault.After || onlySlow) && fault.Late {
		good = serve()
	}
	switch {
	case onlySlow:
		good.write(w)
	case fault.Drop:
		drop(w)
	default:
		fault.answer().write(w)
	}
}

func (fault *Fault) answer() answer {
	a := answer{status: fault.Status, header: map[string]string{}}
	if a.status == 0 {
		a.status = http.StatusServiceUnavailable
	}
	if fault.RetryAfter != "" {
		a.header["Retry-After"] = fault.RetryAfter
	}
	code := fault.Code
	if code == "" {
		code = "ServiceError"
	}
	a.body = object{"error": object{"code": code, "message": http.StatusText(a.status)}}
	if fault.Bare {
		a.body = object{}
	}
	return a
}

// drop closes the connection without a response.
func drop(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) //nolint:forbidigo // net/http's way to abort an HTTP/2 stream
	}
	_ = conn.Close() // closing it is the fault
}
