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

// What is told where ALTAS_LOCALE is not set is Spanish: help, faults of the configuration, results, and
// the parts that package flag tells.
func TestTheProgramSpeaksSpanish(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "mal.yaml"), "limits:\n  reveals: cinco\nadministradores: []\n")
	write(t, filepath.Join(dir, "centros.csv"), "cct,nombre\n05DPR0221C,Benito Juárez\n")
	for _, c := range []struct {
		args   []string
		status int
		want   []string
	}{
		{[]string{"help"}, 0, []string{"muestra la versión", "altas ORDEN -h"}},
		{[]string{"serve", "-h"}, 0, []string{"uso: altas serve", "ALTAS_CONFIG", "BOT_APP_ID"}},
		{[]string{"sandbox", "-h"}, 0, []string{"el puerto de la página", "(si no se da: 56150)"}},
		{[]string{"sandbox", "-nada"}, 2, []string{"no hay una opción -nada", "uso: altas sandbox"}},
		{[]string{"nada"}, 2, []string{`no hay una orden "nada"`}},
		{[]string{"serve"}, 2, []string{
			"la configuración tiene faltas:", "mal.yaml: limits.reveals: debe ser un número entero, no cinco",
			"mal.yaml: administradores: no hay esa clave", "BOT_APP_ID: falta; escriba el Id. de aplicación (cliente)",
		}},
		{[]string{"manifest"}, 2, []string{"-bot", "BOT_APP_ID", "no es un GUID"}},
		{[]string{"check-store"}, 1, []string{"data/altas.db: no existe (STORE_PATH o -path nombran otro"}},
		{[]string{"centres", "import", "centros.csv"}, 0, []string{"data/altas.db: centros de trabajo: 1"}},
	} {
		got := altas(t, dir, []string{"ALTAS_LOCALE=es-MX", "ALTAS_CONFIG=mal.yaml"}, c.args...)
		for _, want := range c.want {
			if got.status != c.status || !strings.Contains(got.out+got.errOut, want) {
				t.Errorf("altas %v: want %d and %q, got %s", c.args, c.status, want, got)
			}
		}
	}
}

// The app package of a bot without a domain is made, and what it lacks is told.
func TestPackageWithoutDomain(t *testing.T) {
	t.Parallel()
	for domain, told := range map[string]bool{"": true, "altas.example.gob.mx": false} {
		got := altas(t, t.TempDir(), nil, "manifest", "-bot", "22222222-2222-4222-8222-222222222222", "-domain", domain)
		if got.status != 0 || got.out != "altas.zip\n" || strings.Contains(got.errOut, "-domain") != told {
			t.Errorf("domain %q: %s", domain, got)
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
