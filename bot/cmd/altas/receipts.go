package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"time"

	"seducoahuila.gob.mx/altas/bot/service"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/store/receipts"
)

const receiptsUsage = "receipts migrate | status | import [-dry-run] FILE.xlsx|csv"

// runReceipts does what is to be done with the receipts database by itself. It
// reads RECEIPTS_DSN and, where it is there, altas.yaml.
func runReceipts(ctx context.Context, c call) error {
	acts := map[string]func(context.Context, call, *receipts.DB, map[string]provisioning.AccountType) error{
		"migrate": migrateReceipts, "status": receiptsStatus, "import": importReceipts,
	}
	f := c.flags("receipts", receiptsUsage)
	if err := f.Parse(c.args); err != nil {
		return usageOf(err)
	}
	act, known := acts[f.Arg(0)]
	if !known {
		f.Usage()
		return errUsage
	}
	cfg, domains, err := service.LoadReceipts(os.Getenv)
	if err != nil {
		return configError{err}
	}
	db, err := receipts.Open(ctx, cfg)
	if err != nil {
		return err
	}
	c.args = f.Args()[1:]
	return errors.Join(act(ctx, c, db, domains), db.Close())
}

func migrateReceipts(ctx context.Context, c call, db *receipts.DB, _ map[string]provisioning.AccountType) error {
	steps, err := db.Migrate(ctx)
	if err != nil {
		return err
	}
	for _, s := range steps {
		fmt.Fprintf(c.out, "%d %s\n", s.Version, s.Name)
	}
	_, err = fmt.Fprintf(c.out, "%s: up to date\n", db)
	return err
}

func receiptsStatus(ctx context.Context, c call, db *receipts.DB, _ map[string]provisioning.AccountType) error {
	steps, err := db.Status(ctx)
	if err != nil {
		return err
	}
	for _, s := range steps {
		applied := "owed"
		if !s.Applied.IsZero() {
			applied = s.Applied.Local().Format(time.DateTime)
		}
		fmt.Fprintf(c.out, "%-20s %d %s\n", applied, s.Version, s.Name)
	}
	_, err = fmt.Fprintln(c.out, db)
	return err
}

// importReceipts brings the list in that was kept before Altas.
func importReceipts(ctx context.Context, c call, db *receipts.DB, domains map[string]provisioning.AccountType) error {
	f := flag.NewFlagSet("altas receipts import", flag.ContinueOnError)
	f.SetOutput(c.errOut)
	dry := f.Bool("dry-run", false, "say what would become of each line, and write nothing")
	if err := f.Parse(c.args); err != nil {
		return usageOf(err)
	}
	if f.NArg() != 1 {
		fmt.Fprintln(c.errOut, "usage: altas", receiptsUsage)
		return errUsage
	}
	summary, err := db.Import(ctx, receipts.ReadList(f.Arg(0)), receipts.ImportOptions{
		DryRun: *dry, Domains: domains, Report: func(r receipts.ImportResult) error { return reportLine(c, r) },
	})
	for _, outcome := range slices.Sorted(maps.Keys(summary)) {
		fmt.Fprintf(c.out, "%s: %d\n", outcome, summary[outcome])
	}
	if err == nil && *dry {
		fmt.Fprintln(c.out, "nothing was written: this was a dry run")
	}
	return err
}

// reportLine prints a line that somebody should look at.
func reportLine(c call, r receipts.ImportResult) error {
	if r.Err == nil && len(r.Warnings) == 0 && r.Earlier == 0 && r.Outcome != receipts.OutcomeTaken {
		return nil
	}
	text := fmt.Sprintf("line %d: %s %s", r.Line, r.Outcome, r.Address)
	if r.Earlier > 0 {
		text += fmt.Sprintf(" (see line %d)", r.Earlier)
	}
	for _, why := range append(r.Warnings, r.Err) {
		if why != nil {
			text += "; " + why.Error()
		}
	}
	_, err := fmt.Fprintln(c.out, text)
	return err
}
