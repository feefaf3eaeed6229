package catalogue_test

import (
	"log/slog"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/bot/catalogue"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/store/storetest"
)

func TestCatalogue(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	c := catalogue.New(db, slog.New(slog.DiscardHandler))
	if !c.Empty(t.Context()) || c.Like(t.Context(), "juarez", 9) != nil {
		t.Error("a catalogue that was never imported has centres")
	}
	save := func(edition string, all ...catalogue.Centre) {
		t.Helper()
		err := db.Update(t.Context(), func(tx provisioning.Tx) error { return catalogue.Save(tx, all, edition) })
		if err != nil {
			t.Fatal(err)
		}
	}
	juarez := catalogue.Centre{CCT: "05DPR0221C", Name: "Benito Juárez", Place: "Saltillo"}
	nina := catalogue.Centre{CCT: "05DJN0007Z", Name: "Niños Héroes (T.M.)", Place: "Torreón"}
	save("first", juarez, catalogue.Centre{CCT: nina.CCT, Name: "an older name"}, nina)
	for name, want := range map[string]struct {
		text  string
		found []catalogue.Centre
	}{
		"nothing typed":         {" ", nil},
		"a key's beginning":     {"05dpr", []catalogue.Centre{juarez}},
		"all keys' beginning":   {"05", []catalogue.Centre{nina, juarez}},
		"words, accents or not": {"heroes NINOS", []catalogue.Centre{nina}},
		"a place":               {"torre", []catalogue.Centre{nina}},
		"a mark around a word":  {"t.m", []catalogue.Centre{nina}},
		"no word begins so":     {"uárez", nil},
	} {
		if diff := cmp.Diff(want.found, c.Like(t.Context(), want.text, 9)); diff != "" {
			t.Errorf("%s: Like(%q) (-want +got):\n%s", name, want.text, diff)
		}
	}
	if got := c.Like(t.Context(), "05", 1); len(got) != 1 {
		t.Errorf("Like gives %d centres, asked for 1", len(got))
	}
	save("second", nina) // replaces the first, without a restart
	if _, there := c.Centre(t.Context(), "05 dpr 0221 c"); there {
		t.Error("a centre of the catalogue before is there still")
	}
	if got := c.CentreName(t.Context(), nina.CCT); got != nina.Name {
		t.Errorf("CentreName = %q, want %q", got, nina.Name)
	}
}
