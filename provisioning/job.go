package provisioning

import (
	"time"

	"seducoahuila.gob.mx/altas/provisioning/job"
)

// The jobs. Key is what follows each.
const (
	JobStart   job.Kind = "start"   // folio: an authorised request's lines are set going
	JobLine    job.Kind = "line"    // stamp: the line goes on until it can't
	JobReceipt job.Kind = "receipt" // stamp: the receipts row says what is true
	JobSeats   job.Kind = "seats"   // account type: waiting lines get the seats that appeared
	JobCards   job.Kind = "cards"   // folio: every card of the request shows what is true
	JobNotices job.Kind = "notices" // Entra object id, or stage: its pending notices are delivered
	JobRemind  job.Kind = "remind"  // folio: the stage that holds it is reminded when it is time
)

// LatestDue returns that of each kind. A handler that is asked too early looks, and
// comes back.
func LatestDue() map[job.Kind]job.Latest {
	return map[job.Kind]job.Latest{
		JobStart: {After: longestWait}, JobLine: {After: longestWait}, JobSeats: {After: longestWait},
		JobReceipt: {After: longestWait}, JobCards: {After: longestWait}, JobNotices: {After: longestWait},
		JobRemind: {After: 400 * 24 * time.Hour}, // deadlines are working time, and its handler looks anew at each start
	}
}

// longestWait is the longest that a vendor's Retry-After is believed, and a person who
// is out of reach left alone; with an hour for spreading.
const longestWait = 25 * time.Hour
