package main

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
	"seducoahuila.gob.mx/altas/store"
)

// newExpedientes writes a store with a completed, a rejected, a recovered and an open request, each of
// one line, in a new folder: 2026-000001 to 2026-000004.
func newExpedientes(t testing.TB) (dir string) {
	t.Helper()
	dir = t.TempDir()
	changeAudit(t, dir, func(tx provisioning.Tx) error {
		var errs []error
		for i, state := range []provisioning.RequestState{provisioning.StateCompleted, provisioning.StateRejected, provisioning.StateCompleted, provisioning.StateDirector} {
			r := provisioningtest.Request(provisioning.NewFolio(2026, i+1), "ana", 1)
			if r.State = state; state.Final() {
				r.EndedAt = auditStart
			}
			a := provisioningtest.Account(r.Folio, 1, provisioningtest.Teacher(i))
			a.Address = identity.Address(fmt.Sprintf("a%d@docentecoahuila.gob.mx", i))
			switch state {
			case provisioning.StateCompleted:
				a.State, a.ObjectID, a.RecordedAt = provisioning.AccountAnnounced, fmt.Sprintf("o%d", i), auditStart
				fallthrough
			case provisioning.StateDirector:
				errs = append(errs, tx.Reserve(a.Address, a.Stamp))
			}
			if i == 2 {
				r.Kind, a.Kind = "recovery", "recovery"
			}
			errs = append(errs, provisioningtest.PutRequest(tx, r), tx.PutAccount(a),
				tx.Record(provisioning.Entered{At: auditStart, By: r.Requester, Act: provisioning.ActSubmit, Folio: r.Folio, After: "director"}))
		}
		return errors.Join(errs...)
	})
	return dir
}

// unzipped returns the names in a ZIP, in order, and the text of its LEAME.txt.
func unzipped(t testing.TB, path string) (names []string, readme string) {
	t.Helper()
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	for _, f := range z.File {
		names = append(names, f.Name)
	}
	in, err := z.Open("LEAME.txt")
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(in)
	if err := errors.Join(err, in.Close()); err != nil {
		t.Fatal(err)
	}
	return names, string(text)
}

