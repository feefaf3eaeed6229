package service

import (
	"context"
	"errors"
	"io/fs"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/store/receipts"
)

// LoadReceipts reads what concerns the receipts database alone: RECEIPTS_DSN, and
// from the YAML file, where there is one, how the table is laid out and which type
// of account each domain is for. Whoever keeps the database needs no more.
func LoadReceipts(getenv func(string) string) (receipts.Config, map[string]provisioning.AccountType, error) {
	e := &env{get: getenv}
	c := receipts.Config{DSN: e.secret("RECEIPTS_DSN", defaultReceipts)}
	domains := make(map[string]provisioning.AccountType)
	rules, err := LoadRules(e.text("ALTAS_CONFIG", defaultRules))
	switch {
	case err == nil:
		c.Table = rules.Receipts.table()
		for name, t := range rules.Types {
			domains[t.Domain] = provisioning.AccountType(name)
		}
	case !errors.Is(err, fs.ErrNotExist) || getenv("ALTAS_CONFIG") != "":
		e.fault("%w", err)
	}
	if err := c.Validate(); err != nil {
		e.fault("RECEIPTS_DSN: %w", err)
	}
	return c, domains, errors.Join(e.faults...)
}

// tableWithin bounds the check of a mapped table at start: a database that is away
// is the jobs' affair.
const tableWithin = 10 * time.Second

// checkTable compares a mapped table with the live one: a fault of it would keep
// every row waiting, so that it is one of the configuration.
func (s *Service) checkTable(ctx context.Context) error {
	if s.cfg.Rules.Receipts.table() == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, tableWithin)
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
		s.log.WarnContext(ctx, "receipts table cannot be written; rows will wait", "err", err)
	}
	return nil
}

// greetReceipts makes first contact, so that a database that is away is known of
// before a row waits for it.
func (s *Service) greetReceipts(ctx context.Context) {
	if err := s.receipts.Check(ctx); err != nil && ctx.Err() == nil {
		s.log.WarnContext(ctx, "receipts database away; rows will wait", "receipts", s.receipts.String(), "err", err)
	}
}

// owedLong is for how long rows may be owed before the log says so, at each look.
const owedLong = 15 * time.Minute

func (s *Service) watchReceipts(ctx context.Context) {
	depths, err := s.store.Depth(ctx)
	if err != nil {
		if ctx.Err() == nil {
			s.log.WarnContext(ctx, "queue not read", "err", err)
		}
		return
	}
	owed := depths[provisioning.JobReceipt]
	if owed.Jobs == 0 || s.cfg.Now().Sub(owed.Oldest) < owedLong {
		return
	}
	s.log.WarnContext(ctx, "receipts are owed", "rows", owed.Jobs, "failing", owed.Failing, "oldest", owed.Oldest,
		"receipts", s.receipts.String())
}
