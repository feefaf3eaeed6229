package provisioning

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Catalogue knows the work centres that people belong to.
type Catalogue interface {
	// CentreName returns the centre's name, "" where the catalogue does not have it.
	CentreName(ctx context.Context, c CCT) string
}

// newUser lays out the account for the directory. Texts are cut to Graph's
// lengths; the address never is.
func (p *Executor) newUser(ctx context.Context, a Account, rule TypeRule) NewUser {
	h, at := a.Holder, rule.Attributes
	fill := p.filler(ctx, h)
	u := NewUser{
		Stamp: a.Stamp, Address: a.Address, DisplayName: cut(h.DisplayName(), 256),
		Department: cut(fill(at.Department), 64), OfficeLocation: cut(fill(at.OfficeLocation), 128),
		CompanyName: cut(fill(at.CompanyName), 64), JobTitle: cut(fill(at.JobTitle), 128),
		PreferredLanguage: at.PreferredLanguage, UsageLocation: at.UsageLocation,
	}
	if h.Type != WorkCentre {
		u.GivenName = cut(h.Person.GivenNames, 64)
		u.Surname = cut(strings.TrimSpace(h.Person.FirstSurname+" "+h.Person.SecondSurname), 64)
	}
	if h.Type == Student {
		u.AgeGroup, u.Consent = ageOf(h.Person.CURP, at, p.Rules.Calendar.Local(p.Now()))
	}
	return u
}

// attributeFields are the {names} that an attribute's text may have.
const attributeFields = "cct centro nivel grado grupo tipo"

// Validate returns an error for each text with a {name} that stands for nothing.
func (a Attributes) Validate() error {
	var faults []error
	for _, text := range []string{a.Department, a.OfficeLocation, a.CompanyName, a.JobTitle} {
		for _, m := range patternField.FindAllStringSubmatch(text, -1) {
			if !slices.Contains(strings.Fields(attributeFields), m[1]) {
				faults = append(faults, fmt.Errorf("%q: unknown field {%s}; known are %s", text, m[1], attributeFields))
			}
		}
	}
	return errors.Join(faults...)
}

// filler replaces the {names} of an attribute's text by what is true of the holder.
// A person's work centre is named by the catalogue;
// one that it does not have goes by its CCT.
func (p *Executor) filler(ctx context.Context, h Holder) func(string) string {
	centre := h.Centre.Name
	if h.Type != WorkCentre && p.Centres != nil {
		centre = p.Centres.CentreName(ctx, h.Person.CCT)
	}
	if centre == "" {
		centre = string(h.CCT())
	}
	names := strings.NewReplacer(
		"{cct}", string(h.CCT()), "{centro}", centre, "{tipo}", string(h.Type),
		"{nivel}", h.Person.Level, "{grado}", h.Person.Grade, "{grupo}", h.Person.Group,
	)
	return func(text string) string { return strings.TrimSpace(names.Replace(text)) }
}

// ageOf returns a student's ageGroup and consentProvidedForMinor: Graph wants
// consent only for minors. Where no CURP tells the age, neither is said.
func ageOf(c CURP, at Attributes, now time.Time) (group, consent string) {
	switch {
	case !c.Identifies():
		return "", ""
	case c.Minor(now):
		return "Minor", at.MinorConsent
	}
	return "Adult", ""
}

// cut shortens s to n characters, whole ones.
func cut(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return strings.TrimSpace(string([]rune(s)[:n]))
}
