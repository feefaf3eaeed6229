package service

import (
	"context"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
)

const (
	foliosWithin = 5 * time.Second // timeout of reading the highest known folio at start
	foliosAgain  = time.Minute     // pause before a retry, if a source failed
	foliosLater  = 3 * time.Minute // timeout of a retry
)

func (s *Service) newFolios(rules *provisioning.Rules) *provisioning.Folios {
	return &provisioning.Folios{
		Store: s.records, Rules: rules, Now: s.cfg.Now, Log: s.log,
		Sources: map[string]provisioning.FolioSource{"receipts": s.receipts, "directory": s.graph},
	}
}

// countOn advances the store's folio counter past the folios found in receipts and directory,
// before the first form is accepted: the store may have been restored from a backup. A source
// that is unavailable does not block requests; an account stamped with another request's folio
// is never handed over. It reports whether all sources answered.
func (s *Service) countOn(ctx context.Context, within time.Duration) bool {
	asking, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	err := s.folios.CountOn(asking)
	if err != nil && ctx.Err() == nil {
		s.log.WarnContext(ctx, "it is not known which folios were given before; requests are taken, and it is asked again", "err", err)
	}
	return err == nil
}

// keepCounting retries countOn until all sources answered.
func (s *Service) keepCounting(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(foliosAgain):
		}
		if s.countOn(ctx, foliosLater) {
			return
		}
	}
}
