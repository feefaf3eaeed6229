package cards

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// With SubmitButtons each card has the same buttons with the same data, and no Action.Execute,
// except the card that says to use a computer.
func TestEveryButtonServesOnAPhone(t *testing.T) {
	t.Parallel()
	usual := Gallery(tuesday)
	for i, g := range galleryWith(SubmitButtons, tuesday) {
		if slices.Contains([]string{"ready-on-computer", "handover-on-computer"}, g.Name) {
			if got := buttonsOf(t, g.Card, "Action.Execute"); len(got) != 1 {
				t.Errorf("%s: %q serve on a computer, want the one that shows the password", g.Name, got)
			}
			continue
		}
		if dead := buttonsOf(t, g.Card, "Action.Execute"); len(dead) > 0 {
			t.Errorf("%s %s: dead on a phone: %q", g.Locale, g.Name, dead)
		}
		if slices.Contains([]string{"buttons", "ready-phone", "handover-phone", "approval-phone"}, g.Name) {
			continue // always with SubmitButtons
		}
		want, got := buttonsOf(t, usual[i].Card, "Action.Execute"), buttonsOf(t, g.Card, "Action.Submit")
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s %s: the buttons differ (-usual +phone):\n%s", g.Locale, g.Name, diff)
		}
	}
}

// buttonsOf returns the title and data of each button of a type.
func buttonsOf(t *testing.T, c Card, kind string) (found []string) {
	t.Helper()
	walk(decoded(t, c), func(n node) {
		if n.text("type") == kind {
			found = append(found, fmt.Sprint(n["title"], n["data"], n["associatedInputs"], n["style"]))
		}
	})
	slices.Sort(found)
	return found
}
