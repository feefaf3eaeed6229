package letter_test

import (
	"fmt"
	"strings"
	"testing"

	"seducoahuila.gob.mx/altas/provisioning/letter"
)

func TestTheDefaultTemplateIsValid(t *testing.T) {
	t.Parallel()
	own := letter.DefaultTemplate()
	own.Texts = letter.DefaultTexts()
	if err := own.Validate(); err != nil {
		t.Error(err)
	}
}

func TestValidateNamesEachFault(t *testing.T) {
	t.Parallel()
	own := letter.DefaultTemplate()
	own.Parts = []letter.Part{"body", "sello", "body"}
	own.Texts = map[string]string{
		"cierre": "x", "rejected.again": "{folio", "closing": "Adiós, {name} {folio}", "body.made.one@recovery": "{count} {cuantas}", "rejected@other": "{}", "x@recovery": "x",
	}
	own.Legends = []letter.Legend{{From: "2026-1-1", To: "2026-12-31", Text: "«2026»"}, {}, {From: "2027-01-01", To: "2026-01-01", Text: "x"}}
	own.Logo = []byte{1}
	err := own.Validate()
	want := []string{
		`there is no part "sello"`, `"body" is named twice`, `there is no text "cierre"`, "closing has no placeholder {name}",
		"body.made.one@recovery has no placeholder {cuantas}", "rejected@other has no placeholder {}", `there is no text "x@recovery"`,
		`legends[0].from: "2026-1-1" is not a date`, "legends[1].text: empty", "legends[2]: ends before it begins",
		"logo: is no PNG", "logoAlt: missing", `"number" is required`, "rejected.again has a brace that is not closed",
	}
	for _, w := range want {
		if !strings.Contains(fmt.Sprint(err), w) {
			t.Errorf("Validate does not say %s:\n%v", w, err)
		}
	}
	if n := strings.Count(fmt.Sprint(err), "\n") + 1; n != len(want) {
		t.Errorf("Validate names %d faults, want %d:\n%v", n, len(want), err)
	}
}
