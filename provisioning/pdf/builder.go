package pdf

import (
	"errors"
	"fmt"

	"github.com/carlos7ags/folio/barcode"
	"github.com/carlos7ags/folio/image"
	"github.com/carlos7ags/folio/layout"
)

// lineHeight is the height of a line, in sizes of its text.
const lineHeight = 1.3

// builder measures blocks into parts.
type builder struct{ face typeface }

func (b builder) parts(blocks []Block, width float64) ([]part, error) {
	var out []part
	for _, block := range blocks {
		parts, err := b.part(block, width)
		if err != nil {
			return nil, err
		}
		out = append(out, parts...)
	}
	return out, nil
}

func (b builder) part(block Block, width float64) ([]part, error) {
	switch v := block.(type) {
	case Paragraph:
		s := style{size: sizeOr(v.Size, BodySize), bold: v.Bold, align: v.Align, leading: lineHeight}
		return []part{b.prose("P", v.Text, width, s, spaced{v.After, v.KeepNext})}, nil
	case Heading:
		s := style{size: sizeOr(v.Size, BodySize), bold: true, align: v.Align, leading: lineHeight}
		return []part{b.prose(fmt.Sprintf("H%d", min(max(v.Level, 1), 6)), v.Text, width, s, spaced{v.After, true})}, nil
	case Spacer:
		return []part{solid{spaced: spaced{below: v.Height}}}, nil
	case Facts:
		return b.facts(v, width), nil
	case Table:
		return []part{b.table(v, width)}, nil
	case Signature:
		return []part{b.signature(v, width)}, nil
	case QR:
		return one(b.qr(v, width))
	case Image:
		return one(picture(v, width))
	case Rule:
		line := artifact(layout.PlacedBlock{Draw: hairline(width, 0.5, 0.4, v.Dashed)})
		return []part{solid{spaced{below: v.After}, []layout.PlacedBlock{line}, 1}}, nil
	case Columns:
		return one(b.columns(v, width))
	case Group:
		parts, err := b.parts(v.Blocks, width)
		return []part{group{parts: parts, limit: textHeight}}, err
	case PageBreak:
		return []part{pageBreak{}}, nil
	}
	return nil, fmt.Errorf("render: no such block: %T", block)
}

func one(s solid, err error) ([]part, error) { return []part{s}, err }

func sizeOr(size, usual float64) float64 {
	if size <= 0 {
		return usual
	}
	return size
}

func (b builder) prose(tag, text string, width float64, s style, space spaced) prose {
	lines, _ := b.face.lines(text, width, s)
	return prose{spaced: space, tag: tag, lines: lines, each: s.size * s.leading}
}

func (b builder) facts(v Facts, width float64) []part {
	s := style{size: sizeOr(v.Size, BodySize), leading: lineHeight}
	bold := s
	bold.bold, bold.follows = true, true
	label := sizeOr(v.Label, width/4)
	var out []part
	for i, row := range v.Rows {
		labels, h1 := b.face.lines(row.Label, label-cellSide, bold)
		values, h2 := b.face.lines(row.Value, width-label, s)
		space := spaced{below: 2, keep: i < len(v.Rows)-1}
		if !space.keep {
			space.below = v.After
		}
		out = append(out, solid{space, []layout.PlacedBlock{tagged("P", append(labels, moved(values, label, 0)...))}, max(h1, h2)})
	}
	return out
}

// signatureWidth is that of the line on which somebody signs.
const signatureWidth = 250

func (b builder) signature(v Signature, width float64) solid {
	x := 0.0
	switch v.Align {
	case Center:
		x = (width - signatureWidth) / 2
	case Right:
		x = width - signatureWidth
	case Left, Justify:
	}
	y := v.Room
	blocks := []layout.PlacedBlock{artifact(layout.PlacedBlock{X: x, Y: y, Draw: hairline(signatureWidth, 0, 0.2, false)})}
	y += 3
	for i, text := range v.Lines {
		s := style{size: BodySize, bold: i == 0, align: Center, leading: lineHeight}
		lines, height := b.face.lines(text, signatureWidth, s)
		blocks = append(blocks, tagged("P", moved(lines, x, y)))
		y += height
	}
	return solid{spaced{v.After, v.KeepNext}, blocks, y}
}

// quiet is the space beside a QR code: more than the four modules that readers need.
const quiet = 14

var errAlt = errors.New("render: a figure needs an alternative text")

func (b builder) qr(v QR, width float64) (solid, error) {
	if v.Alt == "" {
		return solid{}, errAlt
	}
	code, err := barcode.NewQRWithECC(v.Data, barcode.ECCLevelM)
	if err != nil {
		return solid{}, fmt.Errorf("encode qr: %w", err)
	}
	side := sizeOr(v.Side, 72)
	plan := layout.NewBarcodeElement(code, side).SetHeight(side).SetAltText(Clean(v.Alt)).
		PlanLayout(layout.LayoutArea{Width: width, Height: endless})
	lines, height := b.face.lines(v.Caption, width-side-quiet, style{size: TableSize, leading: lineHeight})
	caption := tagged("P", moved(lines, side+quiet, max((side-height)/2, 0)))
	return solid{spaced{below: v.After}, append(plan.Blocks, caption), max(side, height)}, nil
}

func picture(v Image, width float64) (solid, error) {
	if v.Alt == "" {
		return solid{}, errAlt
	}
	img, err := image.NewPNG(v.PNG)
	if err != nil {
		return solid{}, fmt.Errorf("read png: %w", err)
	}
	w, h := min(sizeOr(v.MaxWidth, width), width), min(sizeOr(v.MaxHeight, textHeight), textHeight)
	scale := min(w/float64(img.Width()), h/float64(img.Height()))
	element := layout.NewImageElement(img).SetSize(float64(img.Width())*scale, float64(img.Height())*scale)
	plan := element.SetAlign(aligns[v.Align]).SetAltText(Clean(v.Alt)).PlanLayout(layout.LayoutArea{Width: width, Height: endless})
	return solid{spaced{below: v.After}, plan.Blocks, plan.Consumed}, nil
}

func (b builder) columns(v Columns, width float64) (solid, error) {
	wanted := make([]float64, len(v.Cells))
	for i, cell := range v.Cells {
		wanted[i] = cell.Share
	}
	out, x := solid{spaced: spaced{below: v.After}}, 0.0
	for i, w := range shares(wanted, len(v.Cells), width-v.Gap*float64(len(v.Cells)-1)) {
		parts, err := b.parts(v.Cells[i].Blocks, w)
		if err != nil {
			return out, err
		}
		blocks, height := stack(parts)
		out.blocks = append(out.blocks, moved(blocks, x, 0)...)
		out.height = max(out.height, height)
		x += w + v.Gap
	}
	return out, nil
}
