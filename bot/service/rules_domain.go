package service

import (
	"cmp"
	"time"

	"seducoahuila.gob.mx/altas/bot/flowchart"
	"seducoahuila.gob.mx/altas/bot/recipient"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/flow"
	"seducoahuila.gob.mx/altas/provisioning/identity"
)

// domain converts the rules to provisioning's types, in the organisation's time zone.
func (r Rules) domain(zone *time.Location) *provisioning.Rules {
	rules := &provisioning.Rules{
		Types: make(map[identity.AccountType]provisioning.TypeRule, len(r.Types)), Administrators: r.Administrators,
		RequesterGroup: r.RequesterGroup, OneMayDecideAll: r.OneMayDecideAll, Limits: r.Limits.domain(),
	}
	rules.Calendar, _ = r.Calendar.calendar(zone) // validated, as are the deadlines
	rules.Deadlines, _ = r.Deadlines.domain(rules.Calendar)
	for name, t := range r.Types {
		rules.Types[identity.AccountType(name)] = t.domain(identity.AccountType(name))
	}
	for _, s := range r.Stages {
		rules.Stages = append(rules.Stages, provisioning.Stage{
			Name: provisioning.StageName(s.Name), Approvers: s.Approvers, ApproverGroup: s.ApproverGroup,
		})
	}
	return rules
}

// Flows returns the flows of the kinds of request under the rules, of new accounts first.
func (r Rules) Flows(zone *time.Location) []flow.Flow {
	return flowchart.Flows(r.domain(zone), r.Recovery.domain())
}

func (t TypeRules) domain(kind identity.AccountType) provisioning.TypeRule {
	patterns := identity.DefaultPatterns(kind)
	if len(t.Patterns) > 0 {
		patterns, _ = identity.ParsePatterns(kind, t.Patterns) // validated
	}
	return provisioning.TypeRule{
		Domain: t.Domain, Patterns: patterns, SKUs: t.Licences, Groups: t.Groups, Attributes: t.Attributes.domain(),
	}
}

func (a AttributeRules) domain() provisioning.Attributes {
	return provisioning.Attributes{
		Department: a.Department, OfficeLocation: a.OfficeLocation, CompanyName: a.CompanyName, JobTitle: a.JobTitle,
		PreferredLanguage: cmp.Or(a.PreferredLanguage, "es-MX"), UsageLocation: cmp.Or(a.UsageLocation, "MX"),
		MinorConsent: a.MinorConsent,
	}
}

func (l LimitRules) domain() provisioning.Limits {
	limits := provisioning.DefaultLimits()
	set := func(to *int, v int) {
		if v > 0 {
			*to = v
		}
	}
	set(&limits.Lines, l.Lines)
	set(&limits.People, l.People)
	set(&limits.Reveals, l.Reveals)
	set(&limits.LowStock, l.LowStock)
	set(&limits.Inquiries, l.Inquiries)
	if l.RevealDays > 0 {
		limits.RevealWithin = time.Duration(l.RevealDays) * 24 * time.Hour
	}
	if l.DraftDays > 0 {
		limits.DraftFor = time.Duration(l.DraftDays) * 24 * time.Hour
	}
	return limits
}

// channels returns the channels of the stages that the file names.
func (r Rules) channels() map[provisioning.StageName]recipient.Channel {
	all := make(map[provisioning.StageName]recipient.Channel)
	add := func(stage provisioning.StageName, c ChannelRules) {
		if c.ChannelID != "" {
			all[stage] = recipient.Channel{TeamID: c.TeamID, ChannelID: c.ChannelID}
		}
	}
	for _, s := range r.Stages {
		add(provisioning.StageName(s.Name), s.Channel)
	}
	add(provisioning.Platform, r.Platform.Channel)
	return all
}
