package form

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
)

// Every input on the cards of the form is stored, so that a new one is not forgotten.
func TestWhateverTheFormAsksForIsKept(t *testing.T) {
	t.Parallel()
	for _, kind := range identity.AccountTypes {
		for _, step := range []string{cards.StepPetition, cards.StepHolder, cards.StepPaste} {
			for _, searchable := range []bool{false, true} {
				d := draft{Step: step, Values: map[string]string{"type": string(kind)}}
				typed := map[string]string{}
				for _, id := range inputsOf(t, d.card(cards.In(cards.Spanish), &provisioning.Rules{}, searchable, "")) {
					typed[id] = "typed"
				}
				d.storeInputs(&accounts{}, typed)
				kept := d.Values
				if step != cards.StepPetition {
					kept = d.Typed
				}
				if diff := cmp.Diff(typed, kept); diff != "" || len(typed) < 2 {
					t.Errorf("%s, %s: kept (-want +got):\n%s", kind, step, diff)
				}
			}
		}
	}
}

// inputsOf returns the ids of all inputs of a card.
func inputsOf(t *testing.T, c cards.Card) (ids []string) {
	t.Helper()
	raw, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	eachInput(t, raw, func(input map[string]any) {
		id, _ := input["id"].(string)
		ids = append(ids, id)
	})
	return ids
}

// eachInput calls do with each input of a card, as JSON has it.
func eachInput(t *testing.T, raw []byte, do func(input map[string]any)) {
	t.Helper()
	var tree any
	if err := json.Unmarshal(raw, &tree); err != nil {
		t.Fatal(err)
	}
	var look func(any)
	look = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, part := range v {
				look(part)
			}
		case map[string]any:
			if kind, _ := v["type"].(string); strings.HasPrefix(kind, "Input.") {
				do(v)
			}
			for _, part := range v {
				look(part)
			}
		}
	}
	look(tree)
}

// A returned request opens as a form with the values that its people were entered with.
func TestAHolderIsTypedAgainAsTheyAre(t *testing.T) {
	t.Parallel()
	for _, h := range []identity.Holder{provisioningtest.Teacher(1), provisioningtest.Student(2), provisioningtest.Centre(3)} {
		got, faults := parseHolder(h.Type, valuesOf(h))
		if diff := cmp.Diff(h, got); diff != "" || len(faults) > 0 {
			t.Errorf("%s typed again: %v (-want +got):\n%s", h.Type, faults, diff)
		}
	}
}

// Every field of a holder has an input, for at least one type of account.
func TestEveryDetailOfAHolderIsTyped(t *testing.T) {
	t.Parallel()
	read := map[string]bool{}
	for _, h := range []identity.Holder{provisioningtest.Teacher(1), provisioningtest.Student(2), provisioningtest.Centre(3)} {
		for _, part := range []any{&h.Person, &h.Centre} {
			fill(reflect.ValueOf(part).Elem())
		}
		got, _ := parseHolder(h.Type, valuesOf(h))
		for _, part := range []any{got.Person, got.Centre} {
			for field, v := range reflect.ValueOf(part).Fields() {
				name := fmt.Sprintf("%T.%s", part, field.Name)
				read[name] = read[name] || !v.IsZero()
			}
		}
	}
	for name, typed := range read {
		if !typed {
			t.Errorf("%s has no input", name)
		}
	}
}

// fill sets every empty string field of a struct.
func fill(v reflect.Value) {
	for _, f := range v.Fields() {
		if f.Kind() == reflect.String && f.IsZero() {
			f.SetString("Abc")
		}
	}
}
