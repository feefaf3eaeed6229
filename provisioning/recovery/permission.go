package recovery

import (
	"slices"
	"time"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
)

const (
	// areaPeriod is how long an authorised request shows to which area its requester belongs.
	areaPeriod = 400 * 24 * time.Hour
	// maxRead bounds how many of a person's requests are read.
	maxRead = 1000
)

// mayRecover reports whether the person may recover the account: an administrator, the requester of
// its creation, or a requester of the same area. What a person types of their own area proves
// nothing; it counts once the stages have authorised a request with it, for new accounts.
func (rc *Recovery) mayRecover(tx provisioning.Tx, by provisioning.Actor, f Found) (bool, error) {
	switch {
	case by.ID == "":
		return false, nil
	case rc.Rules.Authority(rc.Now(), nil).Administrator(by):
		return true, nil
	case f.withheld():
		return false, nil
	case f.row.Requester.ID == by.ID:
		return true, nil
	}
	areas, ccts := []string{}, []identity.CCT{f.Holder.CCT(), cctOf(f.Entry)}
	if f.line.State == provisioning.AccountAnnounced {
		r, err := tx.Request(f.line.Folio())
		if err != nil || r.Requester.ID == by.ID {
			return err == nil, err
		}
		areas = append(areas, r.Area)
	}
	return rc.belongs(tx, by, areas, ccts)
}

// withheld reports whether a line of ours created the account and gave it to nobody: it was taken out
// of its request, or is not announced yet.
func (f Found) withheld() bool {
	return f.line.Stamp != "" && f.line.State != provisioning.AccountAnnounced && f.line.State != provisioning.AccountExists
}

// belongs reports whether a request of the person's for new accounts, with one of the areas or work
// centres, was authorised in areaPeriod.
func (rc *Recovery) belongs(tx provisioning.Tx, by provisioning.Actor, areas []string, ccts []identity.CCT) (bool, error) {
	n, same := 0, textComparer()
	for r, err := range tx.ListRequests(provisioning.RequestFilter{Requester: by.ID}) {
		if n++; err != nil || n > maxRead || rc.Now().Sub(r.SubmittedAt) > areaPeriod {
			return false, err
		}
		if !r.Kind.Creates() || !r.State.Authorised() {
			continue
		}
		sameArea := func(area string) bool { return same(area, r.Area) }
		if r.CCT != "" && slices.Contains(ccts, r.CCT) || slices.ContainsFunc(areas, sameArea) {
			return true, nil
		}
	}
	return false, nil
}

// textComparer returns a function that reports whether two texts are equal, ignoring case and
// accents; false for empty ones. It is not safe for concurrent use.
func textComparer() func(a, b string) bool {
	c := collate.New(language.Spanish, collate.Loose)
	return func(a, b string) bool { return a != "" && b != "" && c.CompareString(a, b) == 0 }
}
