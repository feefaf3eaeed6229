package diagram

import (
	"fmt"
	"strings"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"seducoahuila.gob.mx/altas/provisioning/typeface"
)

// fonts are the parsed fonts; opentype.Face is not safe for concurrent use, these are.
type fonts struct{ regular, bold *sfnt.Font }

var loadFonts = sync.OnceValues(func() (fonts, error) {
	regular, err := opentype.Parse(typeface.Regular())
	if err != nil {
		return fonts{}, fmt.Errorf("parse the regular font: %w", err)
	}
	bold, err := opentype.Parse(typeface.Bold())
	if err != nil {
		return fonts{}, fmt.Errorf("parse the bold font: %w", err)
	}
	return fonts{regular, bold}, nil
})

// face returns a font at a size in pixels.
func (f fonts) face(bold bool, size float64) (font.Face, error) {
	of := f.regular
	if bold {
		of = f.bold
	}
	face, err := opentype.NewFace(of, &opentype.FaceOptions{Size: size, DPI: 72})
	if err != nil {
		return nil, fmt.Errorf("set the font to %v pixels: %w", size, err)
	}
	return face, nil
}

// width returns the width of a text in one line, in units.
func (f fonts) width(text string, bold bool, size float64) float64 {
	of := f.regular
	if bold {
		of = f.bold
	}
	var (
		buffer sfnt.Buffer
		sum    fixed.Int26_6
	)
	for _, r := range text {
		glyph, err := of.GlyphIndex(&buffer, r)
		if err != nil {
			continue
		}
		advance, err := of.GlyphAdvance(&buffer, glyph, fixed.Int26_6(size*measureScale*64), font.HintingNone)
		if err == nil {
			sum += advance
		}
	}
	return float64(sum) / 64 / measureScale
}

// measureScale has glyphs measured larger than they are drawn, to lose less by rounding.
const measureScale = 16

// wrap breaks a text into lines of at most the width; a longer word has its own line.
func (f fonts) wrap(text string, bold bool, size, width float64) (lines []string) {
	line := ""
	for word := range strings.FieldsSeq(text) {
		longer := strings.TrimSpace(line + " " + word)
		if line != "" && f.width(longer, bold, size) > width {
			lines = append(lines, line)
			longer = word
		}
		line = longer
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}