// exportsIn returns the audit entries of exports.
func exportsIn(t testing.TB, path string) (all []provisioning.Entered) {
	t.Helper()
	db, err := store.Open(path, store.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = db.View(t.Context(), func(tx provisioning.Tx) error {
		for e, err := range tx.Entries("") {
			if err != nil {
				return err
			}
			if e.Act == "expediente.export" {
				all = append(all, e)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	return all
}

// The file is complete, for its owner alone, and its digest is in the audit, whose chain verifies.
func TestExportExpediente(t *testing.T) {
	t.Parallel()
	dir := newExpedientes(t)
	before := altas(t, dir, auditEnv, "audit", "verify")
	_, head, _ := strings.Cut(strings.TrimSpace(before.out), "head ")
	got := altas(t, dir, auditEnv, "expediente", "export", " 2026-000001 ")
	path := filepath.Join(dir, "expediente-2026-000001.zip")
	data, err := os.ReadFile(path)
	if err != nil || got.status != 0 {
		t.Fatal(err, got)
	}
	sum := fmt.Sprintf("%x", sha256.Sum256(data))
	if want := "expediente-2026-000001.zip: the expediente of 2026-000001\nsha-256 " + sum + "\n"; got.out != want {
		t.Errorf("%q, want %q", got.out, want)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info, err)
	}
	names, readme := unzipped(t, path)
	if want := []string{"LEAME.txt", "solicitud.json", "historia.csv", "bitacora.jsonl", "SHA256SUMS"}; !slices.Equal(names, want) {
		t.Errorf("files %q, want %q", names, want)
	}
	for _, want := range []string{"Secretaría de Educación del Estado de Coahuila de Zaragoza", "2026-000001", "el 29 de noviembre de 2026", "No se emitió.", head} {
		if !strings.Contains(readme, want) {
			t.Errorf("LEAME.txt does not say %q:\n%s", want, readme)
		}
	}
	all := exportsIn(t, filepath.Join(dir, "altas.db"))
	me, err := user.Current()
	if err != nil || len(all) != 1 {
		t.Fatalf("%v; %d exports recorded", err, len(all))
	}
	e := all[0]
	if e.Folio != "2026-000001" || e.Detail["sha256"] != sum || e.By.ID != "os:"+me.Username || e.By.Name != me.Username || time.Since(e.At).Abs() > time.Hour {
		t.Errorf("recorded: %+v", e)
	}
	if got := altas(t, dir, auditEnv, "audit", "verify", "-head", head); got.status != 0 || !strings.Contains(got.out, "5 entries") {
		t.Error(got)
	}
	if got := altas(t, dir, auditEnv, "check-store"); got.status != 0 {
		t.Error(got)
	}
	onlyIn(t, dir, "altas.db", "expediente-2026-000001.zip")
}

// onlyIn reports files of a folder that are not expected: none is left after an error.
func onlyIn(t testing.TB, dir string, names ...string) {
	t.Helper()
	all, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all {
		if !slices.Contains(names, f.Name()) {
			t.Errorf("%s was left", f.Name())
		}
	}
}

// A rejected and a recovered request have theirs; flags stand before or after the folio; a backup is
// named by -path, and the export recorded there.
func TestExportOfOthers(t *testing.T) {
	t.Parallel()
	dir := newExpedientes(t)
	backup := filepath.Join(t.TempDir(), "backup.db")
	content, err := os.ReadFile(filepath.Join(dir, "altas.db"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, backup, string(content))
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"rejected.zip":  {[]string{"-path", backup, "-o", "rejected.zip", "2026-000002"}, "Rechazada el 29 de noviembre de 2026"},
		"recovered.zip": {[]string{"2026-000003", "-path", backup, "-o", "recovered.zip"}, "Recuperación de la contraseña"},
	} {
		got := altas(t, dir, auditEnv, append([]string{"expediente", "export"}, c.args...)...)
		if got.status != 0 {
			t.Fatal(name, got)
		}
		if _, readme := unzipped(t, filepath.Join(dir, name)); !strings.Contains(readme, c.want) {
			t.Errorf("%s does not say %q:\n%s", name, c.want, readme)
		}
	}
	if there, here := exportsIn(t, backup), exportsIn(t, filepath.Join(dir, "altas.db")); len(there) != 2 || len(here) != 0 {
		t.Errorf("recorded in the backup %d, in the store %d", len(there), len(here))
	}
}

// The letterhead and the number of the expediente are those of the rules' file.
func TestExportByTheRules(t *testing.T) {
	t.Parallel()
	dir := newExpedientes(t)
	write(t, filepath.Join(dir, "altas.yaml"), minimalRules+"letter: {letterhead: [Otra Secretaría], expediente: \"5C.12/{year}\"}\narchive: {fondo: SEDU, seccion: 5C, serie: 5C.12, tramite: 2, concentracion: 3}\n")
	if got := altas(t, dir, auditEnv, "expediente", "export", "2026-000001"); got.status != 0 {
		t.Fatal(got)
	}
	_, readme := unzipped(t, filepath.Join(dir, "expediente-2026-000001.zip"))
	for _, want := range []string{
		"Otra Secretaría\n\nEXPEDIENTE", "Expediente:           5C.12/2026\nFondo:                SEDU\nSección:              5C\nSerie:                5C.12\n",
		"Conservación:         2 años en el archivo de trámite, hasta el 29 de noviembre", "de 2028; 3 años",
	} {
		if !strings.Contains(readme, want) {
			t.Errorf("LEAME.txt does not say %q:\n%s", want, readme)
		}
	}
	write(t, filepath.Join(dir, "altas.yaml"), "letter: {expedient: x}\n")
	if got := altas(t, dir, auditEnv, "expediente", "export", "2026-000002"); got.status != 2 || !strings.Contains(got.errOut, "letter.expedient") {
		t.Error(got)
	}
	if got := altas(t, dir, append(slices.Clone(auditEnv), "ALTAS_CONFIG=no.yaml"), "expediente", "export", "2026-000002"); got.status != 2 || !strings.Contains(got.errOut, "ALTAS_CONFIG names the file") {
		t.Error(got)
	}
	onlyIn(t, dir, "altas.db", "altas.yaml", "expediente-2026-000001.zip")
}

// Each refusal is a sentence, leaves no file, and records nothing.
func TestExportsThatAreRefused(t *testing.T) {
	t.Parallel()
	dir := newExpedientes(t)
	write(t, filepath.Join(dir, "there.zip"), "mine")
	for name, c := range map[string]struct {
		args   []string
		status int
		want   string
	}{
		"unknown":        {[]string{"2026-000999"}, 1, "altas: there is no request 2026-000999 in altas.db\n"},
		"malformed":      {[]string{"2026-12"}, 1, "altas: \"2026-12\" is no folio, such as 2026-000123\n"},
		"a line's stamp": {[]string{"2026-000001-0001"}, 1, "is no folio"},
		"open":           {[]string{"2026-000004"}, 1, "altas: 2026-000004 is still open (director): it is exported once it has ended\n"},
		"a file":         {[]string{"2026-000001", "-o", "there.zip"}, 1, "altas: there.zip exists; remove it, or name another with -o\n"},
		"the store":      {[]string{"2026-000001", "-o", "altas.db"}, 1, "altas.db exists"},
		"no folder":      {[]string{"2026-000001", "-o", "no/x.zip"}, 1, "no such file or directory"},
		"no store":       {[]string{"2026-000001", "-path", "no.db"}, 1, "no such file or directory (STORE_PATH or -path names the store)"},
		"no folio":       {nil, 2, "usage: altas expediente export"},
		"two folios":     {[]string{"2026-000001", "2026-000002"}, 2, "usage: altas expediente export"},
		"another flag":   {[]string{"-x", "2026-000001"}, 2, "flag provided but not defined"},
	} {
		got := altas(t, dir, auditEnv, append([]string{"expediente", "export"}, c.args...)...)
		if got.status != c.status || !strings.Contains(got.errOut, c.want) || got.out != "" {
			t.Errorf("%s: %v, want status %d and %q", name, got, c.status, c.want)
		}
	}
	for _, args := range [][]string{{"expediente"}, {"expediente", "import"}} {
		if got := altas(t, dir, auditEnv, args...); got.status != 2 || !strings.Contains(got.errOut, "usage: altas expediente export") {
			t.Errorf("%q: %v", args, got)
		}
	}
	for _, args := range [][]string{{"expediente", "-h"}, {"expediente", "export", "-h"}} {
		if got := altas(t, dir, auditEnv, args...); got.status != 0 || !strings.Contains(got.errOut, "usage: altas expediente export") {
			t.Errorf("%q: %v", args, got)
		}
	}
	onlyIn(t, dir, "altas.db", "there.zip")
	if text, err := os.ReadFile(filepath.Join(dir, "there.zip")); err != nil || string(text) != "mine" {
		t.Errorf("there.zip: %q, %v", text, err)
	}
	if all := exportsIn(t, filepath.Join(dir, "altas.db")); len(all) != 0 {
		t.Errorf("recorded: %+v", all)
	}
}

// A broken chain is not exported, and names where it is broken.
func TestExportOfABrokenAudit(t *testing.T) {
	t.Parallel()
	dir := newExpedientes(t)
	replaceInFile(t, dir, `"folio":"2026-000002","after"`, `"folio":"2026-000003","after"`)
	got := altas(t, dir, auditEnv, "expediente", "export", "2026-000001")
	if got.status != 1 || !strings.Contains(got.errOut, `the audit is broken, so nothing is exported: entry 2 ("request.submit of 2026-000003"`) {
		t.Error(got)
	}
	onlyIn(t, dir, "altas.db")
}

// While Altas runs the store is its own.
func TestExportWhileAltasRuns(t *testing.T) {
	t.Parallel()
	dir := newExpedientes(t)
	db, err := store.Open(filepath.Join(dir, "altas.db"), store.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if got := altas(t, dir, auditEnv, "expediente", "export", "2026-000001"); got.status != 1 || !strings.Contains(got.errOut, "in use by another process") {
		t.Error(got)
	}
	onlyIn(t, dir, "altas.db")
}

// Where the export cannot be recorded, where a file of that name came up in the meantime, and where it
// is interrupted, no file is left.
func TestExportThatFailsLate(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		record func(out string) error
		cancel bool
		want   string
		left   []string
	}{
		"not recorded": {func(string) error { return errors.New("no space left") }, false, "no space left", []string{"altas.db"}},
		"came up":      {func(out string) error { return os.WriteFile(out, nil, 0o600) }, false, "exists; remove it", []string{"altas.db", "x.zip"}},
		"interrupted":  {func(string) error { return nil }, true, "context canceled", []string{"altas.db"}},
	} {
		dir := newExpedientes(t)
		out := filepath.Join(dir, "x.zip")
		ctx, cancel := context.WithCancel(t.Context())
		if c.cancel {
			cancel()
		}
		e := export{
			folio: "2026-000001", out: out, store: filepath.Join(dir, "altas.db"),
			record: func(provisioning.Tx, provisioning.Actor, provisioning.Folio, string, time.Time) error {
				return c.record(out)
			},
		}
		if _, err := e.run(ctx); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
		cancel()
		onlyIn(t, dir, c.left...)
	}
}

// A request of 5,000 accounts, each with six entries, takes less than 40 MiB more than one of a single account: 8 were measured.
func TestExportOfALongList(t *testing.T) {
	t.Parallel()
	const n = 5000
	dir := newExpedientes(t)
	r := provisioningtest.Request("2026-000009", "ana", n)
	r.State, r.EndedAt = provisioning.StateCompleted, auditStart
	changeAudit(t, dir, func(tx provisioning.Tx) error { return provisioningtest.PutRequest(tx, r) })
	for from := 0; from < n; from += 500 {
		changeAudit(t, dir, func(tx provisioning.Tx) error {
			var errs []error
			for i := from + 1; i <= from+500; i++ {
				a := provisioningtest.Account(r.Folio, i, provisioningtest.Teacher(i))
				a.State, a.Address = provisioning.AccountAnnounced, identity.Address(fmt.Sprintf("b%d@docentecoahuila.gob.mx", i))
				errs = append(errs, tx.PutAccount(a))
				for range 6 {
					errs = append(errs, tx.Record(provisioning.Entered{
						At: auditStart, By: provisioning.System, Act: "account.created", Folio: r.Folio, Stamp: a.Stamp, Before: "reserved", After: "created",
						Detail: map[string]string{"address": string(a.Address), "objectId": "a32c91b0-5cc1-4014-81b0-f91c85ef72a7"},
					}))
				}
			}
			return errors.Join(errs...)
		})
	}
	peakOf := func(folio string) int {
		t.Helper()
		peak := filepath.Join(t.TempDir(), "peak")
		if got := altas(t, dir, slices.Concat(auditEnv, []string{peakEnv + "=" + peak}), "expediente", "export", folio); got.status != 0 {
			t.Fatal(got)
		}
		return peakMiB(t, peak)
	}
	least, peak := peakOf("2026-000001"), peakOf(string(r.Folio))
	if peak-least >= 40*raceMemory {
		t.Errorf("%d accounts took %d MiB, one %d", n, peak, least)
	}
	_, readme := unzipped(t, filepath.Join(dir, "expediente-2026-000009.zip"))
	readme = strings.Join(strings.Fields(readme), " ")
	if !strings.Contains(readme, "se crearon 5,000 cuentas.") || !strings.Contains(readme, "De esta solicitud hay 30,000 asientos") {
		t.Error(readme)
	}
	t.Logf("%d accounts: peak memory %d MiB, one: %d", n, peak, least)
}
