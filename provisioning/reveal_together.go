package provisioning

import (
	"context"
	"errors"
	"sync"

	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/provisioning/secret"
)

// MostTogether is the most passwords that RevealTogether sets at once: as many as a form has people.
const MostTogether = 30

// settingAtOnce is how many of them are being set at the same time: each takes three requests to the
// directory, and all must be done while a click waits.
const settingAtOnce = 8

// Revealed is the temporary password of one of several accounts, or why there is none.
type Revealed struct {
	Account  Account
	Password secret.Password
	Err      error // nil where Password is set
}

// RevealTogether is Reveal for the first MostTogether lines of a request that may be shown one, by
// their numbers. Each is judged, counted and recorded as by Reveal, and fails by itself. It is
// CodeForbidden if by is not the requester, CodeConflict "password.none" if there is no such line,
// and CodeLimited "password.wait" if one of them was shown a moment ago: then none is set, since a
// new password would invalidate one that is visible.
func (h *TemporaryPasswords) RevealTogether(ctx context.Context, f Folio, by Actor) ([]Revealed, error) {
	lines, err := h.revealable(ctx, f, by)
	if err != nil {
		return nil, err
	}
	all := make([]Revealed, len(lines))
	free := make(chan struct{}, settingAtOnce)
	var group sync.WaitGroup
	for i, a := range lines {
		free <- struct{}{}
		group.Go(func() {
			defer func() { <-free }()
			all[i] = h.revealOne(ctx, a, by)
		})
	}
	group.Wait()
	return all, nil
}

// revealOne is Reveal for a line that was read; a panic of it is its error.
func (h *TemporaryPasswords) revealOne(ctx context.Context, line Account, by Actor) Revealed {
	one := Revealed{Account: line}
	one.Err = job.Safely(func() error {
		a, p, err := h.Reveal(ctx, line.Stamp, by)
		if err == nil {
			one.Account, one.Password = a, p
		}
		return err
	})
	if _, refused := errors.AsType[*problem.Error](one.Err); one.Err != nil && !refused && ctx.Err() != nil {
		one.Err = problem.Refuse(problem.CodeUnavailable, DirectoryUnavailable) // the click could not wait longer
	}
	return one
}

// revealable reads the lines of a request that may be shown a password, MostTogether at most.
func (h *TemporaryPasswords) revealable(ctx context.Context, f Folio, by Actor) ([]Account, error) {
	var open []Account
	err := h.Store.View(ctx, func(tx Tx) error {
		open = nil
		r, err := tx.Request(f)
		if err != nil {
			return err
		}
		if by.ID == "" || r.Requester.ID != by.ID {
			return problem.Refuse(problem.CodeForbidden, "authority.requester")
		}
		for a, err := range tx.AccountsOf(f, 0) {
			if err != nil {
				return err
			}
			switch why := h.mayReveal(a, r.Requester, by); {
			case why == nil:
				open = append(open, a)
			case problem.ReasonOf(why) == "password.wait":
				return why
			}
			if len(open) == MostTogether {
				break
			}
		}
		if len(open) == 0 {
			return problem.Refuse(problem.CodeConflict, "password.none")
		}
		return nil
	})
	return open, err
}
