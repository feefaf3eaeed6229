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
	NoticeReceived    NoticeKind = "received"   // no longer sent, since the form's card says it; stored by earlier versions
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
	NoticeDigest      NoticeKind = "digest"       // to a stage's channel: Args["waiting"] requests wait for Args["stage"], the longest since Args["since"] (RFC 3339)
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
	Due   time.Time         `json:"due,omitzero"`   // held until then, and dropped if Overtaken by then; zero for at once
	Once  string            `json:"once,omitempty"` // posted at most once for this key; "" for always

	// Optional notices are dropped, rather than kept, if the addressee has no chat with the bot.
	Optional bool `json:"optional,omitempty"`
}

// authorizedHold is how long NoticeAuthorized is held: usually the account is ready before, and that
// notice says more.
const authorizedHold = 30 * time.Second

// longestHold bounds how long a notice is held if the clock was ahead when it was posted.
const longestHold = time.Hour

// Held returns how long the notice is still held; 0 if it is due.
func (n Notice) Held(now time.Time) time.Duration {
	if wait := n.Due.Sub(now); !n.Due.IsZero() && wait <= longestHold {
		return max(0, wait)
	}
	return 0
}

// Overtaken reports whether later notices say more than a held one, of a request with these lines:
// an account is ready, a line waits for a licence (queued) or for the head of department, or the
// request has ended. The requester is told of each of these; of a long list not of single accounts.
func (n Notice) Overtaken(r Request, lines Tally, queued bool) bool {
	if n.Due.IsZero() {
		return false
	}
	return r.State != StateProvisioning || queued || r.Lines <= urgentLines && lines[AccountAnnounced] > 0
}

// Send posts the notice and enqueues its delivery.
func Send(tx Tx, n Notice) error {
	due := n.At
	if n.Due.After(due) {
		due = n.Due
	}
	return errors.Join(tx.Post(n), tx.Enqueue(job.Job{Kind: JobNotices, Key: n.To, Urgent: true, Due: due}))
}

// tell notifies the requester of their request, or of its line s.
func tell(tx Tx, r Request, kind NoticeKind, s Stamp, at time.Time) error {
	n := Notice{To: r.Requester.ID, Kind: kind, Folio: r.Folio, Stamp: s, At: at}
	switch kind {
	case NoticeTurned: // the stage may have decided before delivery
		n.Args = map[string]string{"stage": string(r.State)}
	case NoticeAuthorized:
		n.Due = at.Add(authorizedHold)
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
