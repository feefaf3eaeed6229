package identity

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSpellings(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		holder Holder
		want   []string
	}{
		{"accents and Ñ", teacher("María José", "Muñoz", "López"), []string{
			"María José Muñoz López", "Maria Jose Muñoz Lopez", "Maria Jose Munoz Lopez",
			"Muñoz López María José", "Muñoz Lopez Maria Jose", "Munoz Lopez Maria Jose"}},
		{"neither", teacher("Ana", "Ruiz", ""), []string{"Ana Ruiz", "Ruiz Ana"}},
		{"composed otherwise", teacher("Jose\u0301", "Ruiz", ""), []string{"Jose\u0301 Ruiz", "Jose Ruiz", "Ruiz Jose\u0301", "Ruiz Jose"}},
		{"a centre has one order", Holder{Type: WorkCentre, Centre: Centre{Name: "Niños Héroes"}}, []string{"Niños Héroes", "Niños Heroes", "Ninos Heroes"}},
		{"nobody", Holder{Type: Teacher}, nil},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, tt.holder.Spellings()); diff != "" {
			t.Errorf("%s (-want +got)\n%s", tt.name, diff)
		}
	}
}

func TestNamed(t *testing.T) {
	t.Parallel()
	h := teacher("María José", "Muñoz", "López")
	for display, want := range map[string]bool{
		"María José Muñoz López":       true,
		"MUNOZ LOPEZ MARIA JOSE":       true,
		"Muñoz López,  María José":     true,
		"Mari\u0301a José Muñoz López": true,
		"López Muñoz María José":       false,
		"María Muñoz López":            false,
		"María José Muñoz":             false,
		"Profra. María José Muñoz L.":  false,
		"":                             false,
	} {
		if got := h.Named(display); got != want {
			t.Errorf("Named(%q) = %t, want %t", display, got, want)
		}
	}
	if (Holder{Type: Teacher}).Named("") {
		t.Error("nobody has the empty name")
	}
}
