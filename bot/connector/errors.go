package connector

import (
	"errors"
	"fmt"
	"net/http"
	"time"
)

// Refusal is why an inbound request was not let in. Status is the HTTP status to
// answer; Reason is for the log only and holds nothing of the token or the message.
type Refusal struct {
	Status int // 400, 401, 403, 413, or 503: the signing keys cannot be read at all, or too many bodies are being read
	Reason string
}

// Error says the status and the reason.
func (r *Refusal) Error() string { return fmt.Sprintf("refused with %d: %s", r.Status, r.Reason) }

// Error is an outgoing call that failed.
type Error struct {
	Op         string        // what was tried: "send", "update", "delete", "post", "open", "member"
	Status     int           // HTTP status; 0 when no answer came
	Code       string        // Teams' own code, or one of the Code constants
	Message    string        // Teams' own text, for the log
	RetryAfter time.Duration // wait at least this long; 0 when nobody said
	Ambiguous  bool          // the message may be there: time-out, broken connection, 5xx
	Gone       bool          // the conversation or the message is out of reach: 403, 404
	Err        error         // what went wrong below, if anything
}

// Codes that this package gives itself.
const (
	CodePaced     = "Paced"           // a documented limit would be broken; RetryAfter says until when
	CodeCrowded   = "Crowded"         // as Paced, by the limit that all chats and channels share
	CodeTooLarge  = "MessageTooLarge" // refused before sending
	CodeInvalid   = "InvalidMessage"  // text and card together, nothing at all, unusable ids
	CodeUntrusted = "UntrustedHost"   // the service address is not one the token may go to
	CodeToken     = "NoToken"         // Entra gave no token
	CodeNoID      = "NoID"            // sent, but the answer named no id
)

// Error says the act, the status and the code.
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

// Unwrap returns what went wrong below.
func (e *Error) Unwrap() error { return e.Err }

// IsRejected reports whether Teams will not take the message however often it is sent:
// any 4xx but those that speak of the token, the conversation or the moment.
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

// IsAmbiguous reports whether a message that could not be sent may be there.
func IsAmbiguous(err error) bool {
	failed, ok := errors.AsType[*Error](err)
	return ok && failed.Ambiguous
}

// IsUnnamed reports whether a message was sent, and only its id is not known.
func IsUnnamed(err error) bool {
	failed, ok := errors.AsType[*Error](err)
	return ok && failed.Code == CodeNoID
}

// IsDeleted reports whether the message alone is gone, and not all of its
// conversation or the bot's place in it.
func IsDeleted(err error) bool {
	failed, ok := errors.AsType[*Error](err)
	return ok && failed.Status == http.StatusNotFound && failed.Code != "ConversationNotFound"
}

// IsGone reports whether what was to be changed, or who was to be told, is out of reach.
func IsGone(err error) bool {
	failed, ok := errors.AsType[*Error](err)
	return ok && failed.Gone
}
