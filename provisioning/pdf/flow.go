package pdf

import "github.com/carlos7ags/folio/layout"

// part is a measured piece of the document.
type part interface {
	// whole returns the part unbroken, from the top down, and its height.
	whole() ([]layout.PlacedBlock, float64)
	// lead returns the least height with which it can begin on a page.
	lead() float64
	// flow puts it on the present page and, if it must, on the next ones.
	flow(f *flow)
	// spacing returns the space below it, and whether it stays with the next part.
	spacing() (below float64, keep bool)
}

// spaced is the space below a part, and whether it stays with the next one.
type spaced struct {
	below float64
	keep  bool
}

func (s spaced) spacing() (float64, bool) { return s.below, s.keep }

// flow divides parts into pages.
type flow struct {
	height float64 // of a page
	pages  [][]layout.PlacedBlock
	y      float64 // where the last part on the page ends
	gap    float64 // space below it
}

func newFlow(height float64) *flow {
	return &flow{height: height, pages: make([][]layout.PlacedBlock, 1)}
}

func (f *flow) top() bool { return f.y == 0 }

// room returns the height that is left on the page.
func (f *flow) room() float64 { return f.height - f.y - f.gap }

// turn begins a new page.
func (f *flow) turn() {
	f.pages = append(f.pages, nil)
	f.y, f.gap = 0, 0
}

// need begins a new page if less than height is left on this one.
func (f *flow) need(height float64) {
	if !f.top() && f.room() < height {
		f.turn()
	}
}

// put places blocks below what is on the page.
func (f *flow) put(blocks []layout.PlacedBlock, height float64) {
	last := len(f.pages) - 1
	f.pages[last] = append(f.pages[last], moved(blocks, 0, f.y+f.gap)...)
	f.y += f.gap + height
	f.gap = 0
}

func (f *flow) add(parts []part) {
	for i, p := range parts {
		f.need(leadOf(parts[i:]))
		p.flow(f)
		below, _ := p.spacing()
		if !f.top() {
			f.gap += below
		}
	}
}

// leadOf returns the least height with which the first part can begin, with those that it must stay
// with.
func leadOf(parts []part) float64 {
	height := 0.0
	for i, p := range parts {
		below, keep := p.spacing()
		if !keep || i == len(parts)-1 {
			return height + p.lead()
		}
		_, h := p.whole()
		height += h + below
	}
	return height
}

// stack returns parts one below the other, unbroken, and their height.
func stack(parts []part) ([]layout.PlacedBlock, float64) {
	var all []layout.PlacedBlock
	y, gap := 0.0, 0.0
	for _, p := range parts {
		blocks, height := p.whole()
		if len(blocks) == 0 && height == 0 {
			below, _ := p.spacing()
			gap += below
			continue
		}
		all = append(all, moved(blocks, 0, y+gap)...)
		y += gap + height
		gap, _ = p.spacing()
	}
	return all, y
}

func moved(blocks []layout.PlacedBlock, x, y float64) []layout.PlacedBlock {
	out := make([]layout.PlacedBlock, len(blocks))
	for i, b := range blocks {
		b.X, b.Y = b.X+x, b.Y+y
		out[i] = b
	}
	return out
}

// solid is a part that is never broken.
type solid struct {
	spaced
	blocks []layout.PlacedBlock
	height float64
}

func (s solid) whole() ([]layout.PlacedBlock, float64) { return s.blocks, s.height }
func (s solid) lead() float64                          { return s.height }
func (s solid) flow(f *flow) {
	if s.height > 0 {
		f.put(s.blocks, s.height)
	}
}

// group is parts that stay on one page, if they fit one.
type group struct {
	spaced
	parts []part
	limit float64 // height of a page
}

func (g group) whole() ([]layout.PlacedBlock, float64) { return stack(g.parts) }

func (g group) lead() float64 {
	if _, height := g.whole(); height <= g.limit {
		return height
	}
	return leadOf(g.parts)
}

func (g group) flow(f *flow) { f.add(g.parts) }

// pageBreak begins a new page.
type pageBreak struct{ spaced }

func (pageBreak) whole() ([]layout.PlacedBlock, float64) { return nil, 0 }
func (pageBreak) lead() float64                          { return 0 }
func (pageBreak) flow(f *flow) {
	if !f.top() {
		f.turn()
	}
}

// prose is text that breaks between lines, at least two on each page.
type prose struct {
	spaced
	tag   string
	lines []layout.PlacedBlock
	each  float64 // height of a line
}

const least = 2 // lines of a paragraph on a page

func (p prose) whole() ([]layout.PlacedBlock, float64) {
	return p.cut(0, len(p.lines)), p.each * float64(len(p.lines))
}

func (p prose) lead() float64 {
	if len(p.lines) < 2*least {
		return p.each * float64(len(p.lines))
	}
	return p.each * least
}

func (p prose) flow(f *flow) {
	for from := 0; from < len(p.lines); {
		left := len(p.lines) - from
		n := min(left, max(int((f.room()+0.01)/p.each), least))
		if left-n > 0 && left-n < least {
			n = max(left-least, 1)
		}
		f.put(p.cut(from, from+n), p.each*float64(n))
		if from += n; from < len(p.lines) {
			f.turn()
		}
	}
}

// cut returns the lines from..to as one paragraph.
func (p prose) cut(from, to int) []layout.PlacedBlock {
	if from == to {
		return nil
	}
	return []layout.PlacedBlock{tagged(p.tag, moved(p.lines[from:to], 0, -p.each*float64(from)))}
}
