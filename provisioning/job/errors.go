package job

import (
	"errors"
	"fmt"
	"runtime/debug"
	"time"
)

// Permanent marks err as one that retrying cannot resolve: the job ends, and what it worked on goes
// to attention.
func Permanent(err error) error { return &permanentError{err} }

// IsPermanent reports whether err was marked by Permanent, and not by RetryAfter afterwards.
func IsPermanent(err error) bool {
	var p *permanentError
	var r *retryError
	return errors.As(err, &p) && !(errors.As(err, &r) && errors.As(r.err, &p))
}

// RetryAfter marks err as one to retry no sooner than d from now.
func RetryAfter(d time.Duration, err error) error { return &retryError{err, d} }

// RetryDelay returns the delay given to RetryAfter, if err carries one.
func RetryDelay(err error) (time.Duration, bool) {
	if r, ok := errors.AsType[*retryError](err); ok {
		return r.after, true
	}
	return 0, false
}

// RetryAt marks err as one to retry at t, without jitter: for jobs that wait for the same event and
// must continue in order.
func RetryAt(t time.Time, err error) error { return &waitError{err, t} }

// retryTime returns the time given to RetryAt, if err carries one.
func retryTime(err error) (time.Time, bool) {
	if w, ok := errors.AsType[*waitError](err); ok {
		return w.until, true
	}
	return time.Time{}, false
}

// Advanced marks err as the failure of a job that made progress before it: its attempts are counted
// from zero again, and so its delays.
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

// Safely calls do and returns a panic as an error, so that it fails one job or one answer instead
// of the process.
func Safely(do func() error) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("panic: %v\n%s", cause, debug.Stack())
		}
	}()
	return do()
}
