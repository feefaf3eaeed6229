package service

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"seducoahuila.gob.mx/altas/provisioning"
)

// Doubts tells what may be meant and is likely a slip, a line each. Altas serves with
// it, and the log says so at each start.
func (c Config) Doubts() []string {
	var all []string
	doubt := func(format string, args ...any) { all = append(all, fmt.Sprintf(format, args...)) }
	for _, v := range []struct{ name, value string }{{"BOT_APP_ID", c.Bot.AppID}, {"BOT_TENANT_ID", c.Bot.TenantID}} {
		if !guid.MatchString(strings.ToLower(v.value)) {
			doubt("%s: %q is not a GUID; Teams names applications and tenants by theirs", v.name, v.value)
		}
	}
	return append(all, c.Rules.doubts()...)
}

// exampleID begins the ids of people in altas.example.yaml, exampleTeam is its team:
// whoever copied it may have left some.
const (
	exampleID   = "00000000-0000-4000-8000-"
	exampleTeam = "19:equipo@thread.tacv2"
)

func (r Rules) doubts() []string {
	var all []string
	people := func(where string, ids []string) {
		if slices.ContainsFunc(ids, func(id string) bool { return strings.HasPrefix(id, exampleID) }) {
			all = append(all, where+": an id of altas.example.yaml is still there, which is nobody's")
		}
	}
	channel := func(where string, c ChannelRules) {
		switch {
		case c.TeamID == exampleTeam:
			all = append(all, where+".channel: still the one of altas.example.yaml; empty it, and register the channel from Teams")
		case c.ChannelID != "" && !strings.HasPrefix(c.ChannelID, "19:"):
			all = append(all, fmt.Sprintf("%s.channel: %q is no channel's id, which begins with 19:", where, c.ChannelID))
		}
	}
	for i, s := range r.Stages {
		where := fmt.Sprintf("stages[%d]", i)
		people(where+".approvers", s.Approvers)
		channel(where, s.Channel)
	}
	channel("platform", r.Platform.Channel)
	people("administrators", r.Administrators)
	return all
}

// DoubtsIn tells what the rules name and the tenant lacks: domains that it has not
// verified, licences (by skuId) that it does not have.
func (r Rules) DoubtsIn(domains []string, licences map[string]provisioning.Licence) []string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(r.Types)) {
		t := r.Types[name]
		if !slices.ContainsFunc(domains, func(d string) bool { return strings.EqualFold(d, t.Domain) }) {
			all = append(all, fmt.Sprintf("types.%s.domain: the tenant has no verified domain %s", name, t.Domain))
		}
		for _, sku := range t.Licences {
			if _, has := licences[sku]; !has {
				all = append(all, fmt.Sprintf("types.%s.licences: the tenant has no licence %s", name, sku))
			}
		}
	}
	return all
}

// compare holds the rules to the tenant, once. A tenant that is away is no doubt.
func (s *Service) compare(ctx context.Context) {
	domains, err := s.graph.Domains(ctx)
	licences, errLicences := s.provisioner.Stock.Licences(ctx)
	if err = errors.Join(err, errLicences); err != nil {
		if ctx.Err() == nil {
			s.log.WarnContext(ctx, "rules not held to the tenant", "err", err)
		}
		return
	}
	s.doubt(ctx, s.cfg.Rules.DoubtsIn(domains, licences))
}

func (s *Service) doubt(ctx context.Context, doubts []string) {
	for _, doubt := range doubts {
		s.log.WarnContext(ctx, "configuration: likely a slip", "doubt", doubt)
	}
}
