package pdf

import (
	"fmt"

	"github.com/carlos7ags/folio/font"

	opensans "seducoahuila.gob.mx/altas/provisioning/typeface"
)

// typeface is the family of one document; it collects the glyphs that the document uses, so
// that only these are embedded.
type typeface struct{ regular, bold *font.EmbeddedFont }

func newTypeface() (typeface, error) {
	regular, err := loadFont(opensans.Regular())
	if err != nil {
		return typeface{}, err
	}
	bold, err := loadFont(opensans.Bold())
	return typeface{regular, bold}, err
}

func loadFont(file []byte) (*font.EmbeddedFont, error) {
	face, err := font.ParseFont(file)
	if err != nil {
		return nil, fmt.Errorf("parse the font: %w", err)
	}
	return font.NewEmbeddedFont(face), nil
}

// style is how a text is set.
type style struct {
	size    float64
	bold    bool
	align   Align
	leading float64 // height of a line, in sizes
	follows bool    // more text follows in the same element of the structure
}

func (t typeface) of(s style) *font.EmbeddedFont {
	if s.bold {
		return t.bold
	}
	return t.regular
}

// width returns the width of a text set in one line.
func (t typeface) width(text string, s style) float64 { return t.of(s).MeasureString(text, s.size) }
