package service

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning/privacy"
)

// privacyRules loads the example with a text after it.
func privacyRules(t *testing.T, text string) (Rules, error) {
	t.Helper()
	example, err := os.ReadFile("altas.example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "altas.yaml")
	if err := os.WriteFile(path, append(example, []byte("\n"+text)...), 0o600); err != nil {
		t.Fatal(err)
	}
	return LoadRules(path)
}

const wholeNotice = `privacy:
  version: " 2.1 "
  date: "2026-07-01"
  responsible: La Secretaría
  address: Calle 1
  data: Nombre y CURP
  purposes: Crear cuentas
  transfers: Ninguna
  refuse: Por escrito
  contact: transparencia@secretaria.prueba
  url: https://secretaria.prueba/aviso
  en: {responsible: The ministry, url: https://secretaria.prueba/notice}
`

func TestPrivacyRules(t *testing.T) {
	t.Parallel()
	written := privacy.Notice{Version: "2.1", Date: time.Date(2026, time.July, 1, 0, 0, 0, 0, time.UTC), Texts: map[string]privacy.Text{
		"es-MX": {
			Responsible: "La Secretaría", Address: "Calle 1", Data: "Nombre y CURP", Purposes: "Crear cuentas", Transfers: "Ninguna",
			Refuse: "Por escrito", Contact: "transparencia@secretaria.prueba", URL: "https://secretaria.prueba/aviso",
		},
		"en": {Responsible: "The ministry", URL: "https://secretaria.prueba/notice"},
	}}
	alone := privacy.Notice{Version: "2", Texts: map[string]privacy.Text{"es-MX": {}, "en": {}}}
	for name, tt := range map[string]struct {
		text   string
		want   privacy.Notice
		warned string // the beginning of the warning; "" for none
	}{
		"nothing":         {"", privacy.BuiltIn(), "privacy: missing"},
		"the key alone":   {"privacy:\n", privacy.BuiltIn(), "privacy: missing"},
		"all of it":       {wholeNotice, written, ""},
		"a version alone": {"privacy: {version: \"2\"}\n", alone, "privacy: responsible, address, data, purposes, transfers, refuse, url not written"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rules, err := privacyRules(t, tt.text)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, rules.Privacy.domain()); diff != "" {
				t.Errorf("notice (-want +got):\n%s", diff)
			}
			got := strings.Join(rules.Privacy.warnings(), "\n")
			if !strings.HasPrefix(got, tt.warned) || tt.warned == "" && got != "" || strings.Contains(got, "\n") {
				t.Errorf("warned: %q, want %q", got, tt.warned)
			}
			if all := strings.Join(rules.warnings(), "\n"); !strings.Contains(all, got) {
				t.Errorf("the warnings at start are %q", all)
			}
		})
	}
}

// The commented example loads once its # are taken away, with a version that is accepted.
func TestTheExampleOfTheNotice(t *testing.T) {
	t.Parallel()
	example, err := os.ReadFile("altas.example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile(`(?m)^# privacy:\n(?:#   .*\n)+`).FindString(string(example))
	rules, err := privacyRules(t, regexp.MustCompile(`(?m)^# `).ReplaceAllString(block, ""))
	if err != nil || rules.Privacy == nil {
		t.Fatalf("the example of the notice: %v\n%s", err, block)
	}
	if n := rules.Privacy.domain(); n.Version != "1" || n.Date.IsZero() {
		t.Errorf("notice: %+v", n)
	}
	for _, text := range rules.Privacy.byKey() {
		if !strings.Contains(block, "#   "+text.key+": ") {
			t.Errorf("the example does not have %s", text.key)
		}
	}
}

// A fault names the key, and is the only one.
func TestFaultsOfPrivacyRules(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ñ", 601)
	for name, tt := range map[string]struct{ text, want string }{
		"no version":             {"privacy: {url: https://x.mx}\n", "privacy.version: missing"},
		"a version of spaces":    {"privacy: {version: \"  \"}\n", "privacy.version: missing"},
		"nothing in the section": {"privacy: {}\n", "privacy.version: missing"},
		"a number":               {"privacy: {version: 2}\n", "privacy.version: want text in quotes, not 2"},
		"a long version":         {"privacy: {version: \"123456789012345678901\"}\n", "privacy.version: 21 characters; at most 20"},
		"two lines of version":   {"privacy: {version: \"1\\n2\"}\n", "privacy.version: one line"},
		"a date in words":        {"privacy: {version: \"1\", date: 1 de julio}\n", `privacy.date: "1 de julio" is no date`},
		"no such day":            {"privacy: {version: \"1\", date: \"2026-02-30\"}\n", `privacy.date: "2026-02-30" is no date`},
		"a page in the clear":    {"privacy: {version: \"1\", url: http://x.mx/aviso}\n", `privacy.url: "http://x.mx/aviso" is no address`},
		"a page of no host":      {"privacy: {version: \"1\", url: \"https:///aviso\"}\n", "privacy.url: "},
		"a page for a person":    {"privacy: {version: \"1\", url: \"https://ana:x@x.mx\"}\n", "privacy.url: "},
		"a script":               {"privacy: {version: \"1\", url: \"javascript:alert(1)\"}\n", "privacy.url: "},
		"the English page":       {"privacy: {version: \"1\", en: {url: ftp://x.mx}}\n", "privacy.en.url: "},
		"a long text":            {"privacy: {version: \"1\", purposes: " + long + "}\n", "privacy.purposes: 601 characters; at most 600"},
		"a long English text":    {"privacy: {version: \"1\", en: {refuse: " + long + "}}\n", "privacy.en.refuse: 601 characters"},
		"a key nobody knows":     {"privacy: {version: \"1\", purpose: x}\n", "privacy.purpose: no such key"},
		"English in English":     {"privacy: {version: \"1\", en: {version: \"1\"}}\n", "privacy.en.version: no such key"},
		"a text alone":           {"privacy: si\n", "privacy: want keys with values"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := privacyRules(t, tt.text)
			if err == nil || !strings.Contains(err.Error(), "altas.yaml: "+tt.want) || strings.Count(err.Error(), "\n") > 0 {
				t.Errorf("err = %v, want one with %q", err, tt.want)
			}
		})
	}
}
