package provisioning

import (
	"errors"
	"fmt"
	"time"

	"seducoahuila.gob.mx/altas/provisioning/job"
)

// NoticeKind is the kind of a notification.
type NoticeKind string

// The notices of a request, in the order of the procedure.
const (
	NoticeReceived    NoticeKind = "received"
	NoticeTurned      NoticeKind = "turned"     // the director approved it
	NoticeAuthorized  NoticeKind = "authorized" // the last stage approved it
	NoticeReturned    NoticeKind = "returned"
	NoticeRejected    NoticeKind = "rejected"
	NoticeCancelled   NoticeKind = "cancelled"    // no longer sent; stored by earlier versions
	NoticeExpired     NoticeKind = "expired"      // no stage decided in time
	NoticeLapsed      NoticeKind = "lapsed"       // returned, and not corrected in time
	NoticeUncorrected NoticeKind = "uncorrected"  // returned, and not corrected yet
	NoticeAttention   NoticeKind = "attention"    // a line is in attention
	NoticeWaiting     NoticeKind = "waiting"      // authorised, but no licence is free
	NoticeReady       NoticeKind = "ready"        // Stamp's account is ready
	NoticeExists      NoticeKind = "exists"       // Stamp's holder had an account
	NoticeExcluded    NoticeKind = "excluded"     // Stamp's line was excluded or dropped
	NoticeCompleted   NoticeKind = "completed"    // the whole request, if it has several lines
	NoticeShortage    NoticeKind = "shortage"     // to Platform: authorised lines wait for licences of Args["type"]
	NoticeLowStock    NoticeKind = "low_stock"    // to Platform: Args["free"] seats of Args["sku"] are left
	NoticeStockUnread NoticeKind = "stock_unread" // to Platform: the stock cannot be read; Args["ref"] is the log line's
	NoticeUndelivered NoticeKind = "undelivered"  // to Platform, or an administrator: Teams refuses a notice of Args["kind"], or a card, for Args["stage"] or Args["name"]
	NoticeReminder    NoticeKind = "reminder"     // to a stage's channel: the request is undecided
	NoticeInquiries   NoticeKind = "inquiries"    // to Platform: Args["name"] made more than Args["most"] inquiries in a day
	NoticeUnrecorded  NoticeKind = "unrecorded"   // to Platform: in the receipts Args["address"], or its stamp, belongs to a holder other than Args["name"]
	NoticeUnreachable NoticeKind = "unreachable"  // to Platform, or an administrator: Args["stage"]'s channel is unreachable
	NoticeAuditHead   NoticeKind = "audit_head"   // to Platform: the audit has Args["entries"] entries, and this head, Args["head"]
	NoticeEscalated   NoticeKind = "escalated"    // to Platform: the stage was reminded, and has not decided
)

// Prompts reports whether the notice only reminds of a pending decision or correction, so that it
// is obsolete once that is done. Such a notice has in Args["version"] the request's version when it
// was posted and, if the request will expire, in Args["ends"] the time (RFC 3339).
func (k NoticeKind) Prompts() bool {
	return k == NoticeReminder || k == NoticeEscalated || k == NoticeUncorrected
}

// noticeOf returns the requester's notice of a verdict.
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

// Notice is one notification. To is the addressee's Entra object id, or a stage's name for its
// channel. It contains no text: that is made when it is sent, in the addressee's language.
type Notice struct {
	ID    uint64            `json:"id"`
	To    string            `json:"to"`
	Kind  NoticeKind        `json:"kind"`
	Folio Folio             `json:"folio,omitempty"`
	Stamp Stamp             `json:"stamp,omitempty"`
	Args  map[string]string `json:"args,omitempty"`
	At    time.Time         `json:"at"`
	Once  string            `json:"once,omitempty"` // posted at most once for this key; "" for always

	// Optional notices are dropped, rather than kept, if the addressee has no chat with the bot.
	Optional bool `json:"optional,omitempty"`
}

// Send posts the notice and enqueues its delivery.
func Send(tx Tx, n Notice) error {
	return errors.Join(tx.Post(n), tx.Enqueue(job.Job{Kind: JobNotices, Key: n.To, Urgent: true, Due: n.At}))
}

// tell notifies the requester of their request, or of its line s.
func tell(tx Tx, r Request, kind NoticeKind, s Stamp, at time.Time) error {
	n := Notice{To: r.Requester.ID, Kind: kind, Folio: r.Folio, Stamp: s, At: at}
	if kind == NoticeTurned { // the stage may have decided before delivery
		n.Args = map[string]string{"stage": string(r.State)}
	}
	return Send(tx, n)
}

// tellOnce is tell for notices that are sent once per round.
func tellOnce(tx Tx, r Request, kind NoticeKind, s Stamp, at time.Time) error {
	once := fmt.Sprintf("%s/%d/%s/%s", r.Folio, r.Round, kind, s)
	return Send(tx, Notice{To: r.Requester.ID, Kind: kind, Folio: r.Folio, Stamp: s, At: at, Once: once})
}

// TellPlatform sends a notice to the platform channel.
func TellPlatform(tx Tx, n Notice) error {
	n.To = string(Platform)
	return Send(tx, n)
}
