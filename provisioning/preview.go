package provisioning

import (
	"context"
	"slices"
)

// Proposal is what a holder would get if the form were sent now.
type Proposal struct {
	Address  Address   `json:"address,omitempty"`  // proposed, or the one the holder has
	Exists   bool      `json:"exists,omitempty"`   // the holder has it already
	ObjectID string    `json:"objectId,omitempty"` // Graph's id of that account, where it is known
	Pending  Folio     `json:"pending,omitempty"`  // another request asks for the same holder
	Guarded  bool      `json:"guarded,omitempty"`  // whoever asks is told no more than that: see Account.Guarded
	Taken    []Address `json:"taken,omitempty"`    // better addresses that others have
	Gone     Address   `json:"gone,omitempty"`     // of an account of ours that the directory no longer has
	Warnings []Warning `json:"warnings,omitempty"` // worth a second look before sending
	Checked  bool      `json:"checked,omitempty"`  // the directory answered
}

// Seen returns what the directory was seen to have of the holder: whoever decides is to
// know it too.
func (p Proposal) Seen() []Warning {
	seen := slices.DeleteFunc(slices.Clone(p.Warnings), func(w Warning) bool { return w.Field != "" }) // about what was typed
	if p.Exists {
		seen = append(seen, Warning{Reason: "exists", Args: pairs([]string{"address", string(p.Address)})})
	}
	return seen
}

// previewTries bounds how many addresses Preview asks the directory about.
const previewTries = 6

// Inquiry is who asks what sending a form would come to.
type Inquiry struct {
	By         Actor
	Correcting Folio // the returned request that the form corrects; "" for a new one
	Holders    []Holder
}

// Preview looks at what sending the form would come to for each holder, as far as
// can be told before ctx ends: it never fails for a directory that is slow or
// away, which is asked again before anything is made. Our own store is read even
// after that: the holders whose turn comes late are proposed an address as well.
// Whoever asks was counted before, by Workflow.Inquire.
func (p *Executor) Preview(ctx context.Context, q Inquiry) ([]Proposal, error) {
	proposals := make([]Proposal, len(q.Holders))
	var given []Address
	for i, h := range q.Holders {
		proposal, err := p.preview(ctx, q, h, given)
		if err != nil {
			return nil, err
		}
		proposals[i] = proposal
		given = append(given, proposal.Address)
	}
	return proposals, nil
}

func (p *Executor) preview(ctx context.Context, q Inquiry, h Holder, given []Address) (Proposal, error) {
	rule, lasting := p.Rules.Types[h.Type], context.WithoutCancel(ctx)
	proposal := Proposal{Warnings: h.Warnings(p.Rules.Calendar.Local(p.Now()))}
	prior, guarded, err := p.pending(lasting, q, h)
	switch {
	case err != nil:
		return proposal, err
	case prior.Made() && p.gone(ctx, prior):
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
		if proposal.Address, err = p.propose(lasting, q.Correcting, rule, h, avoid); err != nil {
			return proposal, err
		}
		f, err := p.look(ctx, Account{Holder: h, Address: proposal.Address}, rule)
		if err != nil && !isUnread(err) {
			p.Log.WarnContext(ctx, "preview without the directory", "err", err)
			return proposal, nil
		}
		proposal.Checked = err == nil
		switch f.outcome {
		case holderExists:
			proposal.Address, proposal.ObjectID, proposal.Exists = f.entries[0].Address, f.entries[0].ID, true
			proposal.Guarded = !h.Agrees(f.entries[0].DisplayName) && !h.Agrees(f.args["name"])
			return proposal, nil
		case cannotTell:
			proposal.Warnings = append([]Warning{f.doubt()}, proposal.Warnings...)
			return proposal, nil
		case addressTaken:
			proposal.Taken = append(proposal.Taken, proposal.Address)
			continue
		}
		return proposal, nil
	}
	return proposal, nil
}

// doubt tells the requester that a person will decide. Of an account that goes by the
// CURP of somebody of another name it tells nothing more.
func (f finding) doubt() Warning {
	if f.reason == troubleCURP {
		return Warning{Reason: f.reason}
	}
	return Warning{Reason: f.reason, Args: pairs([]string{"address", string(f.entries[0].Address)})}
}

// gone reports whether the directory no longer has the account of an earlier line,
// alive: whoever has its address by now may be another. One made lately may only be
// late to show.
func (p *Executor) gone(ctx context.Context, prior Account) bool {
	if p.Now().Sub(prior.CreatedAt) < lately {
		return false
	}
	entries, err := p.Directory.Find(ctx, Lookup{Address: prior.Address})
	return (err == nil || isUnread(err)) && !slices.ContainsFunc(entries, func(e Entry) bool {
		return e.Deleted.IsZero() && e.Has(prior.Address) && (prior.ObjectID == "" || prior.ObjectID == e.ID)
	})
}

// pending returns the line of another request by which the holder has, or may get,
// an account, and whether somebody else asked for it.
func (p *Executor) pending(ctx context.Context, q Inquiry, h Holder) (prior Account, another bool, err error) {
	err = p.Store.View(ctx, func(tx Tx) (err error) {
		if prior, err = Prior(tx, h, NewStamp(q.Correcting, 1)); err != nil || prior.Stamp == "" {
			return err
		}
		another, err = ofAnother(tx, prior, q.By)
		return err
	})
	return prior, another, err
}

// ofAnother reports whether a line is of a request that somebody else made.
func ofAnother(tx Tx, a Account, by Actor) (bool, error) {
	r, err := tx.Request(a.Folio())
	return r.Requester.ID != by.ID, err
}

// propose returns the first address of the patterns that no line holds and nobody
// in avoid has.
func (p *Executor) propose(ctx context.Context, correcting Folio, rule TypeRule, h Holder, avoid []Address) (Address, error) {
	candidates, err := Candidates(rule.Patterns, h, rule.Domain)
	if err != nil {
		return "", err
	}
	var found Address
	err = p.Store.View(ctx, func(tx Tx) error {
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
		return Refuse(CodeConflict, "trouble.addresses")
	})
	return found, err
}
