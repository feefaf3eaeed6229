package service

import (
	"context"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
)

const (
	foliosTimeout      = 5 * time.Second // timeout of reading the highest known folio at start
	foliosRetryAfter   = time.Minute     // pause before a retry, if a source failed
	foliosRetryTimeout = 3 * time.Minute // timeout of a retry
)

func (s *Service) newFolios(rules *provisioning.Rules) *provisioning.Folios {
	return &provisioning.Folios{
		Store: s.records, Rules: rules, Now: s.cfg.Now, Log: s.log,
		Sources: map[string]provisioning.FolioSource{"receipts": s.receipts, "directory": s.graph},
	}
}

// advanceFolios advances the store's folio counter past the folios found in receipts and directory,
// before the first form is accepted: the store may have been restored from a backup. A source that
// is unavailable does not block requests; an account stamped with another request's folio is never
// handed over. It reports whether all sources answered.
func (s *Service) advanceFolios(ctx context.Context, timeout time.Duration) bool {
	bounded, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	err := s.folios.CountOn(bounded)
	if err != nil && ctx.Err() == nil {
		s.log.WarnContext(ctx, "highest folio not known, because a source did not answer; requests are accepted, and it is read again", "err", err)
	}
	return err == nil
}

// retryAdvanceFolios retries advanceFolios until all sources answered.
func (s *Service) retryAdvanceFolios(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(foliosRetryAfter):
		}
		if s.advanceFolios(ctx, foliosRetryTimeout) {
			return
		}
	}
}
