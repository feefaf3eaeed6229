package cards

import (
	"strings"
	"testing"

	"seducoahuila.gob.mx/altas/provisioning"
)

// A card says which activity of the procedure it stands for; a recovery is none of it.
func TestActivities(t *testing.T) {
	t.Parallel()
	stands := map[string]string{
		"sent":                        "Actividad 1 · PE-DS-DGTI-011",
		"approval-director":           "Actividad 2 · PE-DS-DGTI-011",
		"approval-turned":             "Actividad 2 · PE-DS-DGTI-011",
		"approval-subdirector":        "Actividades 3 y 4 · PE-DS-DGTI-011",
		"attention-homonym":           "Actividades 5 y 6 · PE-DS-DGTI-011",
		"attention-receipts-disabled": "Actividad 9 · PE-DS-DGTI-011",
		"ready":                       "Actividad 10 · PE-DS-DGTI-011",
		"letter-to-send":              "Actividad 11 · PE-DS-DGTI-011",
		"status-subdirector":          "",
		"recovery-approval":           "",
		"recovery-attention":          "",
	}
	for _, g := range Gallery(tuesday) {
		want, asked := stands[g.Name]
		if !asked || g.Locale != Spanish {
			continue
		}
		delete(stands, g.Name)
		shown := written(t, g.Card)
		if want == "" && strings.Contains(shown, procedure) || !strings.Contains(shown, want) {
			t.Errorf("%s does not stand for %q:\n%s", g.Name, want, shown)
		}
	}
	for name := range stands {
		t.Errorf("no card %s in the gallery", name)
	}
	if got := testGallery().t.lineActivity(provisioning.Account{}); got != nil {
		t.Errorf("a line without trouble: %v", got)
	}
}
