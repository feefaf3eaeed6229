package cards

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning"
)

func TestRead(t *testing.T) {
	t.Parallel()
	got, err := Read([]byte(`{"verb":"approval.approve","folio":"2026-000123","mark":"K3VQ7M2PXA","stage":"director","round":2,"version":"7",
		"number":"3","exclude":"2,3","comment":"Sí","odd":{"a":1},"flag":true}`))
	if err != nil {
		t.Fatal(err)
	}
	want := Click{
		Data:   Data{Verb: ApprovalApprove, Folio: "2026-000123", Mark: "K3VQ7M2PXA", Stage: provisioning.Director, Round: 2, Version: 7, Number: 3},
		Inputs: map[string]string{"exclude": "2,3", "comment": "Sí", "flag": "true"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Read (-want +got):\n%s", diff)
	}
}

// The excluded lines are read in any form that a client sends, or the value is refused.
func TestExcluded(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		typed    string
		want     []int
		readable bool
	}{
		{`"2,3"`, []int{2, 3}, true}, {`" 2 , 3,"`, []int{2, 3}, true}, {`["2","3"]`, []int{2, 3}, true}, {`[2]`, []int{2}, true},
		{`2`, []int{2}, true}, {`""`, nil, true}, {`null`, nil, true}, {`[]`, nil, true},
		{`"2;3"`, nil, false}, {`"2,tres"`, nil, false}, {`"0"`, nil, false}, {`-1`, nil, false}, {`"99999999999999999999"`, nil, false}, {`true`, nil, false},
		{`{"0":"2"}`, nil, false}, {`[["2"]]`, nil, false}, {`[{"value":"2"}]`, nil, false}, {`[null]`, nil, false}, {`{}`, nil, false},
	} {
		click, err := Read([]byte(`{"verb":"approval.approve","exclude":` + c.typed + `}`))
		if err != nil {
			t.Fatal(err)
		}
		got, readable := click.Excluded()
		if diff := cmp.Diff(c.want, got); diff != "" || readable != c.readable {
			t.Errorf("%s: readable = %v\n%s", c.typed, readable, diff)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	for _, value := range []string{"", "null", "[]", `"x"`, "{}", `{"verb":{}}`, `{"verb":""}`, `{"verb":"x"`, `{"verb":"x","folio":"` + strings.Repeat("9", maxText+1) + `"}`} {
		if c, err := Read([]byte(value)); err == nil {
			t.Errorf("Read(%s) = %+v", value, c)
		}
	}
}

// TestEveryButtonIsReadBack: Read returns the data of the button.
func TestEveryButtonIsReadBack(t *testing.T) {
	eachCard(t, func(t *testing.T, _ GalleryCard, card node) {
		walk(card, func(n node) {
			if n.text("type") != "Action.Execute" && n.text("type") != "Action.Submit" {
				return
			}
			raw, err := json.Marshal(n["data"])
			if err != nil {
				t.Fatal(err)
			}
			c, err := Read(raw)
			if err != nil {
				t.Fatalf("%s: %v", raw, err)
			}
			var want Data
			if err := json.Unmarshal(raw, &want); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, c.Data); diff != "" || len(c.Inputs) > 0 {
				t.Errorf("%s: inputs %v\n%s", raw, c.Inputs, diff)
			}
		})
	})
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"verb":"request.next","draft":"K3","version":1,"step":"holder","curp":"x"}`))
	f.Add([]byte(`{"verb":"approval.approve","exclude":"1,,9999999999999999999999,-1","number":1e99}`))
	f.Fuzz(func(t *testing.T, value []byte) {
		c, err := Read(value)
		if err == nil && c.Verb == "" {
			t.Error("a click without a verb")
		}
		numbers, _ := c.Excluded()
		for _, n := range numbers {
			if n < 1 {
				t.Errorf("excluded %d", n)
			}
		}
	})
}
