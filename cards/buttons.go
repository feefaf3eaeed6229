package cards

// Buttons is how the buttons of cards are drawn.
type Buttons string

// The ways to draw buttons. An Action.Execute is answered in the view of whoever pressed
// it, and does nothing on Teams for iOS and Android since January 2026, nor is its fallback
// sent: https://github.com/microsoft/AdaptiveCards/issues/9315. An Action.Submit is a
// message to the bot, which answers by another, or by putting another card in the place of
// the one that was pressed, for everybody. The zero Buttons are ExecuteButtons.
const (
	ExecuteButtons Buttons = "execute"
	SubmitButtons  Buttons = "submit"
)

// Valid reports whether there are such buttons.
func (b Buttons) Valid() bool { return b == ExecuteButtons || b == SubmitButtons }

// ChooseButtons asks a person how they want their buttons. Its own serve on every
// telephone: whoever needs this card could press no others.
func (t *Texts) ChooseButtons() Card {
	t = t.With(SubmitButtons)
	return Card{
		Summary: t.fixed["buttons.title"],
		body: []any{
			heading(t.fixed["buttons.title"]), paragraph(t.fixed["buttons.why"]),
			small(t.fixed["buttons.password"]),
		},
		actions: []action{
			t.execute(t.fixed["buttons.submit"], Data{Verb: ButtonsSet, Buttons: SubmitButtons}),
			t.execute(t.fixed["buttons.execute"], Data{Verb: ButtonsSet, Buttons: ExecuteButtons}),
		},
	}
}
