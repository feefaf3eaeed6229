package provisioning

import (
	"time"

	"seducoahuila.gob.mx/altas/provisioning/job"
)

// The jobs. The comment of each starts with its Key.
const (
	JobStart   job.Kind = "start"   // folio: starts an authorised request's lines
	JobLine    job.Kind = "line"    // stamp: runs the line until it is final or waits
	JobReceipt job.Kind = "receipt" // stamp: updates the line's receipts row
	JobSeats   job.Kind = "seats"   // account type: assigns new licence seats to waiting lines
	JobCards   job.Kind = "cards"   // folio: updates every card of the request
	JobNotices job.Kind = "notices" // Entra object id, or stage: delivers the pending notices
	JobRemind  job.Kind = "remind"  // folio: sends the reminders that are due
	JobLetter  job.Kind = "letter"  // folio: issues the letter of a request that ended
)

// LatestDue returns the Latest of each kind. A handler that is called too early enqueues its job
// again.
func LatestDue() map[job.Kind]job.Latest {
	return map[job.Kind]job.Latest{
		JobStart: {After: longestWait}, JobLine: {After: longestWait}, JobSeats: {After: longestWait},
		JobReceipt: {After: longestWait}, JobCards: {After: longestWait}, JobNotices: {After: longestWait}, JobLetter: {After: longestWait},
		JobRemind: {After: 400 * 24 * time.Hour}, // deadlines are working time, and the handler recomputes them at each process start
	}
}

// longestWait is the longest accepted Retry-After of a vendor, and the longest pause before an
// unreachable person is tried again; with an hour for jitter.
const longestWait = 25 * time.Hour

// letterDue enqueues the letter of a request that ended, if anybody decided on it: to a request that
// was authorised by its submission nobody owes an answer on paper.
func letterDue(tx Tx, r Request, now time.Time) error {
	if len(r.Decisions) == 0 || r.State != StateCompleted && r.State != StateRejected {
		return nil
	}
	return tx.Enqueue(job.Job{Kind: JobLetter, Key: string(r.Folio), Due: now})
}
