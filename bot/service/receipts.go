package service

import (
	"errors"
	"io/fs"

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
