package creation

import (
	"context"
	"slices"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// previewTries is how many addresses Preview looks up in the directory.
const previewTries = 6

// Preview returns what submitting the form would result in for each holder, as far as is known
// before ctx ends. It does not fail if the directory is slow or unavailable, since every line is
// looked up again before creation. Our own store is read even after ctx ended, so the remaining
// holders get a proposed address too. The caller has counted the inquiry before, by
// access.Inquiries.
func (cr *Creation) Preview(ctx context.Context, q provisioning.Inquiry) ([]provisioning.Proposal, error) {
	proposals := make([]provisioning.Proposal, len(q.Holders))
	var given []identity.Address
	for i, h := range q.Holders {
		proposal, err := cr.preview(ctx, q, h, given)
		if err != nil {
			return nil, err
		}
		proposals[i] = proposal
		given = append(given, proposal.Address)
	}
	return proposals, nil
}

func (cr *Creation) preview(ctx context.Context, q provisioning.Inquiry, h identity.Holder, given []identity.Address) (provisioning.Proposal, error) {
	rule, lasting := cr.Rules.Types[h.Type], context.WithoutCancel(ctx)
	proposal := provisioning.Proposal{Warnings: h.Warnings(cr.Rules.Calendar.Local(cr.Now()))}
	prior, guarded, err := cr.pending(lasting, q, h)
	switch {
	case err != nil:
		return proposal, err
	case prior.Made() && cr.gone(ctx, prior):
		proposal.Gone = prior.Address
	case prior.Made():
		proposal.Address, proposal.ObjectID, proposal.Exists, proposal.Checked = prior.Address, prior.ObjectID, true, true
		proposal.Guarded = !h.Agrees(prior.Holder.DisplayName())
		return proposal, nil
	case prior.Stamp != "":
		proposal.Pending, proposal.Guarded = prior.Folio(), guarded
		return proposal, nil
	}
	for range previewTries {
		avoid := append(slices.Clone(given), proposal.Taken...)
		if proposal.Address, err = cr.propose(lasting, q.Correcting, rule, h, avoid); err != nil {
			return proposal, err
		}
		f, err := cr.look(ctx, provisioning.Account{Holder: h, Address: proposal.Address}, rule)
		if err != nil && !isUnread(err) {
			cr.Log.WarnContext(ctx, "preview without the directory", "err", err)
			return proposal, nil
		}
		proposal.Checked = err == nil
		switch f.outcome {
		case holderExists:
			proposal.Address, proposal.ObjectID, proposal.Exists = f.entries[0].Address, f.entries[0].ID, true
			proposal.Guarded = !h.Agrees(f.entries[0].DisplayName) && !h.Agrees(f.args["name"])
			return proposal, nil
		case cannotTell:
			proposal.Warnings = append([]problem.Warning{f.doubt()}, proposal.Warnings...)
			return proposal, nil
		case addressTaken:
			proposal.Taken = append(proposal.Taken, proposal.Address)
			continue
		}
		return proposal, nil
	}
	return proposal, nil
}

// doubt is the requester's warning that a person will decide. If the account has the CURP under
// another name, nothing more is disclosed.
func (f finding) doubt() problem.Warning {
	if f.reason == provisioning.TroubleCURP {
		return problem.Warning{Reason: f.reason}
	}
	return problem.Warning{Reason: f.reason, Args: map[string]string{"address": string(f.entries[0].Address)}}
}

// gone reports whether the account of an earlier line is deleted from the directory; its address
// may be another account's by now. A recently created account is never reported, because it may
// only be delayed.
func (cr *Creation) gone(ctx context.Context, prior provisioning.Account) bool {
	if cr.Now().Sub(prior.CreatedAt) < provisioning.Lately {
		return false
	}
	entries, err := cr.Directory.Find(ctx, provisioning.Lookup{Address: prior.Address})
	return (err == nil || isUnread(err)) && !slices.ContainsFunc(entries, func(e provisioning.Entry) bool {
		return e.Deleted.IsZero() && e.Has(prior.Address) && (prior.ObjectID == "" || prior.ObjectID == e.ID)
	})
}

// pending returns the line of another request by which the holder has, or may get, an account, and
// whether that is another person's request.
func (cr *Creation) pending(ctx context.Context, q provisioning.Inquiry, h identity.Holder) (prior provisioning.Account, another bool, err error) {
	err = cr.Store.View(ctx, func(tx provisioning.Tx) (err error) {
		if prior, err = priorLine(tx, h, provisioning.NewStamp(q.Correcting, 1)); err != nil || prior.Stamp == "" {
			return err
		}
		another, err = provisioning.OfAnother(tx, prior, q.By)
		return err
	})
	return prior, another, err
}

// propose returns the first address of the patterns that no line holds and that is not in avoid.
func (cr *Creation) propose(ctx context.Context, correcting provisioning.Folio, rule provisioning.TypeRule, h identity.Holder, avoid []identity.Address) (identity.Address, error) {
	candidates, err := identity.Candidates(rule.Patterns, h, rule.Domain)
	if err != nil {
		return "", err
	}
	var found identity.Address
	err = cr.Store.View(ctx, func(tx provisioning.Tx) error {
		for c := range candidates {
			holder, err := tx.HolderOf(c)
			if err != nil {
				return err
			}
			if (holder == "" || holder.Folio() == correcting) && !slices.Contains(avoid, c) {
				found = c
				return nil
			}
		}
		return problem.Refuse(problem.CodeConflict, "trouble.addresses")
	})
	return found, err
}
