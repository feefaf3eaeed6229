package form

import (
	"context"
	"slices"
	"strings"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/bot/words"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning/identity"
)

// maxSearched bounds the text of a search, in characters.
const maxSearched = 200

// Search answers a dynamic typeahead search (Data.Query) of the work centres.
func (fs *Forms) Search(ctx context.Context, s connector.Search) (any, error) {
	if s.Dataset != cards.Centres {
		return connector.AnswerSearch(nil), nil
	}
	var choices []connector.Choice
	text := words.Clip(s.Text, maxSearched)
	for _, c := range fs.Catalogue.Like(ctx, text, connector.MaxChoices) {
		choices = append(choices, connector.Choice{Title: joined(string(c.CCT), c.Name, c.Place), Value: string(c.CCT)})
	}
	cct, err := identity.ParseCCT(text)
	known := slices.ContainsFunc(choices, func(c connector.Choice) bool { return c.Value == string(cct) })
	if err == nil && !known {
		choices = slices.Insert(choices, 0, connector.Choice{Title: string(cct), Value: string(cct)})
	}
	return connector.AnswerSearch(choices), nil
}

func joined(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), " · ")
}
