package service

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"seducoahuila.gob.mx/altas/bot/console"
	"seducoahuila.gob.mx/altas/provisioning"
)

// Warnings returns settings that are valid but probably mistakes, one line each. They do not
// stop the service; they are logged at each start.
func (c Config) Warnings() []string { return c.Rules.warnings() }

func (r Rules) warnings() []string {
	var all []string
	for where, c := range r.channelsByKey() {
		if c.ChannelID != "" && !strings.HasPrefix(c.ChannelID, "19:") {
			all = append(all, fmt.Sprintf("%s.channel: %q is no channel's id, which begins with 19:", where, c.ChannelID))
		}
	}
	if r.RequesterGroup == "" {
		all = append(all, "requesterGroup: empty, so that everyone of the tenant may ask, pupils among them, and learn by a CURP whether somebody has an account; name the group of those who are to ask")
	}
	return slices.Concat(all, r.Privacy.warnings(), r.Archive.warnings(), r.Contact.warnings())
}

// channelsByKey yields each channel with its key in the file.
func (r Rules) channelsByKey() iter.Seq2[string, ChannelRules] {
	return func(yield func(string, ChannelRules) bool) {
		for i, s := range r.Stages {
			if !yield(fmt.Sprintf("stages[%d]", i), s.Channel) {
				return
			}
		}
		yield("platform", r.Platform.Channel)
	}
}

// exampleID is the prefix of the ids of people in altas.example.yaml; exampleTeam is its team.
const (
	exampleID   = "00000000-0000-4000-8000-"
	exampleTeam = "19:equipo@thread.tacv2"
)

// placeholders returns the placeholders of altas.example.yaml that are still in the file, one line
// each. With them nobody could decide, and cards would be sent to no channel.
func (r Rules) placeholders() []error {
	var all []error
	for where, ids := range r.peopleByKey() {
		if slices.ContainsFunc(ids, func(id string) bool { return strings.HasPrefix(id, exampleID) }) {
			all = append(all, console.Errorf("%s: an id of altas.example.yaml is still there, which is nobody's; write the object ids of Entra › Users", where))
		}
	}
	for where, c := range r.channelsByKey() {
		if c.TeamID == exampleTeam {
			all = append(all, console.Errorf("%s.channel: still the one of altas.example.yaml; empty it, and register the channel from Teams", where))
		}
	}
	return all
}

// peopleByKey yields the lists of approvers and administrators with their keys in the file.
func (r Rules) peopleByKey() iter.Seq2[string, []string] {
	return func(yield func(string, []string) bool) {
		for i, s := range r.Stages {
			if !yield(fmt.Sprintf("stages[%d].approvers", i), s.Approvers) {
				return
			}
		}
		yield("administrators", r.Administrators)
	}
}

// DoubtsOfDomains returns a warning for each domain in the rules that is not among the tenant's
// verified ones.
func (r Rules) DoubtsOfDomains(verified []string) []string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(r.Types)) {
		domain := r.Types[name].Domain
		if !slices.ContainsFunc(verified, func(d string) bool { return strings.EqualFold(d, domain) }) {
			all = append(all, fmt.Sprintf("types.%s.domain: the tenant has no verified domain %s", name, domain))
		}
	}
	return all
}

// DoubtsOfLicences returns a warning for each licence (by skuId) in the rules that the tenant
// does not have.
func (r Rules) DoubtsOfLicences(stock map[string]provisioning.Licence) []string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(r.Types)) {
		for _, sku := range r.Types[name].Licences {
			if _, has := stock[sku]; !has {
				all = append(all, fmt.Sprintf("types.%s.licences: the tenant has no licence %s", name, sku))
			}
		}
	}
	return all
}
