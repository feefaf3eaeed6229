package service_test

import (
	"maps"
	"strings"
	"testing"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
)

// aPupil is what is typed of a pupil whose class is on the form already.
func aPupil(given, first, second string, n int) teamsfake.Inputs {
	return teamsfake.Inputs{
		"givenNames": given, "firstSurname": first, "secondSurname": second, "curp": string(provisioningtest.ChildCURP(n)),
	}
}

// Silvia enters three pupils of one class. What they share carries over to the next; "Guardar y
// agregar otra" saves each and goes on, and after the last one that the rules allow is not offered.
func TestPupilsOfAClassOneAfterTheOther(t *testing.T) {
	t.Parallel()
	o := openOffice(t, func(o *office, _ *tenantConfig) { o.rules(officeRules + "\nlimits: {people: 3}\n") })
	form := o.begins(o.silvia, "solicitar")
	typed := maps.Clone(petitionTyped)
	typed["type"] = "alumno"
	form = o.shows(o.silvia, form, "request.next", typed)
	first := without(iker, "type")
	first["level"], first["grade"], first["group"] = "primaria", "3.º", "B"
	form = o.shows(o.silvia, form, "request.another", first)
	for _, input := range []string{"cct", "level", "grade", "group"} {
		if got := form.Input(input).Value; got != first[input] {
			t.Errorf("%s of the next is %q, want %q", input, got, first[input])
		}
	}
	if form.Input("curp").Value != "" || form.Input("givenNames").Value != "" {
		t.Errorf("what is a person's own carries over:\n%s", form.Text())
	}
	second, third := aPupil("Ana", "Soto", "Luna", 3), aPupil("Beto", "Sosa", "Mena", 4)
	wrong := o.shows(o.silvia, form, "request.another", map[string]string{"givenNames": "Ana", "firstSurname": "Soto", "curp": "SOMV120309MCLLRLA2"})
	if !strings.Contains(wrong.Text(), "CURP") || wrong.Input("givenNames").Value != "Ana" {
		t.Fatalf("an invalid person is saved:\n%s", wrong.Text())
	}
	form = o.shows(o.silvia, wrong, "request.another", second)
	if form.Offers("request.another") {
		t.Errorf("a fourth is offered:\n%s", form.Text())
	}
	review := o.shows(o.silvia, form, "request.next", third)
	for _, name := range []string{"Iker Ruelas", "Ana Soto", "Beto Sosa", "3.º B"} {
		if !strings.Contains(review.Text(), name) {
			t.Errorf("the review lacks %s:\n%s", name, review.Text())
		}
	}
}
