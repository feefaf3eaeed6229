package pdf

import (
	"embed"
	"fmt"

	"github.com/carlos7ags/folio/font"
)

// fonts are Open Sans 1.10 of Debian's fonts-open-sans, licensed as LICENSE.txt beside them says.
//
//go:embed font/OpenSans-Regular.ttf font/OpenSans-Bold.ttf
var fonts embed.FS

// typeface is the family of one document; it collects the glyphs that the document uses, so
// that only these are embedded.
type typeface struct{ regular, bold *font.EmbeddedFont }

func newTypeface() (typeface, error) {
	regular, err := loadFont("font/OpenSans-Regular.ttf")
	if err != nil {
		return typeface{}, err
	}
	bold, err := loadFont("font/OpenSans-Bold.ttf")
	return typeface{regular, bold}, err
}

func loadFont(name string) (*font.EmbeddedFont, error) {
	data, err := fonts.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	face, err := font.ParseFont(data)
	if err != nil {
		return nil, fmt.Errorf("parse %s: %w", name, err)
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
