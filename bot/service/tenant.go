package service

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// tenantFaults are the faults found by comparing the rules with the tenant: parts of the rules for
// which nobody could act. There are none until the tenant answers.
type tenantFaults struct {
	mu     sync.Mutex
	faults []string
}

func (h *tenantFaults) add(faults []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.faults = append(h.faults, faults...)
}

// err returns the faults as one error; nil if there are none.
func (h *tenantFaults) err() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.faults) == 0 {
		return nil
	}
	return errors.New(strings.Join(h.faults, "; "))
}

// compare checks the rules against the tenant, each part once. A part is retried while Graph is
// unavailable; any other error is logged and not retried.
func (s *Service) compare(ctx context.Context) {
	parts := map[string]func(context.Context) error{
		"domains": s.compareDomains, "licences": s.compareLicences, "people": s.comparePeople,
	}
	for {
		for name, part := range parts {
			err := part(ctx)
			if ctx.Err() != nil {
				return
			}
			if err != nil {
				s.log.WarnContext(ctx, "rules not compared with the tenant", "part", name, "err", err)
			}
			if err == nil || problem.CodeOf(err) != problem.CodeUnavailable {
				delete(parts, name)
			}
		}
		if len(parts) == 0 {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(watchEvery):
		}
	}
}

func (s *Service) compareDomains(ctx context.Context) error {
	domains, err := s.graph.Domains(ctx)
	if err != nil {
		return err
	}
	s.warn(ctx, s.cfg.Rules.DoubtsOfDomains(domains))
	return nil
}

func (s *Service) compareLicences(ctx context.Context) error {
	stock, err := s.creation.Stock.Licences(ctx)
	if err != nil {
		return err
	}
	s.warn(ctx, s.cfg.Rules.DoubtsOfLicences(stock))
	return nil
}

// comparePeople checks that the approvers and administrators exist in the tenant. A missing one
// is logged; if all of a list are missing the service is not ready.
func (s *Service) comparePeople(ctx context.Context) error {
	ids := map[string]bool{}
	for _, list := range s.cfg.Rules.peopleByKey() {
		for _, id := range list {
			ids[id] = true
		}
	}
	missing := map[string]bool{}
	for _, id := range slices.Sorted(maps.Keys(ids)) {
		err := s.graph.Visible(ctx, id)
		switch {
		case problem.ReasonOf(err) == provisioning.DirectoryNotReady:
			missing[id] = true
		case err != nil:
			return fmt.Errorf("look for %s: %w", id, err)
		}
	}
	warnings, faults := s.cfg.Rules.missingPeople(missing)
	s.warn(ctx, warnings)
	s.tenantFaults.add(faults)
	for _, fault := range faults {
		s.log.ErrorContext(ctx, "not ready", "fault", fault)
	}
	return nil
}

// missingPeople returns a warning for each person in the rules who is missing from the tenant, and
// a fault for each list in which nobody could act.
func (r Rules) missingPeople(missing map[string]bool) (warnings, faults []string) {
	groups := map[string]string{}
	for i, s := range r.Stages {
		groups[fmt.Sprintf("stages[%d].approvers", i)] = s.ApproverGroup
	}
	for where, ids := range r.peopleByKey() {
		known := groups[where] != ""
		for _, id := range ids {
			if missing[id] {
				warnings = append(warnings, fmt.Sprintf("%s: the tenant has nobody with the object id %s", where, id))
			}
			known = known || !missing[id]
		}
		if !known {
			faults = append(faults, where+": the tenant knows none of them, and so nobody can act")
		}
	}
	return warnings, faults
}

func (s *Service) warn(ctx context.Context, warnings []string) {
	for _, warning := range warnings {
		s.log.WarnContext(ctx, "configuration: probable mistake", "warning", warning)
	}
}
