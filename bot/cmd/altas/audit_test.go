package main

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/audit"
	"seducoahuila.gob.mx/altas/store"
)

// auditSize is the number of entries of a large audit: few by default, ALTAS_TEST_AUDIT=1000000 for
// that of years (a minute).
func auditSize() int {
	n, err := strconv.Atoi(os.Getenv("ALTAS_TEST_AUDIT"))
	if err != nil {
		return 20_000
	}
	return n
}

// auditStart is 18:00 of 29 November in Monterrey.
var auditStart = time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC)

// newAudit writes a store with n entries, each some time after the one before, in a new folder.
func newAudit(t testing.TB, n int, step time.Duration, name string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	at := 0
	for at < n {
		changeAudit(t, dir, func(tx provisioning.Tx) error {
			for range min(2000, n-at) {
				f := provisioning.NewFolio(2026, 1+at%1000)
				e := provisioning.Entered{
					At: auditStart.Add(time.Duration(at) * step), By: provisioning.Actor{ID: "a1", Name: name, Conversation: "19:abc@thread.tacv2"},
					Act: "approval.approve", Folio: f, Stamp: provisioning.NewStamp(f, 1), Before: "director", After: "subdirector",
					Detail: map[string]string{"stage": "director", "comment": "Procede, " + strconv.Itoa(at)},
				}
				if err := tx.Record(e); err != nil {
					return err
				}
				at++
			}
			return nil
		})
	}
	return dir
}

