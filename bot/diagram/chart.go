package diagram

// Chart is a flow chart. Its texts are in one language, Language (BCP 47).
type Chart struct {
	Language    string
	Title       string
	Description string // the whole chart in words, for who does not see it
	Steps       []Step // from top to bottom
	End         string // where the last step leads
	Notes       []string
}

// Step is a box: who does it, above what is done. By is drawn in bold.
type Step struct {
	By, Text string
	Tone     Tone
	Decision bool
	Exits    []Exit
}

// Exit is what leads away from a step: when, in bold, and where to.
type Exit struct {
	When, Text string
	To         Target
}

// Target is where an Exit leads.
type Target int

// The targets.
const (
	ToEnd   Target = iota // the chart is left
	ToStart               // to the first step
	ToStep                // back to the same step
)

// Tone is the colour of a Step, besides what its text says.
type Tone int

// The tones.
const (
	Person Tone = iota
	Machine
)
