package connector

import (
	"errors"
	"fmt"
	"net/http"
	"time"
)

// Refusal is why an incoming request was refused. Status is the HTTP status to respond with;
// Reason is for the log only and contains nothing of the token or the message.
type Refusal struct {
	Status int // 400, 401, 403, 413, or 503 (the signing keys cannot be read, or too many bodies are being read)
	Reason string
}

// Error returns the status and the reason.
func (r *Refusal) Error() string { return fmt.Sprintf("refused with %d: %s", r.Status, r.Reason) }

// Error is an outgoing call that failed.
type Error struct {
	Op         string        // "send", "update", "delete", "post", "open", "member"
	Status     int           // HTTP status; 0 without a response
	Code       string        // Teams' own code, or one of the Code constants
	Message    string        // Teams' own text, for the log
	RetryAfter time.Duration // wait at least this long; 0 if not stated
	Ambiguous  bool          // the message may exist: time-out, broken connection, 5xx
	Gone       bool          // the conversation or message is unreachable: 403, 404
	Err        error         // the underlying error, if any
}

// Codes set by this package.
const (
	CodePaced     = "Paced"           // a documented limit would be exceeded; RetryAfter is the wait
	CodeCrowded   = "Crowded"         // as Paced, by the limit of all conversations together
	CodeTooLarge  = "MessageTooLarge" // refused before sending
	CodeInvalid   = "InvalidMessage"  // text and card together, nothing at all, unusable ids
	CodeUntrusted = "UntrustedHost"   // the token may not be sent to the service URL
	CodeToken     = "NoToken"         // Entra gave no token
	CodeNoID      = "NoID"            // sent, but the response has no id
)

// Error returns the operation, the status and the code.
func (e *Error) Error() string {
	text := "connector " + e.Op
	if e.Status != 0 {
		text += fmt.Sprintf(": status %d", e.Status)
	}
	if e.Code != "" {
		text += ": " + e.Code
	}
	if e.Message != "" {
		text += ": " + e.Message
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap returns the underlying error.
func (e *Error) Unwrap() error { return e.Err }

// IsRejected reports whether Teams refuses the message however often it is sent: any 4xx except
// those about the token, the conversation or the rate.
func IsRejected(err error) bool {
	failed, ok := errors.AsType[*Error](err)
	if !ok || failed.Gone || failed.Ambiguous {
		return false
	}
	switch failed.Status {
	case http.StatusUnauthorized, http.StatusRequestTimeout, http.StatusConflict, http.StatusPreconditionFailed,
		http.StatusTooEarly, http.StatusTooManyRequests:
		return false
	}
	return failed.Status >= http.StatusBadRequest && failed.Status < http.StatusInternalServerError ||
		failed.Code == CodeTooLarge || failed.Code == CodeInvalid
}

// IsAmbiguous reports whether a message may exist although sending it failed.
func IsAmbiguous(err error) bool {
	failed, ok := errors.AsType[*Error](err)
	return ok && failed.Ambiguous
}

// IsUnnamed reports whether a message was sent and only its id is unknown.
func IsUnnamed(err error) bool {
	failed, ok := errors.AsType[*Error](err)
	return ok && failed.Code == CodeNoID
}

// IsDeleted reports whether only the message is gone, not its conversation or the bot's
// membership.
func IsDeleted(err error) bool {
	failed, ok := errors.AsType[*Error](err)
	return ok && failed.Status == http.StatusNotFound && failed.Code != "ConversationNotFound"
}

// IsGone reports whether the message, conversation or person is unreachable.
func IsGone(err error) bool {
	failed, ok := errors.AsType[*Error](err)
	return ok && failed.Gone
}
