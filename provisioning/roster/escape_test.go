package roster_test

import (
	"testing"

	"seducoahuila.gob.mx/altas/provisioning/roster"
)

func TestEscapeFormula(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]string{
		"": "", "Ana Peña": "Ana Peña", "a=b": "a=b", "'=1": "'=1", "Ñ": "Ñ",
		"=1+1": "'=1+1", "+52 844": "'+52 844", "-1": "'-1", "@SUM(A1)": "'@SUM(A1)", "\t=1": "'\t=1", "\r=1": "'\r=1",
	} {
		if got := roster.EscapeFormula(cell); got != want {
			t.Errorf("EscapeFormula(%q) = %q, want %q", cell, got, want)
		}
	}
}
