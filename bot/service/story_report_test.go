package service_test

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
	"seducoahuila.gob.mx/altas/cards"
)

// reports types words in the person's chat and returns the report in the answer.
func (o *office) reports(p teamsfake.Person, words string) *teamsfake.Card {
	o.t.Helper()
	before := len(o.teams.Cards(o.chats[p.ID], p.ID))
	o.says(p, words)
	var report *teamsfake.Card
	o.waits("report", func() bool {
		for _, c := range o.teams.Cards(o.chats[p.ID], p.ID)[before:] {
			if strings.HasPrefix(c.Text(), "Reporte: ") {
				report = c
			}
		}
		return report != nil
	})
	return report
}

// Gabriela, an administrator, asks for the figures in her chat, once an account was made and a
// request was rejected; whoever sees no chart sees the same figures by one button. In the platform's
// channel the department asks too.
func TestTheReport(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.installs(o.gabriela)
	made := o.sends(o.silvia, lucia)
	o.authorises(made)
	o.announced(o.silvia, luciaMail)
	o.rejects(o.rosa, "director", o.sends(o.martha, aTeacher("Luis", "Ibarra", "Peña", 21)), "Ya tiene una cuenta.")
	year := strconv.Itoa(time.Now().Year())
	report := o.reports(o.gabriela, "reporte")
	for _, want := range []string{"Reporte: " + year, "Solicitudes recibidas 2", "Cuentas nuevas 1", "Contraseñas renovadas 0", "Rechazadas 1 de 2 (50\u00a0%)", "Devueltas alguna vez 0 de 2"} {
		if !strings.Contains(report.Text(), want) {
			t.Errorf("not said: %s\n%s", want, report.Text())
		}
	}
	raw, err := json.Marshal(report.Content)
	o.must(err)
	for _, chart := range []string{"Chart.VerticalBar.Grouped", "Chart.HorizontalBar.Stacked", "STANDARDWOFFPACK_FACULTY"} {
		if !strings.Contains(string(raw), chart) {
			t.Errorf("no %s in the card", chart)
		}
	}
	if strings.Contains(string(raw), "Lucía") || strings.Contains(string(raw), luciaMail) {
		t.Error("the report names a person")
	}
	figures := report.Toggle("Ver las cifras")
	for _, want := range []string{"De cuentas nuevas: 2", "Dirección General 2 decisiones", "Subdirección de Sistemas 1 decisión", "Quedan 499 de 500"} {
		if figures == nil || !strings.Contains(figures.Text(), want) {
			t.Errorf("not among the figures: %s", want)
		}
	}
	last := o.reports(o.gabriela, "reporte "+strconv.Itoa(time.Now().Year()-1)).Text()
	if !strings.Contains(last, "Solicitudes recibidas 0") {
		t.Errorf("last year:\n%s", last)
	}
	o.writes(o.oscar, o.channels["platform"], "reporte", "Solicitudes recibidas 2", "Cuentas nuevas 1")
}

// Neither a requester nor an approver gets figures, nor anybody where it is not known who reads; a
// period that cannot be read is answered with what to type.
func TestWhoGetsNoReport(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.installs(o.gabriela)
	refusal := "Si lo necesita, pídalo a"
	o.says(o.silvia, "reporte")
	o.told(o.silvia, refusal)
	o.writes(o.rosa, o.channels["director"], "reporte", refusal)
	o.writes(o.gabriela, o.channels["other"], "reporte", refusal)
	o.writes(o.gabriela, o.channels["director"], "reporte", "Reporte: ")
	for words, want := range map[string]string{
		"reporte ayer":                  cards.In("es-MX").Command("report") + " 01/01/2026 30/06/2026",
		"reporte 30/06/2026 01/01/2026": "va antes de la primera",
		"reporte 01/01/2020 30/06/2026": "24 meses",
	} {
		o.says(o.gabriela, words)
		o.told(o.gabriela, want)
	}
	if n := o.count(o.chats[o.silvia.ID], o.silvia, "Reporte: "); n != 0 {
		t.Errorf("Silvia has %d reports", n)
	}
}
