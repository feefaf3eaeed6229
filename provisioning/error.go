package provisioning

import (
	"crypto/rand"
	"errors"
	"fmt"
	"runtime/debug"
	"time"
)

// Code is the kind of an Error: what the caller may do about it.
type Code string

// The codes. Anything that is not an *Error is CodeInternal to people.
const (
	CodeInvalid     Code = "invalid"     // the input is wrong; Field says where
	CodeConflict    Code = "conflict"    // not possible in the present state
	CodeNotFound    Code = "not_found"   // no such thing
	CodeForbidden   Code = "forbidden"   // this person may not do it
	CodeLimited     Code = "limited"     // too often or too much; later
	CodeUnavailable Code = "unavailable" // another system did not answer; try again
	CodeInternal    Code = "internal"    // our fault; the log has the cause
)

// Error is a failure that a person may see. Reason is a key of the text
// catalogue ("curp.check_digit"), Args fill its text, Field is the stable name of
// the input at fault. Err is the cause, for the log alone.
type Error struct {
	Code   Code
	Reason string
	Field  string
	Args   map[string]string
	Err    error
}

// Error describes the failure for logs, in English and without what was typed.
func (e *Error) Error() string {
	msg := string(e.Code) + ": " + e.Reason
	if e.Field != "" {
		msg += " (" + e.Field + ")"
	}
	if e.Err != nil {
		msg += ": " + e.Err.Error()
	}
	return msg
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Is reports whether target is an *Error of the same code and, where target
// names one, the same reason: errors.Is(err, &Error{Code: CodeConflict}).
func (e *Error) Is(target error) bool {
	var t *Error
	if !errors.As(target, &t) {
		return false
	}
	return e.Code == t.Code && (t.Reason == "" || e.Reason == t.Reason)
}

// Invalid returns a CodeInvalid error at an input. args are key, value pairs.
func Invalid(field, reason string, args ...string) *Error {
	return &Error{Code: CodeInvalid, Reason: reason, Field: field, Args: pairs(args)}
}

// Refuse returns an error of any other code. args are key, value pairs.
func Refuse(code Code, reason string, args ...string) *Error {
	return &Error{Code: code, Reason: reason, Args: pairs(args)}
}

// CodeOf returns the code of err, CodeInternal where it carries none, as nil does.
func CodeOf(err error) Code {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return CodeInternal
}

// ReasonOf returns the reason of err, "internal" where it carries none.
func ReasonOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Reason
	}
	return "internal"
}

// Warning is something worth a second look that blocks nothing. Reason, Field
// and Args are as in Error.
type Warning struct {
	Reason string            `json:"reason"`
	Field  string            `json:"field,omitempty"`
	Args   map[string]string `json:"args,omitempty"`
}

// Permanent marks err as one that trying again cannot mend: the job ends and
// what it worked on goes to attention.
func Permanent(err error) error { return &permanentError{err} }

// IsPermanent reports whether err was marked by Permanent, and not by RetryAfter
// since.
func IsPermanent(err error) bool {
	var p *permanentError
	var r *retryError
	return errors.As(err, &p) && !(errors.As(err, &r) && errors.As(r.err, &p))
}

// RetryAfter marks err as one to try again no sooner than d from now.
func RetryAfter(d time.Duration, err error) error { return &retryError{err, d} }

// RetryDelay returns the delay given to RetryAfter, if err carries one.
func RetryDelay(err error) (time.Duration, bool) {
	if r, ok := errors.AsType[*retryError](err); ok {
		return r.after, true
	}
	return 0, false
}

// RetryAt marks err as one to try again at t, not spread: for jobs that wait for
// one thing together and are to go on in order.
func RetryAt(t time.Time, err error) error { return &waitError{err, t} }

// retryTime returns the time given to RetryAt, if err carries one.
func retryTime(err error) (time.Time, bool) {
	if w, ok := errors.AsType[*waitError](err); ok {
		return w.until, true
	}
	return time.Time{}, false
}

// Advanced marks err as what ended a job that had got on before: the count of its
// failures begins anew, and so do its delays.
func Advanced(err error) error { return &advancedError{err} }

func advanced(err error) bool {
	_, ok := errors.AsType[*advancedError](err)
	return ok
}

type advancedError struct{ err error }

func (e *advancedError) Error() string { return e.err.Error() }
func (e *advancedError) Unwrap() error { return e.err }

type waitError struct {
	err   error
	until time.Time
}

func (e *waitError) Error() string { return e.err.Error() }
func (e *waitError) Unwrap() error { return e.err }

type permanentError struct{ err error }

func (e *permanentError) Error() string { return "permanent: " + e.err.Error() }
func (e *permanentError) Unwrap() error { return e.err }

type retryError struct {
	err   error
	after time.Duration
}

func (e *retryError) Error() string { return fmt.Sprintf("retry after %s: %v", e.after, e.err) }
func (e *retryError) Unwrap() error { return e.err }

// Safely does it and makes an error of a panic: one job, or one answer, has failed
// then, where the process would have come down with everybody else's.
func Safely(do func() error) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("panic: %v\n%s", cause, debug.Stack())
		}
	}()
	return do()
}

func pairs(args []string) map[string]string {
	if len(args) == 0 {
		return nil
	}
	m := make(map[string]string, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		m[args[i]] = args[i+1]
	}
	return m
}

// NewReference returns a short random number that ties what a person was told to
// the log line with the cause, "7K3F-Q2MD".
func NewReference() string {
	t := rand.Text()
	return t[:4] + "-" + t[4:8]
}
