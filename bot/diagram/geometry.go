package diagram

import "math"

// corner is a rounded corner: the outline leaves the edge at from and joins the next at to.
type corner struct{ from, at, to point }

// rounded returns the corners of a shape with a radius.
func (s shape) rounded() []corner {
	n := len(s.corners)
	all := make([]corner, n)
	for i, at := range s.corners {
		all[i] = corner{towards(at, s.corners[(i+n-1)%n], s.round), at, towards(at, s.corners[(i+1)%n], s.round)}
	}
	return all
}

// towards returns the point at a distance from one point to another, at most half-way.
func towards(from, to point, distance float64) point {
	dx, dy := to.x-from.x, to.y-from.y
	length := math.Hypot(dx, dy)
	part := math.Min(distance/length, 0.5)
	return point{from.x + dx*part, from.y + dy*part}
}

// Lengths of an arrowhead.
const (
	headLength = 9.0
	headWidth  = 7.0
)

// heads returns the triangles at the end of a line, or at both ends.
func (l line) heads() [][]point {
	n := len(l.points)
	all := [][]point{head(l.points[n-2], l.points[n-1])}
	if l.both {
		all = append(all, head(l.points[1], l.points[0]))
	}
	return all
}

func head(from, tip point) []point {
	base := towards(tip, from, headLength)
	dx, dy := tip.x-base.x, tip.y-base.y
	length := math.Hypot(dx, dy)
	ox, oy := -dy/length*headWidth/2, dx/length*headWidth/2
	return []point{tip, {base.x + ox, base.y + oy}, {base.x - ox, base.y - oy}}
}

// stroke returns the rectangles that a line of that width covers, each longer by beyond at both ends.
func stroke(points []point, width, beyond float64) (quads [][]point) {
	for i := 1; i < len(points); i++ {
		a, b := points[i-1], points[i]
		length := math.Hypot(b.x-a.x, b.y-a.y)
		if length == 0 {
			continue
		}
		dx, dy := (b.x-a.x)/length, (b.y-a.y)/length
		ux, uy := dx*width/2, dy*width/2
		a, b = point{a.x - dx*beyond, a.y - dy*beyond}, point{b.x + dx*beyond, b.y + dy*beyond}
		quads = append(quads, []point{{a.x - uy, a.y + ux}, {b.x - uy, b.y + ux}, {b.x + uy, b.y - ux}, {a.x + uy, a.y - ux}})
	}
	return quads
}
