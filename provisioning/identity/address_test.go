package identity

import (
	"encoding/csv"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning/input"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

const teacherDomain = "docentecoahuila.gob.mx"

func teacher(given, first, second string) Holder {
	return Holder{Type: Teacher, Person: Person{GivenNames: given, FirstSurname: first, SecondSurname: second}}
}

// candidates returns the first n local parts.
func candidates(t *testing.T, patterns []Pattern, h Holder, n int) []string {
	t.Helper()
	seq, err := Candidates(patterns, h, teacherDomain)
	if err != nil {
		t.Fatalf("Candidates(%v): %v", h.DisplayName(), err)
	}
	var locals []string
	for a := range seq {
		if !a.Valid() {
			t.Fatalf("%s: candidate %q is not valid", h.DisplayName(), a)
		}
		locals = append(locals, a.Local())
		if len(locals) == n {
			break
		}
	}
	return locals
}

// The table is for people to review: testdata/nombres-dificiles.csv.
func TestDifficultNames(t *testing.T) {
	t.Parallel()
	table, err := os.ReadFile("testdata/nombres-dificiles.csv")
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(table), "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) < 101 {
		t.Errorf("the table has %d names, want 100 at least", len(rows)-1)
	}
	for _, row := range rows[1:] {
		for i, field := range []string{"givenNames", "firstSurname", "secondSurname"} {
			if _, err := input.ParseName(field, row[i]); err != nil && !(i == 2 && row[i] == "") {
				t.Errorf("%q: the form refuses it: %v", row[i], err)
			}
		}
		got := candidates(t, DefaultPatterns(Teacher), teacher(row[0], row[1], row[2]), 3)
		if diff := cmp.Diff(row[3:6], got); diff != "" {
			t.Errorf("%s %s %s: %s (-want +got)\n%s", row[0], row[1], row[2], row[6], diff)
		}
	}
}

