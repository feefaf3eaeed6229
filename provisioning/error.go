package provisioning

import (
	"crypto/rand"
	"errors"
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
