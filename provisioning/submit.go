package provisioning

import (
	"errors"
	"slices"
	"strconv"
)

// Submission is a filled-in form.
type Submission struct {
	Folio     Folio // of the returned request that it corrects; "" for a new one
	Type      AccountType
	Requester Actor
	Locale    string
	Area      string
	CCT       CCT
	Phone     string
	Petition  Petition
	Notes     string
	Holders   []Holder
	Exist     map[Holder]Proposal  // accounts that holders were seen to have
	Taken     map[Address]bool     // addresses the directory was seen to have
	Gone      map[Address]bool     // addresses of accounts of ours that it no longer has
	Seen      map[Holder][]Warning // what else it was seen to have, of a holder
	Changed   []string             // inputs that the correction changed
}

// Submit enters the request at the first stage, with an address reserved for each
// of its lines. A holder who has an account, by our own requests or as Exist says, or is
// asked for in another request, gets none: the line is AccountExists or AccountExcluded; where that leaves nothing to
// be made, the whole is CodeConflict "request.nothing_new".
func (d *Workflow) Submit(tx Tx, s Submission) (Request, error) {
	rule, ok := d.Rules.Types[s.Type]
	if !ok {
		return Request{}, Invalid("type", "type.unknown")
	}
	if len(s.Holders) == 0 || len(s.Holders) > d.Rules.Limits.Lines {
		return Request{}, Invalid("", "request.lines", "max", strconv.Itoa(d.Rules.Limits.Lines))
	}
	r, err := d.openRequest(tx, s)
	if err != nil {
		return r, err
	}
	if err := d.letGo(tx, r.Folio); err != nil {
		return r, err
	}
	fresh := 0
	for i, h := range s.Holders {
		a, err := d.newLine(tx, rule, s, NewStamp(r.Folio, i+1), h)
		if err != nil {
			return r, err
		}
		if a.State == AccountPending {
			fresh++
		}
		if err := tx.PutAccount(a); err != nil {
			return r, err
		}
	}
	if fresh == 0 {
		return r, Refuse(CodeConflict, "request.nothing_new")
	}
	if err := d.excludeFrom(tx, r.Folio, len(s.Holders)); err != nil {
		return r, err
	}
	return r, d.enter(tx, r, s.Requester, "request.submit", NoticeReceived, nil)
}

// openRequest returns the request that the submission makes or corrects, at the
// first stage but not yet put.
func (d *Workflow) openRequest(tx Tx, s Submission) (Request, error) {
	now := d.Now()
	r := Request{Mark: newMark(), Requester: s.Requester}
	var err error
	if s.Folio != "" {
		if r, err = tx.Request(s.Folio); err != nil {
			return r, err
		}
		if r.Requester.ID != s.Requester.ID {
			return r, Refuse(CodeForbidden, "authority.requester")
		}
		r.Mark, r.Marks = newMark(), slices.Concat(r.Marks, []string{r.Mark})
	} else if r.Folio, err = tx.NextFolio(d.Rules.Calendar.Local(now).Year()); err != nil {
		return r, err
	}
	r.Type, r.Locale, r.Area, r.CCT, r.Phone = s.Type, s.Locale, s.Area, s.CCT, s.Phone
	r.Petition, r.Notes, r.Lines, r.Changed = s.Petition, s.Notes, len(s.Holders), s.Changed
	r.Subject = s.Holders[0].DisplayName()
	return r.Submit(d.Rules.Stages, now)
}

// newLine returns the line for a holder, with an address reserved for it.
func (d *Workflow) newLine(tx Tx, rule TypeRule, s Submission, stamp Stamp, h Holder) (Account, error) {
	a := Account{Stamp: stamp, Number: stamp.Number(), Holder: h, State: AccountPending, Warnings: h.Warnings(d.Rules.Calendar.Local(d.Now()))}
	prior, err := Prior(tx, h, a.Stamp)
	if err != nil {
		return a, err
	}
	seen, exists := s.Exist[h]
	switch {
	case prior.Made() && s.Gone[prior.Address]:
	case prior.Address != "" && prior.Made():
		a.State, a.Address, a.ObjectID = AccountExists, prior.Address, prior.ObjectID
		a.Guarded = !h.Agrees(prior.Holder.DisplayName())
		return a, nil
	case prior.Stamp != "":
		a.State, a.Note = AccountExcluded, string(prior.Folio())
		if prior.Folio() != a.Folio() { // else a line above, of a request that is not put yet
			a.Guarded, err = ofAnother(tx, prior, s.Requester)
		}
		return a, err
	}
	if exists {
		a.State, a.Address, a.ObjectID, a.Guarded = AccountExists, seen.Address, seen.ObjectID, seen.Guarded
		return a, nil
	}
	a.Warnings = append(slices.Clone(s.Seen[h]), a.Warnings...)
	a.Address, err = reserve(tx, rule, h, a.Stamp, func(c Address) bool { return s.Taken[c] })
	return a, err
}

// Prior returns the newest other line for the same holder whose account exists or
// may still be made; a zero Account if there is none. Lines of requests that came
// to nothing do not count, nor do those of a wholly different name: whose the key is, a
// person says once both are found.
func Prior(tx Tx, h Holder, self Stamp) (Account, error) {
	if !h.Known() {
		return Account{}, nil
	}
	for a, err := range tx.AccountsFor(h.Identity()) {
		if err != nil {
			return Account{}, err
		}
		if h.misnamed(a.Holder.DisplayName()) {
			continue
		}
		if a.Stamp.Folio() == self.Folio() && a.Stamp >= self {
			continue
		}
		if a.Made() {
			return a, nil
		}
		switch {
		case a.State == AccountExcluded:
			continue
		case a.Folio() == self.Folio():
			return a, nil // a line above, in the form that is being read
		}
		r, err := tx.Request(a.Folio())
		if err != nil {
			return Account{}, err
		}
		if !r.State.Final() {
			return a, nil
		}
	}
	return Account{}, nil
}

// reserve takes the first address of the patterns that is neither refused by skip
// nor held by another line.
func reserve(tx Tx, rule TypeRule, h Holder, s Stamp, skip func(Address) bool) (Address, error) {
	candidates, err := Candidates(rule.Patterns, h, rule.Domain)
	if err != nil {
		return "", err
	}
	for c := range candidates {
		if skip(c) {
			continue
		}
		err := tx.Reserve(c, s)
		if err == nil {
			return c, nil
		}
		if CodeOf(err) != CodeConflict {
			return "", err
		}
	}
	return "", Refuse(CodeConflict, "trouble.addresses")
}

// letGo frees the addresses that the request's pending lines hold, before a
// correction proposes them anew.
func (d *Workflow) letGo(tx Tx, f Folio) error {
	lines, err := collect(tx.AccountsOf(f, 0))
	if err != nil {
		return err
	}
	for _, a := range lines {
		if a.Made() || a.Address == "" {
			continue
		}
		if err := errors.Join(tx.Release(a.Address, a.Stamp), tx.Leave(a.Stamp)); err != nil {
			return err
		}
	}
	return nil
}

// excludeFrom leaves out the lines after n that an earlier round had.
func (d *Workflow) excludeFrom(tx Tx, f Folio, n int) error {
	lines, err := collect(tx.AccountsOf(f, n))
	if err != nil {
		return err
	}
	for _, a := range lines {
		a.State, a.Address, a.Note = AccountExcluded, "", "corrected"
		if err := tx.PutAccount(a); err != nil {
			return err
		}
	}
	return nil
}
