// Package guide contains the documentation that the bot serves as web pages. They are Markdown
// files in this folder. Filling returns the only page so far, as HTML for narrow screens, with a
// light and a dark scheme and no external resources.
package guide

import (
	"bytes"
	_ "embed"
	"fmt"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
)

//go:embed instructivo.md
var filling []byte

//go:embed page.html
var page []byte

// Policy is the Content-Security-Policy header of a page: it allows inline styles only.
const Policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// Filling returns the HTML page that explains how to fill in the form, annex F-008 of the
// procedure.
func Filling() ([]byte, error) {
	var body bytes.Buffer
	if err := goldmark.New(goldmark.WithExtensions(extension.Table)).Convert(filling, &body); err != nil {
		return nil, fmt.Errorf("draw the guide: %w", err)
	}
	tables := bytes.ReplaceAll(body.Bytes(), []byte("<table>"), []byte(`<div class="wide" tabindex="0"><table>`))
	tables = bytes.ReplaceAll(tables, []byte("</table>"), []byte("</table></div>"))
	return bytes.Replace(page, []byte("<!-- text -->"), tables, 1), nil
}
