package store

import (
	"context"
	"errors"
	"testing"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
)

// stepped is a context that counts calls of Err, which a search makes for each entry that it reads.
type stepped struct {
	context.Context
	steps *int
}

func (c stepped) Err() error {
	*c.steps++
	return c.Context.Err()
}

// Two words are on alternate lines of other requesters' many lines, never on one line together; Ana
// requested a few of those lines. Her search reads only her own lines.
func TestSearchOfOwnLinesReadsOnlyThem(t *testing.T) {
	t.Parallel()
	const crowd, own, lines = 60, 15, 20
	db := openTemp(t, Options{NoSync: true})
	for n := 1; n <= crowd; n++ {
		f, who := provisioning.NewFolio(2026, n), "crowd"
		if n%(crowd/own) == 0 {
			who = "ana"
		}
		err := db.Update(t.Context(), func(tx provisioning.Tx) error {
			err := tx.PutRequest(provisioningtest.Request(f, who, lines))
			for i := range lines {
				h := provisioningtest.Teacher(i)
				h.Person.GivenNames, h.Person.FirstSurname = []string{"Ximena", "Rosa"}[i%2], "Ibarra"
				err = errors.Join(err, tx.PutAccount(provisioningtest.Account(f, i+1, h)))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		words string
		most  int
	}{
		"never together":  {"rosa ximena", 3 * own * lines},
		"only of a crowd": {"wenceslao ximena", 2},
		"on all":          {"ibarra", 3 * (own*lines + own)},
	} {
		var steps, found int
		err := db.View(stepped{t.Context(), &steps}, func(tx provisioning.Tx) error {
			for a, err := range tx.SearchAccounts(provisioning.AccountSearch{Text: c.words, Requester: "ana"}) {
				if err != nil {
					return err
				}
				if r, err := tx.Request(a.Folio()); err != nil || r.Requester.ID != "ana" {
					t.Errorf("%s: found %s, of %s (%v)", name, a.Stamp, r.Requester.ID, err)
				}
				found++
			}
			return nil
		})
		if err != nil || steps > c.most {
			t.Errorf("%s: %d steps for Ana's %d lines of %d, want at most %d (%v)", name, steps, own*lines, crowd*lines, c.most, err)
		}
		if want := map[string]int{"on all": own * lines}[name]; found != want {
			t.Errorf("%s: found %d, want %d", name, found, want)
		}
	}
}
