package service

import (
	"context"
	"errors"
	"io/fs"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/store/receipts"
)

// LoadReceipts reads only the settings of the receipts database: RECEIPTS_DSN and, if the YAML
// file exists, the layout of the table and the account type of each domain. The receipts
// commands need no other setting.
func LoadReceipts(getenv func(string) string) (receipts.Config, map[string]identity.AccountType, error) {
	e := &env{get: getenv}
	c := receipts.Config{DSN: e.secret("RECEIPTS_DSN", defaultReceipts)}
	domains := make(map[string]identity.AccountType)
	rules, err := LoadRules(e.text("ALTAS_CONFIG", defaultRules))
	switch {
	case err == nil:
		c.Table = rules.Receipts.table()
		for name, t := range rules.Types {
			domains[t.Domain] = identity.AccountType(name)
		}
	case !errors.Is(err, fs.ErrNotExist) || getenv("ALTAS_CONFIG") != "":
		e.fault("%w", err)
	}
	if err := c.Validate(); err != nil {
		e.fault("RECEIPTS_DSN: %w", err)
	}
	return c, domains, errors.Join(e.faults...)
}

// tableTimeout is the timeout of checking a mapped table at start. An unavailable database does not
// stop the start: the receipt jobs retry.
const tableTimeout = 10 * time.Second

// checkTable compares a mapped table with the database's. A mismatch would block every row, so
// it is returned as a configuration error.
func (s *Service) checkTable(ctx context.Context) error {
	if s.cfg.Rules.Receipts.table() == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, tableTimeout)
	defer cancel()
	err := s.receipts.Check(ctx)
	if fault, wrong := errors.AsType[*receipts.MapError](err); wrong {
		return fault
	}
	if err != nil {
		s.log.WarnContext(ctx, "receipts table not checked", "err", err)
		return nil
	}
	if err := s.receipts.Writable(); err != nil {
		s.log.WarnContext(ctx, "receipts table not writable; rows stay in the queue", "err", err)
	}
	return nil
}

// connectReceipts connects at start, so that an unavailable database is logged before the first row
// is due.
func (s *Service) connectReceipts(ctx context.Context) {
	if err := s.receipts.Check(ctx); err != nil && ctx.Err() == nil {
		s.log.WarnContext(ctx, "receipts database unavailable; rows stay in the queue", "receipts", s.receipts.String(), "err", err)
	}
}

// overdueAfter is the age of the oldest unwritten row above which watchReceipts logs a warning.
const overdueAfter = 15 * time.Minute

// watchReceipts logs a warning if rows have been in the queue for too long.
func (s *Service) watchReceipts(ctx context.Context) {
	depths, err := s.store.Depth(ctx)
	if err != nil {
		if ctx.Err() == nil {
			s.log.WarnContext(ctx, "queue not read", "err", err)
		}
		return
	}
	queued := depths[provisioning.JobReceipt]
	if queued.Jobs == 0 || s.cfg.Now().Sub(queued.Oldest) < overdueAfter {
		return
	}
	s.log.WarnContext(ctx, "receipts rows not written yet", "rows", queued.Jobs, "failing", queued.Failing, "oldest", queued.Oldest,
		"receipts", s.receipts.String())
}
