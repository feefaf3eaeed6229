// Package catalogue is the list of work centres that the form searches, as last imported. It is
// stored in provisioning.Documents.
//
//	err := db.Update(ctx, func(tx provisioning.Tx) error { return catalogue.Save(tx, centres, edition) })
//	c := catalogue.New(db, log)
//	found := c.Like(ctx, "benito juarez", 15)
//
// Without a catalogue every search finds nothing, and the form accepts a CCT as typed.
package catalogue

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"unicode"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/creation"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/input"
)

// Centre is a work centre of the catalogue; Place is its municipality or town.
type Centre struct {
	CCT   identity.CCT `json:"cct"`
	Name  string       `json:"name"`
	Place string       `json:"place,omitempty"`
}

// Catalogue holds the centres in memory: the store is read once per edition. It is safe for
// concurrent use.
type Catalogue struct {
	store provisioning.Store
	log   *slog.Logger

	mu      sync.Mutex
	edition string
	centres []Centre // by CCT
	words   []string // by centre, as centres: its folded words, each preceded by a space
}

var _ creation.Catalogue = (*Catalogue)(nil)

// New returns the catalogue of a store.
func New(store provisioning.Store, log *slog.Logger) *Catalogue {
	return &Catalogue{store: store, log: log}
}

// Empty reports whether there is no centre: none was imported, or the store cannot be read, which
// is logged.
func (c *Catalogue) Empty(ctx context.Context) bool {
	centres, _ := c.read(ctx)
	return len(centres) == 0
}

// Centre returns the centre of a CCT, which may be in any form that ParseCCT accepts.
func (c *Catalogue) Centre(ctx context.Context, typed string) (Centre, bool) {
	cct, err := identity.ParseCCT(typed)
	if err != nil {
		return Centre{}, false
	}
	centres, _ := c.read(ctx)
	i, found := slices.BinarySearchFunc(centres, cct, byCCT)
	if !found {
		return Centre{}, false
	}
	return centres[i], true
}

// CentreName implements provisioning.Catalogue.
func (c *Catalogue) CentreName(ctx context.Context, cct identity.CCT) string {
	centre, _ := c.Centre(ctx, string(cct))
	return centre.Name
}

// Like returns up to n centres: first those whose CCT begins with the text, then those that for
// each word of the text have a word beginning with it.
func (c *Catalogue) Like(ctx context.Context, text string, n int) []Centre {
	wanted := strings.Fields(folded(text))
	if len(wanted) == 0 {
		return nil
	}
	centres, words := c.read(ctx)
	prefix := identity.CCT(strings.ToUpper(strings.Join(wanted, "")))
	from, _ := slices.BinarySearchFunc(centres, prefix, byCCT)
	var found []Centre
	for _, centre := range centres[from:] {
		if len(found) == n || !strings.HasPrefix(string(centre.CCT), string(prefix)) {
			break
		}
		found = append(found, centre)
	}
	for i := 0; i < len(centres) && len(found) < n; i++ {
		missing := slices.ContainsFunc(wanted, func(w string) bool { return !strings.Contains(words[i], " "+w) })
		if !missing && !strings.HasPrefix(string(centres[i].CCT), string(prefix)) {
			found = append(found, centres[i])
		}
	}
	return found
}

func byCCT(c Centre, want identity.CCT) int { return cmp.Compare(c.CCT, want) }

// read returns the centres of the current edition, sorted by CCT, with the words of each.
func (c *Catalogue) read(ctx context.Context) (centres []Centre, words []string) {
	err := c.store.View(ctx, func(tx provisioning.Tx) (err error) {
		centres, words, err = c.present(tx)
		return err
	})
	if err != nil {
		c.log.WarnContext(ctx, "catalogue not read", "err", err)
	}
	return centres, words
}

func (c *Catalogue) present(tx provisioning.Tx) ([]Centre, []string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	edition, err := editionOf(tx)
	if err != nil || edition == c.edition {
		return c.centres, c.words, err
	}
	centres, err := load(tx)
	if err != nil {
		return nil, nil, err
	}
	words := make([]string, len(centres))
	for i, centre := range centres {
		words[i] = folded(string(centre.CCT) + " " + centre.Name + " " + centre.Place)
	}
	c.edition, c.centres, c.words = edition, centres, words
	return centres, words, nil
}

// folded returns the words of a text, each preceded by a space, in lower case, without accents
// and surrounding punctuation.
func folded(text string) string {
	var b strings.Builder
	for word := range strings.FieldsSeq(input.Fold(text)) {
		b.WriteString(" " + strings.TrimFunc(word, unicode.IsPunct))
	}
	return b.String()
}
