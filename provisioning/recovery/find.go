package recovery

import (
	"context"
	"errors"
	"slices"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// Query is how a person identifies an account: by its address or, if Address is "", by its holder's
// key and name. Key is a CURP or, if CURP is "", a work centre's CCT. Type restricts it to accounts
// of a type; "" does not.
type Query struct {
	Address identity.Address
	CURP    identity.CURP
	CCT     identity.CCT
	Name    string
	Type    identity.AccountType
}

// Inquired returns the key by which inquiries about the account are counted.
func (q Query) Inquired() string {
	return string(q.Address) + "/" + string(q.CURP) + "/" + string(q.CCT) + "/" + q.Name
}

// Found is an account that a person may recover.
type Found struct {
	Entry    provisioning.Entry
	Holder   identity.Holder   // by the line that created it, else by the receipts, else by the directory
	Warnings []problem.Warning // for whoever decides: why the person may ask, if they did not ask for the account
	AtOnce   bool              // nobody decides: the password is renewed when the request is sent

	approver bool                 // its owner is in an approver group, or that is not known
	line     provisioning.Account // that created it; zero if none did
	row      provisioning.Receipt // of the receipts, if there is no line; zero if there is none
}

// Find returns the accounts that the person identified and may recover, at least one. It is
// CodeNotFound "recovery.unknown" if there is none, whether or not an account exists, and counts
// that; CodeLimited "recovery.locked" after too many; CodeForbidden "recovery.own" for the person's
// own account; CodeUnavailable while the directory does not answer, or if nothing was found while
// the receipts do not.
func (rc *Recovery) Find(ctx context.Context, by provisioning.Actor, q Query) ([]Found, error) {
	if by.ID == "" {
		return nil, unknown()
	}
	err := rc.Store.View(ctx, func(tx provisioning.Tx) error { return rc.locked(tx, by) })
	if err != nil {
		return nil, err
	}
	allowed, err := rc.allowed(ctx, by, q)
	switch {
	case err != nil:
		return nil, err
	case len(allowed) == 0:
		return nil, rc.wrong(ctx, by)
	}
	return allowed, rc.disclose(ctx, by, allowed)
}

// Confirm returns nil if the person may still recover the account, by its address and object id;
// CodeNotFound if not.
func (rc *Recovery) Confirm(ctx context.Context, by provisioning.Actor, address identity.Address, objectID string) error {
	found, err := rc.allowed(ctx, by, Query{Address: address})
	if err == nil && !slices.ContainsFunc(found, func(f Found) bool { return f.Entry.ID == objectID }) {
		return unknown()
	}
	return err
}

// allowed returns the accounts that the query leads to and that the person may recover. If there is
// none while the receipts do not answer, it is CodeUnavailable: also if no account exists, so that
// the error does not tell.
func (rc *Recovery) allowed(ctx context.Context, by provisioning.Actor, q Query) ([]Found, error) {
	look := lookup{rc: rc}
	all, err := look.identify(ctx, q)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(all, func(f Found) bool { return f.Entry.ID == by.ID }) {
		return nil, problem.Refuse(problem.CodeForbidden, "recovery.own")
	}
	for i, f := range all {
		all[i].approver = rc.inApproverGroup(ctx, f.Entry.ID)
	}
	var allowed []Found
	err = rc.Store.View(ctx, func(tx provisioning.Tx) error {
		allowed = nil
		auth, err := rc.Offices.Authority(tx)
		if err != nil {
			return err
		}
		for _, f := range all {
			may, warnings, err := rc.mayRecover(tx, auth, by, f)
			if err != nil {
				return err
			}
			if f.AtOnce, err = rc.atOnce(tx, by, f.Entry.Address, f.Entry.ID); err != nil {
				return err
			}
			if f.Warnings = warnings; may {
				allowed = append(allowed, f)
			}
		}
		return nil
	})
	if err == nil && len(allowed) == 0 {
		err = look.away
	}
	return allowed, err
}

// inApproverGroup reports whether the account's owner is in an approver group; true if that cannot be
// read.
func (rc *Recovery) inApproverGroup(ctx context.Context, objectID string) bool {
	in, err := rc.Offices.InApproverGroup(ctx, objectID)
	if err != nil {
		rc.Log.WarnContext(ctx, "approver groups not read", "account", objectID, "err", err)
	}
	return in || err != nil
}

// disclose records in the audit which accounts a person was shown.
func (rc *Recovery) disclose(ctx context.Context, by provisioning.Actor, found []Found) error {
	return rc.Store.Update(ctx, func(tx provisioning.Tx) error {
		var errs []error
		for _, f := range found {
			errs = append(errs, tx.Record(provisioning.Entered{
				At: rc.Now(), By: by, Act: "recovery.identified", Detail: map[string]string{"address": string(f.Entry.Address)},
			}))
		}
		return errors.Join(errs...)
	})
}
