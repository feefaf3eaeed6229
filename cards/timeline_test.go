package cards

import (
	"strings"
	"testing"
	"time"
)

// What the timeline says of handing over is what the requester confirmed, and no more.
func TestTheTimelineSaysWhatWasHandedOver(t *testing.T) {
	t.Parallel()
	g := testGallery()
	told := "✓ Se avisó a quien solicita"
	undated := g.handed(1, 1)
	undated.Accounts[0].Handover.DoneAt = time.Time{}
	others := g.handed(3, 3)
	others.Others = true
	list := g.handed(3, 3)
	list.Request.Lines = MaxPeople + 1
	for name, c := range map[string]struct {
		of   RequestView
		want string // after the notice; "" for nothing
	}{
		"none yet":                             {g.handed(2, 0), ""},
		"one of one":                           {g.handed(1, 1), "✓ Entregada por usted · hoy"},
		"two of three":                         {g.handed(3, 2), "● Entregadas por usted: 2 de 3 · hoy"},
		"all three, as others see it":          {others, "✓ Entregadas por quien las solicitó · hoy"},
		"recorded by an earlier version":       {undated, "✓ Entregada por usted"},
		"a list, whose lines are not all here": {list, ""},
	} {
		var steps []string
		for _, item := range g.t.timeline(c.of) {
			block, _ := item.(textBlock)
			steps = append(steps, unbroken(block.Text))
		}
		all := strings.Join(steps, "\n")
		_, after, found := strings.Cut(all, told)
		if !found || strings.TrimSpace(after) != c.want {
			t.Errorf("%s: after the notice %q, want %q, in:\n%s", name, after, c.want, all)
		}
	}
}
