package main

import (
	"archive/zip"
	"bytes"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// A usage error is one line and exit status 2; a request for help is not an error.
func TestHowTheProgramIsCalled(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		args   []string
		status int
		want   string
	}{
		"nothing":              {nil, 2, "altas serve"},
		"help":                 {[]string{"help"}, 0, "altas serve"},
		"-h":                   {[]string{"-h"}, 0, "altas serve"},
		"help of a command":    {[]string{"help", "sandbox"}, 0, "-port"},
		"-h of a command":      {[]string{"demo", "-h"}, 0, "-file"},
		"no such command":      {[]string{"server"}, 2, `no command "server"`},
		"help of none":         {[]string{"help", "server"}, 2, `no command "server"`},
		"no such flag":         {[]string{"serve", "-port"}, 2, "-port"},
		"a file without -file": {[]string{"demo", "people.csv"}, 2, `"people.csv" is not expected`},
		"one word too many":    {[]string{"check-store", "altas.db"}, 2, `"altas.db" is not expected`},
		"no port":              {[]string{"sandbox", "-port", "80000"}, 2, "80000"},
		"version":              {[]string{"version"}, 0, "altas "},
		"--version":            {[]string{"--version"}, 0, "altas "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := altas(t, t.TempDir(), nil, c.args...)
			if got.status != c.status || !strings.Contains(got.out+got.errOut, c.want) {
				t.Errorf("%v: %v, want status %d and %q", c.args, got, c.status, c.want)
			}
		})
	}
}

// The app package contains the service's configuration.
func TestPackageOfTheConfiguration(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	env := []string{"BOT_APP_ID=22222222-2222-4222-8222-222222222222", "ALTAS_PUBLIC_URL=https://altas.seducoahuila.gob.mx/"}
	if got := altas(t, dir, env, "manifest", "-o", "altas.zip"); got.status != 0 || got.out != "altas.zip\n" {
		t.Fatal(got)
	}
	z, err := zip.OpenReader(filepath.Join(dir, "altas.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	body, err := fs.ReadFile(z, "manifest.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"botId": "22222222-2222-4222-8222-222222222222"`, `"altas.seducoahuila.gob.mx"`} {
		if !strings.Contains(string(body), want) {
			t.Errorf("the manifest has no %s:\n%s", want, body)
		}
	}
}

// Each command prints its flags with -h, which is not a usage error.
func TestEveryCommandTellsItsFlags(t *testing.T) {
	t.Parallel()
	for _, c := range commands() {
		var told bytes.Buffer
		if status := run(t.Context(), []string{c.name, "-h"}, &told, &told); status != 0 || !strings.Contains(told.String(), "usage: altas "+c.name) {
			t.Errorf("altas %s -h: status %d, %s", c.name, status, &told)
		}
	}
}

// check-store does not change the store, and says if the file is not one.
func TestCheckStoreOnlyReads(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "lista.db"), "cct,nombre\n")
	write(t, filepath.Join(dir, "centros.csv"), "cct,nombre\n05DPR0221C,Benito Juárez\n")
	if got := altas(t, dir, nil, "centres", "import", "centros.csv", "-path", "altas.db"); got.status != 0 {
		t.Fatal(got)
	}
	for path, c := range map[string]struct {
		status int
		want   string
	}{
		"altas.db":    {0, "every invariant holds"},
		"no/store.db": {1, "no such file or directory (STORE_PATH or -path names another)"},
		"lista.db":    {1, "no store of Altas"},
		".":           {1, "a folder"},
	} {
		if got := altas(t, dir, nil, "check-store", "-path", path); got.status != c.status || !strings.Contains(got.out+got.errOut, c.want) {
			t.Errorf("%s: %v, want status %d and %q", path, got, c.status, c.want)
		}
	}
}
