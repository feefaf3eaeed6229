package diagram

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
)

// SVG returns the picture as an SVG document with a title and a description. It has no scripts and
// loads nothing.
func (p *Picture) SVG() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %s %s" role="img" aria-labelledby="title desc" lang="%s" font-family="'Open Sans','Segoe UI',sans-serif">`+"\n",
		number(p.Width), number(p.Height), escaped(p.language))
	fmt.Fprintf(&b, "<title id=\"title\">%s</title>\n<desc id=\"desc\">%s</desc>\n", escaped(p.title), escaped(p.description))
	fmt.Fprintf(&b, "<rect width=\"100%%\" height=\"100%%\" fill=%q/>\n", paper.hex())
	for _, s := range p.shapes {
		fmt.Fprintf(&b, "<path d=%q fill=%q stroke=%q stroke-width=\"1.5\"/>\n", outline(s), s.fill.hex(), s.stroke.hex())
	}
	for _, l := range p.lines {
		fmt.Fprintf(&b, "<path d=%q fill=\"none\" stroke=%q stroke-width=\"1.5\"/>\n", path(l.points), ink.hex())
		for _, head := range l.heads() {
			fmt.Fprintf(&b, "<path d=\"%sZ\" fill=%q/>\n", path(head), ink.hex())
		}
	}
	for _, t := range p.texts {
		b.WriteString(p.svgText(t))
	}
	b.WriteString("</svg>\n")
	return b.Bytes()
}

// svgText returns a line of text. textLength has it fit its box in another font, too.
func (p *Picture) svgText(t text) string {
	weight := ""
	if t.bold {
		weight = ` font-weight="700"`
	}
	return fmt.Sprintf("<text x=%q y=%q font-size=%q%s fill=%q textLength=%q lengthAdjust=\"spacingAndGlyphs\">%s</text>\n",
		number(t.at.x), number(t.at.y), number(t.size), weight, t.ink.hex(), number(p.fonts.width(t.says, t.bold, t.size)), escaped(t.says))
}

// outline returns a shape as SVG path data.
func outline(s shape) string {
	if s.round == 0 {
		return path(s.corners) + "Z"
	}
	var b strings.Builder
	for i, c := range s.rounded() {
		if i == 0 {
			fmt.Fprintf(&b, "M%s %s", number(c.from.x), number(c.from.y))
		} else {
			fmt.Fprintf(&b, "L%s %s", number(c.from.x), number(c.from.y))
		}
		fmt.Fprintf(&b, "Q%s %s %s %s", number(c.at.x), number(c.at.y), number(c.to.x), number(c.to.y))
	}
	return b.String() + "Z"
}

func path(points []point) string {
	var b strings.Builder
	for i, p := range points {
		b.WriteByte("ML"[min(i, 1)])
		b.WriteString(number(p.x) + " " + number(p.y))
	}
	return b.String()
}

// number returns a length with at most two decimals.
func number(v float64) string {
	s := strconv.FormatFloat(v, 'f', 2, 64)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}

func (c colour) hex() string { return fmt.Sprintf("#%06X", uint32(c)) }

func escaped(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s)) // a Buffer does not fail
	return b.String()
}
