package preference

import (
	"context"
	"slices"

	"seducoahuila.gob.mx/altas/bot/recipient"
	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/bot/words"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
)

func (pf *Preferences) commands() []turn.Command {
	return []turn.Command{
		{
			Name: "language", Offered: true,
			Words: []string{"idioma", "language", "lang", "espanol", "ingles", "english"},
			Personal: func(ctx context.Context, t turn.Context, c words.Asked) (cards.Message, error) {
				return pf.language(ctx, t, localeNamed(c.Rest, t.Said))
			},
		},
		{
			Name: "buttons", Offered: true,
			Words: []string{"botones", "boton", "buttons"},
			Personal: func(ctx context.Context, t turn.Context, c words.Asked) (cards.Message, error) {
				return pf.buttons(ctx, t, c.Rest)
			},
		},
	}
}

// localeNamed returns the locale that is named after the command, or by the whole text, as in
// "English"; "" for none.
func localeNamed(rest, said string) string {
	if chosen := map[string]string{"es": cards.Spanish, "espanol": cards.Spanish, "spanish": cards.Spanish, "en": cards.English, "ingles": cards.English, "english": cards.English}[words.Plain(rest)]; chosen != "" {
		return chosen
	}
	switch words.IntentOf(said) {
	case words.EnglishNow:
		return cards.English
	case words.SpanishNow:
		return cards.Spanish
	}
	return ""
}

// language offers the languages, or sets the chosen one.
func (pf *Preferences) language(ctx context.Context, t turn.Context, chosen string) (cards.Message, error) {
	if chosen == "" {
		return cards.Message{Card: t.Texts.Language()}, nil
	}
	texts, err := pf.setLanguage(ctx, t, chosen)
	return cards.Message{Text: texts.Say("language.set", nil)}, err
}

// setLanguage stores a person's language, and returns the texts in it.
func (pf *Preferences) setLanguage(ctx context.Context, t turn.Context, locale string) (*cards.Texts, error) {
	t.Person.Chosen = locale
	err := pf.Store.Update(ctx, func(tx provisioning.Tx) error {
		return pf.Recipients.Change(tx, t.By.ID, func(c *recipient.Person) { c.Chosen = locale })
	})
	return pf.Recipients.Texts(t.Person), err
}

// Routes returns the commands and action verbs of preferences.
func (pf *Preferences) Routes() turn.Routes {
	return turn.Routes{
		Personal: map[string]turn.Verb{cards.LanguageSet: pf.languageClick, cards.ButtonsSet: pf.buttonsClick},
		Commands: pf.commands(),
	}
}

func (pf *Preferences) languageClick(ctx context.Context, t turn.Context, c cards.Click) (turn.Answer, error) {
	if !slices.Contains(cards.Locales[:], c.Locale) {
		return t.Outdated(), nil
	}
	texts, err := pf.setLanguage(ctx, t, c.Locale)
	return turn.Answer{Card: texts.Welcome()}, err
}
