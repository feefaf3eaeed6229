package identity

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning/problem"
)

func TestParseCCT(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, in, want, reason string
	}{
		{"as printed", "05DPR0221C", "05DPR0221C", ""},
		{"lower case, spaces, hyphens", " 05-dpr 0221-c ", "05DPR0221C", ""},
		{"full width", "０５ＤＰＲ０２２１Ｃ", "05DPR0221C", ""},
		{"nothing", "", "", "cct cct.empty"},
		{"short", "05DPR0221", "", "cct cct.length"},
		{"long", "05DPR0221CC", "", "cct cct.length"},
		{"O for zero", "O5DPR0221C", "", "cct cct.digit"},
		{"zero for O", "050PR0221C", "", "cct cct.letter"},
		{"Ñ", "05DPÑ0221C", "", "cct cct.character"},
		{"quote", "05DPR0221'", "", "cct cct.character"},
	}
	for _, tt := range tests {
		got, err := ParseCCT(tt.in)
		if string(got) != tt.want || (tt.reason != "" || err != nil) && reasonAt(err) != tt.reason {
			t.Errorf("%s: ParseCCT(%q) = %s, %v, want %s %s", tt.name, tt.in, got, err, tt.want, tt.reason)
		}
	}
}

func TestCCTWarnings(t *testing.T) {
	t.Parallel()
	check := problem.Warning{Reason: "cct.check_letter", Field: "cct"}
	other := func(entity string) problem.Warning {
		return problem.Warning{Reason: "cct.other_entity", Field: "cct", Args: map[string]string{"entity": entity}}
	}
	for cct, want := range map[CCT][]problem.Warning{
		"05EPR0093X": nil, "05DES0040M": nil, "05DPR0221C": nil, "05DES0074C": nil, "": nil,
		"15DES0032K": {other("15")}, "10DPR1597H": {other("10")},
		"05DPR0221D": {check},
		"10DPR1597A": {check, other("10")},
	} {
		if diff := cmp.Diff(want, cct.Warnings()); diff != "" {
			t.Errorf("%s (-want +got)\n%s", cct, diff)
		}
	}
}

func FuzzCCT(f *testing.F) {
	for _, s := range []string{"", "05DPR0221C", " 05-dpr 0221-c", "０５ＤＰＲ", "05DPÑ0221C", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := ParseCCT(s)
		if err != nil {
			if c != "" || problem.CodeOf(err) != problem.CodeInvalid {
				t.Fatalf("ParseCCT(%q) = %q, %v", s, c, err)
			}
			return
		}
		if again, err := ParseCCT(string(c)); err != nil || again != c || c.CheckLetter() == 0 {
			t.Fatalf("ParseCCT(%q) = %q, again %q, %v", s, c, again, err)
		}
		c.Warnings()
	})
}
