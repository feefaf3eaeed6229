package service

import (
	"errors"
	"strings"

	"seducoahuila.gob.mx/altas/bot/console"
	"seducoahuila.gob.mx/altas/provisioning/retention"
)

// ArchiveRules say how long requests are kept whole, by the ministry's catálogo de disposición documental.
// nil is for ever.
type ArchiveRules struct {
	Fondo         string `koanf:"fondo"`
	Seccion       string `koanf:"seccion"`
	Serie         string `koanf:"serie"`
	Tramite       int    `koanf:"tramite"`       // years
	Concentracion *int   `koanf:"concentracion"` // years; 0 if the catalogue gives none
	Mask          int    `koanf:"mask"`          // years after which CURPs are masked; 0 is once both terms are over
}

// maxYears is the most years of a term.
const maxYears = 100

func (r *ArchiveRules) validate() error {
	if r == nil {
		return nil
	}
	var faults []error
	if strings.TrimSpace(r.Serie) == "" {
		faults = append(faults, console.Errorf("archive.serie: missing; write the code of the series in the catálogo de disposición documental"))
	}
	if r.Tramite < 1 || r.Tramite > maxYears {
		faults = append(faults, console.Errorf("archive.tramite: %d; write the years that the catalogue gives, from 1 to %d", r.Tramite, maxYears))
	}
	switch {
	case r.Concentracion == nil:
		faults = append(faults, console.Errorf("archive.concentracion: missing; write the years that the catalogue gives, 0 if none"))
	case *r.Concentracion < 0 || *r.Concentracion > maxYears:
		faults = append(faults, console.Errorf("archive.concentracion: %d; write the years that the catalogue gives, from 0 to %d", *r.Concentracion, maxYears))
	}
	if len(faults) > 0 || r.Mask == 0 {
		return errors.Join(faults...)
	}
	if least := r.Tramite + *r.Concentracion; r.Mask < least || r.Mask > 2*maxYears {
		faults = append(faults, console.Errorf("archive.mask: %d; everything must be kept for the %d years of both terms: write from %d to %d, or 0", r.Mask, least, least, 2*maxYears))
	}
	return errors.Join(faults...)
}

// warnings says what the organisation has still to decide.
func (r *ArchiveRules) warnings() []string {
	if r != nil {
		return nil
	}
	return []string{"archive: missing, so that the CURPs of all requests are kept for ever; write the series and the terms of the catálogo de disposición documental"}
}

// term returns the term after which CURPs are masked; zero for never.
func (r *ArchiveRules) term() retention.Term {
	if r == nil {
		return retention.Term{}
	}
	t := retention.Term{Tramite: r.Tramite, Concentracion: *r.Concentracion}
	if r.Mask > 0 {
		t.Concentracion = r.Mask - r.Tramite
	}
	return t
}
