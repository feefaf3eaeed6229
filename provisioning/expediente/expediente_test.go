package expediente_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/audit"
	"seducoahuila.gob.mx/altas/provisioning/expediente"
	"seducoahuila.gob.mx/altas/provisioning/letter"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
	"seducoahuila.gob.mx/altas/provisioning/retention"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares a text with testdata/name, but for what differs in each run.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := errors.Join(os.MkdirAll("testdata", 0o700), os.WriteFile(path, []byte(got), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// readme returns LEAME.txt with the head of the chain, whose salts are random, as zeros.
func (w *world) readme(files map[string]string) string {
	w.t.Helper()
	var head audit.Head
	w.update(func(tx provisioning.Tx) (err error) {
		head, err = tx.Head()
		return err
	})
	text := files["LEAME.txt"]
	for line := range strings.Lines(text) {
		if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > 80 && !strings.HasPrefix(line, "    ") { // a command
			w.t.Errorf("LEAME.txt has a line of %d characters: %s", n, line)
		}
	}
	if !strings.Contains(text, head.String()) {
		w.t.Errorf("LEAME.txt does not have the head %s", head)
	}
	return strings.ReplaceAll(text, fmt.Sprintf("%x", head.Hash), strings.Repeat("0", 64))
}

// An annulled letter and the one in its place are both in the expediente.
func TestExpediente(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r, lines := completed()
	w.store(r, lines, history()...)
	w.issue()
	w.now = w.now.AddDate(0, 0, 2)
	w.annul("Se escribió mal el «nombre»")
	w.issue()
	x := exporter()
	x.Cover.File = "SEDU.5C.12/{year}/{folio}"
	x.Cover.Classification = expediente.Classification{Fund: "SEDU", Section: "5C", Series: "12 Cuentas de correo institucional", Term: retention.Term{Tramite: 2, Concentracion: 3}}
	data := w.export(x)
	names, files := unzip(t, data)
	want := []string{
		"LEAME.txt", "oficio/Oficio SEDU-DGTI-0001-2026 (anulado).pdf", "oficio/Oficio SEDU-DGTI-0002-2026.pdf",
		"solicitud.json", "historia.csv", "bitacora.jsonl", "SHA256SUMS",
	}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	for i, n := range []int{1, 2} {
		if got := files[want[1+i]]; got != fmt.Sprintf("%%PDF Oficio SEDU/DGTI/%04d/2026: respuesta a la solicitud %s", n, folio) {
			t.Errorf("%s: %s", want[1+i], got)
		}
	}
	golden(t, "completed.txt", w.readme(files))
	golden(t, "completed.csv", strings.ReplaceAll(files["historia.csv"], "\r\n", "\n"))
	verifySums(t, names, files)
	checkedBySha256sum(t, data)
}

// verifySums verifies the digests of all other files, in order of their names.
func verifySums(t *testing.T, names []string, files map[string]string) {
	t.Helper()
	var want strings.Builder
	for _, name := range slices.Sorted(slices.Values(names)) {
		if name != "SHA256SUMS" {
			fmt.Fprintf(&want, "%x  %s\n", sha256.Sum256([]byte(files[name])), name)
		}
	}
	if diff := cmp.Diff(want.String(), files["SHA256SUMS"]); diff != "" {
		t.Errorf("SHA256SUMS (-want +got):\n%s", diff)
	}
}

// checkedBySha256sum extracts the ZIP and runs the command of LEAME.txt, where there is one.
func checkedBySha256sum(t *testing.T, data []byte) {
	t.Helper()
	program, err := exec.LookPath("sha256sum")
	if err != nil {
		t.Logf("not checked by sha256sum: %v", err)
		return
	}
	dir := t.TempDir()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err == nil {
		err = os.CopyFS(dir, z)
	}
	if err != nil {
		t.Fatal(err)
	}
	check := exec.CommandContext(t.Context(), program, "--strict", "-c", "SHA256SUMS")
	check.Dir = dir
	out, err := check.CombinedOutput()
	if err != nil || strings.Count(string(out), ": OK\n") != len(z.File)-1 {
		t.Errorf("%v:\n%s", err, out)
	}
}

// The same records give the same bytes, and the files have the time of the request's end.
func TestTheSameBytes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r, lines := completed()
	w.store(r, lines, history()...)
	w.issue()
	once := w.export(exporter())
	w.now = w.now.AddDate(1, 0, 0)
	if again := w.export(exporter()); !bytes.Equal(once, again) {
		t.Error("a second export differs")
	}
	z, err := zip.NewReader(bytes.NewReader(once), int64(len(once)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		if !f.Modified.Equal(ended) || f.Mode() != 0o600 {
			t.Errorf("%s: %v, %v", f.Name, f.Modified, f.Mode())
		}
	}
}

// Each request that ended has its expediente; who asks for one of an open request is refused.
func TestEnds(t *testing.T) {
	t.Parallel()
	rejected := func(r provisioning.Request, lines []provisioning.Account) (provisioning.Request, []provisioning.Account) {
		r.State = provisioning.StateRejected
		r.Decisions = append(r.Decisions[:2:2], decision(provisioning.Subdirector, provisioning.Reject, luis, ended, 2))
		lines[0] = account(1)
		return r, lines
	}
	for name, c := range map[string]struct {
		change func(provisioning.Request, []provisioning.Account) (provisioning.Request, []provisioning.Account)
		letter bool
		golden string
		want   []string
	}{
		"rejected": {rejected, true, "rejected.txt", nil},
		"cancelled": {func(r provisioning.Request, lines []provisioning.Account) (provisioning.Request, []provisioning.Account) {
			r.State, r.Decisions = provisioning.StateCancelled, nil
			return r, lines
		}, false, "", []string{"Conclusión: Cancelada el 30 de noviembre de 2026 por quien la solicitó. Oficio de respuesta: No se emitió. "}},
		"expired": {func(r provisioning.Request, lines []provisioning.Account) (provisioning.Request, []provisioning.Account) {
			r.State, r.Decisions = provisioning.StateExpired, nil
			return r, lines
		}, false, "", []string{"Vencida el 30 de noviembre de 2026: no se resolvió a tiempo. "}},
		"not corrected": {func(r provisioning.Request, lines []provisioning.Account) (provisioning.Request, []provisioning.Account) {
			r.State, r.Round, r.Decisions = provisioning.StateExpired, 1, r.Decisions[:1]
			return r, lines
		}, false, "", []string{"Vencida el 30 de noviembre de 2026: se devolvió para corregir y no se corrigió a tiempo. "}},
		"of one account": {func(r provisioning.Request, lines []provisioning.Account) (provisioning.Request, []provisioning.Account) {
			r.Lines, r.Type = 1, "alumno" // the other two are of a longer round
			return r, lines
		}, false, "", []string{"Solicitud de 1 cuenta de correo institucional de alumno ", "se creó 1 cuenta. "}},
		"a recovery": {func(r provisioning.Request, _ []provisioning.Account) (provisioning.Request, []provisioning.Account) {
			a := account(1)
			r.Kind, a.Kind, a.State, a.Address = "recovery", "recovery", provisioning.AccountAnnounced, "lucia.nanez@docentecoahuila.gob.mx"
			r.Lines, r.Stages, r.Decisions = 1, []provisioning.StageName{}, nil
			r.Petition = provisioning.Petition{Medium: "persona", Number: "Credencial de elector"}
			return r, []provisioning.Account{a}
		}, true, "recovery.txt", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			r, lines := c.change(completed())
			w.store(r, lines)
			if c.letter {
				w.issue()
			}
			names, files := unzip(t, w.export(exporter()))
			verifySums(t, names, files)
			if c.golden != "" {
				golden(t, c.golden, w.readme(files))
			}
			for _, want := range c.want {
				if !strings.Contains(onOneLine(files["LEAME.txt"]), want) {
					t.Errorf("LEAME.txt does not say %q:\n%s", want, files["LEAME.txt"])
				}
			}
		})
	}
}

func onOneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

func TestRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i, state := range []provisioning.RequestState{"director", "subdirector", "returned", "provisioning", "attention"} {
		f := provisioning.NewFolio(2026, i+1)
		r := provisioningtest.Request(f, ana.ID, 0)
		r.State = state
		w.store(r, nil)
		_, err := w.try(exporter(), f)
		open, is := errors.AsType[*expediente.OpenError](err)
		if !is || open.State != state || open.Folio != f {
			t.Errorf("%s: %v", state, err)
		}
	}
	if _, err := w.try(exporter(), "2026-000999"); !errors.Is(err, expediente.ErrUnknown) {
		t.Errorf("an unknown folio: %v", err)
	}
}

