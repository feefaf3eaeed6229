package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/input"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
	"seducoahuila.gob.mx/altas/store"
	"seducoahuila.gob.mx/altas/store/receipts"
)

// quiteria is the person of these tests; nobody else has one of her names.
var quiteria = identity.Holder{Type: identity.Teacher, Person: identity.Person{
	GivenNames: "Quiteria", FirstSurname: "Urdiñola", SecondSurname: "Zubirán", CURP: "UIZQ850515MCLRBT08", CCT: "05DPR0221C", EmployeeNumber: "778899",
}}

// keptPerson returns a folder with a store and receipts that have one account of hers, whose request is in a
// state.
func keptPerson(t *testing.T, state provisioning.RequestState) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "data"), 0o700); err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(filepath.Join(dir, "data", "altas.db"), store.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	r := provisioningtest.Request("2026-000001", "ana", 1)
	r.State, r.Subject, r.Petition = state, quiteria.DisplayName(), provisioning.Petition{Medium: input.MediumOficio, Number: "SEDU/045/2026"}
	r.Decisions = []provisioning.Decision{{Stage: provisioning.Director, Verdict: provisioning.Approve, By: provisioning.Actor{Name: "Rosa Cárdenas"}, At: provisioningtest.Start}}
	a := provisioningtest.Account(r.Folio, 1, quiteria)
	a.State, a.Address, a.ObjectID = provisioning.AccountAnnounced, "quiteria.urdinola@docentecoahuila.gob.mx", "0b1e9c52-7c0f-4a61-9d3e-3f1f5f6c7d10"
	a.CreatedAt, a.RecordedAt, a.AnnouncedAt = provisioningtest.Start, provisioningtest.Start, provisioningtest.Start
	err = db.Update(context.Background(), func(tx provisioning.Tx) error {
		return errors.Join(provisioningtest.PutRequest(tx, r), tx.PutAccount(a), tx.Reserve(a.Address, a.Stamp), tx.Record(provisioning.Entered{
			At: provisioningtest.Start, By: provisioning.Actor{ID: "ana", Name: "Ana"}, Act: "account.created", Folio: r.Folio, Stamp: a.Stamp, Detail: map[string]string{"address": string(a.Address)},
		}))
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	rows, err := receipts.Open(receipts.Config{DSN: "sqlite:" + filepath.Join(dir, "data", "receipts.db")})
	if err != nil {
		t.Fatal(err)
	}
	err = rows.Put(context.Background(), provisioning.Receipt{
		Stamp: a.Stamp, Folio: r.Folio, Address: a.Address, Holder: quiteria, ObjectID: a.ObjectID, State: provisioning.ReceiptActive,
		RequestedAt: provisioningtest.Start, CreatedAt: provisioningtest.Start, Petition: r.Petition,
	})
	if err := errors.Join(err, rows.Close()); err != nil {
		t.Fatal(err)
	}
	return dir
}

var noZone = []string{"ALTAS_TIMEZONE=UTC"}

func TestPersonShow(t *testing.T) {
	t.Parallel()
	dir := keptPerson(t, provisioning.StateCompleted)
	e := altas(t, dir, noZone, "person", "show", "-reference", "ARCO 7/2026", "uizq850515mclrbt08")
	if e.status != 0 {
		t.Fatal(e)
	}
	for _, want := range []string{
		"UIZQ850515MCLRBT08", "Quiteria Urdiñola Zubirán", "778899", "quiteria.urdinola@docentecoahuila.gob.mx", "2026-000001-0001", "Lista",
		"Solicitud 2026-000001", "Oficio SEDU/045/2026", "Dirección General", "Rosa Cárdenas", "Concluida", "2026-08-17 15:00", "Renglón del Servidor de Recibos",
	} {
		if !strings.Contains(e.out, want) {
			t.Errorf("the statement lacks %q:\n%s", want, e.out)
		}
	}
	if found := altas(t, dir, nil, "audit", "export", "-o", "a.csv"); found.status != 0 {
		t.Fatal(found)
	}
	audit, err := os.ReadFile(filepath.Join(dir, "a.csv"))
	if err != nil || !strings.Contains(string(audit), "person.show") || !strings.Contains(string(audit), "ARCO 7/2026") || strings.Contains(string(audit), "UIZQ") {
		t.Errorf("audit: %v\n%s", err, audit)
	}
}

// What is printed names nobody, and neither does any file afterwards.
func TestPersonErase(t *testing.T) {
	t.Parallel()
	dir := keptPerson(t, provisioning.StateCompleted)
	e := altas(t, dir, noZone, "person", "erase", "-reference", "ARCO 7/2026", "UIZQ850515MCLRBT08")
	if e.status != 0 || !strings.Contains(e.out, "2026-000001-0001") || !strings.Contains(e.out, "0b1e9c52-7c0f-4a61-9d3e-3f1f5f6c7d10") {
		t.Fatal(e)
	}
	wantNoTrace(t, "the output", e.String())
	wantNoFile(t, dir)
	for _, args := range [][]string{{"audit", "verify"}, {"check-store"}, {"receipts", "status"}} {
		if e := altas(t, dir, nil, args...); e.status != 0 {
			t.Error(e)
		}
	}
	if again := altas(t, dir, nil, "person", "erase", "UIZQ850515MCLRBT08"); again.status != 0 || !strings.Contains(again.out, "rows of the receipts 0") {
		t.Error(again)
	}
	if nobody := altas(t, dir, nil, "person", "show", "UIZQ850515MCLRBT08"); nobody.status != 0 || !strings.Contains(nobody.out, "no conserva datos") {
		t.Error(nobody)
	}
	if none := altas(t, dir, nil, "person", "erase", "-again"); none.status != 0 || !strings.Contains(none.out, "nobody") || !strings.Contains(none.out, "compacted") {
		t.Error(none)
	}
}

// wantNoFile fails for each file of the folder that has a trace of quiteria.
func wantNoFile(t *testing.T, dir string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "data", "*"))
	if err != nil || len(files) < 3 {
		t.Fatalf("files %v, %v", files, err)
	}
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		wantNoTrace(t, filepath.Base(path), string(data))
	}
}

