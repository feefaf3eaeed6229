package form

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
)

var pastedAt = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)

// The cells of a row are told apart with a heading in any order, by their shape without one, and the
// order of the names by what the CURPs agree with.
func TestWhichCellIsWhat(t *testing.T) {
	t.Parallel()
	const valeria, lucia = "SOMV120309MCLLRLA1", "XAGL910703MCLXRC09"
	pupil := func(more map[string]string) map[string]string {
		values := map[string]string{"givenNames": "Valeria", "firstSurname": "Soto", "secondSurname": "Molina", "curp": valeria}
		maps.Copy(values, more)
		return values
	}
	for name, tt := range map[string]struct {
		kind identity.AccountType
		text string
		want map[string]string
	}{
		"the usual order":       {identity.Student, "Valeria\tSoto\tMolina\t" + valeria, pupil(nil)},
		"numbered":              {identity.Student, "12\tValeria\tSoto\tMolina\t" + valeria, pupil(nil)},
		"surnames first":        {identity.Student, "Soto\tMolina\tValeria\t" + valeria, pupil(nil)},
		"the CURP first":        {identity.Student, valeria + ";Valeria;Soto;Molina;3;B", pupil(map[string]string{"grade": "3", "group": "B"})},
		"with level and CCT":    {identity.Student, "Valeria,Soto,Molina," + valeria + ",05DPR0221C,PRIMARIA,6,A", pupil(map[string]string{"cct": "05DPR0221C", "level": "primaria", "grade": "6", "group": "A"})},
		"headed, another order": {identity.Student, "GRUPO\tCURP\tNombre(s)\tA. Materno\tA. Paterno\nB\t" + valeria + "\tValeria\tMolina\tSoto", pupil(map[string]string{"group": "B"})},
		"no second surname":     {identity.Teacher, "Lucía\tÑáñez\t\t" + lucia + "\t104523", map[string]string{"givenNames": "Lucía", "firstSurname": "Ñáñez", "curp": lucia, "employeeNumber": "104523"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			list := readPasted(tt.kind, tt.text, pastedAt)
			if len(list.rows) != 1 || list.rows[0].fault != nil {
				t.Fatalf("%d rows, %v", len(list.rows), list.rows)
			}
			if diff := cmp.Diff(tt.want, list.rows[0].values); diff != "" {
				t.Errorf("read (-want +got):\n%s", diff)
			}
		})
	}
}

// Of five rows two are valid: they are kept. Of the others each has its own reason, and stays as it
// was pasted, below the heading.
func TestRowsThatAreNotAccepted(t *testing.T) {
	t.Parallel()
	d := draft{Values: map[string]string{"type": "alumno"}, Typed: map[string]string{"cct": "05DPR0221C", "grade": "3"}}
	first, second, third := provisioningtest.ChildCURP(1), provisioningtest.ChildCURP(2), provisioningtest.ChildCURP(3)
	rows := []string{
		"Nombre\tPaterno\tCURP", "Ana\tSoto\t" + string(first), "Eva 2\tLuna\t" + string(second), "Iris\tMar\t" + string(first)[:17] + "X",
		"Otra Ana\tSoto\t" + string(first), "Luz\tPaz\t" + string(second), "Sol\tRío\t" + string(third),
	}
	list := readPasted(identity.Student, strings.Join(rows, "\r\n"), pastedAt)
	kept := d.addRows(list, 2)
	var names []string
	for _, p := range d.People {
		names = append(names, p.Holder.DisplayName()+" "+p.Values["grade"]+" "+p.Values["cct"])
	}
	if diff := cmp.Diff([]string{"Ana Soto 3 05DPR0221C", "Luz Paz 3 05DPR0221C"}, names); diff != "" {
		t.Errorf("kept (-want +got):\n%s", diff)
	}
	var told []string
	for _, r := range d.Rows {
		told = append(told, fmt.Sprint(r.Number, " ", r.Name, ": ", r.Fault.Reason))
	}
	want := []string{"3 Eva 2 Luna: name.digit", "4 Iris Mar: curp.digit", "5 Otra Ana Soto: person.repeated", "7 Sol Río: rows.room"}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(strings.Join([]string{rows[0], rows[2], rows[3], rows[4], rows[6]}, "\n"), list.textOf(kept)); diff != "" {
		t.Errorf("stays (-want +got):\n%s", diff)
	}
}

// More names than a person has are not guessed at.
func TestColumnsThatNobodyKnows(t *testing.T) {
	t.Parallel()
	list := readPasted(identity.Student, "Escuela\tAna\tSoto\tLuna\t"+string(provisioningtest.ChildCURP(1)), pastedAt)
	if f := list.rows[0].fault; f == nil || f.Reason != "rows.columns" {
		t.Errorf("fault %v", f)
	}
}

// What is pasted is kept to the last character that the card accepts.
func TestALongListIsKeptWhole(t *testing.T) {
	t.Parallel()
	d := draft{Step: cards.StepPaste, Values: map[string]string{"type": "alumno"}}
	rows := strings.Repeat("x", cards.MaxPasted)
	d.storeInputs(&accounts{}, map[string]string{"rows": rows})
	if d.Typed["rows"] != rows {
		t.Errorf("%d characters are kept", len(d.Typed["rows"]))
	}
}
