package status

import (
	"context"
	"errors"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// permitted calls read with a request that the person may read in their personal chat: as its
// requester, as an administrator or, office then being set, because it reached a stage at which they
// decide now. For others it is the CodeNotFound of Policy.Own. The directory is asked about groups
// only for a request that is not the person's own.
func (rq *Requests) permitted(ctx context.Context, by provisioning.Actor, f provisioning.Folio, read func(provisioning.Tx, provisioning.Request) error) (office bool, err error) {
	err = rq.Store.View(ctx, func(tx provisioning.Tx) error {
		r, err := rq.Access.Own(tx, by, f)
		if err != nil {
			return err
		}
		return read(tx, r)
	})
	if !errors.Is(err, &problem.Error{Code: problem.CodeNotFound, Reason: "request.not_found"}) {
		return false, err
	}
	groups, asked := rq.Access.Groups(ctx, by)
	if asked != nil {
		return false, asked
	}
	return true, rq.Store.View(ctx, func(tx provisioning.Tx) error {
		reach, err := rq.Access.Reach(tx, by, groups)
		if err != nil {
			return err
		}
		r, found := reach.Within(tx, f)
		if problem.CodeOf(found) == problem.CodeNotFound {
			_, found = rq.Access.Own(tx, by, f) // the same answer as to anybody
		}
		if found != nil {
			return found
		}
		return read(tx, r)
	})
}

// reaches reports whether the request reached a stage at which the person decides now.
func (rq *Requests) reaches(ctx context.Context, by provisioning.Actor, r provisioning.Request) (bool, error) {
	groups, err := rq.Access.Groups(ctx, by)
	if err != nil {
		return false, err
	}
	reads := false
	err = rq.Store.View(ctx, func(tx provisioning.Tx) error {
		reach, err := rq.Access.Reach(tx, by, groups)
		reads = reach.Reads(r)
		return err
	})
	return reads, err
}
