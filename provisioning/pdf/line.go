package pdf

import (
	"fmt"
	"strings"

	"github.com/carlos7ags/folio/content"
	"github.com/carlos7ags/folio/font"
	"github.com/carlos7ags/folio/layout"
)

// aligns are folio's names of the alignments.
var aligns = map[Align]layout.Align{
	Left: layout.AlignLeft, Center: layout.AlignCenter, Right: layout.AlignRight, Justify: layout.AlignJustify,
}

// endless is a height in which everything fits.
const endless = 1e9

// textLine is one line of a wrapped text.
type textLine struct {
	text  string
	width float64 // of the text, without what follows it
	after string  // a space, where the next line begins with another word
	ends  bool    // the paragraph, or what stands before a "\n"
}

// lines returns the text wrapped to the width, one untagged block a line from the top down, and its
// height.
func (t typeface) lines(text string, width float64, s style) ([]layout.PlacedBlock, float64) {
	var blocks []layout.PlacedBlock
	height := s.size * s.leading
	for i, l := range t.wrap(text, width, s) {
		blocks = append(blocks, layout.PlacedBlock{Y: height * float64(i), Width: width, Height: height, Draw: t.draw(l, width, s)})
	}
	return blocks, height * float64(len(blocks))
}

// wrap breaks the text into lines. A mail address that is wider than a line breaks before its "@",
// any other such word where it must.
func (t typeface) wrap(text string, width float64, s style) []textLine {
	lines := t.broken(text, width, s)
	if n := len(lines); n > 0 && !s.follows {
		lines[n-1].after = ""
	}
	return lines
}

func (t typeface) broken(text string, width float64, s style) []textLine {
	face := t.of(s).Face()
	text = inFont(Clean(text), func(r rune) bool { return face.GlyphIndex(r) != 0 })
	if w := t.width(text, s); text != "" && w <= width && strings.Join(strings.Fields(text), " ") == text {
		return []textLine{{text: text, width: w, after: " ", ends: true}} // as are most cells of a table
	}
	paragraph := layout.NewParagraphEmbedded(t.breakAddresses(text, width, s), t.of(s), s.size).SetHyphens("none")
	var lines []textLine
	for _, l := range paragraph.Layout(width) {
		words := make([]string, len(l.Words))
		for i, w := range l.Words {
			words[i] = w.Text
		}
		if len(words) == 0 {
			continue
		}
		if n := len(lines); n > 0 {
			lines[n-1].ends = l.Words[0].LineBreak
			if strings.HasPrefix(words[0], "@") {
				lines[n-1].after = ""
			}
		}
		line := textLine{text: strings.Join(words, " "), ends: true}
		if l.Words[len(words)-1].SpaceAfter > 0 {
			line.after = " "
		}
		line.width = t.width(line.text, s)
		lines = append(lines, line)
	}
	return lines
}

func (t typeface) breakAddresses(text string, width float64, s style) string {
	if !strings.Contains(text, "@") {
		return text
	}
	words := strings.Split(text, " ")
	for i, word := range words {
		if at := strings.LastIndex(word, "@"); at > 0 && t.width(word, s) > width {
			words[i] = word[:at] + "\n" + word[at:]
		}
	}
	return strings.Join(words, " ")
}

// draw draws a line. Folio itself draws each word alone, without spaces between them, which a tagged
// PDF must have (ISO 32000-1, 14.8.2.5): without them screen readers run the words together.
func (t typeface) draw(l textLine, width float64, s style) draw {
	face := t.of(s)
	indent, stretch := 0.0, 0.0
	switch s.align {
	case Center:
		indent = (width - l.width) / 2
	case Right:
		indent = width - l.width
	case Justify:
		if gaps := strings.Count(l.text, " "); gaps > 0 && !l.ends {
			stretch = (width - l.width) / float64(gaps) / s.size * 1000
		}
	case Left:
	}
	return func(ctx layout.DrawContext, x, top float64) {
		out := ctx.Stream
		out.BeginText()
		out.SetFont(register(ctx.Page, face), s.size)
		out.MoveText(x+indent, top-baseline(face.Face(), s))
		out.ShowTextArrayHex(glyphs(face, l.text+l.after, stretch))
		out.EndText()
	}
}

// baseline returns how far below the top of a line its letters stand.
func baseline(face font.Face, s style) float64 {
	units := float64(face.UnitsPerEm())
	ascent, descent := float64(face.Ascent())/units, -float64(face.Descent())/units
	return s.size * (s.leading/2 + (ascent-descent)/2)
}

// glyphs returns the text with its kerning, and each space stretched, in thousandths of the size.
func glyphs(face *font.EmbeddedFont, text string, stretch float64) []content.TextArrayElement {
	var out []content.TextArrayElement
	var run []rune
	move := func(by float64) {
		out = append(out, content.TextArrayElement{HexData: face.EncodeString(string(run))})
		if run = run[:0]; by != 0 {
			out = append(out, content.TextArrayElement{Adjustment: -by, IsAdjustment: true})
		}
	}
	for _, r := range text {
		if n := len(run); n > 0 {
			by := face.Kern(run[n-1], r)
			if run[n-1] == ' ' {
				by += stretch
			}
			if by != 0 {
				move(by)
			}
		}
		run = append(run, r)
	}
	move(0)
	return out
}

// register returns the name of the font among the page's resources.
func register(page *layout.PageResult, face *font.EmbeddedFont) string {
	for _, f := range page.Fonts {
		if f.Embedded == face {
			return f.Name
		}
	}
	name := fmt.Sprintf("F%d", len(page.Fonts)+1)
	page.Fonts = append(page.Fonts, layout.FontEntry{Name: name, Embedded: face})
	return name
}
