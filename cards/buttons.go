package cards

// Buttons is the type of action that buttons use.
type Buttons string

// The types of buttons. The response to an Action.Execute is shown only to the person who pressed
// it. On Teams for iOS and Android it has done nothing since January 2026, and its fallback is not
// sent: https://github.com/microsoft/AdaptiveCards/issues/9315. An Action.Submit is a message to
// the bot, which answers with another message or updates the card for everybody. The zero Buttons
// is ExecuteButtons.
const (
	ExecuteButtons Buttons = "execute"
	SubmitButtons  Buttons = "submit"
)

// Valid reports whether b is one of the types.
func (b Buttons) Valid() bool { return b == ExecuteButtons || b == SubmitButtons }

// ChooseButtons asks a person which buttons they want. Its own are SubmitButtons, which work on
// every client.
func (t *Texts) ChooseButtons() Card {
	t = t.With(SubmitButtons)
	return Card{
		lang:    t.locale,
		Summary: t.fixed["buttons.title"],
		body: []any{
			band(styleEmphasis, heading(t.fixed["buttons.title"])), paragraph(t.fixed["buttons.why"]),
			small(t.fixed["buttons.password"]),
		},
		actions: []action{
			t.execute(t.fixed["buttons.submit"], Data{Verb: ButtonsSet, Buttons: SubmitButtons}),
			t.execute(t.fixed["buttons.execute"], Data{Verb: ButtonsSet, Buttons: ExecuteButtons}),
		},
	}
}
