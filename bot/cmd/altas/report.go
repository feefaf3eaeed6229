package main

import (
	"cmp"
	"context"
	"errors"
	"os"
	"time"

	"seducoahuila.gob.mx/altas/bot/console"
	room "seducoahuila.gob.mx/altas/bot/report"
	"seducoahuila.gob.mx/altas/bot/service"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning/report"
	"seducoahuila.gob.mx/altas/store"
)

// writeReport writes the figures of a period as a workbook. It only reads the store.
func writeReport(ctx context.Context, c call) (err error) {
	f := c.flags("report", "report -o FILE.xlsx [-from 2026-01-01] [-to 2026-06-30] [-path FILE]")
	out := f.String("o", "", "the workbook's `file`")
	from := f.String("from", "", "the first `day`; 1 January of the last day's year if empty")
	to := f.String("to", "", "the last `day`; the year's last without -from, else today")
	path := f.String("path", cmp.Or(os.Getenv("STORE_PATH"), service.DefaultStorePath), "the store's `file`, or that of a backup; the bot must be stopped, or the file a copy")
	if err := parse(c, f); err != nil {
		return err
	}
	if *out == "" {
		f.Usage()
		return errUsage
	}
	if _, err := os.Stat(*path); err != nil { //nolint:gosec // the path is the operator's
		return console.Errorf("report: %w (STORE_PATH or -path names the store)", err)
	}
	db, err := store.Open(*path, store.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	reporter, zone, err := service.NewReporter(os.Getenv, db, service.NewLog(c.errOut, "warn", "text"))
	if err != nil {
		return configError{err}
	}
	now := time.Now().In(zone)
	period, err := reportPeriod(*from, *to, now)
	if err != nil {
		return err
	}
	figures, err := reporter.Figures(ctx, period)
	if err != nil {
		return err
	}
	texts := cards.In(os.Getenv("ALTAS_LOCALE")).At(now)
	if err := writeWorkbook(*out, texts.ReportTables(figures)); err != nil {
		return err
	}
	return c.say("%s: %s to %s; without the licences, which only the tenant knows", *out, period.From.Format(time.DateOnly), period.Last().Format(time.DateOnly))
}

// reportPeriod parses the days of a report. Without both it is the present year.
func reportPeriod(from, to string, now time.Time) (report.Period, error) {
	first, errFrom := reportDay("from", from, report.Year(now).From)
	if errFrom != nil {
		return report.Period{}, errFrom
	}
	last := now
	if from == "" {
		last = report.Year(now).Last()
	}
	last, errTo := reportDay("to", to, last)
	if errTo != nil {
		return report.Period{}, errTo
	}
	if from == "" {
		first = report.Year(last).From
	}
	p := report.Days(first, last, now.Location())
	if p.Months() == 0 {
		return p, console.Errorf("report: -from %s is after -to %s", first.Format(time.DateOnly), last.Format(time.DateOnly))
	}
	return p, nil
}

// reportDay parses a day, 2026-06-30.
func reportDay(name, s string, otherwise time.Time) (time.Time, error) {
	if s == "" {
		return otherwise, nil
	}
	day, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return day, console.Errorf("report: -%s %q is no day such as 2026-06-30", name, s)
	}
	return day, nil
}

func writeWorkbook(path string, tables []cards.ReportTable) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(room.Workbook(file, tables), file.Close())
}
