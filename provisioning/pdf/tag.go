package pdf

import "github.com/carlos7ags/folio/layout"

// tagged puts blocks into one element of the document's structure, as "P" or "TD".
func tagged(tag string, children []layout.PlacedBlock) layout.PlacedBlock {
	return layout.PlacedBlock{Tag: tag, Children: children}
}

// container puts elements into one that has no content of its own, as "Table" or "TR". Folio would
// nest the content of its children in its own, which ISO 32000-1, 14.7.4.2 has no meaning for; so
// it is ended before the first child, and an artifact, drawn last, is there for folio to end.
func container(tag string, children []layout.PlacedBlock, last draw) layout.PlacedBlock {
	return layout.PlacedBlock{
		Tag: tag, Children: children,
		Draw: func(ctx layout.DrawContext, _, _ float64) { ctx.Stream.EndMarkedContent() },
		PostDraw: func(ctx layout.DrawContext, x, top float64) {
			ctx.Stream.BeginMarkedContent("Artifact")
			if last != nil {
				last(ctx, x, top)
			}
		},
	}
}

// draw draws into a page whose y grows upwards, from the upper left corner of a block.
type draw func(ctx layout.DrawContext, x, top float64)

// artifact makes the block one that screen readers skip. (Folio's own BeginArtifact writes BDC
// without the properties that BDC must have.)
func artifact(b layout.PlacedBlock) layout.PlacedBlock {
	inner := b.Draw
	b.Draw = func(ctx layout.DrawContext, x, top float64) {
		ctx.Stream.BeginMarkedContent("Artifact")
		if inner != nil {
			inner(ctx, x, top)
		}
	}
	b.PostDraw = func(ctx layout.DrawContext, _, _ float64) { ctx.Stream.EndMarkedContent() }
	return b
}

// hairline draws a horizontal line, down below the block's top.
func hairline(width, down, gray float64, dashed bool) draw {
	return func(ctx layout.DrawContext, x, top float64) {
		s := ctx.Stream
		s.SaveState()
		s.SetLineWidth(0.6)
		s.SetStrokeColorRGB(gray, gray, gray)
		if dashed {
			s.SetDashPattern([]float64{4, 3}, 0)
		}
		s.MoveTo(x, top-down)
		s.LineTo(x+width, top-down)
		s.Stroke()
		s.RestoreState()
	}
}

// shade fills a rectangle with gray, height down from the block's top.
func shade(width, height, gray float64) draw {
	return func(ctx layout.DrawContext, x, top float64) {
		s := ctx.Stream
		s.SaveState()
		s.SetFillColorRGB(gray, gray, gray)
		s.Rectangle(x, top-height, width, height)
		s.Fill()
		s.RestoreState()
	}
}
