// Package cards is what people see: the adaptive cards, and every text, in
// Spanish (es-MX) and English.
//
// Ask In for the texts of a locale, tell them the time with At, and let them draw:
//
//	t := cards.In(request.Locale).At(now.In(monterrey))
//	card := t.Approval(cards.Approval{RequestView: view, Stage: provisioning.Director})
//	json.Marshal(card) // an Adaptive Card 1.5; card.Summary is its text for notifications
//
// A view holds the domain's own values and nothing computed from a card. What a
// click sends back is read with Read. The texts are in texts/*.yaml; a test holds
// both languages to the same keys. Gallery draws every card in every state.
package cards
