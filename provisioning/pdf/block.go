package pdf

// Block is one piece of a document: Paragraph, Heading, Spacer, Facts, Table, Signature, QR, Image,
// Rule, Columns, Group or PageBreak.
type Block interface{ block() }

// Align is where the lines of a text stand between its margins.
type Align int

// The alignments; Left is the zero value.
const (
	Left Align = iota
	Center
	Right
	Justify
)

// Sizes of text, in points.
const (
	BodySize  = 10
	SmallSize = 8.5
	TableSize = 8
)

// Paragraph is text that wraps; "\n" ends a line. Broken over pages, it leaves at least two lines on
// each.
type Paragraph struct {
	Text     string
	Size     float64 // 0 is BodySize
	Bold     bool
	Align    Align
	After    float64 // space below
	KeepNext bool    // on the page on which the next block begins
}

// Heading is the title of what follows, and stays with it.
type Heading struct {
	Text  string
	Level int     // 1 to 6
	Size  float64 // 0 is BodySize
	Align Align
	After float64
}

// Spacer is empty space; none at the top of a page.
type Spacer struct{ Height float64 }

// Fact is a label and what it says.
type Fact struct{ Label, Value string }

// Facts are two columns: bold labels, and their values.
type Facts struct {
	Rows  []Fact
	Label float64 // width of the labels; 0 is a quarter of the whole
	Size  float64 // 0 is BodySize
	After float64
}

// Table is a table with one line of headings, which each page repeats. It is printed as one table a
// page; none of them has fewer than three rows, unless the table has fewer.
type Table struct {
	Header []string
	Widths []float64 // shares of the whole width, one for each column
	Rows   [][]string
	Size   float64 // 0 is TableSize
	After  float64
}

// Signature is the place to sign: room for the autograph, a line, and what stands beneath it, the
// first in bold. It is never broken.
type Signature struct {
	Lines []string
	Room  float64 // height left for the autograph
	Align Align
	After float64
	// KeepNext keeps it on the page on which the next block begins.
	KeepNext bool
}

// QR is a code that phones read, with a text beside it. It is never broken.
type QR struct {
	Data    string
	Alt     string  // what the code is, for those who do not see it; required
	Caption string  // "\n" ends a line
	Side    float64 // of the square
	After   float64
}

// Image is a picture, within MaxWidth and MaxHeight.
type Image struct {
	PNG                 []byte
	Alt                 string // what it shows, for those who do not see it; required
	MaxWidth, MaxHeight float64
	Align               Align
	After               float64
}

// Rule is a line across the page; Dashed is where to cut.
type Rule struct {
	Dashed bool
	After  float64
}

// Columns are blocks side by side, never broken over pages.
type Columns struct {
	Cells []Column
	Gap   float64 // between two columns
	After float64
}

// Column is one column; Share is its part of the width that the gaps leave.
type Column struct {
	Share  float64
	Blocks []Block
}

// Group is blocks that stay on one page, if they fit one.
type Group struct{ Blocks []Block }

// PageBreak begins a new page.
type PageBreak struct{}

func (Paragraph) block() {}
func (Heading) block()   {}
func (Spacer) block()    {}
func (Facts) block()     {}
func (Table) block()     {}
func (Signature) block() {}
func (QR) block()        {}
func (Image) block()     {}
func (Rule) block()      {}
func (Columns) block()   {}
func (Group) block()     {}
func (PageBreak) block() {}
