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
)

// held is what came of holding the rules to the tenant: why nobody could do what
// somebody must. Until the tenant answers there is no such reason.
type held struct {
	mu     sync.Mutex
	faults []string
}

func (h *held) add(faults []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.faults = append(h.faults, faults...)
}

// err returns the reasons as one error, nil where there is none.
func (h *held) err() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.faults) == 0 {
		return nil
	}
	return errors.New(strings.Join(h.faults, "; "))
}

// compare holds the rules to the tenant, each part once. A tenant that is away is
// asked again later; what it may not tell is told in the log, and left.
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
				s.log.WarnContext(ctx, "rules not held to the tenant", "part", name, "err", err)
			}
			if err == nil || provisioning.CodeOf(err) != provisioning.CodeUnavailable {
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

// comparePeople looks whether the tenant knows those who decide and administer. One
// who left is told in the log; that none is left is why the service is not ready.
func (s *Service) comparePeople(ctx context.Context) error {
	ids := map[string]bool{}
	for _, list := range s.cfg.Rules.people() {
		for _, id := range list {
			ids[id] = true
		}
	}
	strangers := map[string]bool{}
	for _, id := range slices.Sorted(maps.Keys(ids)) {
		err := s.graph.Visible(ctx, id)
		switch {
		case provisioning.ReasonOf(err) == provisioning.DirectoryNotReady:
			strangers[id] = true
		case err != nil:
			return fmt.Errorf("look for %s: %w", id, err)
		}
	}
	doubts, faults := s.cfg.Rules.strangers(strangers)
	s.warn(ctx, doubts)
	s.held.add(faults)
	for _, fault := range faults {
		s.log.ErrorContext(ctx, "not ready", "fault", fault)
	}
	return nil
}

// strangers tells which of those whom the rules name the tenant does not know, and
// where it knows nobody who could act.
func (r Rules) strangers(unknown map[string]bool) (doubts, faults []string) {
	groups := map[string]string{}
	for i, s := range r.Stages {
		groups[fmt.Sprintf("stages[%d].approvers", i)] = s.ApproverGroup
	}
	for where, ids := range r.people() {
		known := groups[where] != ""
		for _, id := range ids {
			if unknown[id] {
				doubts = append(doubts, fmt.Sprintf("%s: the tenant has nobody with the object id %s", where, id))
			}
			known = known || !unknown[id]
		}
		if !known {
			faults = append(faults, where+": the tenant knows none of them, and so nobody can act")
		}
	}
	return doubts, faults
}

func (s *Service) warn(ctx context.Context, doubts []string) {
	for _, doubt := range doubts {
		s.log.WarnContext(ctx, "configuration: likely a slip", "doubt", doubt)
	}
}
