package connector

// Answer is the body of the HTTP 200 that responds to an invoke.
// https://learn.microsoft.com/adaptive-cards/authoring-cards/universal-action-model#response-format
type Answer struct {
	StatusCode int    `json:"statusCode"`
	Type       string `json:"type"`
	Value      any    `json:"value"`
}

// AnswerCard replaces the card for the person who clicked only.
func AnswerCard(card any) Answer {
	return Answer{StatusCode: 200, Type: "application/vnd.microsoft.card.adaptive", Value: card}
}

// AnswerText shows a text to the person who clicked.
func AnswerText(text string) Answer {
	return Answer{StatusCode: 200, Type: "application/vnd.microsoft.activity.message", Value: text}
}
