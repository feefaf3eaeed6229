package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"time"

	"seducoahuila.gob.mx/altas/bot/service"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/input"
	"seducoahuila.gob.mx/altas/provisioning/letter"
	"seducoahuila.gob.mx/altas/provisioning/pdf"
)

// sampleLetter prints a letter as the rules' file has it, about people who are invented, so that its
// letterhead and texts can be looked at before one is sent.
func sampleLetter(c call) (err error) {
	f := c.flags("letter sample", "letter sample [-o FILE]")
	out := f.String("o", "oficio-muestra.pdf", "the `file` to write")
	if err := parse(c, f); err != nil {
		return err
	}
	zone, err := service.LoadLocation(os.Getenv)
	if err != nil {
		return err
	}
	rules, err := service.LoadRules(cmp.Or(os.Getenv("ALTAS_CONFIG"), "altas.yaml"))
	if err != nil {
		return configError{err}
	}
	template, err := rules.LetterTemplate(zone)
	if err != nil {
		return configError{err}
	}
	file, err := os.Create(*out)
	if err != nil {
		return err
	}
	seal := letter.Seal{Code: "AAAA-BBBB-CCCC-DDDD"}
	if public := os.Getenv("ALTAS_PUBLIC_URL"); public != "" {
		seal.URL = public + letter.VerifyPath + seal.Code
	}
	err = errors.Join(pdf.Folio{}.Render(file, letter.Compose(template, sampleContent(time.Now()), seal)), file.Close())
	if err == nil {
		_, err = fmt.Fprintln(c.out, *out)
	}
	return err
}

// sampleContent is a request for three accounts: one is made, one existed, one was left out.
func sampleContent(now time.Time) letter.Content {
	line := func(n int, name, address string, state provisioning.AccountState, note string) letter.Line {
		return letter.Line{Number: n, Name: name, CCT: "05DPR0221C", Address: identity.Address(address), State: state, Note: note}
	}
	return letter.Content{
		Number: "MUESTRA/0000/" + now.Format("2006"), Folio: provisioning.NewFolio(now.Year(), 1), Type: identity.Teacher,
		State: provisioning.StateCompleted, Date: now, Addressee: letter.Addressee{Name: "Silvia Treviño Sánchez", Area: "Servicios Regionales Saltillo"},
		Petition: provisioning.Petition{Medium: input.MediumOficio, Number: "SEDU/SRS/045/" + now.Format("2006"), Date: now.AddDate(0, 0, -7)},
		Lines: []letter.Line{
			line(1, "Lucía Ñáñez Garza", "lucia.nanez@docentecoahuila.gob.mx", provisioning.AccountAnnounced, ""),
			line(2, "Luis Ibarra Peña", "luis.ibarra@docentecoahuila.gob.mx", provisioning.AccountExists, ""),
			line(3, "Ana Sofía Güereca", "", provisioning.AccountExcluded, "Ya no labora en el plantel."),
		},
		Decisions: []letter.Decision{
			{Stage: provisioning.Director, Verdict: provisioning.Approve, Name: "Rosa Elena Cárdenas Flores", At: now.AddDate(0, 0, -2)},
			{Stage: provisioning.Subdirector, Verdict: provisioning.Approve, Name: "Ernesto Ramos Dávila", At: now.AddDate(0, 0, -1)},
		},
	}
}