func wantNoTrace(t *testing.T, what, text string) {
	t.Helper()
	text = strings.ReplaceAll(input.Fold(text), "ñ", "n")
	for _, trace := range []string{"uizq850515", "quiteria", "urdinola", "zubiran", "778899"} {
		if strings.Contains(text, trace) {
			t.Errorf("%s has %q", what, trace)
		}
	}
}

// By the line the same is erased, the row too, and she is remembered.
func TestPersonEraseByALine(t *testing.T) {
	t.Parallel()
	dir := keptPerson(t, provisioning.StateCompleted)
	if e := altas(t, dir, nil, "person", "erase", "2026-000001-0001"); e.status != 0 || !strings.Contains(e.out, "rows of the receipts 1") {
		t.Fatal(e)
	}
	wantNoFile(t, dir)
	remembered, err := os.ReadFile(filepath.Join(dir, "data", "altas.erased"))
	if err != nil || strings.Count(string(remembered), "\n") != 2 {
		t.Errorf("remembered is %q, %v", remembered, err)
	}
}

// If the file of those who were erased is lost, nothing is shown or erased before somebody decides.
func TestTheFileOfTheErasedIsLost(t *testing.T) {
	t.Parallel()
	dir := keptPerson(t, provisioning.StateCompleted)
	if e := altas(t, dir, nil, "person", "erase", "UIZQ850515MCLRBT08"); e.status != 0 {
		t.Fatal(e)
	}
	file := filepath.Join(dir, "data", "altas.erased")
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if e := altas(t, dir, nil, "person", "erase", "-again"); e.status != 1 || !strings.Contains(e.errOut, "altas.erased is missing") {
		t.Error(e)
	}
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if e := altas(t, dir, nil, "person", "erase", "-again"); e.status != 0 {
		t.Error(e)
	}
	key, err := os.ReadFile(file)
	if err != nil || len(key) != 65 { // made once, and the same from then on
		t.Fatalf("the file has %q, %v", key, err)
	}
	if e := altas(t, dir, nil, "person", "show", "UIZQ850515MCLRBT08"); e.status != 0 {
		t.Error(e)
	}
	if again, err := os.ReadFile(file); err != nil || string(again) != string(key) {
		t.Errorf("the key became %q, %v", again, err)
	}
}

// Wherever the program is killed, the same command completes the erasure.
func TestPersonEraseKilled(t *testing.T) {
	t.Parallel()
	for after := time.Duration(0); after < 80*time.Millisecond; after += 8 * time.Millisecond {
		dir := keptPerson(t, provisioning.StateCompleted)
		killed(t, dir, after, "person", "erase", string(quiteria.Person.CURP))
		if e := altas(t, dir, nil, "person", "erase", string(quiteria.Person.CURP)); e.status != 0 {
			t.Fatalf("killed after %s: %s", after, e)
		}
		wantNoFile(t, dir)
		for _, args := range [][]string{{"audit", "verify"}, {"check-store"}} {
			if e := altas(t, dir, nil, args...); e.status != 0 {
				t.Errorf("killed after %s: %s", after, e)
			}
		}
	}
}

