package main

import (
	"context"
	"errors"
	"os"
	"time"

	"seducoahuila.gob.mx/altas/bot/console"
	"seducoahuila.gob.mx/altas/bot/service"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/store/receipts"
)

const receiptsUsage = `receipts migrate | status
       altas receipts import FILE.xlsx|csv [-apply] [-o FILE.csv]
       altas receipts reconcile [-fix] [-o FILE.csv] [-store BACKUP]

  migrate    makes and updates Altas's own table; one that altas.yaml maps is only checked
  status     what of that is done and what is owed, or every fault of the mapped table
  import     the list of addresses kept before Altas: a rehearsal, until -apply
  reconcile  compares the store, the receipts and the directory; -fix mends rows, never an account

RECEIPTS_DSN, or the file that RECEIPTS_DSN_FILE names, says which database: sqlite:FILE,
postgres://USER:PASSWORD@HOST/DB, mysql://…, sqlserver://…; store/receipts/README.md tells more.
`

// runReceipts runs the subcommands of the receipts database. They read RECEIPTS_DSN and, if it
// exists, altas.yaml; reconcile reads the whole configuration.
func runReceipts(ctx context.Context, c call) error {
	return c.choose(ctx, "receipts", receiptsUsage, map[string]action{
		"migrate": func(ctx context.Context, c call) error { return withReceipts(ctx, c, migrateReceipts) },
		"status":  func(ctx context.Context, c call) error { return withReceipts(ctx, c, receiptsStatus) },
		"import":  importReceipts, "reconcile": reconcileReceipts,
	})
}

// receiptsDB is the receipts database with its part of the configuration.
type receiptsDB struct {
	*receipts.DB
	mapped  bool
	domains map[string]identity.AccountType
}

func openReceipts() (receiptsDB, error) {
	cfg, domains, err := service.LoadReceipts(os.Getenv)
	if err != nil {
		return receiptsDB{}, configError{err}
	}
	db, err := receipts.Open(cfg)
	return receiptsDB{db, cfg.Table != nil, domains}, err
}

func withReceipts(ctx context.Context, c call, act func(context.Context, call, receiptsDB) error) error {
	f := c.flags("receipts", receiptsUsage)
	if err := f.Parse(c.args); err != nil {
		return usageError(err)
	}
	if f.NArg() > 0 {
		f.Usage()
		return errUsage
	}
	db, err := openReceipts()
	if err != nil {
		return err
	}
	return errors.Join(db.explain(act(ctx, c, db)), db.Close())
}

// explain adds the address and the cause to the error of an unavailable database, and converts
// faults of a mapped table to configuration errors.
func (db receiptsDB) explain(err error) error {
	unavailable, is := errors.AsType[*problem.Error](err)
	if _, misfit := errors.AsType[*receipts.MapError](err); misfit || !is || unavailable.Code != problem.CodeUnavailable {
		return tableFaults(err)
	}
	return console.Errorf("%s cannot be used now: %w", db, unavailable.Err)
}

func migrateReceipts(ctx context.Context, c call, db receiptsDB) error {
	if db.mapped {
		return checkTable(ctx, c, db) // an existing table is not migrated
	}
	steps, err := db.Migrate(ctx)
	if err != nil {
		return err
	}
	for _, s := range steps {
		c.note("applied  %d %s", s.Version, s.Name)
	}
	return c.say("%s: up to date", db)
}

func receiptsStatus(ctx context.Context, c call, db receiptsDB) error {
	if db.mapped {
		return checkTable(ctx, c, db)
	}
	steps, err := db.Status(ctx)
	if err != nil {
		return err
	}
	pending := 0
	for _, s := range steps {
		when := c.texts.Text("pending")
		if !s.Applied.IsZero() {
			when = s.Applied.Local().Format(time.DateTime)
		} else {
			pending++
		}
		c.note("%-20s %d %s", when, s.Version, s.Name)
	}
	state := c.texts.Text("up to date")
	if pending > 0 {
		state = c.texts.Sprintf("%d to apply: altas receipts migrate", pending)
	}
	return c.say("%s: %s", db, state)
}

// checkTable compares the map of the YAML file with the live table.
func checkTable(ctx context.Context, c call, db receiptsDB) error {
	if err := db.Check(ctx); err != nil {
		return err
	}
	if err := db.Writable(); err != nil {
		return err
	}
	return c.say("%s: the table fits the map in the YAML file; Altas does not migrate it", db)
}

// tableFaults converts the faults of a mapped table to a configuration error, one line each, and
// returns other errors unchanged.
func tableFaults(err error) error {
	wrong, is := errors.AsType[*receipts.MapError](err)
	if !is {
		return err
	}
	var faults []error
	for _, f := range wrong.Faults {
		faults = append(faults, console.Errorf("receipts.table: %s: %s", wrong.Table, f))
	}
	return configError{errors.Join(faults...)}
}
