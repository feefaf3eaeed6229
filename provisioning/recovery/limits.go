package recovery

import (
	"strconv"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// recoveries are kept by the object id of an account: the requests that asked for it in
// AccountPeriod.
var recoveries = provisioning.Document[[]asked]{Kind: "recovery"}

// asked is one request for an account.
type asked struct {
	Folio provisioning.Folio `json:"folio"`
	At    time.Time          `json:"at"`
}

// count checks the limits for a new or corrected line, and adds its request to the account's.
// Administrators are not limited.
func (rc *Recovery) count(tx provisioning.Tx, by provisioning.Actor, a provisioning.Account, limited bool) error {
	if err := rc.countRequester(tx, by, a.Folio()); limited && err != nil {
		return err
	}
	all, _, err := recoveries.Get(tx, a.ObjectID)
	if err != nil {
		return err
	}
	kept, renewed := []asked{}, 0
	for _, prior := range all {
		r, line, err := prior.read(tx)
		switch {
		case err != nil:
			return err
		case prior.Folio == a.Folio(), line.ObjectID != a.ObjectID: // corrected to another account, or its request is gone
			continue
		case !r.State.Final():
			return pending(r, by)
		case rc.Now().Sub(prior.At) >= AccountPeriod:
			continue
		}
		kept = append(kept, prior)
		if line.State == provisioning.AccountAnnounced {
			renewed++
		}
	}
	if limited && renewed >= rc.Settings.PerAccount {
		return problem.Refuse(problem.CodeLimited, "recovery.limit_account", "most", strconv.Itoa(rc.Settings.PerAccount))
	}
	return recoveries.Put(tx, a.ObjectID, append(kept, asked{a.Folio(), rc.Now()}))
}

// read returns the request and its line; zero if they are gone.
func (p asked) read(tx provisioning.Tx) (r provisioning.Request, line provisioning.Account, err error) {
	if r, err = tx.Request(p.Folio); err == nil {
		line, err = tx.Account(provisioning.NewStamp(p.Folio, 1))
	}
	if problem.CodeOf(err) == problem.CodeNotFound {
		return r, line, nil
	}
	return r, line, err
}

// pending is the error of an account that an open request asks for already. Another person's folio
// is not told.
func pending(r provisioning.Request, by provisioning.Actor) error {
	if r.Requester.ID != by.ID {
		return problem.Refuse(problem.CodeConflict, "recovery.pending_other")
	}
	return problem.Refuse(problem.CodeConflict, "recovery.pending", "folio", string(r.Folio))
}

// countRequester returns CodeLimited if the person submitted too many other recoveries in
// RequesterPeriod.
func (rc *Recovery) countRequester(tx provisioning.Tx, by provisioning.Actor, self provisioning.Folio) error {
	n := 0
	for r, err := range tx.ListRequests(provisioning.RequestFilter{Requester: by.ID}) {
		if err != nil {
			return err
		}
		if rc.Now().Sub(r.SubmittedAt) >= RequesterPeriod {
			break // newest first
		}
		if r.Kind == Kind && r.Folio != self {
			n++
		}
	}
	if n >= rc.Settings.PerRequester {
		return problem.Refuse(problem.CodeLimited, "recovery.limit_requester", "most", strconv.Itoa(rc.Settings.PerRequester))
	}
	return nil
}

// tidyRecoveries drops the record of an account for which no request is open, and none was sent in
// AccountPeriod.
func (rc *Recovery) tidyRecoveries(tx provisioning.Tx, objectID string) error {
	all, _, err := recoveries.Get(tx, objectID)
	if err != nil {
		return err
	}
	for _, prior := range all {
		r, _, err := prior.read(tx)
		if err != nil || r.Folio != "" && !r.State.Final() || rc.Now().Sub(prior.At) < AccountPeriod {
			return err
		}
	}
	return recoveries.Drop(tx, objectID)
}
