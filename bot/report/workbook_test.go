package report

import (
	"bytes"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"seducoahuila.gob.mx/altas/cards"
)

// A workbook shows each value in its format, in columns that are wide enough, below headings that stay
// in sight. A text that looks like a formula is a text.
func TestWorkbook(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("America/Monterrey", -6*60*60)
	var written bytes.Buffer
	err := Workbook(&written, []cards.ReportTable{
		{Name: "Resumen", Headings: []string{"Concepto", "Cifra"}, Rows: [][]any{
			{"Hasta", time.Date(2026, time.December, 31, 23, 30, 0, 0, zone)}, {"Solicitudes", 12345}, {"Parte", cards.Share(0.075)}, {"Horas", 2.25}, {"=1+1"},
		}},
		{Name: "Etapas", Headings: []string{"Etapa"}, Rows: [][]any{{"Subdirección de Sistemas, con nombre largo"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(&written)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = book.Close() })
	shown, err := book.GetRows("Resumen")
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{{"Concepto", "Cifra"}, {"Hasta", "31/12/2026"}, {"Solicitudes", "12,345"}, {"Parte", "7.5%"}, {"Horas", "2.3"}, {"=1+1"}}
	if diff := cmp.Diff(want, shown); diff != "" {
		t.Errorf("shown (-want +got):\n%s", diff)
	}
	if formula, err := book.GetCellFormula("Resumen", "A6"); err != nil || formula != "" {
		t.Errorf("a formula: %q, %v", formula, err)
	}
	if width, err := book.GetColWidth("Etapas", "A"); err != nil || width < 43 {
		t.Errorf("a column of 42 letters is %v wide, %v", width, err)
	}
	if panes, err := book.GetPanes("Etapas"); err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("panes %+v, %v", panes, err)
	}
}
