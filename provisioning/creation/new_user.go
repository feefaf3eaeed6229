package creation

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
)

// newUser returns the user to create. Texts are cut to Graph's lengths, except the address.
func (cr *Creation) newUser(ctx context.Context, a provisioning.Account, rule provisioning.TypeRule) provisioning.NewUser {
	h, at := a.Holder, rule.Attributes
	fill := cr.filler(ctx, h)
	u := provisioning.NewUser{
		Stamp: a.Stamp, Address: a.Address, DisplayName: cut(h.DisplayName(), 256),
		Department: cut(fill(at.Department), 64), OfficeLocation: cut(fill(at.OfficeLocation), 128),
		CompanyName: cut(fill(at.CompanyName), 64), JobTitle: cut(fill(at.JobTitle), 128),
		PreferredLanguage: at.PreferredLanguage, UsageLocation: at.UsageLocation,
	}
	if h.Type != identity.WorkCentre {
		u.GivenName = cut(h.Person.GivenNames, 64)
		u.Surname = cut(strings.TrimSpace(h.Person.FirstSurname+" "+h.Person.SecondSurname), 64)
	}
	if h.Type == identity.Student {
		u.AgeGroup, u.Consent = ageOf(h.Person.CURP, at, cr.Rules.Calendar.Local(cr.Now()))
	}
	return u
}

// filler returns a function that replaces the {names} of an attribute's text by the holder's
// values. A person's work centre is named by the catalogue, else by its CCT.
func (cr *Creation) filler(ctx context.Context, h identity.Holder) func(string) string {
	centre := h.Centre.Name
	if h.Type != identity.WorkCentre && cr.Centres != nil {
		centre = cr.Centres.CentreName(ctx, h.Person.CCT)
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

// ageOf returns a student's ageGroup and consentProvidedForMinor; Graph accepts consent only for
// minors. Both are "" if no CURP gives the age.
func ageOf(c identity.CURP, at provisioning.Attributes, now time.Time) (group, consent string) {
	switch {
	case !c.Identifies():
		return "", ""
	case c.Minor(now):
		return "Minor", at.MinorConsent
	}
	return "Adult", ""
}

// cut truncates s to n characters.
func cut(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return strings.TrimSpace(string([]rune(s)[:n]))
}
