// Package guide is what people can read about Altas outside Teams: pages written in
// Markdown beside this file, and served by the bot. Filling returns the one that there
// is, as HTML that reads on a telephone, by day and by night, without anything from
// elsewhere.
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

// Policy is the Content-Security-Policy to serve a page with: it may do nothing but
// be read.
const Policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// Filling returns the page that says how the form is filled in, which is the annex
// F-008 of the procedure.
func Filling() ([]byte, error) {
	var body bytes.Buffer
	if err := goldmark.New(goldmark.WithExtensions(extension.Table)).Convert(filling, &body); err != nil {
		return nil, fmt.Errorf("draw the guide: %w", err)
	}
	tables := bytes.ReplaceAll(body.Bytes(), []byte("<table>"), []byte(`<div class="wide" tabindex="0"><table>`))
	tables = bytes.ReplaceAll(tables, []byte("</table>"), []byte("</table></div>"))
	return bytes.Replace(page, []byte("<!-- text -->"), tables, 1), nil
}
