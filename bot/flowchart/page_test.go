package flowchart

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/calendar"
	"seducoahuila.gob.mx/altas/provisioning/recovery"
)

func TestPages(t *testing.T) {
	t.Parallel()
	days, err := calendar.New(calendar.Config{})
	if err != nil {
		t.Fatal(err)
	}
	rules := &provisioning.Rules{
		Stages:   provisioning.Stages{{Name: provisioning.Director}, {Name: provisioning.Subdirector}},
		Calendar: days, Deadlines: provisioning.DefaultDeadlines(days),
	}
	charts := New(Flows(rules, recovery.DefaultSettings()), "https://altas.example.mx")
	if got := strings.Join(charts.Paths(), " "); got != "/flujo.svg /flujo.png /flujo-recuperar.svg /flujo-recuperar.png" {
		t.Errorf("paths: %s", got)
	}
	for address, want := range map[string]struct{ kind, has string }{
		"/flujo.svg":                   {"image/svg+xml", "Secretaria del Director"},
		"/flujo.svg?lang=en":           {"image/svg+xml", "Secretary of the Director"},
		"/flujo-recuperar.svg":         {"image/svg+xml", "contraseña temporal"},
		"/flujo-recuperar.svg?lang=xx": {"image/svg+xml", "contraseña temporal"},
		"/flujo.png":                   {"image/png", "\x89PNG"},
		"/flujo.gif":                   {"", ""},
		"/otro.svg":                    {"", ""},
	} {
		answer := httptest.NewRecorder()
		charts.ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodGet, address, nil))
		header := answer.Header()
		if want.kind == "" {
			if answer.Code != http.StatusNotFound {
				t.Errorf("%s: %d", address, answer.Code)
			}
			continue
		}
		if answer.Code != http.StatusOK || header.Get("Content-Type") != want.kind || !strings.Contains(answer.Body.String(), want.has) {
			t.Errorf("%s: %d, %s", address, answer.Code, header.Get("Content-Type"))
		}
		if !strings.Contains(header.Get("Content-Security-Policy"), "default-src 'none'") || header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: headers %v", address, header)
		}
	}
}
