package connector

// Answer is the body of the HTTP 200 that answers an Action.Execute.
// https://learn.microsoft.com/adaptive-cards/authoring-cards/universal-action-model#response-format
type Answer struct {
	StatusCode int    `json:"statusCode"`
	Type       string `json:"type"`
	Value      any    `json:"value"`
}

// AnswerCard replaces the card in the view of the person who clicked, and of no one else.
func AnswerCard(card any) Answer {
	return Answer{StatusCode: 200, Type: "application/vnd.microsoft.card.adaptive", Value: card}
}

// AnswerText shows the person who clicked a line of text.
func AnswerText(text string) Answer {
	return Answer{StatusCode: 200, Type: "application/vnd.microsoft.activity.message", Value: text}
}
