package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"

	"seducoahuila.gob.mx/altas/bot/console"
	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/store/receipts"
)

// importReceipts imports the list of addresses from before Altas; without -apply it is a dry run.
func importReceipts(ctx context.Context, c call) (err error) {
	f := c.flags("receipts import", "receipts import FILE.xlsx|csv [-apply] [-o FILE.csv]")
	apply := f.Bool("apply", false, "write; without it this is a rehearsal, and nothing is written")
	out := f.String("o", "", "write what becomes of each line to a CSV `file`, not to the terminal")
	files, err := operands(f, c.args)
	if err != nil {
		return err
	}
	if len(files) != 1 {
		f.Usage()
		return errUsage
	}
	db, err := openReceipts()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if sameFile(files[0], *out) {
		return console.Errorf("-o %s is the list itself, and would be written over", *out)
	}
	report, finish, err := importReport(c, *out)
	if err != nil {
		return err
	}
	columns := c.printColumns
	if *apply {
		columns = c.printIgnoredColumns
	}
	summary, err := db.Import(ctx, receipts.ReadListTelling(files[0], columns, c.printRemark), receipts.ImportOptions{
		DryRun: !*apply, Domains: db.domains, Report: report,
	})
	if err != nil && ctx.Err() != nil {
		err = errInterrupted
	}
	err = db.explain(errors.Join(err, finish()))
	for _, outcome := range slices.Sorted(maps.Keys(summary)) {
		c.note("%s: %d", outcome, summary[outcome])
	}
	if err == nil && *apply && len(summary) == 1 && summary[receipts.OutcomeRefused] > 0 {
		err = errNothing
	}
	if err == nil && !*apply {
		c.note("A rehearsal: nothing was written. Add -apply to write.")
	}
	return err
}

// errNothing is the error of a list without an importable line.
var errNothing = errors.New("every line of the list is refused: nothing can be imported")

// errInterrupted is the error of an import that a signal ended.
var errInterrupted = errors.New("interrupted: what was written stays, and the same import adds the rest")

// sameFile reports whether both paths are of the same existing file.
func sameFile(one, other string) bool {
	a, err := os.Stat(one)
	if err != nil {
		return false
	}
	b, err := os.Stat(other)
	return err == nil && os.SameFile(a, b)
}

// progressEvery is after how many lines the progress bar is updated.
const progressEvery = 500

// importReport returns a function that writes each line's outcome: as CSV to the file, with a
// progress bar on the terminal, or without a file as text to the terminal.
func importReport(c call, path string) (report func(receipts.ImportResult) error, finish func() error, err error) {
	if path == "" {
		return func(r receipts.ImportResult) error {
			_, err := fmt.Fprintln(c.out, strings.Map(visible, strings.TrimRight(strings.Join(importCells(r), "  "), " ")))
			return err
		}, func() error { return nil }, nil
	}
	t, err := createTable(path, "line", "outcome", "address", "remarks")
	if err != nil {
		return nil, nil, err
	}
	progress, n := newProgress(c.errOut), 0
	report = func(r receipts.ImportResult) error {
		if n++; n%progressEvery == 0 {
			progress.set(c.texts.Text("lines of the list"), n)
		}
		return t.write(importCells(r)...)
	}
	return report, func() error {
		progress.finish()
		return t.close()
	}, nil
}

// importCells returns a line's number, outcome, address and remarks.
func importCells(r receipts.ImportResult) []string {
	var remarks []string
	if r.Earlier > 0 {
		remarks = append(remarks, fmt.Sprintf("see line %d", r.Earlier))
	}
	for _, why := range append(slices.Clip(r.Warnings), r.Err) {
		if why != nil {
			remarks = append(remarks, remark(why))
		}
	}
	return []string{strconv.Itoa(r.Line), string(r.Outcome), string(r.Address), strings.Join(remarks, "; ")}
}

// remark describes why a value was refused.
func remark(why error) string {
	refusal, is := errors.AsType[*problem.Error](why)
	if !is || refusal.Reason != receipts.ReasonRefused || refusal.Field == "" {
		return why.Error()
	}
	text := refusal.Field + ": " + refusal.Args["fault"]
	if most := refusal.Args["max"]; most != "" {
		text += fmt.Sprintf(" %s, at most %s", refusal.Args["got"], most)
	}
	return text
}
