package bot_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/cards"
)

// namedInput is an input by its stable name and its Spanish label.
type namedInput struct{ ID, Label string }

// formInput is an input of a card.
type formInput struct {
	namedInput
	Type    string `json:"type"`
	Choices []struct {
		Title string `json:"title"`
	} `json:"choices"`
}

// formInputs returns the choices of each input of the Spanish forms in the gallery; none of an input
// whose choices differ from card to card, as people's names do. A form is a card whose button leads
// to its next step or sends it.
func formInputs(t *testing.T) map[namedInput][]string {
	t.Helper()
	found := map[namedInput][]string{}
	for _, g := range cards.Gallery(time.Date(2026, 7, 14, 10, 0, 0, 0, time.UTC)) {
		raw, err := json.Marshal(g.Card)
		if err != nil {
			t.Fatal(err)
		}
		ofForm := strings.Contains(string(raw), `"`+cards.RequestNext+`"`) || strings.Contains(string(raw), `"`+cards.RequestSubmit+`"`)
		if g.Locale != cards.Spanish || !ofForm {
			continue
		}
		for _, input := range inputsIn(t, raw) {
			titles := []string{}
			for _, c := range input.Choices {
				titles = append(titles, c.Title)
			}
			if before, known := found[input.namedInput]; known && !slices.Equal(before, titles) {
				titles = []string{}
			}
			found[input.namedInput] = titles
		}
	}
	return found
}

// inputsIn returns the inputs anywhere in a card.
func inputsIn(t *testing.T, raw json.RawMessage) (inputs []formInput) {
	t.Helper()
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) == nil {
		for _, each := range list {
			inputs = append(inputs, inputsIn(t, each)...)
		}
		return inputs
	}
	var object map[string]json.RawMessage
	if json.Unmarshal(raw, &object) != nil {
		return nil
	}
	var in formInput
	if json.Unmarshal(raw, &in) == nil && strings.HasPrefix(in.Type, "Input.") {
		return []formInput{in}
	}
	for _, each := range object {
		inputs = append(inputs, inputsIn(t, each)...)
	}
	return inputs
}

// guideFields returns the rows of the guide's tables of fields, by label: what to write, an example,
// what happens if it is wrong. A label has a row for each form that it is in.
func guideFields(guide string) map[string][][]string {
	fields := map[string][][]string{}
	inTable := false
	for line := range strings.Lines(guide) {
		line = strings.TrimSpace(line)
		switch {
		case !strings.HasPrefix(line, "|"):
			inTable = false
		case strings.HasPrefix(line, "| Dato |"):
			inTable = true
		case inTable && !strings.HasPrefix(line, "|--"):
			cells := strings.Split(strings.Trim(line, "|"), "|")
			for i := range cells {
				cells[i] = strings.TrimSpace(cells[i])
			}
			fields[cells[0]] = append(fields[cells[0]], cells[1:])
		}
	}
	return fields
}

// faultsOfGuide returns the labels that the guide lacks, those that no form has, the rows with an
// empty cell, and the choices that no row of their label names.
func faultsOfGuide(fields map[string][][]string, inputs map[namedInput][]string) (faults []string) {
	inForms := map[string]bool{}
	for input, choices := range inputs {
		label := input.Label
		inForms[label] = true
		rows, named := fields[label]
		if !named {
			faults = append(faults, "the guide does not name "+label)
			continue
		}
		for _, choice := range choices {
			if !slices.ContainsFunc(rows, func(cells []string) bool { return strings.Contains(cells[0], choice) }) {
				faults = append(faults, label+": the guide does not name the choice "+choice)
			}
		}
	}
	for label, rows := range fields {
		if !inForms[label] {
			faults = append(faults, "no form has "+label)
		}
		for _, cells := range rows {
			if len(cells) != 3 || slices.Contains(cells, "") {
				faults = append(faults, label+": what to write, an example, and what happens if it is wrong are not all there")
			}
		}
	}
	slices.Sort(faults)
	return faults
}

// The filling guide (annex F-008) names each input of the forms, and none that is not in them.
func TestTheGuideFollowsTheForms(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile("guide/instructivo.md")
	if err != nil {
		t.Fatal(err)
	}
	inputs := formInputs(t)
	if inputs[namedInput{"curp", "CURP"}] == nil || len(inputs[namedInput{"medium", "¿Cómo llegó la petición?"}]) == 0 {
		t.Fatalf("the inputs are not found: %v", inputs)
	}
	for _, fault := range faultsOfGuide(guideFields(string(guide)), inputs) {
		t.Error(fault)
	}
}

func TestAGuideThatDoesNotFollowIsFound(t *testing.T) {
	t.Parallel()
	guide := `
| Dato | Qué se escribe | Ejemplo | Si está mal |
|---|---|---|---|
| Tipo | Docente. | Docente | Se pide. |
| Vacío | Algo. | | Se pide. |
| De más | Algo. | Algo | Se pide. |

| Aviso | Qué significa |
|---|---|
| Ajeno | Otra tabla. |
`
	inputs := map[namedInput][]string{
		{"type", "Tipo"}: {"Docente", "Alumno"}, {"area", "Vacío"}: nil, {"phone", "Falta"}: nil,
	}
	want := []string{
		"Tipo: the guide does not name the choice Alumno",
		"Vacío: what to write, an example, and what happens if it is wrong are not all there",
		"no form has De más",
		"the guide does not name Falta",
	}
	if diff := cmp.Diff(want, faultsOfGuide(guideFields(guide), inputs)); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
}

// The guide names the button of the privacy notice, which is shown before the first form, and the
// command that shows the notice again.
func TestTheGuideNamesTheNotice(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile("guide/instructivo.md")
	if err != nil {
		t.Fatal(err)
	}
	texts := cards.In(cards.Spanish)
	for _, word := range []string{texts.Say("button.acknowledge", nil), texts.Command("privacy"), texts.Command("begin"), texts.Command("flow")} {
		if word == "" || !strings.Contains(string(guide), "**"+word+"**") {
			t.Errorf("the guide does not name %q", word)
		}
	}
}
