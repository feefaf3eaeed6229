package identity

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// Generic CURPs are accepted, because some people have no other, and identify nobody. A person
// whose names are mostly X is not one of them.
func TestGenericCURP(t *testing.T) {
	t.Parallel()
	for s, generic := range map[string]bool{
		"XEXX010101HNEXXXA4":   true,
		"XEXX010101MNEXXXA8":   true, // as payrolls write it: the check digit is wrong
		"xexx-010101 hnexxxa4": true,
		"XAXX010101HNEXXXA2":   true,
		"XAXX010101HDFXXXA6":   true,
		"XXXX010101HNEXXXA4":   true,
		"XEXX850312HNEXXX09":   true,  // with the person's own date of birth
		"XUXX900101HNEXXX02":   false, // Xi Xu
		"ZXZZ100101HNEZZZA1":   false,
		"GAPM120515MCLRRRA4":   false,
	} {
		c, err := ParseCURP(s)
		if err != nil || c.Generic() != generic || c.Identifies() == generic {
			t.Errorf("%s: %v, generic %v, identifies %v", s, err, c.Generic(), c.Identifies())
		}
	}
	if _, err := ParseCURP("GAPM120515MCLRRRA8"); reasonAt(err) != "curp curp.check_digit" {
		t.Errorf("a person's with a wrong digit: %v", err)
	}
}

// Two foreigners with the generic CURP are not one person, and it says nothing about their age. The
// approvers get a warning that it identifies nobody.
func TestAGenericCURPTiesNobody(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 8, 20, 0, 0, 0, 0, time.UTC)
	john := Holder{Type: Student, Person: Person{GivenNames: "John", FirstSurname: "Smith", CURP: "XEXX010101HNEXXXA4", CCT: "05DPR0221C"}}
	peter, none := john, john
	peter.Person.GivenNames, peter.Person.FirstSurname = "Peter", "Brown"
	none.Person.CURP = ""
	for name, h := range map[string]Holder{"himself": john, "another": peter, "one without a CURP": none} {
		if john.Is(h) || none.Is(h) || h.Known() {
			t.Errorf("%s is taken for the same", name)
		}
	}
	want := []problem.Warning{{Reason: "curp.generic", Field: "curp"}}
	if diff := cmp.Diff(want, john.Warnings(now)); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
}
