package diagram

// Picture is a laid out Chart. Lengths are in units; one unit is one pixel of a PNG at scale 1.
type Picture struct {
	Width, Height float64

	language, title, description string
	fonts                        fonts
	shapes                       []shape
	lines                        []line
	texts                        []text
}

// point is a place, from the upper left.
type point struct{ x, y float64 }

// shape is a closed outline; round is the radius of its corners.
type shape struct {
	corners      []point
	round        float64
	fill, stroke colour
}

// line is an open path; arrowheads are at its end, or at both ends.
type line struct {
	points []point
	both   bool
}

// text is one line of text; at is the left end of its base line.
type text struct {
	at   point
	says string
	bold bool
	size float64
	ink  colour
}

// colour is 0xRRGGBB.
type colour uint32

// The colours. Each text has a contrast of at least 7:1 to what is behind it.
const (
	paper       colour = 0xFFFFFF
	ink         colour = 0x242424
	accent      colour = 0x6B1D36
	personFill  colour = 0xFBF1F3
	machineFill colour = 0xEEF3FB
	machineEdge colour = 0x2F4F7F
	exitFill    colour = 0xF7F7F7
	exitEdge    colour = ink
)
