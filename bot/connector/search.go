package connector

// InvokeSearch is the name of the invoke that an input asks for choices with, while
// somebody types.
const InvokeSearch = "application/search"

// MaxChoices is how many choices Teams shows.
// https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/dynamic-search
const MaxChoices = 15

// Search is what somebody has typed so far into an input that searches.
type Search struct {
	Text    string
	Dataset string // as the card names it
}

// Choice is one answer to a Search.
type Choice struct {
	Title string `json:"title"`
	Value string `json:"value"`
}

// Search returns the search that an activity is, if it is one.
func (a *Activity) Search() (Search, bool) {
	if a.Type != TypeInvoke || a.Name != InvokeSearch {
		return Search{}, false
	}
	value := asFields(a.Value)
	return Search{Text: value.text("queryText"), Dataset: value.text("dataset")}, true
}

// AnswerSearch offers choices, of which at most MaxChoices are sent.
func AnswerSearch(choices []Choice) Answer {
	choices = append([]Choice{}, choices[:min(len(choices), MaxChoices)]...) // never null
	return Answer{StatusCode: 200, Type: "application/vnd.microsoft.search.searchResponse", Value: map[string]any{"results": choices}}
}