// A letter that waits for its number has no file; two of the same name have one each.
func TestLettersWithoutFileAndOfTheSameName(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r, lines := completed()
	w.store(r, lines)
	w.update(func(tx provisioning.Tx) error {
		var errs []error
		for i, l := range []letter.Letter{
			{State: letter.StateAnnulled, Number: "A/1", Date: ended, AnnulledAt: ended}, {State: letter.StateAnnulled, Number: "a-1", Date: ended, AnnulledAt: ended},
			{State: letter.StateWaiting},
		} {
			l.Folio, l.Serial = folio, i+1
			key := fmt.Sprintf("%s/%03d", folio, i+1)
			errs = append(errs, tx.Save("letter", key, l))
			if l.Number != "" {
				errs = append(errs, tx.Save("letter.pdf", key, []byte(l.Number)))
			}
		}
		return errors.Join(errs...)
	})
	names, files := unzip(t, w.export(exporter()))
	want := []string{"LEAME.txt", "oficio/Oficio A-1 (anulado).pdf", "oficio/Oficio a-1 (anulado) (2).pdf", "solicitud.json", "historia.csv", "bitacora.jsonl", "SHA256SUMS"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	if files[want[1]] != "A/1" || files[want[2]] != "a-1" || !strings.Contains(files["LEAME.txt"], "No se emitió: espera su número.") {
		t.Errorf("%q %q\n%s", files[want[1]], files[want[2]], files["LEAME.txt"])
	}
}

func TestRetention(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r, lines := completed()
	r.EndedAt = time.Date(2028, 3, 1, 2, 0, 0, 0, time.UTC) // 29 February in Saltillo
	w.store(r, lines)
	for want, c := range map[string]expediente.Classification{
		"Conservación: 1 año en el archivo de trámite, hasta el 1 de marzo de 2029":                                                                        {Term: retention.Term{Tramite: 1}},
		"Conservación: 5 años en el archivo de concentración, hasta el 1 de marzo de 2033":                                                                 {Term: retention.Term{Concentracion: 5}},
		"Conservación: 4 años en el archivo de trámite, hasta el 29 de febrero de 2032; 1 año en el archivo de concentración, hasta el 1 de marzo de 2033": {Term: retention.Term{Tramite: 4, Concentracion: 1}},
		"Serie: 12": {Series: "12"},
	} {
		x := exporter()
		x.Cover.Classification = c
		_, files := unzip(t, w.export(x))
		text := onOneLine(files["LEAME.txt"])
		if !strings.Contains(text, want) || strings.Contains(text, "Conservación") != strings.Contains(want, "Conservación") {
			t.Errorf("LEAME.txt does not say %q:\n%s", want, files["LEAME.txt"])
		}
	}
}

// The number of the expediente has the year of the letter or, without any, that of the request's end.
func TestNumberOfTheExpediente(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r, lines := completed()
	r.EndedAt = time.Date(2027, 1, 1, 1, 0, 0, 0, time.UTC) // in Saltillo still 2026
	w.store(r, lines)
	x := exporter()
	x.Cover.File = "5C.12/{year}"
	says := func(want string) {
		t.Helper()
		if _, files := unzip(t, w.export(x)); !strings.Contains(files["LEAME.txt"], "Expediente:           "+want+"\n") {
			t.Errorf("LEAME.txt does not say %q:\n%s", want, files["LEAME.txt"])
		}
	}
	says("5C.12/2026")
	w.now = time.Date(2027, 2, 1, 0, 0, 0, 0, time.UTC)
	w.issue()
	says("5C.12/2027")
	w.annul("Otro motivo")
	w.update(func(tx provisioning.Tx) error { // the one in its place waits for its number
		return tx.Save("letter", string(folio)+"/002", letter.Letter{Folio: folio, Serial: 2, State: letter.StateWaiting})
	})
	says("5C.12/2027")
}

// Where one stage decides, its approval authorises.
func TestOneStage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r, lines := completed()
	r.Stages, r.Decisions = []provisioning.StageName{provisioning.Director}, r.Decisions[1:2]
	w.store(r, lines)
	if _, files := unzip(t, w.export(exporter())); !strings.Contains(files["LEAME.txt"], "Atención:             Autorizó: Rosa Elena") {
		t.Error(files["LEAME.txt"])
	}
}

