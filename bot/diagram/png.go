package diagram

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"

	"golang.org/x/image/font"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// PNG returns the picture as a PNG of at most the width and the height, in pixels.
func (p *Picture) PNG(width, height int) ([]byte, error) {
	scale := math.Min(float64(width)/p.Width, float64(height)/p.Height)
	c := canvas{scale: scale, image: image.NewRGBA(image.Rect(0, 0, int(p.Width*scale), int(p.Height*scale)))}
	draw.Draw(c.image, c.image.Bounds(), image.NewUniform(paper.rgba()), image.Point{}, draw.Src)
	for _, s := range p.shapes {
		c.shape(s)
	}
	for _, l := range p.lines {
		c.line(l)
	}
	for _, t := range p.texts {
		if err := c.text(p.fonts, t); err != nil {
			return nil, err
		}
	}
	var b bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&b, c.reduced()); err != nil {
		return nil, fmt.Errorf("encode the picture: %w", err)
	}
	return b.Bytes(), nil
}

// canvas is an image being drawn; scale is in pixels a unit.
type canvas struct {
	image *image.RGBA
	scale float64
}

// edgeWidth is the width of lines and edges.
const edgeWidth = 1.5

func (c canvas) shape(s shape) {
	edge, beyond := append([]point(nil), s.corners...), edgeWidth/2
	if s.round > 0 {
		edge, beyond = edge[:0], 0.1 // the pieces of a curve are short
		for _, r := range s.rounded() {
			edge = append(edge, curve(r)...)
		}
	}
	c.fill(s.fill, edge)
	c.fill(s.stroke, stroke(append(edge, edge[0]), edgeWidth, beyond)...)
}

// curve returns points of a corner's quadratic curve.
func curve(r corner) (points []point) {
	const parts = 12
	for i := range parts + 1 {
		t := float64(i) / parts
		a, b, d := (1-t)*(1-t), 2*t*(1-t), t*t
		points = append(points, point{a*r.from.x + b*r.at.x + d*r.to.x, a*r.from.y + b*r.at.y + d*r.to.y})
	}
	return points
}

func (c canvas) line(l line) {
	c.fill(ink, stroke(l.points, edgeWidth, edgeWidth/2)...)
	c.fill(ink, l.heads()...)
}

// fill fills outlines, each by itself: they overlap.
func (c canvas) fill(with colour, outlines ...[]point) {
	for _, o := range outlines {
		box := c.bounds(o)
		r := vector.NewRasterizer(box.Dx(), box.Dy())
		for i, p := range o {
			x, y := float32(p.x*c.scale)-float32(box.Min.X), float32(p.y*c.scale)-float32(box.Min.Y)
			if i == 0 {
				r.MoveTo(x, y)
			} else {
				r.LineTo(x, y)
			}
		}
		r.ClosePath()
		r.Draw(c.image, box, image.NewUniform(with.rgba()), image.Point{})
	}
}

// bounds returns the pixels that an outline may touch.
func (c canvas) bounds(outline []point) image.Rectangle {
	low, high := outline[0], outline[0]
	for _, p := range outline {
		low = point{math.Min(low.x, p.x), math.Min(low.y, p.y)}
		high = point{math.Max(high.x, p.x), math.Max(high.y, p.y)}
	}
	return image.Rect(
		int(math.Floor(low.x*c.scale)), int(math.Floor(low.y*c.scale)), int(math.Ceil(high.x*c.scale))+1, int(math.Ceil(high.y*c.scale))+1,
	)
}

func (c canvas) text(f fonts, t text) error {
	face, err := f.face(t.bold, t.size*c.scale)
	if err != nil {
		return err
	}
	d := font.Drawer{
		Dst: c.image, Src: image.NewUniform(t.ink.rgba()), Face: face,
		Dot: fixed.Point26_6{X: fixed.Int26_6(t.at.x * c.scale * 64), Y: fixed.Int26_6(t.at.y * c.scale * 64)},
	}
	d.DrawString(t.says)
	return nil
}

// shades is how many steps there are between a colour and white, or a fill.
const shades = 3

// reduced returns the image with few colours, which makes the file some eight times smaller: a
// message of the bot has a limit.
func (c canvas) reduced() *image.Paletted {
	palette := color.Palette{paper.rgba(), exitFill.rgba(), personFill.rgba(), machineFill.rgba()}
	for _, each := range []colour{ink, accent, machineEdge} {
		for i := range shades {
			palette = append(palette, mixed(each, paper, float64(i)/shades))
		}
	}
	small := image.NewPaletted(c.image.Bounds(), palette)
	known := map[color.RGBA]uint8{}
	for y := range c.image.Bounds().Dy() {
		for x := range c.image.Bounds().Dx() {
			at := c.image.RGBAAt(x, y)
			index, ok := known[at]
			if !ok {
				index = uint8(palette.Index(at)) //nolint:gosec // below 16
				known[at] = index
			}
			small.SetColorIndex(x, y, index)
		}
	}
	return small
}

func mixed(a, b colour, part float64) color.RGBA {
	from, to := a.rgba(), b.rgba()
	mix := func(x, y uint8) uint8 { return uint8(float64(x)*(1-part) + float64(y)*part) }
	return color.RGBA{mix(from.R, to.R), mix(from.G, to.G), mix(from.B, to.B), 255}
}

func (c colour) rgba() color.RGBA {
	return color.RGBA{uint8(c >> 16), uint8(c >> 8), uint8(c), 255} //nolint:gosec // the bytes of the colour
}
