package service

import (
	"strings"
	"testing"

	"seducoahuila.gob.mx/altas/provisioning/retention"
)

// The terms of the catalogue are the least: a longer one may be set, a shorter one not.
func TestArchiveRules(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		rules *ArchiveRules
		want  retention.Term
		fault string // a part of it; "" for none
	}{
		"none":             {nil, retention.Term{}, ""},
		"both terms":       {&ArchiveRules{Serie: "10C.3", Tramite: 2, Concentracion: new(6)}, retention.Term{Tramite: 2, Concentracion: 6}, ""},
		"trámite alone":    {&ArchiveRules{Serie: "10C.3", Tramite: 2, Concentracion: new(0)}, retention.Term{Tramite: 2}, ""},
		"longer":           {&ArchiveRules{Serie: "10C.3", Tramite: 2, Concentracion: new(6), Mask: 12}, retention.Term{Tramite: 2, Concentracion: 10}, ""},
		"as long":          {&ArchiveRules{Serie: "10C.3", Tramite: 2, Concentracion: new(6), Mask: 8}, retention.Term{Tramite: 2, Concentracion: 6}, ""},
		"shorter":          {&ArchiveRules{Serie: "10C.3", Tramite: 2, Concentracion: new(6), Mask: 7}, retention.Term{}, "archive.mask: 7; everything must be kept for the 8 years"},
		"half of it":       {&ArchiveRules{Serie: "10C.3", Tramite: 2}, retention.Term{}, "archive.concentracion: missing"},
		"far too long":     {&ArchiveRules{Serie: "10C.3", Tramite: 2, Concentracion: new(0), Mask: 900}, retention.Term{}, "archive.mask: 900"},
		"without a series": {&ArchiveRules{Serie: " ", Tramite: 2}, retention.Term{}, "archive.serie: missing"},
		"no years":         {&ArchiveRules{Serie: "10C.3"}, retention.Term{}, "archive.tramite: 0"},
		"too many":         {&ArchiveRules{Serie: "10C.3", Tramite: 101}, retention.Term{}, "archive.tramite: 101"},
		"negative":         {&ArchiveRules{Serie: "10C.3", Tramite: 2, Concentracion: new(-1)}, retention.Term{}, "archive.concentracion: -1"},
	} {
		err := c.rules.validate()
		switch {
		case c.fault == "" && err != nil, c.fault != "" && (err == nil || !strings.Contains(err.Error(), c.fault)):
			t.Errorf("%s: err = %v, want %q", name, err, c.fault)
		case c.fault == "" && c.rules.term() != c.want:
			t.Errorf("%s: %+v, want %+v", name, c.rules.term(), c.want)
		}
	}
}