// brokenAfter is a disk that is full after so many bytes.
type brokenAfter int

var errFull = errors.New("no space left")

func (b *brokenAfter) Write(p []byte) (int, error) {
	if *b -= brokenAfter(len(p)); *b < 0 {
		return 0, errFull
	}
	return len(p), nil
}

// A disk that is full, wherever, is an error.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r, lines := completed()
	w.store(r, lines, history()...)
	w.issue()
	for room := range len(w.export(exporter())) / 100 {
		full := brokenAfter(100 * room)
		err := w.db.View(t.Context(), func(tx provisioning.Tx) error { return exporter().Write(tx, &full, folio) })
		if !errors.Is(err, errFull) {
			t.Fatalf("with room for %d bytes: %v", 100*room, err)
		}
	}
}

// The export is recorded with the digest, and the next has it among its entries; the chain verifies.
func TestRecord(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r, lines := completed()
	w.store(r, lines, history()...)
	by := provisioning.Actor{ID: "os:maria", Name: "maria"}
	w.update(func(tx provisioning.Tx) error { return expediente.Record(tx, by, folio, "abc", ended) })
	_, files := unzip(t, w.export(exporter()))
	rows := strings.Split(strings.TrimSuffix(files["historia.csv"], "\r\n"), "\r\n")
	if want := "10,2026-11-30 20:30:00,maria,os:maria,Exportó este expediente,,,,,,SHA-256: abc"; rows[len(rows)-1] != want {
		t.Errorf("the last row is %q, want %q", rows[len(rows)-1], want)
	}
}
