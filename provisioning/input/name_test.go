package input

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"seducoahuila.gob.mx/altas/provisioning/problem"
)

func TestParseName(t *testing.T) {
	t.Parallel()
	const given, first, second = "givenNames", "firstSurname", "secondSurname"
	tests := []struct {
		name, field, in, want, reason string
	}{
		{"as its owner writes it", given, "María José", "María José", ""},
		{"owner's capitals stay", first, "De la Cruz", "De la Cruz", ""},
		{"spaces", given, "  Ana \t Lucía\u00a0", "Ana Lucía", ""},
		{"shouted", given, "MARÍA DE LOS ÁNGELES", "María de los Ángeles", ""},
		{"shouted, particle first", given, "DEL CARMEN", "Del Carmen", ""},
		{"shouted surname", first, "DE LA CRUZ", "de la Cruz", ""},
		{"particle at the end is the name", first, "de la o", "de la O", ""},
		{"all small", first, "ponce de león", "Ponce de León", ""},
		{"shouted apostrophe", first, "D'ANGELO", "D'Angelo", ""},
		{"typographic apostrophe", first, "O’Farrill", "O'Farrill", ""},
		{"shouted hyphen", first, "LÓPEZ–PORTILLO", "López-Portillo", ""},
		{"shouted abbreviation", given, "MA. GUADALUPE", "Ma. Guadalupe", ""},
		{"ordinal", given, "Mª Guadalupe", "Mª Guadalupe", ""},
		{"composed", given, "Begon\u0303a", "Begoña", ""},
		{"full width", given, "ＡＮＡ", "Ana", ""},
		{"zero width is dropped", given, "Ana\u200b\ufeff", "Ana", ""},
		{"native language", given, "U̱ne", "U̱ne", ""},
		{"the register's slash", first, "D/AMICO", "D'Amico", ""},
		{"the same, small", first, "o/farrill", "O'Farrill", ""},
		{"a slash between two names", given, "Ana / Luz", "", "givenNames name.character"},
		{"none, in two letters", second, "N/A", "", "secondSurname name.character"},
		{"a title stays as written", given, "PROFA. ANA LUZ", "Profa. Ana Luz", ""},
		{"no numeral", first, "LIX LI", "Lix Li", ""},
		{"a numeral", given, "JUAN XXIII", "Juan XXIII", ""},
		{"no second surname", second, "", "", ""},
		{"second surname as a dash", second, " - ", "", ""},
		{"nothing", given, " ", "", "givenNames name.empty"},
		{"only a dash", first, "-", "", "firstSurname name.empty"},
		{"long", given, strings.Repeat("a", 61), "", "givenNames name.length"},
		{"at the limit, in characters", given, strings.Repeat("ñ", 59) + "Ñ", strings.Repeat("ñ", 59) + "Ñ", ""},
		{"digit", given, "Ana2", "", "givenNames name.digit"},
		{"emoji", given, "Ana 🙂", "", "givenNames name.character"},
		{"markup", first, "<b>", "", "firstSurname name.character"},
		{"at sign", first, "ana@x", "", "firstSurname name.character"},
		{"control", given, "Ana\x07", "", "givenNames name.invisible"},
		{"right to left", given, "Ana\u202eaicul", "", "givenNames name.invisible"},
		{"bad bytes", given, "Ana\xff", "", "givenNames name.invisible"},
		{"Cyrillic", given, "Людмила", "", "givenNames name.script"},
		{"look-alike", given, "Аna", "", "givenNames name.script"},
		{"heap of marks", given, "A\u0335\u0336\u0337na", "", "givenNames name.character"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := ParseName(tt.field, tt.in)
			if got != tt.want || (tt.reason != "" || err != nil) && reasonAt(err) != tt.reason {
				t.Errorf("ParseName(%q) = %q, %v, want %q %s", tt.in, got, err, tt.want, tt.reason)
			}
		})
	}
}

func TestParseCentreName(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`Escuela Primaria “20 de Noviembre” (T.M.) No. 5`: `Escuela Primaria "20 de Noviembre" (T.M.) No. 5`,
		"JARDÍN DE NIÑOS JUAN PABLO II":                   "Jardín de Niños Juan Pablo II",
		"Sec. Téc. #12, Zona 3/4":                         "Sec. Téc. #12, Zona 3/4",
		"LIX LEGISLATURA":                                 "LIX Legislatura",
		"ESCUELA DEL SIGLO (XXI), II SECCIÓN":             "Escuela del Siglo (XXI), II Sección",
		"cxxv aniversario":                                "CXXV Aniversario",
		"LXIII LEGISLATURA XLVI":                          "LXIII Legislatura XLVI",
		"MI PEQUEÑO MUNDO DE LI Y CD. MIX CIVIL":          "Mi Pequeño Mundo de Li y Cd. Mix Civil",
		"Lix Tetax": "Lix Tetax",
		"¡Viva México! [anexo] *2* a_b @x ¿Qué? 5 % = $1": "¡Viva México! [anexo] *2* a_b @x ¿Qué? 5 % = $1",
		"D/AMICO": "D/Amico",
	} {
		if got, err := ParseCentreName(in); got != want || err != nil {
			t.Errorf("ParseCentreName(%q) = %q, %v, want %q", in, got, err, want)
		}
	}
	for in, reason := range map[string]string{
		"":                       "centerName name.empty",
		"12 34":                  "centerName name.empty",
		strings.Repeat("x", 121): "centerName name.length",
		"Escuela <script>":       "centerName name.character",
		"Escuela \u202e":         "centerName name.invisible",
	} {
		if got, err := ParseCentreName(in); got != "" || reasonAt(err) != reason {
			t.Errorf("ParseCentreName(%q) = %q, %v, want %s", in, got, err, reason)
		}
	}
}

func FuzzName(f *testing.F) {
	for _, s := range []string{"MARÍA DE LA LUZ", "d'angelo", "ＡＮＡ", "U̱", "\u202e", "\xff", "İ", "ß"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		name, err := ParseName("secondSurname", s)
		if err != nil {
			if name != "" || problem.CodeOf(err) != problem.CodeInvalid {
				t.Fatalf("ParseName(%q) = %q, %v", s, name, err)
			}
			return
		}
		if again, err := ParseName("secondSurname", name); err != nil || again != name {
			t.Fatalf("ParseName(%q) = %q, again %q, %v", s, name, again, err)
		}
	})
}

func reasonAt(err error) string {
	if e, ok := errors.AsType[*problem.Error](err); ok {
		return e.Field + " " + e.Reason
	}
	return fmt.Sprint(err)
}
