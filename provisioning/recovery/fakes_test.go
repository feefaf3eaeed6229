package recovery

import (
	"context"
	"fmt"
	"slices"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// directory is the tenant's users, found as provisioning.Directory says.
type directory struct {
	*world
	users  []provisioning.Entry
	err    error            // of Find
	fails  map[string]error // by call: entry, replace, revoke; "revoke again" from the second on
	before func()           // called by Find
}

// Find returns the users that have the address, or its local part as nickname, also deleted ones.
// It returns none with an error, except DirectoryUnread.
func (d *directory) Find(_ context.Context, l provisioning.Lookup) (found []provisioning.Entry, err error) {
	if l.Stamp != "" || len(l.Names) > 0 || !l.Address.Valid() {
		return nil, fmt.Errorf("a recovery looks for %+v", l)
	}
	if d.before != nil {
		d.before()
	}
	if d.err != nil && problem.ReasonOf(d.err) != provisioning.DirectoryUnread {
		return nil, d.err
	}
	for _, e := range d.users {
		if e.Has(l.Address) || e.Nickname == l.Address.Local() {
			found = append(found, e)
		}
	}
	return found, d.err
}

// Entry returns the user; DirectoryNotFound, which the adapter marks permanent, if there is none.
func (d *directory) Entry(_ context.Context, id string) (provisioning.Entry, error) {
	if err := d.did("entry", id); err != nil {
		return provisioning.Entry{}, err
	}
	i := slices.IndexFunc(d.users, func(e provisioning.Entry) bool { return e.ID == id && e.Deleted.IsZero() })
	if i < 0 {
		return provisioning.Entry{}, problem.Refuse(problem.CodeNotFound, provisioning.DirectoryNotFound)
	}
	return d.users[i], nil
}

// RevokeSessions notes that the user's sessions were ended.
func (d *directory) RevokeSessions(_ context.Context, id string) error { return d.did("revoke", id) }

// replacer replaces passwords.
type replacer struct{ *world }

// Replace notes that the password was replaced, a minute ago by the directory's clock.
func (p replacer) Replace(_ context.Context, a provisioning.Account) (provisioning.Handover, error) {
	if err := p.did("replace", a.ObjectID); err != nil {
		return provisioning.Handover{}, err
	}
	at := p.Clock().Add(-time.Minute)
	return provisioning.Handover{Since: at, SetFrom: at, SetAt: at}, nil
}

// rows is the receipts database, asked as provisioning.ReceiptQuery says.
type rows struct {
	*world
	all       []provisioning.Receipt
	err       error
	recovered []string // "address folio time"
}

// Put is not for recoveries.
func (rs *rows) Put(_ context.Context, r provisioning.Receipt) error {
	return job.Permanent(fmt.Errorf("a recovery writes the row of %s", r.Address))
}

// Find returns the rows with the CURP or CCT and the type, or the address.
func (rs *rows) Find(_ context.Context, q provisioning.ReceiptQuery) (found []provisioning.Receipt, err error) {
	if rs.err != nil {
		return nil, rs.err
	}
	for _, r := range rs.all {
		curp := q.CURP.Identifies() && r.Holder.Type == q.Type && r.Holder.Person.CURP == q.CURP
		cct := q.CCT != "" && q.Type == identity.WorkCentre && r.Holder.Type == q.Type && r.Holder.Centre.CCT == q.CCT
		if curp || cct || q.Address != "" && r.Address == q.Address || q.Stamp != "" && r.Stamp == q.Stamp {
			found = append(found, r)
		}
	}
	return found, nil
}

// Recovered notes the recovery.
func (rs *rows) Recovered(_ context.Context, address identity.Address, f provisioning.Folio, at time.Time) error {
	if rs.err != nil {
		return rs.err
	}
	rs.recovered = append(rs.recovered, fmt.Sprint(address, " ", f, " ", at.Format(time.RFC3339)))
	return nil
}
