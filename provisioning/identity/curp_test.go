package identity

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// curp adds the check digit to 17 characters: the CURPs are invented.
func curp(first17 string) CURP { return CURP(first17 + string(curpCheckDigit(first17))) }

func reasonAt(err error) string {
	if e, ok := errors.AsType[*problem.Error](err); ok {
		return e.Field + " " + e.Reason
	}
	return fmt.Sprint(err)
}

func TestParseCURPAccepts(t *testing.T) {
	t.Parallel()
	// Published examples of python-stdnum and sanjacob/curp, and invented ones.
	for _, s := range []string{
		"BOXW310820HNERXN09", "HEGG560427MVZRRL04", "SABC560626MDFLRN01", "BEML920313HMCLNS09",
		"PEGL890909MJCRMS08", "XEXX100101HNEXXXA3", "GAPM120515MCLRRRA4",
	} {
		if got, err := ParseCURP(s); err != nil || string(got) != s {
			t.Errorf("ParseCURP(%s) = %s, %v", s, string(got), err)
		}
	}
}

func TestParseCURPNormalizes(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]string{
		"lower case":     "gapm120515mclrrra4",
		"spaces":         "  GAPM 120515\tMCLRRR A4\n",
		"hyphens":        "GAPM-120515–MCLRRR-A4",
		"accents":        "GÁPM120515MCLRRRÁ4",
		"full width":     "ＧＡＰＭ１２０５１５ＭＣＬＲＲＲＡ４",
		"zero width":     "GAPM\u200b120515MCLRRRA4\ufeff",
		"no-break space": "GAPM\u00a0120515MCLRRRA4",
		"combining":      "GA\u0301PM120515MCLRRRA4",
	} {
		if got, err := ParseCURP(s); err != nil || got != "GAPM120515MCLRRRA4" {
			t.Errorf("%s: ParseCURP(%q) = %s, %v", name, s, string(got), err)
		}
	}
}

func TestParseCURPRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, in, reason string
		args             map[string]string
	}{
		{"nothing", " ", "curp.empty", nil},
		{"one short", "GAPM120515MCLRRRA", "curp.length", map[string]string{"got": "17", "want": "18"}},
		{"one long", "GAPM120515MCLRRRA44", "curp.length", map[string]string{"got": "19", "want": "18"}},
		{"Ñ", "ÑAPM120515MCLRRRA4", "curp.character", map[string]string{"position": "1", "character": "Ñ"}},
		{"emoji", "GAPM120515MCLRRRA😀", "curp.character", map[string]string{"position": "18", "character": "😀"}},
		{"control", "GAPM120515MCLRRRA\x00", "curp.character", map[string]string{"position": "18", "character": "U+0"}},
		{"Cyrillic look-alike", "GАPM120515MCLRRRA4", "curp.character", map[string]string{"position": "2", "character": "А"}},
		{"zero for O", "0APM120515MCLRRRA4", "curp.letter", map[string]string{"position": "1", "character": "0"}},
		{"consonant for vowel", "GRPM120515MCLRRRA4", "curp.vowel", map[string]string{"position": "2", "character": "R"}},
		{"O for zero", "GAPM12O515MCLRRRA4", "curp.digit", map[string]string{"position": "7", "character": "O"}},
		{"sex", "GAPM120515FCLRRRA4", "curp.sex", map[string]string{"position": "11", "character": "F"}},
		{"vowel for consonant", "GAPM120515MCLRARA4", "curp.consonant", map[string]string{"position": "15", "character": "A"}},
		{"state", "GAPM120515MCORRRA4", "curp.entity", map[string]string{"entity": "CO"}},
		{"30 February", "GAPM120230MCLRRRA4", "curp.date", map[string]string{"date": "30/02/12"}},
		{"month 13", "GAPM121315MCLRRRA4", "curp.date", map[string]string{"date": "15/13/12"}},
		{"29 February 1900", "GAPM000229MCLRRR04", "curp.date", map[string]string{"date": "29/02/00"}},
		{"check digit", "GAPM120515MCLRRRA5", "curp.check_digit", nil},
		{"specimen, wrong digit 1", "BOXW310820HNERXN08", "curp.check_digit", nil},
		{"specimen, wrong digit 2", "HEGG560427MVZRRL05", "curp.check_digit", nil},
		{"specimen, wrong digit 3", "SABC560626MDFLRN09", "curp.check_digit", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := ParseCURP(tt.in)
			e, ok := errors.AsType[*problem.Error](err)
			if !ok {
				t.Fatalf("ParseCURP(%q) = %s, %v, want %s", tt.in, string(got), err, tt.reason)
			}
			want := &problem.Error{Code: problem.CodeInvalid, Reason: tt.reason, Field: "curp", Args: tt.args}
			if diff := cmp.Diff(want, e); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestCURPTells(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 8, 20, 10, 0, 0, 0, time.UTC)
	tests := []struct {
		name  string
		curp  CURP
		birth string
		minor bool
	}{
		{"born 1931", "BOXW310820HNERXN09", "1931-08-20", false},
		{"born 2012", "GAPM120515MCLRRRA4", "2012-05-15", true},
		{"29 February 2000", curp("GAPM000229XCLRRRA"), "2000-02-29", false},
		{"18 today", curp("GAPM080820MCLRRRA"), "2008-08-20", false},
		{"18 tomorrow", curp("GAPM080821MCLRRRA"), "2008-08-21", true},
	}
	for _, tt := range tests {
		if _, err := ParseCURP(string(tt.curp)); err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		if got := tt.curp.BirthDate().Format(time.DateOnly); got != tt.birth {
			t.Errorf("%s: BirthDate = %s, want %s", tt.name, got, tt.birth)
		}
		if got := tt.curp.Minor(now); got != tt.minor {
			t.Errorf("%s: Minor = %t, want %t", tt.name, got, tt.minor)
		}
	}
}

func TestCURPZeroAndDamaged(t *testing.T) {
	t.Parallel()
	for _, c := range []CURP{"", "X", "GAPM129915MCLRRRA4"} {
		if !c.BirthDate().IsZero() {
			t.Errorf("BirthDate of %q = %v, want zero", string(c), c.BirthDate())
		}
		c.Match(Person{})
	}
	if CURP("").Minor(time.Now()) {
		t.Error("the zero CURP is a minor's")
	}
}

func TestCURPAgeWarnings(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 8, 20, 0, 0, 0, 0, time.UTC)
	tests := []struct {
		name string
		curp CURP
		t    AccountType
		want []problem.Warning
	}{
		{"student of 14", "GAPM120515MCLRRRA4", Student, nil},
		{"teacher of 14", "GAPM120515MCLRRRA4", Teacher, []problem.Warning{{Reason: "curp.minor_teacher", Field: "curp", Args: map[string]string{"age": "14"}}}},
		{"teacher of 95", "BOXW310820HNERXN09", Teacher, nil},
		{"not born", curp("GAPM310820MCLRRRA"), Student, []problem.Warning{{Reason: "curp.future_birth", Field: "curp"}}},
		{"none", "", Teacher, nil},
		{"a stand-in", "XEXX010101HNEXXXA4", Teacher, nil},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, tt.curp.AgeWarnings(tt.t, now)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", tt.name, diff)
		}
	}
}

// The warnings about a holder: the name, the age, the work centre.
func TestHolderWarnings(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 8, 20, 0, 0, 0, 0, time.UTC)
	h := Holder{Type: Teacher, Person: Person{GivenNames: "María", FirstSurname: "García", SecondSurname: "Soto", CURP: "GAPM120515MCLRRRA4", CCT: "05DPR0221D"}}
	reasons := []string{}
	for _, w := range h.Warnings(now) {
		reasons = append(reasons, w.Reason)
	}
	want := []string{"curp.second_surname_mismatch", "curp.minor_teacher", "cct.check_letter"}
	if diff := cmp.Diff(want, reasons); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	centre := Holder{Type: WorkCentre, Centre: Centre{CCT: "05DPR0221C"}, Person: h.Person}
	if w := centre.Warnings(now); len(w) > 0 {
		t.Errorf("a centre's: %v", w)
	}
}

