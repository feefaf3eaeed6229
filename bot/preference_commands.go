package bot

import (
	"context"
	"slices"

	"seducoahuila.gob.mx/altas/bot/recipient"
	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/bot/words"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
)

// preferenceCommands are those by which a person chooses how they are answered.
func (b *Bot) preferenceCommands() []turn.Command {
	return []turn.Command{
		{
			Name: "language", Offered: true,
			Words: []string{"idioma", "language", "lang", "espanol", "ingles", "english"},
			Personal: func(ctx context.Context, t turn.Context, c words.Asked) (cards.Message, error) {
				return b.language(ctx, t, c.Rest)
			},
		},
		{
			Name: "buttons", Offered: true,
			Words: []string{"botones", "boton", "buttons"},
			Personal: func(ctx context.Context, t turn.Context, c words.Asked) (cards.Message, error) {
				return b.buttons(ctx, t, c.Rest)
			},
		},
	}
}

// language shows the languages, or takes the one named.
func (b *Bot) language(ctx context.Context, t turn.Context, rest string) (cards.Message, error) {
	chosen := map[string]string{"es": "es-MX", "espanol": "es-MX", "spanish": "es-MX", "en": "en", "ingles": "en", "english": "en"}[words.Plain(rest)]
	if chosen == "" {
		return cards.Message{Card: t.Texts.Language()}, nil
	}
	texts, err := b.speak(ctx, t, chosen)
	return cards.Message{Text: texts.Say("language.set", nil)}, err
}

// speak keeps the language that a person chose.
func (b *Bot) speak(ctx context.Context, t turn.Context, locale string) (*cards.Texts, error) {
	t.Person.Chosen = locale
	err := b.Store.Update(ctx, func(tx provisioning.Tx) error {
		return b.recipients.Change(tx, t.By.ID, func(c *recipient.Person) { c.Chosen = locale })
	})
	return b.recipients.Texts(t.Person), err
}

// preferenceRoutes are what a person chooses.
func (b *Bot) preferenceRoutes() turn.Routes {
	return turn.Routes{
		Personal: map[string]turn.Verb{cards.LanguageSet: b.languageClick, cards.ButtonsSet: b.buttonsClick},
		Commands: b.preferenceCommands(),
	}
}

func (b *Bot) languageClick(ctx context.Context, t turn.Context, c cards.Click) (turn.Answer, error) {
	if !slices.Contains(cards.Locales[:], c.Locale) {
		return t.Outdated(), nil
	}
	texts, err := b.speak(ctx, t, c.Locale)
	return turn.Answer{Card: texts.Welcome()}, err
}
