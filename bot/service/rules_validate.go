package service

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/bot/console"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
)

var (
	guid    = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	country = regexp.MustCompile(`^[A-Z]{2}$`)
)

// validate checks the rules and converts the ids to lower case.
func (r *Rules) validate() error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, console.Errorf(format, args...)) }
	checkIDs := func(where string, list []string) {
		for i, id := range list {
			if list[i] = strings.ToLower(strings.TrimSpace(id)); !guid.MatchString(list[i]) {
				fault("%s: %q is not an object id (a GUID)", where, id)
			}
		}
	}
	checkID := func(where string, id *string) {
		if *id = strings.ToLower(strings.TrimSpace(*id)); *id != "" && !guid.MatchString(*id) {
			fault("%s: %q is not an object id (a GUID)", where, *id)
		}
	}
	if len(r.Types) == 0 {
		fault("types: name at least one of %s", typeNames())
	}
	for _, name := range slices.Sorted(maps.Keys(r.Types)) {
		t := r.Types[name]
		faults = append(faults, t.validate("types."+name, name))
		checkIDs("types."+name+".licences", t.Licences)
		checkIDs("types."+name+".groups", t.Groups)
	}
	faults = append(faults, r.validateStages(), r.validateChannels())
	for i := range r.Stages {
		where := fmt.Sprintf("stages[%d]", i)
		checkIDs(where+".approvers", r.Stages[i].Approvers)
		checkID(where+".approverGroup", &r.Stages[i].ApproverGroup)
		if len(r.Stages[i].Approvers) == 0 && r.Stages[i].ApproverGroup == "" {
			fault("%s: nobody may decide; name approvers or an approverGroup", where)
		}
	}
	checkIDs("administrators", r.Administrators)
	if len(r.Administrators) == 0 {
		fault("administrators: name at least one")
	}
	checkIDs("letter.senders", r.Letter.Senders)
	checkID("requesterGroup", &r.RequesterGroup)
	if r.Buttons != "" && !r.Buttons.Valid() {
		fault("buttons: %q is neither %s nor %s", r.Buttons, cards.ExecuteButtons, cards.SubmitButtons)
	}
	calendar, err := r.Calendar.calendar(time.UTC)
	_, deadlineErr := r.Deadlines.domain(calendar)
	return errors.Join(append(faults, r.Limits.validate(), err, deadlineErr)...)
}

func typeNames() string {
	names := make([]string, len(identity.AccountTypes))
	for i, t := range identity.AccountTypes {
		names[i] = string(t)
	}
	return strings.Join(names, ", ")
}

func (l LimitRules) validate() error {
	var faults []error
	for _, limit := range []struct {
		key string
		v   int
	}{{"lines", l.Lines}, {"people", l.People}, {"reveals", l.Reveals}, {"revealDays", l.RevealDays}, {"lowStock", l.LowStock}, {"draftDays", l.DraftDays}, {"inquiries", l.Inquiries}} {
		if limit.v < 0 {
			faults = append(faults, console.Errorf("limits.%s: %d is less than nothing; 0 is the usual limit, and there is no way to have none", limit.key, limit.v))
		}
	}
	if l.Lines > provisioning.MaxLines {
		faults = append(faults, console.Errorf("limits.lines: %d is more than a request can number, %d", l.Lines, provisioning.MaxLines))
	}
	return errors.Join(faults...)
}

func (r *Rules) validateStages() error {
	want := []string{string(provisioning.Director), string(provisioning.Subdirector)}
	var got []string
	for _, s := range r.Stages {
		got = append(got, s.Name)
	}
	if !slices.Equal(got, want) {
		return console.Errorf("stages: want %s, in this order; have %s", strings.Join(want, ", "), strings.Join(got, ", "))
	}
	return nil
}

// validateChannels checks that each channel has one use: the authorisation of a click depends
// on it.
func (r *Rules) validateChannels() error {
	var faults []error
	uses := make(map[string]string)
	use := func(where string, c ChannelRules) {
		if other, taken := uses[c.ChannelID]; taken && c.ChannelID != "" {
			faults = append(faults, console.Errorf("%s.channel: the same channel as %s's; each needs one of its own", where, other))
		}
		uses[c.ChannelID] = where
	}
	for i, s := range r.Stages {
		use(fmt.Sprintf("stages[%d]", i), s.Channel)
	}
	use("platform", r.Platform.Channel)
	return errors.Join(faults...)
}

func (t TypeRules) validate(where, name string) error {
	kind, err := identity.ParseAccountType(name)
	if err != nil {
		return console.Errorf("%s: not one of %s", where, typeNames())
	}
	var faults []error
	if !identity.ValidDomain(t.Domain) {
		faults = append(faults, console.Errorf("%s.domain: %q is no domain", where, t.Domain))
	}
	if len(t.Patterns) > 0 {
		if _, err := identity.ParsePatterns(kind, t.Patterns); err != nil {
			faults = append(faults, console.Errorf("%s.patterns: %w", where, err))
		}
	}
	if err := t.Attributes.domain().Validate(); err != nil {
		faults = append(faults, console.Errorf("%s.attributes: %w", where, err))
	}
	if at := t.Attributes.UsageLocation; at != "" && !country.MatchString(at) {
		faults = append(faults, console.Errorf("%s.attributes.usageLocation: %q is not a country's two letters, as MX", where, at))
	}
	switch t.Attributes.MinorConsent {
	case "", "Granted", "Denied", "NotRequired":
	default:
		faults = append(faults, console.Errorf("%s.attributes.minorConsent: %q is none of Granted, Denied, NotRequired", where, t.Attributes.MinorConsent))
	}
	return errors.Join(faults...)
}
