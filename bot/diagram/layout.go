package diagram

import "errors"

// Lengths of the layout.
const (
	margin    = 16.0
	stepWidth = 340.0
	gap       = 44.0 // between steps and exits
	exitWidth = 236.0
	returns   = 18.0 // between exits and the line back to the first step
	between   = 22.0 // steps, from bottom to top
	padding   = 10.0
	pointed   = 14.0 // depth of a decision's points

	textSize  = 14.0
	titleSize = 18.0
	lineUnits = 1.32 // height of a line, in sizes
	ascent    = 1.02 // from a line's top to its base line, in sizes
)

// layout is a Picture being made; y is where the next thing goes.
type layout struct {
	Picture
	y     float64
	start float64 // the middle of the first step
	above float64 // the bottom of the step above; 0 above the first
	free  float64 // from here on there is no exit yet
}

// Draw lays out a chart, which has at least one step.
func Draw(c Chart) (*Picture, error) {
	if len(c.Steps) == 0 {
		return nil, errors.New("diagram: a chart needs a step")
	}
	loaded, err := loadFonts()
	if err != nil {
		return nil, err
	}
	l := layout{y: margin, Picture: Picture{
		Width:    margin + stepWidth + gap + exitWidth + returns + margin,
		language: c.Language, title: c.Title, description: c.Description, fonts: loaded,
	}}
	l.paragraph(c.Title, true, titleSize, accent)
	l.y += padding
	for _, s := range c.Steps {
		l.step(s)
	}
	l.end(c.End)
	for _, note := range c.Notes {
		l.paragraph(note, false, textSize, ink)
	}
	l.Height = l.y + margin
	return &l.Picture, nil
}

// paragraph sets a text over the whole width.
func (l *layout) paragraph(says string, bold bool, size float64, c colour) {
	for _, each := range l.fonts.wrap(says, bold, size, l.Width-2*margin) {
		l.texts = append(l.texts, text{point{margin, l.y + ascent*size}, each, bold, size, c})
		l.y += lineUnits * size
	}
}

// step places a step and its exits, and the arrow from the step above.
func (l *layout) step(s Step) {
	inside := stepWidth - 2*padding
	if s.Decision {
		inside -= 2 * pointed
	}
	own := l.height(s.By, s.Text, inside)
	exits := make([]float64, len(s.Exits))
	all := 0.0
	for i, e := range s.Exits {
		exits[i] = l.height(e.When, e.Text, exitWidth-2*padding)
		all += exits[i] + padding
	}
	middle := l.y + own/2
	if len(exits) > 0 {
		middle = max(middle, l.free+exits[0]/2) // so that lines to exits do not run over those of the step above
	}
	top := middle - own/2
	if l.above > 0 {
		l.arrow(point{margin + stepWidth/2, l.above}, point{margin + stepWidth/2, top})
	} else {
		l.start = middle
		l.free = middle + between // below the line that leads back here
	}
	l.box(s, top, own, inside)
	exitTop := max(l.free, middle-(all-padding)/2)
	for i, e := range s.Exits {
		l.exit(e, middle, exitTop, exits[i])
		exitTop += exits[i] + padding
		l.free = exitTop + padding
	}
	l.above = top + own
	l.y = l.above + between
}

// height returns the height of a box of two texts, the first in bold.
func (l *layout) height(bold, plain string, width float64) float64 {
	n := len(l.fonts.wrap(bold, true, textSize, width)) + len(l.fonts.wrap(plain, false, textSize, width))
	return float64(n)*lineUnits*textSize + 2*padding
}

// box draws a step.
func (l *layout) box(s Step, top, height, inside float64) {
	fill, edge := personFill, accent
	if s.Tone == Machine {
		fill, edge = machineFill, machineEdge
	}
	left, right, bottom := margin, margin+stepWidth, top+height
	corners, round := rectangle(left, top, stepWidth, height), 4.0
	if s.Decision {
		middle := top + height/2
		corners = []point{
			{left, middle}, {left + pointed, top}, {right - pointed, top}, {right, middle}, {right - pointed, bottom}, {left + pointed, bottom},
		}
		round = 0
	}
	l.shapes = append(l.shapes, shape{corners, round, fill, edge})
	l.inside(s.By, s.Text, left+(stepWidth-inside)/2, top, inside, edge)
}

// inside sets the two texts of a box.
func (l *layout) inside(bold, plain string, left, top, width float64, head colour) {
	y := top + padding
	for _, each := range l.fonts.wrap(bold, true, textSize, width) {
		l.texts = append(l.texts, text{point{left, y + ascent*textSize}, each, true, textSize, head})
		y += lineUnits * textSize
	}
	for _, each := range l.fonts.wrap(plain, false, textSize, width) {
		l.texts = append(l.texts, text{point{left, y + ascent*textSize}, each, false, textSize, ink})
		y += lineUnits * textSize
	}
}

// exit draws an exit of the step whose middle is given, and the arrows to and from it.
func (l *layout) exit(e Exit, middle, top, height float64) {
	left := margin + stepWidth + gap
	round := 4.0
	if e.To == ToEnd {
		round = 16
	}
	l.shapes = append(l.shapes, shape{rectangle(left, top, exitWidth, height), round, exitFill, exitEdge})
	l.inside(e.When, e.Text, left+padding, top, exitWidth-2*padding, ink)
	own := top + height/2
	fork := margin + stepWidth + gap/2
	l.lines = append(l.lines, line{bent(point{margin + stepWidth, middle}, fork, point{left, own}), e.To == ToStep})
	if e.To == ToStart {
		back := left + exitWidth + returns
		l.arrow(point{left + exitWidth, own}, point{back, own}, point{back, l.start}, point{margin + stepWidth, l.start})
	}
}

// bent returns a path from one point to another that turns at x.
func bent(from point, x float64, to point) []point {
	if from.y == to.y {
		return []point{from, to}
	}
	return []point{from, {x, from.y}, {x, to.y}, to}
}

// end draws where the last step leads.
func (l *layout) end(says string) {
	height := l.height(says, "", stepWidth)
	width := l.fonts.width(says, true, textSize) + 4*padding
	left := margin + (stepWidth-width)/2
	l.arrow(point{margin + stepWidth/2, l.above}, point{margin + stepWidth/2, l.y})
	l.shapes = append(l.shapes, shape{rectangle(left, l.y, width, height), height / 2, paper, ink})
	l.inside(says, "", left+2*padding, l.y, width, ink)
	l.y = max(l.y+height+padding, l.free)
}

func (l *layout) arrow(points ...point) { l.lines = append(l.lines, line{points, false}) }

func rectangle(x, y, w, h float64) []point {
	return []point{{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}}
}
