package recovery

import (
	"slices"
	"time"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/input"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

const (
	// areaPeriod is how long after its submission an authorised request shows to which area its
	// requester belongs.
	areaPeriod = 400 * 24 * time.Hour
	// maxRead bounds how many of a person's requests, or lines of a work centre, are read.
	maxRead = 1000
)

// mayRecover reports whether the person may recover the account: an administrator, the requester of
// its creation, or a requester of the same area; the warnings say why, to whoever decides, unless
// they are its requester. What a person types of their own area or work centre proves nothing: it
// counts once an account was created with it, on a request that the stages authorised.
func (rc *Recovery) mayRecover(tx provisioning.Tx, auth provisioning.Authority, by provisioning.Actor, f Found) (bool, []problem.Warning, error) {
	asked, areas, err := f.origin(tx)
	if err != nil {
		return false, nil, err
	}
	because := func(reason string) []problem.Warning {
		return []problem.Warning{{Reason: "recovery." + reason, Args: map[string]string{"name": asked.Name, "cct": string(f.cct(tx))}}}
	}
	switch {
	case auth.Administrator(by):
		return true, because("administrator"), nil
	case by.ID == "", f.withheld(), f.approver, inOffice(auth, f.Entry.ID):
		return false, nil, nil
	case asked.ID == by.ID:
		return true, nil, nil
	}
	if same, err := rc.sameArea(tx, by, areas); err != nil || same {
		return same, because("area"), err
	}
	same, err := rc.sameCentre(tx, by, f.cct(tx))
	return same, because("centre"), err
}

// origin returns who asked for the account, and their area; zero if nobody here did.
func (f Found) origin(tx provisioning.Tx) (asked provisioning.Actor, area string, err error) {
	switch {
	case f.line.Stamp != "":
		r, err := tx.Request(f.line.Folio())
		return r.Requester, r.Area, err
	case f.row.Stamp != "" && !f.onlyFound(tx):
		return f.row.Requester, "", nil
	}
	return provisioning.Actor{}, "", nil
}

// onlyFound reports whether the receipts row is that of a line that found the account: its requester
// did not ask for the account. The row counts if our store has lost the line, not if it cannot be
// read.
func (f Found) onlyFound(tx provisioning.Tx) bool {
	line, err := tx.Account(f.row.Stamp)
	if problem.CodeOf(err) == problem.CodeNotFound {
		return false
	}
	return err != nil || !created(line)
}

// cct returns the work centre that the account belongs to, by what others than a requester have
// checked; "" if nobody has.
func (f Found) cct(tx provisioning.Tx) identity.CCT {
	switch {
	case f.line.Stamp != "", f.row.Address != "" && (f.row.Stamp == "" || !f.onlyFound(tx)):
		return f.Holder.CCT()
	case f.Holder.Type == identity.WorkCentre && f.row.Address == "":
		return f.Holder.CCT()
	}
	return cctOf(f.Entry)
}

// withheld reports whether a line of ours created the account and gave it to nobody: it was taken out
// of its request, or is not announced yet.
func (f Found) withheld() bool {
	return f.line.Stamp != "" && f.line.State != provisioning.AccountAnnounced
}

// inOffice reports whether the account is an approver's, a substitute's or an administrator's: with it
// somebody could decide in their place.
func inOffice(auth provisioning.Authority, objectID string) bool {
	return slices.Contains(auth.Administrators, objectID) ||
		slices.ContainsFunc(auth.Stages, func(s provisioning.Stage) bool { return slices.Contains(s.Approvers, objectID) }) ||
		slices.ContainsFunc(auth.Substitutes, func(s provisioning.Substitute) bool { return s.To.ID == objectID && auth.Now.Before(s.Until) })
}

// sameArea reports whether an account was announced in areaPeriod on a request of the person's with
// that area.
func (rc *Recovery) sameArea(tx provisioning.Tx, by provisioning.Actor, area string) (bool, error) {
	if input.Placeholder(area) {
		return false, nil
	}
	n, same := 0, collate.New(language.Spanish, collate.Loose) // ignores case and accents
	for r, err := range tx.ListRequests(provisioning.RequestFilter{Requester: by.ID}) {
		if n++; err != nil || n > maxRead || rc.Now().Sub(r.SubmittedAt) > areaPeriod {
			return false, err
		}
		if !r.Kind.Creates() || !r.State.Authorised() || same.CompareString(area, r.Area) != 0 {
			continue
		}
		tally, err := tx.Tally(r.Folio)
		if err != nil || tally[provisioning.AccountAnnounced] > 0 {
			return err == nil, err
		}
	}
	return false, nil
}

// sameCentre reports whether an account of the work centre was announced to the person in
// areaPeriod.
func (rc *Recovery) sameCentre(tx provisioning.Tx, by provisioning.Actor, cct identity.CCT) (bool, error) {
	if cct == "" {
		return false, nil
	}
	n := 0
	for line, err := range tx.SearchAccounts(provisioning.AccountSearch{Text: string(cct), Requester: by.ID}) {
		if n++; err != nil || n > maxRead {
			return false, err
		}
		announced := created(line) && line.State == provisioning.AccountAnnounced
		if announced && line.Holder.CCT() == cct && rc.Now().Sub(line.AnnouncedAt) <= areaPeriod {
			return true, nil
		}
	}
	return false, nil
}
