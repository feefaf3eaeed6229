package access

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// substitutes are kept by substituteKey.
var substitutes = provisioning.Document[provisioning.Substitute]{Kind: "substitute"}

// substituteKey is "director/" and an Entra object id: a person has one substitution per stage.
func substituteKey(stage provisioning.StageName, person string) string {
	return string(stage) + "/" + person
}

// NameSubstitute makes s.To a substitute at a stage for some days, named by the person who clicked;
// naming them again changes the days. Errors are those of Authority.MayNameSubstitute and
// CheckPeriod; it is CodeForbidden to name oneself, because an administrator could make themselves
// an approver.
func (a *Policy) NameSubstitute(tx provisioning.Tx, c provisioning.Click, s provisioning.Substitute) error {
	now := a.Now()
	if err := a.Rules.Authority(now, nil).MayNameSubstitute(s.Stage, c); err != nil {
		return err
	}
	if err := s.CheckPeriod(now); err != nil {
		return err
	}
	if s.To.ID == c.By.ID {
		return problem.Refuse(problem.CodeForbidden, "substitute.self")
	}
	s.By = c.By
	return errors.Join(
		dropPastSubstitutes(tx, now),
		substitutes.Put(tx, substituteKey(s.Stage, s.To.ID), s),
		tx.Record(substituteEntry(now, "substitute.name", s)),
	)
}

// RemoveSubstitute ends a substitution early, for those who may name substitutes at the stage. It
// is CodeNotFound if the person is not a substitute there.
func (a *Policy) RemoveSubstitute(tx provisioning.Tx, c provisioning.Click, stage provisioning.StageName, person string) error {
	now := a.Now()
	if err := a.Rules.Authority(now, nil).MayNameSubstitute(stage, c); err != nil {
		return err
	}
	key := substituteKey(stage, person)
	s, found, err := substitutes.Get(tx, key)
	if err != nil {
		return err
	}
	if !found {
		return problem.Refuse(problem.CodeNotFound, "substitute.none")
	}
	s.By = c.By
	return errors.Join(substitutes.Drop(tx, key), tx.Record(substituteEntry(now, "substitute.remove", s)))
}

// Substitutes returns the present and future substitutions, by stage and start.
func (a *Policy) Substitutes(tx provisioning.Tx) ([]provisioning.Substitute, error) {
	named, err := namedSubstitutes(tx)
	now := a.Now()
	named = slices.DeleteFunc(named, func(s provisioning.Substitute) bool { return isPast(s, now) })
	slices.SortFunc(named, func(x, y provisioning.Substitute) int {
		return cmp.Or(cmp.Compare(x.Stage, y.Stage), x.From.Compare(y.From))
	})
	return named, err
}

// Substituting returns the substitutions in force at a stage.
func (a *Policy) Substituting(tx provisioning.Tx, stage provisioning.StageName) ([]provisioning.Substitute, error) {
	named, err := namedSubstitutes(tx)
	now := a.Now()
	return slices.DeleteFunc(named, func(s provisioning.Substitute) bool { return s.Stage != stage || !s.InForce(now) }), err
}

// namedSubstitutes returns all stored substitutions, past ones included.
func namedSubstitutes(tx provisioning.Tx) ([]provisioning.Substitute, error) {
	var all []provisioning.Substitute
	for key, err := range substitutes.Keys(tx, "") {
		if err != nil {
			return nil, err
		}
		s, _, err := substitutes.Get(tx, key)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}

// dropPastSubstitutes deletes past substitutions; the audit keeps them.
func dropPastSubstitutes(tx provisioning.Tx, now time.Time) error {
	all, err := namedSubstitutes(tx)
	for _, s := range all {
		if isPast(s, now) {
			err = errors.Join(err, substitutes.Drop(tx, substituteKey(s.Stage, s.To.ID)))
		}
	}
	return err
}

func substituteEntry(now time.Time, act string, s provisioning.Substitute) provisioning.Entered {
	return provisioning.Entered{At: now, By: s.By, Act: act, Detail: map[string]string{
		"stage": string(s.Stage), "person": s.To.ID, "name": s.To.Name,
		"from": s.From.Format(time.RFC3339), "until": s.Until.Format(time.RFC3339),
	}}
}

// isPast reports whether the substitution has ended.
func isPast(s provisioning.Substitute, now time.Time) bool { return !now.Before(s.Until) }
