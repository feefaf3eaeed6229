package catalogue_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/bot/catalogue"
	"seducoahuila.gob.mx/altas/provisioning/roster"
)

var errOther = errors.New("another list")

func centresOf(t *testing.T, path string) []catalogue.Centre {
	t.Helper()
	var all []catalogue.Centre
	for line, err := range roster.Read(path, roster.Shape{Columns: catalogue.Columns, Required: "cct", Needed: catalogue.Needed(), Missing: errOther}) {
		if err != nil {
			t.Fatal(err)
		}
		centre, err := catalogue.Parse(line.Cells)
		if err != nil {
			t.Errorf("line %d: %v", line.Number, err)
		}
		all = append(all, centre)
	}
	return all
}

// Lists of centres from practice: SEP's open catalogue, and one whose addresses contain commas.
func TestListsFromTheField(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][]catalogue.Centre{
		"sic.csv": {
			{CCT: "05DPR0221C", Name: "Francisco I. Madero", Place: "SALTILLO"},
			{CCT: "05DES0040M", Name: "Lazaro Cardenas del Rio", Place: "ACUÑA"},
		},
		"semi.csv": {{CCT: "05DPR0221C", Name: "Francisco I. Madero"}, {CCT: "05DES0040M", Name: "Lazaro Cardenas"}},
	} {
		if diff := cmp.Diff(want, centresOf(t, filepath.Join("testdata", name))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// The headings of official lists, each together with the others of its list.
func TestHeadingsOfOfficialLists(t *testing.T) {
	t.Parallel()
	want := []catalogue.Centre{{CCT: "05DPR0221C", Name: "Benito Juárez", Place: "Saltillo"}}
	for _, heading := range []string{
		"CV_CCT,C_NOMBRE,C_NOM_MUN", "clave_ct,nombre_ct,nom_mun", "clave_de_centro,NOMBRECT,nombre_municipio", "clave escuela,nombre_escuela,Municipio",
		"CCT,nom_cct,inmueble_c_nom_mun", "Clave,centro_de_trabajo,MUNICIPIO", "CLAVECCT,NOMBRECT,NOMBRE_MUN", "Clave del centro de trabajo,Nombre del centro de trabajo,Nombre del municipio",
		"CCT (10 caracteres),Nombre de la escuela *,Localidad", "Clave de Centro de Trabajo (CCT),Nombre del C.T.,Mpio.", "\ufeffCVE_CCT,NOMBRE,NOM_LOC", "C.C.T.,Plantel,Localidad",
		"clave_centro_trabajo,nombre_centro_trabajo,municipio", "N_CLAVECCT,N_NOMBRECT,N_MUNICIPIO", "1. CCT,2. Escuela,3. Municipio", "\"Clave\nCCT\",\"Nombre\u00a0CT\",municipio (obligatorio)",
	} {
		path := filepath.Join(t.TempDir(), "centros.csv")
		if err := os.WriteFile(path, []byte("\"Catálogo, ciclo 2026-2027\"\n"+heading+",Turno\n05DPR0221C,Benito Juárez,Saltillo,1\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		t.Run(heading, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(want, centresOf(t, path)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Punctuation in schools' names is accepted; another character is refused.
func TestMarksInNamesOfCentres(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"¡Arriba! Escuela", "Jardín [anexo]", "Prim. * nueva", "a_b C", "Escuela @prende", "¿Quién? Soy", `Escuela "20 de Noviembre" #5 & Cía. 3/4`} {
		if centre, err := catalogue.Parse(map[string]string{"cct": "05DPR0221C", "name": name}); err != nil || centre.Name != name {
			t.Errorf("%q: %q, %v", name, centre.Name, err)
		}
	}
	if _, err := catalogue.Parse(map[string]string{"cct": "05DPR0221C", "name": "a<b"}); err == nil || !strings.Contains(err.Error(), "name.character") {
		t.Errorf("a<b: %v", err)
	}
}
