package pdf

import (
	"io"
	"time"
)

// Engine lays a document out and writes it as PDF. Folio implements it; another library would take
// its place behind this one method.
type Engine interface {
	// Render writes the document to w. The same document gives the same bytes. A document without
	// title or language, and a figure without alternative text or that cannot be drawn, are errors.
	Render(w io.Writer, d Document) error
}

// Document is what is printed: blocks one below the other, on as many pages of letter size as they
// need. Sizes are in points (1/72 inch). What cannot be printed of a text is described at Clean.
type Document struct {
	Title   string    // of the file, for screen readers; required
	Author  string    // the organisation
	Subject string    // one line on what it is about
	Lang    string    // BCP-47, as "es-MX"; required
	Created time.Time // stands in the file's metadata
	Blocks  []Block
	Footer  Footer
}

// Footer is one line of small text at the foot of each page; in both texts {page} and {pages} are
// replaced.
type Footer struct{ Left, Right string }