func changeAudit(t testing.TB, dir string, fn func(provisioning.Tx) error) {
	t.Helper()
	db, err := store.Open(filepath.Join(dir, "altas.db"), store.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Update(t.Context(), fn); err != nil {
		t.Error(err)
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
}

// replaceInFile replaces text in the store's file, as somebody with a hold of it might: every place
// where it stands.
func replaceInFile(t testing.TB, dir, old, instead string) {
	t.Helper()
	path := filepath.Join(dir, "altas.db")
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(old) != len(instead) || !bytes.Contains(content, []byte(old)) {
		t.Fatalf("the file has no %q", old)
	}
	write(t, path, string(bytes.ReplaceAll(content, []byte(old), []byte(instead))))
}

var auditEnv = []string{"STORE_PATH=altas.db"}

// A sound chain is told with its head; the head, noted, then finds an audit that was written anew or
// whose newest entries are gone.
func TestVerifyAudit(t *testing.T) {
	t.Parallel()
	dir := newAudit(t, 5, time.Hour, "Ana Peña")
	sound := altas(t, dir, auditEnv, "audit", "verify")
	lines := strings.Split(sound.out, "\n")
	if sound.status != 0 || lines[0] != "the chain is sound: 5 entries, from 2026-11-29T18:00:00-06:00 to 2026-11-29T22:00:00-06:00" {
		t.Fatal(sound)
	}
	noted := strings.TrimPrefix(lines[1], "head ")
	changeAudit(t, dir, func(tx provisioning.Tx) error { return tx.Record(provisioning.Entered{At: auditStart, Act: "x"}) })
	if got := altas(t, dir, auditEnv, "audit", "verify", "-head", noted); got.status != 0 || !strings.Contains(got.out, "6 entries") || !strings.Contains(got.out, "it holds the head that was noted") {
		t.Error(got)
	}
	for name, c := range map[string]struct {
		n    int
		want string
	}{
		"written anew": {7, `the audit is broken: entry 5 ("approval.approve of 2026-000005-0001" at 2026-11-30T04:00:00Z) is not the one that was noted`},
		"cut":          {3, "the audit is broken: entry 5 was noted, and the audit ends at entry 3: the newest entries were removed"},
		"empty":        {0, "no such file or directory (STORE_PATH or -path names another)"},
	} {
		other := newAudit(t, c.n, time.Hour, "Ana Peña")
		got := altas(t, other, nil, "audit", "verify", "-path", "altas.db", "-head", noted)
		if got.status != 1 || !strings.Contains(got.errOut, c.want) {
			t.Errorf("%s: %v, want %q", name, got, c.want)
		}
	}
	for _, args := range [][]string{{"-head", "5"}, {"-head", "5:abc"}, {"more"}} {
		if got := altas(t, dir, auditEnv, slices.Concat([]string{"audit", "verify"}, args)...); got.status != 2 {
			t.Errorf("%v: %v", args, got)
		}
	}
}

func TestVerifyAuditWithoutEntries(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	changeAudit(t, dir, func(tx provisioning.Tx) error { return tx.Save("x", "y", 1) })
	if got := altas(t, dir, auditEnv, "audit", "verify"); got.status != 0 || got.out != "the audit has no entry\n" {
		t.Error(got)
	}
}

// Bytes of the file are changed: the entry is named, with status 1, by check-store too.
func TestVerifyAuditFindsChangedBytes(t *testing.T) {
	t.Parallel()
	for old, c := range map[string]struct{ instead, want string }{
		`"stamp":"2026-000003-0001"`: {`"stamp":"2026-000003-0002"`, `entry 3 ("approval.approve of 2026-000003-0002" at 2026-11-30T02:00:00Z) was changed after it was written`},
		"Procede, 3":                 {"Procede, 8", `entry 4 ("approval.approve of 2026-000004-0001" at 2026-11-30T03:00:00Z) has another name or other details`},
		`{"seq":2,`:                  {`{"seq":2;`, "entry 2 cannot be read; all 1 entries before are sound"},
	} {
		dir := newAudit(t, 5, time.Hour, "Ana Peña")
		replaceInFile(t, dir, old, c.instead)
		if got := altas(t, dir, auditEnv, "audit", "verify"); got.status != 1 || !strings.Contains(got.errOut, c.want) {
			t.Errorf("%s: %v, want %q", old, got, c.want)
		}
		if got := altas(t, dir, auditEnv, "check-store"); got.status != 1 || !strings.Contains(got.out, "audit") {
			t.Errorf("%s: check-store: %v", old, got)
		}
	}
}

// Names and details that were erased are not in the export; the chain verifies.
func TestExportAudit(t *testing.T) {
	t.Parallel()
	dir := newAudit(t, 5, time.Hour, "=HYPERLINK(1)")
	changeAudit(t, dir, func(tx provisioning.Tx) error {
		return tx.Redact(provisioning.Entered{At: auditStart.Add(6 * time.Hour), By: provisioning.System}, 2, 4)
	})
	if got := altas(t, dir, auditEnv, "audit", "verify"); got.status != 0 || !strings.Contains(got.out, "names and details erased, as later entries say: 2\n") {
		t.Error(got)
	}
	if got := altas(t, dir, auditEnv, "audit", "export", "-o", "all.csv"); got.status != 0 || got.out != "all.csv: 6 entries\n" {
		t.Fatal(got)
	}
	rows := readCSV(t, filepath.Join(dir, "all.csv"))
	for i := range rows {
		rows[i] = rows[i][:len(rows[i])-1] // without the hash
	}
	want := [][]string{
		{"seq", "at", "actor", "name", "act", "folio", "stamp", "conversation", "before", "after", "detail", "erased", "redacts"},
		exported(1, "2026-11-29T18:00:00-06:00"), exported(2, "2026-11-29T19:00:00-06:00"), exported(3, "2026-11-29T20:00:00-06:00"),
		exported(4, "2026-11-29T21:00:00-06:00"), exported(5, "2026-11-29T22:00:00-06:00"),
		{"6", "2026-11-30T00:00:00-06:00", "altas", "Altas", "audit.redact", "", "", "", "", "", "", "false", "2 4"},
	}
	for _, erased := range []int{2, 4} {
		want[erased][3], want[erased][10], want[erased][11] = "", "", "true"
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("CSV (-want +got):\n%s", diff)
	}
	if info, err := os.Stat(filepath.Join(dir, "all.csv")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file's mode: %v, %v", info, err)
	}
}

func exported(n int, at string) []string {
	folio := string(provisioning.NewFolio(2026, n))
	return []string{
		strconv.Itoa(n), at, "a1", "'=HYPERLINK(1)", "approval.approve", folio, folio + "-0001", "19:abc@thread.tacv2", "director", "subdirector",
		fmt.Sprintf(`{"comment":"Procede, %d","stage":"director"}`, n-1), "false", "",
	}
}

func readCSV(t testing.TB, path string) [][]string {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// The days are those of the organisation's zone, both included. In Monterrey the entries are of
// 29 November 18:00 to 1 December 17:00.
func TestExportOfDays(t *testing.T) {
	t.Parallel()
	dir := newAudit(t, 48, time.Hour, "Ana Peña")
	for name, c := range map[string]struct {
		args, env   []string
		first, last uint64
	}{
		"a day":           {[]string{"-from", "2026-11-30", "-to", "2026-11-30"}, nil, 7, 30},
		"from":            {[]string{"-from", "2026-11-30"}, nil, 7, 48},
		"to":              {[]string{"-to", "2026-11-29"}, nil, 1, 6},
		"all":             {nil, nil, 1, 48},
		"of another zone": {[]string{"-from", "2026-11-30", "-to", "2026-11-30"}, []string{"ALTAS_TIMEZONE=UTC"}, 1, 24},
	} {
		out := filepath.Join(t.TempDir(), "x.JSONL")
		got := altas(t, dir, slices.Concat(auditEnv, c.env), slices.Concat([]string{"audit", "export", "-o", out}, c.args)...)
		all := readLinks(t, out)
		if got.status != 0 || len(all) == 0 || all[0].Seq != c.first || all[len(all)-1].Seq != c.last || uint64(len(all)) != c.last-c.first+1 {
			t.Errorf("%s: %d entries; %v", name, len(all), got)
		}
	}
}

func readLinks(t testing.TB, path string) (all []audit.Entry) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		var e audit.Entry
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			t.Fatal(err)
		}
		all = append(all, e)
	}
	return all
}

