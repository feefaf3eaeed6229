package cards

// The charts of Adaptive Cards in Teams, with the properties in use. They are no part of version
// 1.5: a client that does not know them shows the fallback.
// https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/charts-in-adaptive-cards
// Some phones show neither (https://github.com/microsoft/Teams-AdaptiveCards-Mobile/issues/314), so
// that a card has the figures of its charts as text too.

// groupedChart is a Chart.VerticalBar.Grouped: bars by x, one for each series; Stacked puts those of
// one x on one another.
type groupedChart struct {
	Type     string    `json:"type"`
	Title    string    `json:"title"`
	Stacked  bool      `json:"stacked,omitempty"`
	Data     []series  `json:"data"`
	Fallback container `json:"fallback"`
}

type series struct {
	Legend string  `json:"legend"`
	Color  string  `json:"color"`
	Values []point `json:"values"`
}

type point struct {
	X string  `json:"x"`
	Y float64 `json:"y"`
}

// stackedChart is a Chart.HorizontalBar.Stacked: one bar for each of Data, divided into parts.
type stackedChart struct {
	Type     string    `json:"type"`
	Title    string    `json:"title"`
	Data     []bar     `json:"data"`
	Fallback container `json:"fallback"`
}

type bar struct {
	Title string `json:"title"`
	Parts []part `json:"data"`
}

type part struct {
	Legend string  `json:"legend"`
	Value  float64 `json:"value"`
	Color  string  `json:"color"`
}

// chartColours are of Teams' categorical set, told apart in its light, dark and high-contrast themes
// and by most people with colour blindness. Each has a legend.
var chartColours = [...]string{"categoricalBlue", "categoricalMarigold", "categoricalTeal", "categoricalPurple", "categoricalLime"}

// chartColour returns the colour of the i-th series.
func chartColour(i int) string { return chartColours[i%len(chartColours)] }

// figure is a chart's title and its figures as text.
type figure struct {
	title string
	facts []string // title, value pairs
}

// text returns the figures with their title.
func (f figure) text() []any { return append([]any{subheading(f.title)}, facts(f.facts...)...) }

func (f figure) grouped(data ...series) groupedChart {
	return groupedChart{Type: "Chart.VerticalBar.Grouped", Title: f.title, Data: data, Fallback: box(f.text()...)}
}

func (f figure) stacked(data ...bar) stackedChart {
	return stackedChart{Type: "Chart.HorizontalBar.Stacked", Title: f.title, Data: data, Fallback: box(f.text()...)}
}
