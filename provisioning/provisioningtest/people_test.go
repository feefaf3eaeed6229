package provisioningtest_test

import (
	"testing"

	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
)

func TestPeopleAreValidAndDistinct(t *testing.T) {
	t.Parallel()
	seen := map[identity.Identity]int{}
	for _, n := range []int{0, 1, 2, 777, 49_999, 50_000, 350_000, 499_999} {
		for _, h := range []identity.Holder{provisioningtest.Teacher(n), provisioningtest.Student(n % 150_000), provisioningtest.Centre(n % 10_000)} {
			if h.Type != identity.WorkCentre && h.Person.CURP == "" {
				t.Errorf("%s %d has no CURP", h.Type, n)
			}
			if len(h.CCT()) != 10 {
				t.Errorf("%s %d has CCT %q", h.Type, n, h.CCT())
			}
		}
		id := provisioningtest.Teacher(n).Identity()
		if before, ok := seen[id]; ok {
			t.Errorf("Teacher(%d) is Teacher(%d)", n, before)
		}
		seen[id] = n
	}
}
