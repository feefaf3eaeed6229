package connector

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// FuzzSplit compares the splitting of JSON with encoding/json, at every level.
func FuzzSplit(f *testing.F) {
	for _, seed := range []string{
		`{"type":"message","value":{"a":[1,{"b":"}]"}],"c":null},"text":"dijo \"sí\", \\"}`, ` { } `, `[]`, `[ 1 ,"a,b", [ ] ]`,
		`{"a":1,"a":2}`, `{"\u0061":"\ud83d\ude00\n","b":"` + "\xff" + `"}`, "{\"a\"\n:\t-1.5e3 , \"b\" : true}", `"solo"`, `7`, `null`, `{"a":`, ``,
		`{"` + "\xff" + `":1,"` + "\xfe" + `":2,"":3}`, `{"a":"\\","b":"\\\""}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if got := asFields(body); json.Valid(body) {
			same(t, json.RawMessage(body))
		} else if got != nil {
			t.Errorf("read what is no JSON: %q", body)
		}
	})
}

func same(t *testing.T, raw json.RawMessage) {
	t.Helper()
	var wantFields map[string]json.RawMessage
	_ = json.Unmarshal(raw, &wantFields) // nil for another shape
	got := asFields(raw)
	if diff := cmp.Diff(fields(wantFields), got, cmpopts.EquateEmpty()); diff != "" || (wantFields == nil) != (got == nil) {
		t.Errorf("members of %q (-want +got):\n%s", raw, diff)
	}
	for name, value := range got {
		same(t, value)
		var text string
		if json.Unmarshal(value, &text) != nil {
			text = ""
		}
		if got.text(name) != text {
			t.Errorf("text %q = %q, want %q", name, got.text(name), text)
		}
		var list []json.RawMessage
		_ = json.Unmarshal(value, &list) // nil for another shape
		if diff := cmp.Diff(list, got.list(name), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("list %q (-want +got):\n%s", name, diff)
		}
		for _, element := range got.list(name) {
			same(t, element)
		}
	}
}

// A name is yielded as often as it occurs, with each spelling.
func TestNamesTwice(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]bool{
		`{"aud":1,"iss":2}`: true, `{"aud":1,"aud":1}`: false, `{"aud":1,"\u0061ud":2}`: false, `{"a":{"aud":1},"aud":2}`: true,
		"\t{\"aud\":1}\n": true, `[]`: false, `null`: false, `{"aud":1`: false, `{"aud":1}x`: false, ``: false,
	} {
		if got := uniqueNames([]byte(raw)) == nil; got != want {
			t.Errorf("uniqueNames(%s) accepted: %v, want %v", raw, got, want)
		}
	}
}