func TestCandidatesOfCentre(t *testing.T) {
	t.Parallel()
	h := Holder{Type: WorkCentre, Centre: Centre{CCT: "05DPR0221C", Name: "Primaria"}}
	got := candidates(t, DefaultPatterns(WorkCentre), h, 3)
	if diff := cmp.Diff([]string{"05dpr0221c", "05dpr0221c.2", "05dpr0221c.3"}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestCandidatesNeverRepeat(t *testing.T) {
	t.Parallel()
	parse := func(texts ...string) []Pattern {
		patterns, err := ParsePatterns(Teacher, texts)
		if err != nil {
			t.Fatal(err)
		}
		return patterns
	}
	for name, tt := range map[string]struct {
		patterns []Pattern
		holder   Holder
	}{
		"usual":                 {DefaultPatterns(Teacher), teacher("Ana", "Ruiz", "Paz")},
		"same pattern twice":    {parse("{nombre1}.{apellido1}", "{nombre1}.{apellido1}"), teacher("Ana", "Ruiz", "")},
		"pattern like a number": {parse("{nombre1}", "{nombre1}2", "{nombre1}3"), teacher("Ana", "Ruiz", "")},
		"digits in the name":    {DefaultPatterns(Teacher), teacher("Ana", "Ruiz1", "2")},
	} {
		got := candidates(t, tt.patterns, tt.holder, 200)
		if unique := slices.Compact(slices.Sorted(slices.Values(got))); len(got) != 200 || len(unique) != 200 {
			t.Errorf("%s: %d candidates, %d different, want 200", name, len(got), len(unique))
		}
	}
}

func TestCandidatesPassReservedOver(t *testing.T) {
	t.Parallel()
	patterns, err := ParsePatterns(Teacher, []string{"{nombre1}", "{nombre1}.{apellido1}"})
	if err != nil {
		t.Fatal(err)
	}
	got := candidates(t, patterns, teacher("Director", "Admin", ""), 2)
	if diff := cmp.Diff([]string{"director.admin", "director.admin2"}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestCandidatesRefuses(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 60)
	bothSurnames := []Pattern{{"{nombre1}.{apellido1}.{apellido2}"}}
	tests := []struct {
		name     string
		patterns []Pattern
		holder   Holder
		domain   string
		want     string
	}{
		{"no Latin letter in the given name", DefaultPatterns(Teacher), teacher("美", "López", ""), teacherDomain, "givenNames address.no_latin_letters"},
		{"no Latin letter in the surname", DefaultPatterns(Teacher), teacher("Ana", "Иванова", ""), teacherDomain, "firstSurname address.no_latin_letters"},
		{"no name", DefaultPatterns(Teacher), teacher("", "", ""), teacherDomain, "givenNames address.no_latin_letters"},
		{"no CCT", DefaultPatterns(WorkCentre), Holder{Type: WorkCentre}, teacherDomain, "cct address.no_latin_letters"},
		{"one endless word", DefaultPatterns(Teacher), teacher("Ana", long, ""), teacherDomain, "firstSurname address.too_long"},
		{"no pattern fits", bothSurnames, teacher("Ana", "Ruiz", ""), teacherDomain, "address address.none"},
		{"no patterns", nil, teacher("Ana", "Ruiz", ""), teacherDomain, "address address.none"},
		{"no domain", DefaultPatterns(Teacher), teacher("Ana", "Ruiz", ""), "", `address domain "": not one that addresses can be made in`},
		{"domain with spaces", DefaultPatterns(Teacher), teacher("Ana", "Ruiz", ""), "a b.mx", `address domain "a b.mx": not one that addresses can be made in`},
	}
	for _, tt := range tests {
		if seq, err := Candidates(tt.patterns, tt.holder, tt.domain); seq != nil || reasonAt(err) != tt.want {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.want)
		}
	}
}

func TestAddressValid(t *testing.T) {
	t.Parallel()
	for a, want := range map[Address]bool{
		"ana.ruiz@docentecoahuila.gob.mx": true,
		"05dpr0221c@seducoahuila.gob.mx":  true,
		"a@b.mx":                          true,
		"":                                false,
		"ana.ruiz":                        false,
		"@docentecoahuila.gob.mx":         false,
		"ana@":                            false,
		"ana@local":                       false,
		".ana@b.mx":                       false,
		"ana.@b.mx":                       false,
		"ana..ruiz@b.mx":                  false,
		"Ana@b.mx":                        false,
		"peña@b.mx":                       false,
		"a b@b.mx":                        false,
		"a@b@c.mx":                        false,
		"a'b@b.mx":                        false,
		"ana@b..mx":                       false,
		Address(strings.Repeat("a", 64) + "@b.mx"):             true,
		Address(strings.Repeat("a", 65) + "@b.mx"):             false,
		Address("ana@" + strings.Repeat("a.", 54) + "mx"):      false,
		Address(strings.Repeat("a", 64) + "@" + teacherDomain): true,
		"ana@-docente.mx": false,
	} {
		if got := a.Valid(); got != want {
			t.Errorf("Valid(%q) = %t, want %t", a, got, want)
		}
	}
}

func TestParseAddress(t *testing.T) {
	t.Parallel()
	tests := []struct{ in, want, reason string }{
		{" Ana.Ruiz ", "ana.ruiz@" + teacherDomain, ""},
		{"ana.ruiz@DocenteCoahuila.gob.mx", "ana.ruiz@" + teacherDomain, ""},
		{"ana.ruiz@gmail.com", "", "address address.domain"},
		{"ana ruiz", "", "address address.format"},
		{"peña", "", "address address.format"},
		{"", "", "address address.format"},
		{"Mesa.de-Ayuda", "", "address address.reserved"},
		{"postmaster", "", "address address.reserved"},
	}
	for _, tt := range tests {
		got, err := ParseAddress(tt.in, teacherDomain)
		if string(got) != tt.want || (tt.reason != "" || err != nil) && reasonAt(err) != tt.reason {
			t.Errorf("ParseAddress(%q) = %q, %v, want %q %s", tt.in, got, err, tt.want, tt.reason)
		}
	}
}

func TestParsePatterns(t *testing.T) {
	t.Parallel()
	good := []string{"{nombre1}.{apellido1}", "{inicial1}{apellido1}", "{nombres}_{apellido1}-{apellido2}", "doc.{nombre1}.{nombre2}"}
	patterns, err := ParsePatterns(Teacher, good)
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range patterns {
		if p.String() != good[i] {
			t.Errorf("String = %q, want %q", p, good[i])
		}
	}
	got := candidates(t, patterns, teacher("Ma. Ana Luz", "Ruiz", "Paz"), 5)
	if diff := cmp.Diff([]string{"ana.ruiz", "aruiz", "analuz_ruiz-paz", "doc.ana.luz", "ana.ruiz2"}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for _, text := range []string{"", "ana", "{}", "{nombre}", "{nombre1", "nombre1}", "{nombre1}..{apellido1}", ".{nombre1}", "{nombre1}.", "{nombre1}@{apellido1}", "{Nombre1}", "ñ{nombre1}", "{{nombre1}}"} {
		if p, err := ParsePattern(text); err == nil {
			t.Errorf("ParsePattern(%q) = %v, want an error", text, p)
		}
	}
	for kind, texts := range map[AccountType][]string{Teacher: {"{cct}"}, WorkCentre: {"{nombre1}"}, Student: nil} {
		if _, err := ParsePatterns(kind, texts); err == nil {
			t.Errorf("ParsePatterns(%s, %v): want an error", kind, texts)
		}
	}
	for _, kind := range AccountTypes {
		for _, p := range DefaultPatterns(kind) {
			if _, err := ParsePatterns(kind, []string{p.String()}); err != nil {
				t.Errorf("default of %s: %v", kind, err)
			}
		}
	}
}

func FuzzAddress(f *testing.F) {
	f.Add("Ma. Guadalupe", "de la O", "Ñáñez")
	f.Add("Łukasz", "Weiß", "O’Farrill")
	f.Add("美", "Иванова", "🙂")
	f.Add("\u202e\xff", "ﬁﬃ ½ ℻", "İıſ")
	f.Add(strings.Repeat("Ǆ ", 60), strings.Repeat("æ", 70), "2")
	f.Fuzz(func(t *testing.T, given, first, second string) {
		h := teacher(given, first, second)
		seq, err := Candidates(DefaultPatterns(Teacher), h, teacherDomain)
		if err != nil {
			e, ok := errors.AsType[*problem.Error](err)
			if !ok || e.Code != problem.CodeInvalid || e.Reason == "" {
				t.Fatalf("error %v", err)
			}
			return
		}
		seen := make(map[Address]bool)
		for a := range seq {
			if !a.Valid() || seen[a] || isReserved(a.Local()) {
				t.Fatalf("candidate %d %q: valid %t, seen %t", len(seen), a, a.Valid(), seen[a])
			}
			if seen[a] = true; len(seen) == 200 {
				break
			}
		}
		again := candidates(t, DefaultPatterns(Teacher), h, 200)
		if len(seen) != 200 || len(again) != 200 || !seen[Address(again[199]+"@"+teacherDomain)] {
			t.Fatalf("%d candidates, then %d", len(seen), len(again))
		}
	})
}
