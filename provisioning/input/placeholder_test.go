package input

import "testing"

func TestPlaceholder(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]bool{
		"": true, "  ": true, "-": true, "S/N": true, "s.n.": true, "sn": true, "Sin número": true, "SIN NUMERO": true,
		"0": true, "0000": true, "00-00": true, "N/A": true, "na": true, "N. A.": true, "No aplica": true, "XXXX": true, "xx": true, "ÑÑÑ": true,
		"Ninguno": true, "null": true, "———": true,
		"104523": false, "X": false, "0001": false, "A-1": false, "NA-12": false, "1111": false, "ЖЖ1": false, "SNTE": false,
	} {
		if got := Placeholder(s); got != want {
			t.Errorf("Placeholder(%q) = %v", s, got)
		}
	}
	for _, s := range []string{"S/N", "0000", "N/A", "xxxx"} {
		if got, err := ParseEmployeeNumber(s); got != "" || err != nil {
			t.Errorf("employee number %q: %q, %v", s, got, err)
		}
	}
}
