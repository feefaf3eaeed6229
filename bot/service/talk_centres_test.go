package service_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/bot/catalogue"
	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/roster"
	"seducoahuila.gob.mx/altas/store"
)

const centresList = `Catálogo de centros de trabajo;;
Clave CCT;Nombre del centro de trabajo;Municipio
05DPR0221C;Escuela Primaria Benito Juárez;Saltillo
05DES0040M;Secundaria General Benito Juárez;Torreón
05EPR0093X;Escuela Primaria Ignacio Zaragoza;Saltillo
05DPR02;mala;Saltillo
`

// stocks imports the catalogue while the service is stopped.
func (o *office) stocks(list string) {
	o.t.Helper()
	path := filepath.Join(o.t.TempDir(), "centros.csv")
	o.must(os.WriteFile(path, []byte(list), 0o600))
	var all []catalogue.Centre
	for line, err := range roster.Read(path, roster.Shape{Columns: catalogue.Columns, Required: "cct"}) {
		o.must(err)
		if c, err := catalogue.Parse(line.Cells); err == nil {
			all = append(all, c)
		}
	}
	o.stop()
	db, err := store.Open(o.env["STORE_PATH"], store.Options{})
	o.must(err)
	o.must(db.Update(o.t.Context(), func(tx provisioning.Tx) error { return catalogue.Save(tx, all, list) }))
	o.must(db.Close())
	o.start()
}

// searches types into the input for a work centre and returns the choices' values.
func (o *office) searches(turn *teamsfake.Turn, dataset, typed string) []string {
	o.t.Helper()
	activity := maps.Clone(turn.Activity)
	activity["type"], activity["name"], activity["id"] = "invoke", "application/search", "f:search-"+typed
	activity["value"] = map[string]any{"queryText": typed, "dataset": dataset, "queryOptions": map[string]any{"skip": 0, "top": 15}}
	again, err := o.teams.DeliverActivity(o.within(), activity)
	o.must(err)
	var answer struct {
		StatusCode int
		Type       string
		Value      struct {
			Results []struct{ Title, Value string }
		}
	}
	o.must(json.Unmarshal(again.Body, &answer))
	if answer.StatusCode != 200 || answer.Type != "application/vnd.microsoft.search.searchResponse" || answer.Value.Results == nil {
		o.t.Errorf("search answered with %s", again.Body)
	}
	var values []string
	for _, r := range answer.Value.Results {
		values = append(values, r.Value)
	}
	return values
}

// The form searches the catalogue, by CCT and by words; a CCT that is not in it is offered as it
// was typed. The centre's name is the catalogue's.
func TestTheCatalogueOfWorkCentres(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.stocks(centresList)
	o.acknowledges(o.silvia)
	turn := o.says(o.silvia, "solicitar")
	for _, c := range []struct {
		dataset, typed string
		want           []string
	}{
		{"centros", "05dpr", []string{"05DPR0221C"}},
		{"centros", "05", []string{"05DES0040M", "05DPR0221C", "05EPR0093X"}},
		{"centros", "JUAREZ benito", []string{"05DES0040M", "05DPR0221C"}},
		{"centros", "prim salt", []string{"05DPR0221C", "05EPR0093X"}},
		{"centros", "05DPR-0221C", []string{"05DPR0221C"}},
		{"centros", "05djn0001z", []string{"05DJN0001Z"}},
		{"centros", "nada de esto", nil},
		{"centros", "  ", nil},
		{"otro", "05", nil},
	} {
		if diff := cmp.Diff(c.want, o.searches(turn, c.dataset, c.typed)); diff != "" {
			t.Errorf("%s %q (-want +got):\n%s", c.dataset, c.typed, diff)
		}
	}
	typed := maps.Clone(petitionTyped)
	typed["type"] = "centro"
	form := o.shows(o.silvia, o.card(o.chats[o.silvia.ID], o.silvia, "request.next", ""), "request.next", typed)
	review := o.shows(o.silvia, form, "request.next", teamsfake.Inputs{"cct": "05DES0040M", "responsible": "Martha Ibarra Soto"})
	if text := review.Text(); !strings.Contains(text, "Secundaria General Benito Juárez") {
		t.Errorf("the centre's name is not the catalogue's:\n%s", text)
	}
}

// The school's name in the directory is the catalogue's.
func TestATeachersSchoolIsNamed(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.stocks(centresList)
	folio := o.sends(o.silvia, lucia)
	o.authorises(folio)
	o.announced(o.silvia, luciaMail)
	if got := o.account(luciaMail, folio).Properties["officeLocation"]; got != "Escuela Primaria Benito Juárez" {
		t.Errorf("officeLocation %v", got)
	}
}

// Another catalogue replaces the first.
func TestAnotherCatalogue(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.stocks(centresList)
	o.stocks("cct,nombre\n05DJN0001Z,Jardín de Niños Frida Kahlo\n")
	turn := o.says(o.silvia, "ayuda")
	if got := o.searches(turn, "centros", "05"); !slices.Equal(got, []string{"05DJN0001Z"}) {
		t.Errorf("found %v", got)
	}
}

// A new school has a CCT that the search does not offer: it is typed, and corrected where it was
// typed. A known centre is shown with its name.
func TestACCTThatTheSearchDoesNotOffer(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.stocks(centresList)
	started := o.begins(o.silvia, "solicitar")
	typed := maps.Clone(petitionTyped)
	typed["type"] = "docente"
	form := o.shows(o.silvia, started, "request.next", typed)
	who := without(without(lucia, "type"), "cct")
	who["cct"] = " " // the value of the placeholder choice
	missing := o.shows(o.silvia, form, "request.next", who)
	if !strings.Contains(missing.Text(), "Escriba la clave del centro de trabajo") {
		t.Errorf("without a CCT:\n%s", missing.Text())
	}
	wrong := o.shows(o.silvia, missing.Toggle("No aparece"), "request.next", teamsfake.Inputs{"cctTyped": "05 djn 000Z Z"})
	if in := wrong.Input("cctTyped"); in == nil || !in.Visible || in.Value != "05 djn 000Z Z" || !strings.Contains(wrong.Text(), "El lugar 9 de la CCT") {
		t.Fatalf("a CCT typed wrongly:\n%s", wrong.Text())
	}
	review := o.shows(o.silvia, wrong, "request.next", teamsfake.Inputs{"cctTyped": "05 djn 0001 z"})
	if !strings.Contains(strings.ReplaceAll(review.Text(), "\u00a0", " "), "CCT 05DJN0001Z") {
		t.Fatalf("a CCT typed:\n%s", review.Text())
	}
	again := o.shows(o.silvia, review, "request.edit", nil)
	known := o.shows(o.silvia, o.shows(o.silvia, again, "request.next", teamsfake.Inputs{"cct": "05DPR0221C"}), "request.edit", nil)
	if text := known.Text(); known.Input("cct").Value != "05DPR0221C" || !strings.Contains(text, "Escuela Primaria Benito Juárez · Saltillo") {
		t.Errorf("the centre is not named:\n%s", text)
	}
}
