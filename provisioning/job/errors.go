package job

import (
	"errors"
	"fmt"
	"runtime/debug"
	"time"
)

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
