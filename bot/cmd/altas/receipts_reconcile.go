package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"

	"seducoahuila.gob.mx/altas/bot/service"
	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/provisioning/reconcile"
)

// reconcileReceipts compares store, receipts and directory; with -fix it repairs the receipts.
func reconcileReceipts(ctx context.Context, c call) (err error) {
	f := c.flags("receipts reconcile", "receipts reconcile [-fix] [-o FILE.csv] [-store BACKUP]")
	fix := f.Bool("fix", false, "mend what needs no judgement: our lines and their rows, never an account")
	out := f.String("o", "", "write the differences to a CSV `file`, not to the terminal")
	backup := f.String("store", "", "read this `backup` of the store, while Altas runs; nothing is mended by it")
	if err := f.Parse(c.args); err != nil {
		return usageError(err)
	}
	if f.NArg() > 0 || *fix && *backup != "" {
		f.Usage()
		return errUsage
	}
	cfg, err := service.LoadConfig(os.Getenv)
	if err != nil {
		return configError{err}
	}
	comparison, err := service.OpenReconciliation(ctx, cfg, service.NewLog(c.errOut, cfg.LogLevel, cfg.LogFormat), *backup)
	if err != nil {
		return tableFaults(err)
	}
	defer func() { err = errors.Join(err, comparison.Close()) }()
	report, finish, err := differenceReport(c.out, *out)
	if err != nil {
		return err
	}
	r := reconciliation{Reconciliation: comparison, fix: *fix, report: report, call: c, remaining: map[reconcile.Kind]int{}}
	summary, err := r.run(ctx)
	if err := errors.Join(err, finish()); err != nil {
		return err
	}
	return r.printSummary(summary)
}

// reconciliation is one run of the comparison, with its report.
type reconciliation struct {
	*service.Reconciliation
	fix       bool
	report    func(d reconcile.Difference, mended bool) error
	call      call
	mended    int
	young     int // accounts whose row may still be in the queue
	remaining map[reconcile.Kind]int
}

// memoryLimit is the memory limit of the garbage collector, in bytes: the whole tenant is read, but
// little of it is needed at once.
const memoryLimit = 80 << 20

func (r *reconciliation) run(ctx context.Context) (reconcile.Summary, error) {
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(memoryLimit))
	progress := newProgress(r.call.errOut)
	defer progress.finish()
	r.Progress = func(side reconcile.Side, n int) {
		progress.set(r.call.texts.Text([...]string{"lines of the store", "rows of the receipts", "users of the directory"}[side]), n)
	}
	return r.Run(ctx, func(d reconcile.Difference) error {
		progress.finish()
		mended, err := r.mend(ctx, d)
		if err != nil {
			return err
		}
		switch {
		case mended:
			r.mended++
		case d.Kind == reconcile.RowYoung:
			r.young++
		default:
			r.remaining[d.Kind]++
		}
		return r.report(d, mended)
	})
}

// mend repairs the difference, if -fix is set. A refused row remains a difference; an unavailable
// database ends the reconciliation.
func (r *reconciliation) mend(ctx context.Context, d reconcile.Difference) (bool, error) {
	if !r.fix {
		return false, nil
	}
	mended, err := r.Mend(ctx, d)
	if err == nil || ctx.Err() != nil || problem.CodeOf(err) == problem.CodeUnavailable {
		return mended, err
	}
	r.call.warn("%s %s not mended: %v", d.Kind, d.Stamp, err)
	return false, nil
}

func (r *reconciliation) printSummary(s reconcile.Summary) error {
	r.call.note("compared %d lines, %d rows, %d users", s.Lines, s.Rows, s.Users)
	if r.mended > 0 {
		r.call.note("mended: %d", r.mended)
	}
	for _, kind := range slices.Sorted(maps.Keys(r.remaining)) {
		r.call.note("%s: %d", kind, r.remaining[kind])
	}
	if r.young > 0 {
		r.call.note("%s: %d passed over, made less than %d minutes ago; run this again when they are older", reconcile.RowYoung, r.young, int(r.Grace.Minutes()))
	}
	if len(r.remaining) > 0 {
		return errDiffer
	}
	if r.young > 0 {
		return r.call.say("nothing else differs")
	}
	return r.call.say("nothing differs")
}

// differenceReport returns a function that writes each difference: as CSV to the file, or without
// a file as text to the terminal.
func differenceReport(terminal io.Writer, path string) (report func(reconcile.Difference, bool) error, finish func() error, err error) {
	if path == "" {
		return func(d reconcile.Difference, mended bool) error {
			_, err := fmt.Fprintln(terminal, differenceText(d, mended))
			return err
		}, func() error { return nil }, nil
	}
	t, err := createTable(path, "kind", "stamp", "altas_address", "receipts_address", "directory_address", "object_id", "mended")
	if err != nil {
		return nil, nil, err
	}
	return func(d reconcile.Difference, mended bool) error {
		return t.write(string(d.Kind), string(d.Stamp), string(d.Line), string(d.Row), string(d.User), d.ObjectID, strconv.FormatBool(mended))
	}, t.close, nil
}

func differenceText(d reconcile.Difference, mended bool) string {
	words := []string{string(d.Kind), string(d.Stamp)}
	for _, side := range []struct{ name, value string }{
		{"altas", string(d.Line)}, {"receipts", string(d.Row)}, {"directory", string(d.User)}, {"id", d.ObjectID}, {"should be", string(d.State)},
	} {
		if side.value != "" {
			words = append(words, fmt.Sprintf("%s %q", side.name, side.value)) // quoted: untrusted values on a terminal
		}
	}
	if mended {
		words = append(words, "mended")
	}
	return strings.Join(words, "  ")
}
