package teamsfake

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"time"
)

// Fault is a misfortune that befalls the next matching requests. The zero value is a
// 503 before the effect, once, to whatever comes first.
type Fault struct {
	Method     string        // any when empty
	Path       string        // part of the decoded path; any when empty
	Suffix     string        // how the path ends; empty for anyhow
	Body       string        // part of what is sent; any when empty
	Skip       int           // matching requests that still go well
	Times      int           // 1 when zero
	After      bool          // the effect takes place, then its answer is lost
	Drop       bool          // the connection breaks instead of an answer
	Delay      time.Duration // the answer takes this long, or until the caller gives up
	Status     int           // 503 when zero, unless Drop or only Delay
	Code       string        // error code in the body
	RetryAfter string        // header
	Late       bool          // with Delay: the effect comes at its end, not at its beginning
	Bare       bool          // the answer's body is {}, whatever its status
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

// Heal forgets all faults.
func (f *Fake) Heal() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults = nil
}

// FaultsLeft says how many faults have not happened yet.
func (f *Fake) FaultsLeft() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	left := 0
	for _, fault := range f.faults {
		left += fault.Times
	}
	return left
}

// meets reports whether the fault is one of requests like this.
func (fault *Fault) meets(r *http.Request, body []byte) bool {
	return fault.Times > 0 && (fault.Method == "" || fault.Method == r.Method) && strings.Contains(r.URL.Path, fault.Path) &&
		strings.HasSuffix(r.URL.Path, fault.Suffix) && bytes.Contains(body, []byte(fault.Body))
}

func (f *Fake) takeFault(r *http.Request) *Fault {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil // its sender has gone
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, fault := range f.faults {
		if !fault.meets(r, body) {
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

// drop breaks the connection without an answer.
func drop(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) //nolint:forbidigo // net/http's own way to break an HTTP/2 stream
	}
	_ = conn.Close() // broken on purpose
}
