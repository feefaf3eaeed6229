package report

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
)

// Stock returns the tenant's licences by SKU; creation.LicenceCache implements it.
type Stock interface {
	Licences(ctx context.Context) (map[string]provisioning.Licence, error)
}

// stockTimeout bounds how long a report waits for the tenant's licences.
const stockTimeout = 3 * time.Second

// Reporter computes Figures. It only reads, and is safe for concurrent use.
type Reporter struct {
	Store provisioning.Store
	Rules *provisioning.Rules
	Kinds []provisioning.RequestKind // in the order of the figures
	Stock Stock                      // nil leaves the licences out
	Now   func() time.Time
	Log   *slog.Logger
}

// Figures reads the figures of a period in one transaction, so that they are of one moment. The
// memory does not depend on the number of requests. The error is the store's: licences that cannot
// be read are logged, and the figures are Unread.
func (r *Reporter) Figures(ctx context.Context, p Period) (Figures, error) {
	stock := r.stock(ctx)
	var f Figures
	err := r.Store.View(ctx, func(tx provisioning.Tx) error {
		c := r.collector(p)
		if err := c.readRequests(ctx, tx); err != nil {
			return err
		}
		f = c.finish(r.Rules.Stages.Names())
		if err := r.readQueues(tx, &f); err != nil {
			return err
		}
		return r.readLicences(tx, stock, &f)
	})
	return f, err
}

// stock returns the tenant's licences; nil if they are left out or cannot be read.
func (r *Reporter) stock(ctx context.Context) map[string]provisioning.Licence {
	if r.Stock == nil {
		return nil
	}
	bounded, cancel := context.WithTimeout(ctx, stockTimeout)
	defer cancel()
	all, err := r.Stock.Licences(bounded)
	if err != nil {
		r.Log.WarnContext(ctx, "licences not read", "err", err)
		return nil
	}
	return all
}

func (r *Reporter) collector(p Period) *collector {
	c := &collector{
		calendar: r.Rules.Calendar,
		figures:  Figures{Period: p, At: r.Now(), Months: p.months()},
		spreads:  make(map[provisioning.StageName]spread),
	}
	for _, kind := range r.Kinds {
		for _, t := range r.types() {
			c.figures.Groups = append(c.figures.Groups, Group{kind, t})
		}
	}
	return c
}

// types returns the account types of the rules, in the order in which forms offer them.
func (r *Reporter) types() (types []identity.AccountType) {
	for _, t := range identity.AccountTypes {
		if _, ok := r.Rules.Types[t]; ok {
			types = append(types, t)
		}
	}
	return types
}

func (r *Reporter) readQueues(tx provisioning.Tx, f *Figures) error {
	for _, t := range r.types() {
		q := Queue{Type: t}
		for _, err := range tx.Waiting(string(t)) {
			if err != nil {
				return err
			}
			q.Lines++
		}
		f.Queues = append(f.Queues, q)
	}
	return nil
}

func (r *Reporter) readLicences(tx provisioning.Tx, stock map[string]provisioning.Licence, f *Figures) error {
	if f.Unread = stock == nil; f.Unread {
		return nil
	}
	for _, sku := range r.skus() {
		l, ok := stock[sku]
		if !ok {
			l = provisioning.Licence{SKU: sku}
		}
		held, err := tx.Held(sku)
		if err != nil {
			return err
		}
		f.Licences = append(f.Licences, Licence{l, held})
	}
	return nil
}

// skus returns the SKUs that the rules name, each once, by type and preference.
func (r *Reporter) skus() (skus []string) {
	for _, t := range r.types() {
		for _, sku := range r.Rules.Types[t].SKUs {
			if !slices.Contains(skus, sku) {
				skus = append(skus, sku)
			}
		}
	}
	return skus
}
