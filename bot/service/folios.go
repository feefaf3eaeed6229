package service

import (
	"context"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
)

// How long a start waits to hear which folios were given before, and how often that is
// asked again, with more time, where not everybody told.
const (
	foliosWithin = 5 * time.Second
	foliosAgain  = time.Minute
	foliosLater  = 3 * time.Minute
)

func (s *Service) newFolios(rules *provisioning.Rules) *provisioning.Folios {
	return &provisioning.Folios{
		Store: s.records, Rules: rules, Now: s.cfg.Now, Log: s.log,
		Sources: map[string]provisioning.FolioSource{"receipts": s.receipts, "directory": s.graph},
	}
}

// countOn has the store count past the folios that receipts and directory know, before
// the first form is taken: the store may be one that was restored. Whoever is away then
// keeps nobody from asking; an account that bears another's number is given to nobody.
// It reports whether all were heard.
func (s *Service) countOn(ctx context.Context, within time.Duration) bool {
	asking, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	err := s.folios.CountOn(asking)
	if err != nil && ctx.Err() == nil {
		s.log.WarnContext(ctx, "it is not known which folios were given before; requests are taken, and it is asked again", "err", err)
	}
	return err == nil
}

// keepCounting asks again until all were heard.
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