// A CURP contains a child's date and state of birth: no log line, error or printed struct shows one
// by accident, while stored JSON has it in full.
func TestCURPDoesNotLeak(t *testing.T) {
	t.Parallel()
	const c = CURP("GAPM120515MCLRRRA4")
	if got, want := c.Masked(), "GAPM············A4"; got != want {
		t.Errorf("Masked = %s, want %s", got, want)
	}
	var logged bytes.Buffer
	slog.New(slog.NewJSONHandler(&logged, nil)).Info("line", "curp", c)
	slog.New(slog.NewTextHandler(&logged, nil)).Info("line", "curp", c)
	p := Person{CURP: c}
	printed := logged.String() + fmt.Sprint(c, p) + fmt.Sprintf("%s %v %q %x %+v %#v %#v", c, c, c, c, p, p, c)
	if strings.Contains(printed, "120515") {
		t.Errorf("leaks: %s", printed)
	}
	stored, err := json.Marshal(c)
	if err != nil || string(stored) != `"GAPM120515MCLRRRA4"` {
		t.Errorf("json = %s, %v", stored, err)
	}
}

func TestCURPMatch(t *testing.T) {
	t.Parallel()
	const given, first, second = "givenNames", "firstSurname", "secondSurname"
	tests := []struct {
		name     string
		curp17   string
		p        Person
		mismatch []string
	}{
		{"plain", "GAPL120515MCLRRCA", Person{GivenNames: "Lucía", FirstSurname: "García", SecondSurname: "Pérez"}, nil},
		{"María is passed over", "GAPG120515MCLRRDA", Person{GivenNames: "María Guadalupe", FirstSurname: "García", SecondSurname: "Pérez"}, nil},
		{"Ma. is passed over", "GAPG120515MCLRRDA", Person{GivenNames: "Ma. Guadalupe", FirstSurname: "García", SecondSurname: "Pérez"}, nil},
		{"Mª is passed over", "GAPG120515MCLRRDA", Person{GivenNames: "Mª Guadalupe", FirstSurname: "García", SecondSurname: "Pérez"}, nil},
		{"J. is passed over", "GAPJ120515HCLRRSA", Person{GivenNames: "J. Jesús", FirstSurname: "García", SecondSurname: "Pérez"}, nil},
		{"José alone counts", "GAPJ120515HCLRRSA", Person{GivenNames: "José", FirstSurname: "García", SecondSurname: "Pérez"}, nil},
		{"José María is María", "GAPM120515HCLRRRA", Person{GivenNames: "José María", FirstSurname: "García", SecondSurname: "Pérez"}, nil},
		{"José María is José in old records", "GAPJ120515HCLRRSA", Person{GivenNames: "José María", FirstSurname: "García", SecondSurname: "Pérez"}, nil},
		{"José María is nobody else", "GAPL120515HCLRRSA", Person{GivenNames: "José María", FirstSurname: "García", SecondSurname: "Pérez"}, []string{given}},
		{"María José is José", "GAPJ120515MCLRRSA", Person{GivenNames: "María José", FirstSurname: "García", SecondSurname: "Pérez"}, nil},
		{"Ma. José is José", "GAPJ120515MCLRRSA", Person{GivenNames: "Ma. José", FirstSurname: "García", SecondSurname: "Pérez"}, nil},
		{"José de Jesús is Jesús", "GAPJ120515HCLRRSA", Person{GivenNames: "José de Jesús", FirstSurname: "García", SecondSurname: "Pérez"}, nil},
		{"J. Guadalupe is Guadalupe", "GAPG120515HCLRRDA", Person{GivenNames: "J. Guadalupe", FirstSurname: "García", SecondSurname: "Pérez"}, nil},
		{"the first of two given names", "ROPL120515HCLMLSA", Person{GivenNames: "Luis Enrique", FirstSurname: "Romero", SecondSurname: "Palazuelos"}, nil},
		{"Mc is a particle", "GELC120515HCLRPRA", Person{GivenNames: "Carlos", FirstSurname: "Mc Gregor", SecondSurname: "López"}, nil},
		{"Mac is a particle", "GELC120515HCLRPRA", Person{GivenNames: "Carlos", FirstSurname: "Mac Gregor", SecondSurname: "López"}, nil},
		{"van der", "MESE120515HCLRLRA", Person{GivenNames: "Erik", FirstSurname: "van der Meer", SecondSurname: "Salas"}, nil},
		{"de la O", "OXSJ120515HCLXNNA", Person{GivenNames: "Juan", FirstSurname: "de la O", SecondSurname: "Sánchez"}, nil},
		{"compound without particles", "RICR120515MCLVRCA", Person{GivenNames: "Rocío", FirstSurname: "Riva Palacio", SecondSurname: "Cruz"}, nil},
		{"apostrophe passed over", "DARS120515MCLNZFA", Person{GivenNames: "Sofía", FirstSurname: "D'Angelo", SecondSurname: "Ruiz"}, nil},
		{"apostrophe as X", "DXRS120515MCLXZFA", Person{GivenNames: "Sofía", FirstSurname: "D’Angelo", SecondSurname: "Ruiz"}, nil},
		{"apostrophe as X, consonant passed over", "DXAJ120515HCLMLNA", Person{GivenNames: "Juan José", FirstSurname: "D'Amico", SecondSurname: "Álvarez"}, nil},
		{"apostrophe as X in the second surname", "RUDS120515MCLZXFA", Person{GivenNames: "Sofía", FirstSurname: "Ruiz", SecondSurname: "D'Angelo"}, nil},
		{"apostrophe, another person", "DXRS120515MCLXZFA", Person{GivenNames: "Sofía", FirstSurname: "O'Farrill", SecondSurname: "Ruiz"}, []string{first}},
		{"saltillo", "KUCI120515MCLKHTA", Person{GivenNames: "Itzel", FirstSurname: "Ku'uk", SecondSurname: "Ch'ab"}, nil},
		{"no vowel inside", "IXLP120515HCLXPDA", Person{GivenNames: "Pedro", FirstSurname: "Ich", SecondSurname: "López"}, []string{first}},
		{"no vowel, no consonant inside", "CXLP120515HCLHPDA", Person{GivenNames: "Pedro", FirstSurname: "Ch", SecondSurname: "López"}, nil},
		{"Ñ inside", "PEXL120515MCLXXCA", Person{GivenNames: "Lucía", FirstSurname: "Peña", SecondSurname: "Ñáñez"}, nil},
		{"María alone counts", "GAPM120515MCLRRRA", Person{GivenNames: "María", FirstSurname: "García", SecondSurname: "Pérez"}, nil},
		{"inconvenient word, not replaced in old records", "PUTO120515HCLRMSA", Person{GivenNames: "Óscar", FirstSurname: "Puerta", SecondSurname: "Tamez"}, nil},
		{"inconvenient word after María", "BXCA120515MCLRSNA", Person{GivenNames: "María Ana", FirstSurname: "Barrón", SecondSurname: "Casas"}, nil},
		{"María de los Ángeles", "GAPA120515MCLRRNA", Person{GivenNames: "María de los Ángeles", FirstSurname: "García", SecondSurname: "Pérez"}, nil},
		{"particles", "CURA120515MCLRZNA", Person{GivenNames: "Ana", FirstSurname: "de la Cruz", SecondSurname: "Ruiz"}, nil},
		{"compound surname", "POSL120515HCLNTSA", Person{GivenNames: "Luis", FirstSurname: "Ponce de León", SecondSurname: "Soto"}, nil},
		{"hyphenated surname", "LOCV120515MCLPNLA", Person{GivenNames: "Valentina", FirstSurname: "López-Portillo", SecondSurname: "Cano"}, nil},
		{"shouted", "GAPL120515MCLRRCA", Person{GivenNames: "LUCIA", FirstSurname: "GARCIA", SecondSurname: "PEREZ"}, nil},
		{"no second surname", "XIXC120515MCLCXTA", Person{GivenNames: "Citlalli", FirstSurname: "Xicoténcatl"}, nil},
		{"surname of one letter", "OXVP120515HCLXLDA", Person{GivenNames: "Pedro", FirstSurname: "O", SecondSurname: "Vela"}, nil},
		{"Ñ as X", "XAIL120515MCLXBCA", Person{GivenNames: "Lucía", FirstSurname: "Ñáñez", SecondSurname: "Ibáñez"}, nil},
		{"Ñ as N", "NAIL120515MCLNBCA", Person{GivenNames: "Lucía", FirstSurname: "Ñáñez", SecondSurname: "Ibáñez"}, nil},
		{"ü", "AUAA120515HCLGRNA", Person{GivenNames: "Ángel", FirstSurname: "Agüero", SecondSurname: "Argüelles"}, nil},
		{"inconvenient word, another person", "PXDA120515HCLRMNA", Person{GivenNames: "Óscar", FirstSurname: "Puerta", SecondSurname: "Tamez"}, []string{second, given}},
		{"inconvenient word, X", "PXTO120515HCLRMSA", Person{GivenNames: "Óscar", FirstSurname: "Puerta", SecondSurname: "Tamez"}, nil},
		{"X without an inconvenient word", "GXPL120515MCLRRCA", Person{GivenNames: "Lucía", FirstSurname: "García", SecondSurname: "Pérez"}, []string{first}},
		{"another given name", "GAPL120515MCLRRCA", Person{GivenNames: "Rosa", FirstSurname: "García", SecondSurname: "Pérez"}, []string{given}},
		{"surnames swapped", "GAPL120515MCLRRCA", Person{GivenNames: "Lucía", FirstSurname: "Pérez", SecondSurname: "García"}, []string{first, second}},
		{"second surname not typed", "GAPL120515MCLRRCA", Person{GivenNames: "Lucía", FirstSurname: "García"}, []string{second}},
		{"nothing typed", "GAXL120515MCLRXCA", Person{}, nil},
		{"another script", "GAXL120515MCLRXCA", Person{GivenNames: "Людмила", FirstSurname: "García"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, err := ParseCURP(string(curp(tt.curp17)))
			if err != nil {
				t.Fatalf("the test's own CURP: %v", err)
			}
			fields := []string{}
			for _, w := range c.Match(tt.p) {
				fields = append(fields, w.Field)
			}
			if diff := cmp.Diff(append([]string{}, tt.mismatch...), fields); diff != "" {
				t.Errorf("mismatches (-want +got)\n%s", diff)
			}
		})
	}
}

func FuzzCURP(f *testing.F) {
	for _, s := range []string{"", "GAPM120515MCLRRRA4", "ＧＡＰＭ１２０５１５", "ñ\u0303\u202e", "\xff\xfe", "GAPM120230MCLRRRA4"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := ParseCURP(s)
		if err != nil {
			if c != "" || problem.CodeOf(err) != problem.CodeInvalid {
				t.Fatalf("ParseCURP(%q) = %q, %v", s, string(c), err)
			}
			return
		}
		again, err := ParseCURP(string(c))
		if err != nil || again != c || c.BirthDate().IsZero() {
			t.Fatalf("ParseCURP(%q) = %q, again %q, %v", s, string(c), string(again), err)
		}
	})
}

// A CURP within a text is seen however it is spaced; words, dates and numbers are none.
func TestContainsCURP(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"GAPM120515MCLRRRA4":                   true,
		"constancia gapm120515mclrrra4, vista": true,
		"GAPM 120515-MCLRRRA4":                 true,
		"Credencial de elector 0123456789012":  false,
		"Oficio SEDU/DTI/045/2026":             false,
		"Acta 120515, Saltillo":                false,
		"GAPM120515":                           false,
		"":                                     false,
	} {
		if got := ContainsCURP(text); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}
