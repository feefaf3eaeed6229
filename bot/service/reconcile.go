package service

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"maps"
	"os"
	"slices"
	"time"

	"seducoahuila.gob.mx/altas/bot/console"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/creation"
	"seducoahuila.gob.mx/altas/provisioning/graph"
	"seducoahuila.gob.mx/altas/provisioning/reconcile"
	"seducoahuila.gob.mx/altas/store"
	"seducoahuila.gob.mx/altas/store/receipts"
)

// Reconciliation compares store, receipts and directory, and writes missing receipts. The
// service must be stopped, because one process at a time can open the store, or a backup is
// read instead. Close it when done.
type Reconciliation struct {
	reconcile.Comparison
	executor *provisioning.Executor
	closers  []func() error
}

// rowGrace is the age up to which an account without a row is no difference.
const rowGrace = 10 * time.Minute

// OpenReconciliation opens store, receipts and directory. If backup is the path of a copy of
// the store, the copy is opened read-only instead, and Mend must not be called.
func OpenReconciliation(ctx context.Context, cfg Config, log *slog.Logger, backup string) (_ *Reconciliation, err error) {
	c := &Reconciliation{}
	defer func() {
		if err != nil {
			err = errors.Join(err, c.Close())
		}
	}()
	db, err := c.open(cfg.StorePath, backup)
	if err != nil {
		return nil, err
	}
	rows, err := receipts.Open(cfg.receipts())
	if err != nil {
		return nil, fmt.Errorf("RECEIPTS_DSN: %w", err)
	}
	c.closers = append(c.closers, rows.Close)
	if err := rows.Check(ctx); err != nil {
		return nil, fmt.Errorf("receipts: %w", err)
	}
	cfg.Graph.Log = log
	directory, err := graph.New(cfg.Graph)
	if err != nil {
		return nil, err
	}
	c.closers = append(c.closers, directory.Close)
	now := cfg.Now
	if now == nil {
		now = time.Now
	}
	rules := cfg.Rules.domain(cfg.Location)
	domains := map[string]bool{}
	for _, t := range rules.Types {
		domains[t.Domain] = true
	}
	c.executor = &provisioning.Executor{Store: db, Receipts: rows, Now: now, Log: log}
	c.executor.Kinds = provisioning.Kinds{provisioning.Create: &creation.Creation{}} // only rows are written, and only of created accounts
	c.Comparison = reconcile.Comparison{
		Lines: allLines(db), Rows: rows.Rows, Users: directory.Users,
		Domains: slices.Sorted(maps.Keys(domains)), Grace: rowGrace, Now: now,
	}
	return c, nil
}

// Mend repairs a difference: see reconcile.Mend.
func (c *Reconciliation) Mend(ctx context.Context, d reconcile.Difference) (bool, error) {
	return reconcile.Mend(ctx, c.executor, d)
}

// open opens the store; it does not create one.
func (c *Reconciliation) open(path, backup string) (*store.DB, error) {
	options := store.Options{}
	if backup != "" {
		path, options.ReadOnly = backup, true
	}
	if _, err := os.Stat(path); err != nil {
		return nil, console.Errorf("store: %w (STORE_PATH or -store names another)", err)
	}
	db, err := store.Open(path, options)
	if err != nil {
		return nil, console.Errorf("%w (where it is: stop it meanwhile, or compare a backup with -store)", err)
	}
	c.closers = append(c.closers, db.Close)
	return db, nil
}

// releasePagesAfter is after how many lines the store's mapped pages are released.
const releasePagesAfter = 5000

// allLines yields every line of the store, and regularly releases its mapped pages.
func allLines(db *store.DB) func(context.Context) iter.Seq2[provisioning.Account, error] {
	return func(ctx context.Context) iter.Seq2[provisioning.Account, error] {
		return func(yield func(provisioning.Account, error) bool) {
			defer db.Forget()
			n := 0
			for a, err := range provisioning.AllLines(db)(ctx) {
				if n++; n%releasePagesAfter == 0 {
					db.Forget()
				}
				if !yield(a, err) {
					return
				}
			}
		}
	}
}

// Close closes what OpenReconciliation opened.
func (c *Reconciliation) Close() error {
	var errs []error
	for _, closing := range slices.Backward(c.closers) {
		errs = append(errs, closing())
	}
	return errors.Join(errs...)
}
