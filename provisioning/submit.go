package provisioning

import (
	"slices"
	"strconv"

	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// ActSubmit is the act of the audit entry of each submission, corrections included.
const ActSubmit = "request.submit"

// Submission is a filled-in form.
type Submission struct {
	Kind      RequestKind // of a new request; a correction keeps the request's
	Folio     Folio       // of the returned request that it corrects; "" for a new one
	Type      identity.AccountType
	Requester Actor
	Locale    string
	Area      string
	CCT       identity.CCT
	Phone     string
	Petition  Petition
	Notes     string
	Holders   []identity.Holder
	Exist     map[identity.Holder]Proposal          // accounts that the directory shows for the holders
	Taken     map[identity.Address]bool             // addresses that exist in the directory
	Gone      map[identity.Address]bool             // addresses of our accounts that are no longer in the directory
	Seen      map[identity.Holder][]problem.Warning // what else the directory shows about a holder
	Changed   []string                              // inputs that the correction changed
}

// Submit stores the request at the first stage, with an address reserved for each line. A holder
// who has an account, in our requests or in Exist, or is in another open request, gets no address:
// the line is AccountExists or AccountExcluded. If no line is left to create, Submit is
// CodeConflict "request.nothing_new".
func (d *Workflow) Submit(tx Tx, s Submission) (Request, error) {
	if _, ok := d.Rules.Types[s.Type]; !ok {
		return Request{}, problem.Invalid("type", "type.unknown")
	}
	if len(s.Holders) == 0 || len(s.Holders) > d.Rules.Limits.Lines {
		return Request{}, problem.Invalid("", "request.lines", "max", strconv.Itoa(d.Rules.Limits.Lines))
	}
	r, kind, err := d.openRequest(tx, s)
	if err != nil {
		return r, err
	}
	if err := d.releaseLines(tx, kind, r.Folio); err != nil {
		return r, err
	}
	if err := d.openLines(tx, kind, s, r); err != nil {
		return r, err
	}
	if err := d.excludeFrom(tx, r.Folio, len(s.Holders)); err != nil {
		return r, err
	}
	told := NoticeKind("") // the form's card says that it was sent
	if len(r.Stages) == 0 {
		told = NoticeAuthorized
	}
	return r, d.enter(tx, r, s.Requester, ActSubmit, told, nil)
}

// openLines stores a line for each holder; CodeConflict if none has anything to be done.
func (d *Workflow) openLines(tx Tx, kind Kind, s Submission, r Request) error {
	pending := 0
	for i, h := range s.Holders {
		a := Account{Stamp: NewStamp(r.Folio, i+1), Kind: r.Kind, Number: i + 1, Holder: h, State: AccountPending}
		a.Warnings = h.Warnings(d.Rules.Calendar.Local(d.Now()))
		a, err := kind.Open(tx, s, a)
		if err != nil {
			return err
		}
		if a.State == AccountPending {
			pending++
		}
		if err := tx.PutAccount(a); err != nil {
			return err
		}
	}
	if pending == 0 {
		return problem.Refuse(problem.CodeConflict, "request.nothing_new")
	}
	return nil
}

// openRequest returns the new or corrected request, at its first stage but not yet stored.
func (d *Workflow) openRequest(tx Tx, s Submission) (Request, Kind, error) {
	r, err := d.numbered(tx, s)
	if err != nil {
		return r, nil, err
	}
	kind, err := d.Kinds.of(r.Kind)
	if err != nil {
		return r, nil, err
	}
	r.Type, r.Locale, r.Area, r.CCT, r.Phone = s.Type, s.Locale, s.Area, s.CCT, s.Phone
	r.Petition, r.Notes, r.Lines, r.Changed = s.Petition, s.Notes, len(s.Holders), s.Changed
	r.Subject = s.Holders[0].DisplayName()
	if r.Stages, err = kind.Stages(tx, s); err != nil {
		return r, nil, err
	}
	stages := d.Rules.Stages.Of(r)
	r.Stages = stages.Names()
	r, err = r.Submit(stages, d.Now())
	return r, kind, err
}

// numbered returns the request of a submission with its folio and a new mark: a new one, or the
// stored one that it corrects.
func (d *Workflow) numbered(tx Tx, s Submission) (Request, error) {
	r := Request{Mark: newMark(), Kind: s.Kind, Requester: s.Requester}
	var err error
	if s.Folio != "" {
		if r, err = tx.Request(s.Folio); err != nil {
			return r, err
		}
		if r.Requester.ID != s.Requester.ID {
			return r, problem.Refuse(problem.CodeForbidden, "authority.requester")
		}
		r.Mark, r.Marks = newMark(), slices.Concat(r.Marks, []string{r.Mark})
	} else if r.Folio, err = tx.NextFolio(d.Rules.Calendar.Local(d.Now()).Year()); err != nil {
		return r, err
	}
	return r, nil
}

// ReserveAddress reserves the first address of the patterns that skip does not refuse and no other
// line holds. It is CodeConflict "trouble.addresses" if there is none.
func ReserveAddress(tx Tx, rule TypeRule, h identity.Holder, s Stamp, skip func(identity.Address) bool) (identity.Address, error) {
	candidates, err := identity.Candidates(rule.Patterns, h, rule.Domain)
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
		if problem.CodeOf(err) != problem.CodeConflict {
			return "", err
		}
	}
	return "", problem.Refuse(problem.CodeConflict, "trouble.addresses")
}

// releaseLines frees what is reserved for the request's lines without an account, before a
// correction opens the lines again.
func (d *Workflow) releaseLines(tx Tx, kind Kind, f Folio) error {
	lines, err := collect(tx.AccountsOf(f, 0))
	if err != nil {
		return err
	}
	for _, a := range lines {
		if a.Made() {
			continue
		}
		if err := kind.Release(tx, a); err != nil {
			return err
		}
	}
	return nil
}

// excludeFrom excludes the lines after n, which an earlier round had.
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
