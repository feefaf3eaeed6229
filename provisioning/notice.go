package provisioning

import (
	"errors"
	"fmt"
	"time"

	"seducoahuila.gob.mx/altas/provisioning/job"
)

// NoticeKind is what a person is told.
type NoticeKind string

// The notices of a request, in the order of its life.
const (
	NoticeReceived    NoticeKind = "received"
	NoticeTurned      NoticeKind = "turned"     // the director's office turned it over
	NoticeAuthorized  NoticeKind = "authorized" // the last stage authorised it
	NoticeReturned    NoticeKind = "returned"
	NoticeRejected    NoticeKind = "rejected"
	NoticeCancelled   NoticeKind = "cancelled"    // of earlier versions
	NoticeExpired     NoticeKind = "expired"      // no stage decided in time
	NoticeLapsed      NoticeKind = "lapsed"       // it was returned, and not corrected in time
	NoticeUncorrected NoticeKind = "uncorrected"  // it still waits to be corrected
	NoticeAttention   NoticeKind = "attention"    // a line needs the head of department
	NoticeWaiting     NoticeKind = "waiting"      // authorised, but no licence is free
	NoticeReady       NoticeKind = "ready"        // Stamp's account is usable
	NoticeExists      NoticeKind = "exists"       // Stamp's holder had an account
	NoticeExcluded    NoticeKind = "excluded"     // Stamp's line was left out or dropped
	NoticeCompleted   NoticeKind = "completed"    // the whole request, where it has several lines
	NoticeShortage    NoticeKind = "shortage"     // to Platform: authorised lines wait for licences of Args["type"]
	NoticeLowStock    NoticeKind = "low_stock"    // to Platform: Args["free"] seats of Args["sku"] are left
	NoticeStockUnread NoticeKind = "stock_unread" // to Platform: nobody knows how many seats are left; Args["ref"] is the log line's
	NoticeUndelivered NoticeKind = "undelivered"  // to Platform, or an administrator: Teams refuses a notice of Args["kind"], or a card, for Args["stage"] or Args["name"]
	NoticeReminder    NoticeKind = "reminder"     // to a stage's channel: it still holds the request
	NoticeInquiries   NoticeKind = "inquiries"    // to Platform: Args["name"] asks about more people in a day than Args["most"]
	NoticeUnrecorded  NoticeKind = "unrecorded"   // to Platform: the receipts have Args["address"], or its stamp, for somebody else than Args["name"]
	NoticeUnreachable NoticeKind = "unreachable"  // to Platform, or an administrator: Args["stage"]'s channel takes no message
	NoticeEscalated   NoticeKind = "escalated"    // to Platform: the stage was reminded, and still holds it
)

// Prompts reports whether the notice tells only that somebody still waits: once
// they do not, it is of no use to anyone. Such a notice bears in Args["version"]
// the version of the request that waited and, where it will expire, in
// Args["ends"] when (RFC 3339).
func (k NoticeKind) Prompts() bool {
	return k == NoticeReminder || k == NoticeEscalated || k == NoticeUncorrected
}

// noticeOf is what the requester is told of a verdict.
func noticeOf(r Request, v Verdict) NoticeKind {
	switch {
	case v == Return:
		return NoticeReturned
	case v == Reject:
		return NoticeRejected
	case r.State == StateProvisioning:
		return NoticeAuthorized
	}
	return NoticeTurned
}

// Notice is one thing a person is to be told. To is their Entra object id, or a
// stage's name for its channel. It carries no text: the text is made when it is
// sent, in the addressee's language.
type Notice struct {
	ID    uint64            `json:"id"`
	To    string            `json:"to"`
	Kind  NoticeKind        `json:"kind"`
	Folio Folio             `json:"folio,omitempty"`
	Stamp Stamp             `json:"stamp,omitempty"`
	Args  map[string]string `json:"args,omitempty"`
	At    time.Time         `json:"at"`
	Once  string            `json:"once,omitempty"` // posted at most once for this key; "" for always
}

// send posts the notice and sees to its delivery.
func send(tx Tx, n Notice) error {
	return errors.Join(tx.Post(n), tx.Enqueue(job.Job{Kind: JobNotices, Key: n.To, Urgent: true, Due: n.At}))
}

// tell sends the requester a notice of their request, or of the line s of it.
func tell(tx Tx, r Request, kind NoticeKind, s Stamp, at time.Time) error {
	n := Notice{To: r.Requester.ID, Kind: kind, Folio: r.Folio, Stamp: s, At: at}
	if kind == NoticeTurned { // by the time it is told, that stage may have decided
		n.Args = map[string]string{"stage": string(r.State)}
	}
	return send(tx, n)
}

// tellOnce is tell for what a person is told once a round.
func tellOnce(tx Tx, r Request, kind NoticeKind, s Stamp, at time.Time) error {
	once := fmt.Sprintf("%s/%d/%s/%s", r.Folio, r.Round, kind, s)
	return send(tx, Notice{To: r.Requester.ID, Kind: kind, Folio: r.Folio, Stamp: s, At: at, Once: once})
}

// TellPlatform sends a notice to the platform's channel.
func TellPlatform(tx Tx, n Notice) error {
	n.To = string(Platform)
	return send(tx, n)
}
