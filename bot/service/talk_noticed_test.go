package service_test

import (
	"slices"
	"strings"
	"testing"

	"seducoahuila.gob.mx/altas/cards"
)

// A card that waits mentions those who decide, and says by when; once it is decided it mentions
// nobody, so that nobody's telephone rings for it.
func TestACardRingsForWhoDecides(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.installs(o.ernesto)
	o.refusesLicences()
	folio := o.sends(o.silvia, lucia)
	first := o.approval("director", folio)
	if got := first.Mentioned(); !slices.Equal(got, []string{o.rosa.ID}) || !strings.Contains(first.Text(), "<at>Dirección General</at>") {
		t.Errorf("mentions %v, want Rosa, whose name is not known:\n%s", got, first.Text())
	}
	if !strings.Contains(first.Text(), "Vence") {
		t.Errorf("it does not say by when:\n%s", first.Text())
	}
	o.approves(o.rosa, "director", folio)
	second := o.approval("subdirector", folio)
	if got := second.Mentioned(); !slices.Equal(got, []string{o.ernesto.ID}) || !strings.Contains(second.Text(), "<at>"+o.ernesto.Name+"</at>") {
		t.Errorf("mentions %v, want Ernesto by his name:\n%s", got, second.Text())
	}
	o.approves(o.ernesto, "subdirector", folio)
	line := o.card(o.channels["platform"], o.oscar, cards.AttentionRetry, folio)
	if got := line.Mentioned(); !slices.Equal(got, []string{o.gabriela.ID}) {
		t.Errorf("mentions %v, want Gabriela", got)
	}
	o.eventually("cards that are drawn", o.drawn)
	for _, stage := range []string{"director", "subdirector"} {
		o.waits("the decided card", func() bool { return o.count(o.channels[stage], o.oscar, folio, "por la") == 1 })
		for _, c := range o.teams.Cards(o.channels[stage], o.oscar.ID) {
			if len(c.Mentioned()) > 0 || strings.Contains(c.Text(), "Espera a") {
				t.Errorf("a decided card mentions %v:\n%s", c.Mentioned(), c.Text())
			}
		}
	}
}
