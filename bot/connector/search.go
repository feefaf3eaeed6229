package connector

// InvokeSearch is the name of the invoke by which an input requests choices while a person
// types.
const InvokeSearch = "application/search"

// MaxChoices is how many choices Teams shows.
// https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/dynamic-search
const MaxChoices = 15

// Search is a dynamic typeahead search: what was typed so far.
type Search struct {
	Text    string
	Dataset string // as named by the card
}

// Choice is one result of a Search.
type Choice struct {
	Title string `json:"title"`
	Value string `json:"value"`
}

// Search returns the search that the activity carries, if it is one.
func (a *Activity) Search() (Search, bool) {
	if a.Type != TypeInvoke || a.Name != InvokeSearch {
		return Search{}, false
	}
	value := asFields(a.Value)
	return Search{Text: value.text("queryText"), Dataset: value.text("dataset")}, true
}

// AnswerSearch answers with choices, at most MaxChoices.
func AnswerSearch(choices []Choice) Answer {
	choices = append([]Choice{}, choices[:min(len(choices), MaxChoices)]...) // never null
	return Answer{StatusCode: 200, Type: "application/vnd.microsoft.search.searchResponse", Value: map[string]any{"results": choices}}
}
