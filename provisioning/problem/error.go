package problem

import (
	"crypto/rand"
	"encoding/json"
	"errors"
)

// Code is the class of an Error: what the caller may do about it.
type Code string

// The codes. An error that is not an *Error is shown to people as CodeInternal.
const (
	CodeInvalid     Code = "invalid"     // the input is wrong; Field says where
	CodeConflict    Code = "conflict"    // not possible in the present state
	CodeNotFound    Code = "not_found"   // does not exist
	CodeForbidden   Code = "forbidden"   // not permitted to this person
	CodeLimited     Code = "limited"     // too often or too much; possible later
	CodeUnavailable Code = "unavailable" // another system did not answer; try again
	CodeInternal    Code = "internal"    // a fault of Altas; the log has the cause
)

// Error is a failure that a person may see. Reason is a key of the text catalogue
// ("curp.check_digit"), Args are its arguments, Field is the stable name of the input at fault. Err
// is the cause, only for the log.
type Error struct {
	Code   Code
	Reason string
	Field  string
	Args   map[string]string
	Err    error // for the log; an Error that is stored has none
}

// MarshalJSON writes the error without its cause, which JSON could not read again.
func (e Error) MarshalJSON() ([]byte, error) {
	type stored Error
	e.Err = nil
	return json.Marshal(stored(e))
}

// Error describes the failure for logs, in English and without people's input.
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

// Is reports whether target is an *Error of the same code and, if target has one, the same reason:
// errors.Is(err, &Error{Code: CodeConflict}).
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

// CodeOf returns the code of err, CodeInternal if it has none or is nil.
func CodeOf(err error) Code {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return CodeInternal
}

// ReasonOf returns the reason of err, "internal" if it has none.
func ReasonOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Reason
	}
	return "internal"
}

// Warning is a doubt about an input or a line that blocks nothing. Reason, Field and Args are as in
// Error.
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

// NewReference returns a short random reference, "7K3F-Q2MD", which links a message shown to a
// person with the log line of the cause.
func NewReference() string {
	t := rand.Text()
	return t[:4] + "-" + t[4:8]
}
