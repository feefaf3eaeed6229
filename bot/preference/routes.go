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
				return pf.language(ctx, t, c.Rest)
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

// language offers the languages, or sets the named one.
func (pf *Preferences) language(ctx context.Context, t turn.Context, rest string) (cards.Message, error) {
	chosen := map[string]string{"es": "es-MX", "espanol": "es-MX", "spanish": "es-MX", "en": "en", "ingles": "en", "english": "en"}[words.Plain(rest)]
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
