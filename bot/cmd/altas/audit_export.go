package main

import (
	"bufio"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/bot/console"
	"seducoahuila.gob.mx/altas/bot/service"
	"seducoahuila.gob.mx/altas/provisioning/audit"
)

// exportAudit writes the entries of a period to a file.
func exportAudit(ctx context.Context, c call) error {
	f := c.flags("audit export", "audit export [-path FILE] [-from DATE] [-to DATE] -o FILE.csv|jsonl")
	path := f.String("path", defaultStorePath(), storePathUsage)
	from := f.String("from", "", "the first `day`, such as 2026-01-31, in ALTAS_TIMEZONE; the first of all where empty")
	to := f.String("to", "", "the last `day`; the last of all where empty")
	out := f.String("o", "", "the `file` to write, .csv or .jsonl; it names people")
	if err := parse(c, f); err != nil {
		return err
	}
	zone, err := service.LoadLocation(os.Getenv)
	if err != nil {
		return configError{err}
	}
	days, err := parsePeriod(*from, *to, zone)
	create := exportFormats[strings.ToLower(filepath.Ext(*out))]
	if err == nil && create == nil {
		err = errors.New("-o names the file to write, which ends in .csv or .jsonl")
	}
	if err != nil {
		c.warn("%w", err)
		f.Usage()
		return errUsage
	}
	if sameFile(*path, *out) {
		return console.Errorf("-o %s is the store itself, and would be written over", *out)
	}
	n := 0
	err = readChain(ctx, *path, func(entries iter.Seq2[audit.Entry, error]) (err error) {
		n, err = writeEntries(entries, days, func() (exporter, error) { return create(*out, zone) })
		return err
	})
	if err != nil {
		return console.Errorf("export, after %d entries: %w", n, err)
	}
	return c.say("%s: %d entries", *out, n)
}

// writeEntries writes the entries of the period, and returns their number. The file is made once the
// store could be read.
func writeEntries(entries iter.Seq2[audit.Entry, error], days period, create func() (exporter, error)) (n int, err error) {
	x, err := create()
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, x.close()) }()
	for e, err := range entries {
		if err != nil {
			return n, err
		}
		if !days.has(e.At) {
			continue
		}
		if err := x.entry(e); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// period is from a time to before another; a zero time does not bound it.
type period struct{ from, before time.Time }

// parsePeriod parses the first and the last day of a period.
func parsePeriod(from, to string, zone *time.Location) (p period, err error) {
	if from != "" {
		if p.from, err = time.ParseInLocation(time.DateOnly, from, zone); err != nil {
			return p, console.Errorf("-from %s is no day, such as 2026-01-31", from)
		}
	}
	if to != "" {
		last, err := time.ParseInLocation(time.DateOnly, to, zone)
		if err != nil {
			return p, console.Errorf("-to %s is no day, such as 2026-01-31", to)
		}
		if p.before = last.AddDate(0, 0, 1); !p.before.After(p.from) {
			return p, console.Errorf("-to %s is before -from %s", to, from)
		}
	}
	return p, nil
}

func (p period) has(at time.Time) bool {
	return !at.Before(p.from) && (p.before.IsZero() || at.Before(p.before))
}

// exporter writes entries to a file.
type exporter interface {
	entry(audit.Entry) error
	close() error
}

// exportFormats create the exporter of a file, by its ending.
var exportFormats = map[string]func(path string, zone *time.Location) (exporter, error){
	".csv":   newCSVExport,
	".jsonl": newJSONExport,
}

// csvExport writes a line for each entry, its time in the organisation's zone.
type csvExport struct {
	*table
	zone *time.Location
}

func newCSVExport(path string, zone *time.Location) (exporter, error) {
	t, err := createTable(path, "seq", "at", "actor", "name", "act", "folio", "stamp", "conversation", "before", "after", "detail", "erased", "redacts", "hash")
	return csvExport{t, zone}, err
}

func (x csvExport) entry(e audit.Entry) error {
	name, detail := "", ""
	if p := e.Private; p != nil {
		name = p.Name
		if len(p.Detail) > 0 {
			text, err := json.Marshal(p.Detail) // keys in order
			if err != nil {
				return err
			}
			detail = string(text)
		}
	}
	redacts := strings.Trim(fmt.Sprint(e.Redacts), "[]")
	return x.write(strconv.FormatUint(e.Seq, 10), e.At.In(x.zone).Format(time.RFC3339), e.Actor, name, e.Act, e.Folio, e.Stamp,
		e.Conversation, e.Before, e.After, detail, strconv.FormatBool(e.Private == nil), redacts, hex.EncodeToString(e.Hash))
}

// jsonExport writes each entry as it is chained, one a line: the chain can be verified from it.
type jsonExport struct {
	file *os.File
	out  *bufio.Writer
}

func newJSONExport(path string, _ *time.Location) (exporter, error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, err
	}
	return jsonExport{file, bufio.NewWriter(file)}, nil
}

func (x jsonExport) entry(e audit.Entry) error { return e.WriteLine(x.out) }

func (x jsonExport) close() error { return errors.Join(x.out.Flush(), x.file.Close()) }
