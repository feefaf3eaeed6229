// Package cards contains the Adaptive Cards and all texts, in Spanish (es-MX) and English.
//
// In returns the texts of a locale, At sets their time, and their methods return the cards:
//
//	t := cards.In(request.Locale).At(now.In(monterrey))
//	card := t.Approval(cards.Approval{RequestView: view, Stage: provisioning.Director})
//	json.Marshal(card) // an Adaptive Card 1.5; card.Summary is its text for notifications
//
// A view contains values of provisioning and nothing computed from a card. Read parses what a
// click sends. The texts are in texts/*.yaml; a test checks that both languages have the same
// keys. Gallery returns every card in every state.
package cards