// killed runs the program and kills it after some time, unless it ends before.
func killed(t *testing.T, dir string, after time.Duration, args ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), after)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0], args...)
	cmd.Dir, cmd.Env = dir, []string{childEnv + "=1", "TMPDIR=" + os.TempDir()}
	_ = cmd.Run() // killed, or done
}

func TestPersonThatIsRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		state provisioning.RequestState
		args  []string
		code  int
		says  string
	}{
		"an open request":       {provisioning.StateDirector, []string{"erase", "UIZQ850515MCLRBT08"}, 1, "request 2026-000001 is still open"},
		"a named reference":     {provisioning.StateCompleted, []string{"erase", "-reference", "de Quiteria Urdiñola", "UIZQ850515MCLRBT08"}, 1, "may name nobody"},
		"shown with a name":     {provisioning.StateCompleted, []string{"show", "-reference", "Urdiñola 7", "UIZQ850515MCLRBT08"}, 1, "may name nobody"},
		"an unknown line":       {provisioning.StateCompleted, []string{"erase", "2026-000009-0001"}, 1, "2026-000009-0001"},
		"no CURP":               {provisioning.StateCompleted, []string{"erase", "UIZQ850515"}, 1, "no CURP"},
		"a wrong check digit":   {provisioning.StateCompleted, []string{"show", "UIZQ850515MCLRBT01"}, 1, "no CURP"},
		"a generic CURP":        {provisioning.StateCompleted, []string{"erase", "XEXX010101HNEXXXA4"}, 1, "nobody's"},
		"nobody named":          {provisioning.StateCompleted, []string{"erase"}, 2, "usage"},
		"a person and all":      {provisioning.StateCompleted, []string{"erase", "-again", "UIZQ850515MCLRBT08"}, 2, "usage"},
		"show again":            {provisioning.StateCompleted, []string{"show", "-again"}, 2, "usage"},
		"another word":          {provisioning.StateCompleted, []string{"forget"}, 2, "usage"},
		"a store that is not":   {provisioning.StateCompleted, []string{"erase", "UIZQ850515MCLRBT08"}, 1, "none.db"},
		"no receipts":           {provisioning.StateCompleted, []string{"show", "UIZQ850515MCLRBT08"}, 1, "none/receipts.db"},
		"receipts that are not": {provisioning.StateCompleted, []string{"erase", "UIZQ850515MCLRBT08"}, 1, "receipts"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := keptPerson(t, c.state)
			var env []string
			if strings.HasPrefix(name, "receipts") {
				env = append(env, "RECEIPTS_DSN=sqlite:"+filepath.Join(dir, "missing", "receipts.db"))
				if err := os.WriteFile(filepath.Join(dir, "missing"), nil, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if name == "a store that is not" {
				env = append(env, "STORE_PATH=none.db")
			}
			if name == "no receipts" {
				env = append(env, "RECEIPTS_DSN=sqlite:none/receipts.db")
			}
			e := altas(t, dir, env, append([]string{"person"}, c.args...)...)
			if e.status != c.code || !strings.Contains(e.out+e.errOut, c.says) {
				t.Errorf("want %d and %q, got %s", c.code, c.says, e)
			}
			if strings.Contains(e.errOut, "UIZQ850515MCLRBT08") {
				t.Errorf("the error repeats the CURP: %s", e)
			}
			kept, err := os.ReadFile(filepath.Join(dir, "data", "altas.db"))
			if err != nil || !strings.Contains(string(kept), "UIZQ850515MCLRBT08") {
				t.Errorf("the store has her no more: %v", err)
			}
		})
	}
}

// With - the CURP comes from the standard input, and is in no list of processes.
func TestCURPFromTheStandardInput(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]identity.CURP{"uizq850515mclrbt08\n": quiteria.Person.CURP, "UIZQ850515MCLRBT08": quiteria.Person.CURP, "\n": "", "": ""} {
		got, err := parseSubject("-", strings.NewReader(text))
		if got.CURP != want || (err == nil) != (want != "") {
			t.Errorf("%q gives %v, %v", text, got, err)
		}
	}
}
