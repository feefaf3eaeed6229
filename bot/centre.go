package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
)

// Centre is a work centre of the catalogue; Place is its municipality or town.
type Centre struct {
	CCT   provisioning.CCT `json:"cct"`
	Name  string           `json:"name"`
	Place string           `json:"place,omitempty"`
}

// The catalogue lies in pages, so that reading it is a few reads; its edition is
// another each time that it is replaced.
var (
	centrePages    = table[[]Centre]{"centres"}       // "0001"
	centreEditions = table[string]{"centres-edition"} // "now"
)

const centresOnAPage = 500

// SaveCentres puts a catalogue in place of the one before; of centres with the same
// CCT the last is kept. edition is a name that no catalogue had.
func SaveCentres(tx provisioning.Tx, all []Centre, edition string) error {
	var old []string
	for key, err := range tx.Keys(centrePages.kind, "") {
		if err != nil {
			return err
		}
		old = append(old, key)
	}
	for _, key := range old {
		if err := centrePages.drop(tx, key); err != nil {
			return err
		}
	}
	n := 0
	for page := range slices.Chunk(settled(all), centresOnAPage) {
		n++
		if err := centrePages.put(tx, fmt.Sprintf("%04d", n), page); err != nil {
			return err
		}
	}
	return centreEditions.put(tx, "now", edition)
}

// settled returns the centres by CCT, each once.
func settled(all []Centre) []Centre {
	last := make(map[provisioning.CCT]Centre, len(all))
	for _, c := range all {
		last[c.CCT] = c
	}
	one := make([]Centre, 0, len(last))
	for _, c := range last {
		one = append(one, c)
	}
	slices.SortFunc(one, func(a, b Centre) int { return cmp.Compare(a.CCT, b.CCT) })
	return one
}

// catalogue is the work centres as they are searched: read from the store once for
// each edition.
type catalogue struct {
	mu      sync.Mutex
	edition string
	centres []Centre
	words   []string // of each centre: folded, each behind a space
}

// read returns the catalogue of the store, by CCT, with its words.
func (c *catalogue) read(tx provisioning.Tx) ([]Centre, []string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	edition, _, err := centreEditions.get(tx, "now")
	if err != nil || edition == c.edition {
		return c.centres, c.words, err
	}
	var centres []Centre
	for key, err := range tx.Keys(centrePages.kind, "") {
		if err != nil {
			return nil, nil, err
		}
		page, _, err := centrePages.get(tx, key)
		if err != nil {
			return nil, nil, err
		}
		centres = append(centres, page...)
	}
	words := make([]string, len(centres))
	for i, centre := range centres {
		words[i] = folded(string(centre.CCT) + " " + centre.Name + " " + centre.Place)
	}
	c.edition, c.centres, c.words = edition, centres, words
	return centres, words, nil
}

// folded returns the words of a text without accents and in lower case, each behind
// a space.
func folded(text string) string {
	var b strings.Builder
	for word := range strings.FieldsSeq(text) {
		b.WriteString(" " + plain(word))
	}
	return b.String()
}

// centres returns the catalogue; none where it was never brought in, or cannot be
// read, which the form does without.
func (b *Bot) centres(ctx context.Context) (all []Centre, words []string) {
	err := b.Store.View(ctx, func(tx provisioning.Tx) (err error) {
		all, words, err = b.catalogue.read(tx)
		return err
	})
	if err != nil {
		b.Log.WarnContext(ctx, "catalogue not read", "err", err)
	}
	return all, words
}

// centre returns the centre of a CCT, as typed.
func (b *Bot) centre(ctx context.Context, typed string) (Centre, bool) {
	cct, err := provisioning.ParseCCT(typed)
	if err != nil {
		return Centre{}, false
	}
	all, _ := b.centres(ctx)
	i, found := slices.BinarySearchFunc(all, cct, func(c Centre, want provisioning.CCT) int { return cmp.Compare(c.CCT, want) })
	if !found {
		return Centre{}, false
	}
	return all[i], true
}

// CentreName implements provisioning.Catalogue.
func (b *Bot) CentreName(ctx context.Context, c provisioning.CCT) string {
	centre, _ := b.centre(ctx, string(c))
	return centre.Name
}

// search answers an input that searches while somebody types.
func (b *Bot) search(ctx context.Context, s connector.Search) (any, error) {
	if s.Dataset != cards.Centres {
		return connector.AnswerSearch(nil), nil
	}
	var choices []connector.Choice
	text := clipRunes(s.Text, maxQuery)
	for _, c := range b.centresLike(ctx, text) {
		choices = append(choices, connector.Choice{Title: joined(string(c.CCT), c.Name, c.Place), Value: string(c.CCT)})
	}
	cct, err := provisioning.ParseCCT(text)
	known := slices.ContainsFunc(choices, func(c connector.Choice) bool { return c.Value == string(cct) })
	if err == nil && !known {
		choices = slices.Insert(choices, 0, connector.Choice{Title: string(cct), Value: string(cct)})
	}
	return connector.AnswerSearch(choices), nil
}

// centresLike returns the first centres whose CCT begins with the text, then those
// that have a word beginning with each of its words.
func (b *Bot) centresLike(ctx context.Context, text string) []Centre {
	wanted := strings.FieldsFunc(folded(text), func(r rune) bool { return r == ' ' })
	if len(wanted) == 0 {
		return nil
	}
	all, words := b.centres(ctx)
	prefix := provisioning.CCT(strings.ToUpper(strings.Join(wanted, "")))
	from, _ := slices.BinarySearchFunc(all, prefix, func(c Centre, want provisioning.CCT) int { return cmp.Compare(c.CCT, want) })
	var found []Centre
	for _, c := range all[from:] {
		if len(found) == connector.MaxChoices || !strings.HasPrefix(string(c.CCT), string(prefix)) {
			break
		}
		found = append(found, c)
	}
	for i := 0; i < len(all) && len(found) < connector.MaxChoices; i++ {
		missing := slices.ContainsFunc(wanted, func(w string) bool { return !strings.Contains(words[i], " "+w) })
		if !missing && !strings.HasPrefix(string(all[i].CCT), string(prefix)) {
			found = append(found, all[i])
		}
	}
	return found
}

func joined(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), " · ")
}

// ParseCentre returns a line of a list as a centre of the catalogue. What the list
// calls its columns is CentreColumns.
func ParseCentre(cells map[string]string) (Centre, error) {
	cct, err := provisioning.ParseCCT(cells["cct"])
	name, badName := provisioning.ParseCentreName(cells["name"])
	return Centre{CCT: cct, Name: name, Place: clipRunes(strings.Join(strings.Fields(cells["place"]), " "), 80)}, errors.Join(err, badName)
}

// CentreColumns are the words, folded, by which a list of work centres heads its
// columns.
var CentreColumns = map[string]string{
	"cct":   "cct|clave|clavecct|clavedecentrodetrabajo|clavedelcentrodetrabajo|cvecct|ct",
	"name":  "nombre|nombrect|nombredelcentro|nombredelcentrodetrabajo|centro|centrodetrabajo|escuela|plantel|nombredelplantel",
	"place": "municipio|nombredelmunicipio|nommun|localidad",
}