// The lines of an export are the entries as they are chained.
func TestExportVerifies(t *testing.T) {
	t.Parallel()
	dir := newAudit(t, 9, time.Hour, "Ana \u2028<b>")
	if got := altas(t, dir, auditEnv, "audit", "export", "-o", "x.jsonl"); got.status != 0 {
		t.Fatal(got)
	}
	all := readLinks(t, filepath.Join(dir, "x.jsonl"))
	sum, err := audit.Verify(func(yield func(audit.Entry, error) bool) {
		for _, e := range all {
			if !yield(e, nil) {
				return
			}
		}
	})
	if err != nil || sum.Head.Seq != 9 {
		t.Errorf("Verify = %v, %v", sum, err)
	}
}

func TestExportThatIsRefused(t *testing.T) {
	t.Parallel()
	dir := newAudit(t, 3, time.Hour, "Ana Peña")
	if err := os.Link(filepath.Join(dir, "altas.db"), filepath.Join(dir, "altas.csv")); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		args   []string
		status int
		want   string
	}{
		"no file":        {nil, 2, "ends in .csv or .jsonl"},
		"another ending": {[]string{"-o", "x.xlsx"}, 2, "ends in .csv or .jsonl"},
		"no day":         {[]string{"-o", "x.csv", "-from", "30/11/2026"}, 2, "-from 30/11/2026 is no day"},
		"no last day":    {[]string{"-o", "x.csv", "-to", "2026-11-31"}, 2, "-to 2026-11-31 is no day"},
		"backwards":      {[]string{"-o", "x.csv", "-from", "2026-12-01", "-to", "2026-11-30"}, 2, "-to 2026-11-30 is before -from 2026-12-01"},
		"the store":      {[]string{"-o", "altas.csv"}, 1, "is the store itself"},
		"no store":       {[]string{"-o", "x.csv", "-path", "no.db"}, 1, "no such file or directory (STORE_PATH or -path names another)"},
	} {
		got := altas(t, dir, auditEnv, slices.Concat([]string{"audit", "export"}, c.args)...)
		if got.status != c.status || !strings.Contains(got.errOut, c.want) {
			t.Errorf("%s: %v, want status %d and %q", name, got, c.status, c.want)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "x.csv")); err == nil {
		t.Error("a file was made")
	}
	if got := altas(t, dir, auditEnv, "audit", "verify"); got.status != 0 {
		t.Errorf("the store after it: %v", got)
	}
}

// While Altas runs, the store is its own: both commands say so.
func TestAuditWhileAltasRuns(t *testing.T) {
	t.Parallel()
	dir := newAudit(t, 3, time.Hour, "Ana Peña")
	db, err := store.Open(filepath.Join(dir, "altas.db"), store.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, args := range [][]string{{"verify"}, {"export", "-o", "x.csv"}} {
		if got := altas(t, dir, auditEnv, slices.Concat([]string{"audit"}, args)...); got.status != 1 || !strings.Contains(got.errOut, "in use by another process") {
			t.Errorf("%v: %v", args, got)
		}
	}
}

// Verification and export take the same memory whatever the number of entries: 20,000 took 62 MiB, 1,000,000 took 70. It is
// compared with that for a hundred.
func TestAuditIsConstantInMemory(t *testing.T) {
	t.Parallel()
	peakOf := func(dir string, n int, args ...string) int {
		t.Helper()
		peak := filepath.Join(t.TempDir(), "peak")
		got := altas(t, dir, slices.Concat(auditEnv, []string{peakEnv + "=" + peak}), slices.Concat([]string{"audit"}, args)...)
		if got.status != 0 || !strings.Contains(got.out, strconv.Itoa(n)+" entries") {
			t.Errorf("%v: %v", args, got)
		}
		return peakMiB(t, peak)
	}
	n := auditSize()
	few, many := newAudit(t, 100, time.Second, "Ana Peña"), newAudit(t, n, time.Second, "Ana Peña")
	for _, args := range [][]string{{"verify"}, {"export", "-o", "x.csv"}, {"export", "-o", "x.jsonl"}} {
		least, peak := peakOf(few, 100, args...), peakOf(many, n, args...)
		if peak-least >= 40*raceMemory {
			t.Errorf("%v of %d entries took %d MiB, of 100 %d", args, n, peak, least)
		}
		t.Logf("%v of %d entries: peak memory %d MiB, of 100: %d", args, n, peak, least)
	}
}
