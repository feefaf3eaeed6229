package provisioning

import (
	"cmp"
	"errors"
	"slices"
	"time"
)

// Substitute lets To decide at a stage in its holder's stead, between two
// instants (From included, Until not).
type Substitute struct {
	Stage StageName `json:"stage"`
	To    Actor     `json:"to"`
	From  time.Time `json:"from"`
	Until time.Time `json:"until"`
	By    Actor     `json:"by"`
}

// substitutes are kept by substituteKey.
var substitutes = Document[Substitute]{Kind: "substitute"}

// substituteKey is "director/" and an Entra object id: a person is named once for a stage.
func substituteKey(stage StageName, person string) string { return string(stage) + "/" + person }

// longestSubstitution is how long one may stand in, in years.
const longestSubstitution = 1

// InForce reports whether the substitute stands in at an instant.
func (s Substitute) InForce(at time.Time) bool { return !at.Before(s.From) && at.Before(s.Until) }

// over reports whether the substitute's time is past.
func (s Substitute) over(at time.Time) bool { return !at.Before(s.Until) }

// CheckPeriod refuses, with CodeInvalid, a period of whole days that nobody can be named for
// now: one that is past, that ends before it begins, or that is longer than a year.
func (s Substitute) CheckPeriod(now time.Time) error {
	switch {
	case s.over(now):
		return Invalid("period", "substitute.past")
	case !s.From.Before(s.Until):
		return Invalid("period", "substitute.dates")
	case s.Until.After(s.From.AddDate(longestSubstitution, 0, 1)): // the last day is included
		return Invalid("period", "substitute.long")
	}
	return nil
}

// NameSubstitute lets s.To decide at a stage for some days, on the word of whoever clicked;
// naming them again changes their days. It refuses who may not say so, see
// Authority.MayNameSubstitute, a period as CheckPeriod does, and with CodeForbidden oneself:
// an administrator would give themselves an office.
func (a *Access) NameSubstitute(tx Tx, c Click, s Substitute) error {
	now := a.Now()
	if err := a.Rules.Authority(now, nil).MayNameSubstitute(s.Stage, c); err != nil {
		return err
	}
	if err := s.CheckPeriod(now); err != nil {
		return err
	}
	if s.To.ID == c.By.ID {
		return Refuse(CodeForbidden, "substitute.self")
	}
	s.By = c.By
	return errors.Join(
		dropPastSubstitutes(tx, now),
		substitutes.Put(tx, substituteKey(s.Stage, s.To.ID), s),
		tx.Record(substituteEntry(now, "substitute.name", s)),
	)
}

// RemoveSubstitute ends a substitution before its time, on the word of whoever might name
// the person. It is CodeNotFound where the person is not named for the stage.
func (a *Access) RemoveSubstitute(tx Tx, c Click, stage StageName, person string) error {
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
		return Refuse(CodeNotFound, "substitute.none")
	}
	s.By = c.By
	return errors.Join(substitutes.Drop(tx, key), tx.Record(substituteEntry(now, "substitute.remove", s)))
}

// Substitutes returns who stands in now or later, by stage and first day.
func (a *Access) Substitutes(tx Tx) ([]Substitute, error) {
	named, err := namedSubstitutes(tx)
	now := a.Now()
	named = slices.DeleteFunc(named, func(s Substitute) bool { return s.over(now) })
	slices.SortFunc(named, func(x, y Substitute) int {
		return cmp.Or(cmp.Compare(x.Stage, y.Stage), x.From.Compare(y.From))
	})
	return named, err
}

// Substituting returns who stands in at a stage now.
func (a *Access) Substituting(tx Tx, stage StageName) ([]Substitute, error) {
	named, err := namedSubstitutes(tx)
	now := a.Now()
	return slices.DeleteFunc(named, func(s Substitute) bool { return s.Stage != stage || !s.InForce(now) }), err
}

// namedSubstitutes returns everyone who was named, whenever their time is.
func namedSubstitutes(tx Tx) ([]Substitute, error) {
	var all []Substitute
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

// dropPastSubstitutes forgets those whose time is over; the audit keeps them.
func dropPastSubstitutes(tx Tx, now time.Time) error {
	all, err := namedSubstitutes(tx)
	for _, s := range all {
		if s.over(now) {
			err = errors.Join(err, substitutes.Drop(tx, substituteKey(s.Stage, s.To.ID)))
		}
	}
	return err
}

func substituteEntry(now time.Time, act string, s Substitute) Entered {
	return Entered{At: now, By: s.By, Act: act, Detail: map[string]string{
		"stage": string(s.Stage), "person": s.To.ID, "name": s.To.Name,
		"from": s.From.Format(time.RFC3339), "until": s.Until.Format(time.RFC3339),
	}}
}
