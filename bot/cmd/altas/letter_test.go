package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/bot/service"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/letter"
	"seducoahuila.gob.mx/altas/provisioning/pdf"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
	"seducoahuila.gob.mx/altas/store"
)

type noNumbers struct{}

func (noNumbers) Highest(string) (int, error) { return 0, nil }
func (noNumbers) Raise(string, int) error     { return nil }

// issuedLetter is a store with one letter: its path, the letter and its PDF.
func issuedLetter(t *testing.T) (path string, l letter.Letter, printed []byte) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "altas.db")
	key := bytes.Repeat([]byte{7}, letter.KeySize)
	if err := os.WriteFile(service.KeyPath(path), []byte(strings.Repeat("07", letter.KeySize)), 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(path, store.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	ls := &letter.Letters{Config: letter.Config{
		Store: db, Settings: letter.Settings{Template: letter.DefaultTemplate(), Numbering: letter.DefaultNumbering()},
		Keys: letter.Keys{key}, HighWater: noNumbers{}, Engine: pdf.Folio{}, Location: time.UTC, Now: func() time.Time { return provisioningtest.Start },
	}}
	err = db.Update(context.Background(), func(tx provisioning.Tx) error {
		r := provisioningtest.Request("2026-000001", "ana", 1)
		r.State = provisioning.StateCompleted
		a := provisioningtest.Account(r.Folio, 1, provisioningtest.Teacher(1))
		a.State, a.Address = provisioning.AccountAnnounced, "a.b@docentecoahuila.gob.mx"
		return errors.Join(provisioningtest.PutRequest(tx, r), tx.PutAccount(a))
	})
	if err == nil {
		err = ls.Issue(context.Background(), job.Job{Key: "2026-000001"})
	}
	if err == nil {
		err = db.View(context.Background(), func(tx provisioning.Tx) (err error) {
			if l, _, err = letter.Last(tx, "2026-000001"); err == nil {
				printed, _, err = letter.PDF(tx, l)
			}
			return err
		})
	}
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	return path, l, printed
}

func TestLetterVerify(t *testing.T) {
	path, l, printed := issuedLetter(t)
	genuine, forged := filepath.Join(t.TempDir(), "a.pdf"), filepath.Join(t.TempDir(), "b.pdf")
	other := filepath.Join(t.TempDir(), "other.key")
	for name, content := range map[string][]byte{genuine: printed, forged: append(bytes.Clone(printed), ' '), other: []byte(strings.Repeat("08", letter.KeySize))} {
		if err := os.WriteFile(name, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		args []string
		code int
		says string
	}{
		"by its code":     {[]string{"letter", "verify", "-path", path, strings.ToLower(l.Code)}, 0, "VALID\nnumber   SEDU/DGTI/0001/2026\nfolio    2026-000001"},
		"by its file":     {[]string{"letter", "verify", "-path", path, genuine}, 0, l.File},
		"a changed file":  {[]string{"letter", "verify", "-path", path, forged}, 3, "NOT GENUINE"},
		"another code":    {[]string{"letter", "verify", "AAAA-BBBB-CCCC-DDDD", "-path", path}, 3, "NOT GENUINE"},
		"no code":         {[]string{"letter", "verify", "-path", path, "0BCD-1FGH"}, 1, "O for 0, I for 1"},
		"another key":     {[]string{"letter", "verify", "-path", path, "-key", other, l.Code}, 1, "CANNOT TELL"},
		"no key":          {[]string{"letter", "verify", "-path", path, "-key", other + "x", l.Code}, 1, "the keys of the codes"},
		"no store":        {[]string{"letter", "verify", "-path", path + "x", l.Code}, 1, "STORE_PATH or -path names the store"},
		"nothing":         {[]string{"letter"}, 2, "usage: altas letter verify"},
		"nothing to look": {[]string{"letter", "verify", "-path", path}, 2, "usage: altas letter verify"},
		"help":            {[]string{"letter", "-h"}, 0, "usage: altas letter verify"},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			if code := run(t.Context(), c.args, &out, &out); code != c.code || !strings.Contains(out.String(), c.says) {
				t.Errorf("exit %d, want %d:\n%s", code, c.code, out.String())
			}
		})
	}
}

// The sample is printed with what the rules' file says of letters, or the file's faults are named.
func TestLetterSample(t *testing.T) {
	rules := filepath.Join(t.TempDir(), "altas.yaml")
	out := filepath.Join(t.TempDir(), "sample.pdf")
	t.Setenv("ALTAS_CONFIG", rules)
	for _, c := range []struct {
		rules string
		code  int
		says  string
	}{
		{minimalRules + "letter: {signer: {name: Ing. Ana Ibáñez}}\n", 0, out},
		{minimalRules + "letter: {parts: [sello], numbering: {source: lotería}, expediente: \"{año}\", legends: [{from: ayer, text: x}]}\n", 2, "letter.numbering.source: want serie, rango or oficina"},
	} {
		if err := os.WriteFile(rules, []byte(c.rules), 0o600); err != nil {
			t.Fatal(err)
		}
		var said bytes.Buffer
		if code := run(t.Context(), []string{"letter", "sample", "-o", out}, &said, &said); code != c.code || !strings.Contains(said.String(), c.says) {
			t.Errorf("exit %d, want %d:\n%s", code, c.code, said.String())
		}
		for line := range strings.Lines(said.String()) {
			if strings.Contains(line, "letter.") && !strings.HasPrefix(line, rules+": letter.") {
				t.Errorf("a fault without its file and key: %s", line)
			}
		}
	}
	printed, err := os.ReadFile(out)
	if err != nil || !bytes.HasPrefix(printed, []byte("%PDF-")) {
		t.Errorf("%v: %.20q", err, printed)
	}
}

const minimalRules = `
types:
  docente: {domain: docentecoahuila.gob.mx, attributes: {department: "{cct}"}}
stages:
  - {name: director, approvers: ["11111111-1111-4111-8111-111111111111"]}
  - {name: subdirector, approvers: ["22222222-2222-4222-8222-222222222222"]}
administrators: ["33333333-3333-4333-8333-333333333333"]
`
