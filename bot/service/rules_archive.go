package service

import (
	"errors"
	"fmt"
	"strings"

	"seducoahuila.gob.mx/altas/provisioning/retention"
)

// ArchiveRules say how long requests are kept whole, by the ministry's catálogo de disposición documental.
// nil is for ever.
type ArchiveRules struct {
	Fondo         string `koanf:"fondo"`
	Seccion       string `koanf:"seccion"`
	Serie         string `koanf:"serie"`
	Tramite       int    `koanf:"tramite"`       // years
	Concentracion int    `koanf:"concentracion"` // years
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
		faults = append(faults, errors.New("archive.serie: missing; write the code of the series in the catálogo de disposición documental"))
	}
	for _, term := range []struct {
		key         string
		years, from int
	}{{"tramite", r.Tramite, 1}, {"concentracion", r.Concentracion, 0}} {
		if term.years < term.from || term.years > maxYears {
			faults = append(faults, fmt.Errorf("archive.%s: %d; write the years that the catalogue gives, from %d to %d", term.key, term.years, term.from, maxYears))
		}
	}
	if least := r.Tramite + r.Concentracion; r.Mask != 0 && r.Mask < least {
		faults = append(faults, fmt.Errorf("archive.mask: %d is less than the %d years of both terms, for which everything must be kept; write %d or more, or 0", r.Mask, least, least))
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
	t := retention.Term{Tramite: r.Tramite, Concentracion: r.Concentracion}
	if r.Mask > 0 {
		t.Concentracion = r.Mask - r.Tramite
	}
	return t
}
