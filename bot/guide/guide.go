// Package guide contains the documentation that the bot serves as web pages. They are Markdown
// files in this folder, a file for each language. Render returns a page as HTML for narrow screens
// and for paper, with a light and a dark scheme and no external resources; Site serves it.
package guide

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
)

//go:embed instructivo.md *.es-MX.md *.en.md
var files embed.FS

//go:embed page.html
var frame string

var page = template.Must(template.New("page").Parse(frame))

// Policy is the Content-Security-Policy header of a page: it allows inline styles only.
const Policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// Page is a page, by the last element of its path.
type Page string

// The pages. Filling is annex F-008 of the procedure, in Spanish only.
const (
	Filling      Page = "guia"       // how the form is filled in
	Approving    Page = "autorizar"  // for those who decide at a stage
	Platform     Page = "plataforma" // for the head of the Office 365 department
	Announcement Page = "anuncio"    // for schools: to be printed, or sent by mail
)

// Below are the pages whose path is below that of Filling.
var Below = []Page{Approving, Platform, Announcement}

// The languages of a page.
const (
	spanish = "es-MX"
	english = "en"
)

// file returns the name of a page's file in a language.
func (p Page) file(locale string) string {
	if p == Filling {
		return "instructivo.md"
	}
	return string(p) + "." + locale + ".md"
}

// Render returns a page as HTML, in English for the locale "en", else in Spanish. say returns the
// bot's text of a key in that language: it replaces {{key}}, so that a page calls a button or a command
// as the bot does.
func Render(p Page, locale string, say func(key string) string) ([]byte, error) {
	if locale != english || p == Filling {
		locale = spanish
	}
	text, err := files.ReadFile(p.file(locale))
	if err != nil {
		return nil, fmt.Errorf("no page %s: %w", p, err)
	}
	if text, err = named(text, say); err != nil {
		return nil, fmt.Errorf("draw the page %s in %s: %w", p, locale, err)
	}
	var body bytes.Buffer
	if err := goldmark.New(goldmark.WithExtensions(extension.Table)).Convert(text, &body); err != nil {
		return nil, fmt.Errorf("draw the page %s: %w", p, err)
	}
	var drawn bytes.Buffer
	err = page.Execute(&drawn, map[string]any{
		"Locale": locale, "Title": title(text), "Both": p != Filling, "Text": template.HTML(finished(body.String())), //nolint:gosec // our own files; goldmark drops raw HTML
	})
	return drawn.Bytes(), err
}

// key matches the name of one of the bot's texts in a page.
var key = regexp.MustCompile(`\{\{([\w.]+)\}\}`)

// named replaces each {{key}} by the bot's text. It is an error if a text is empty.
func named(text []byte, say func(string) string) ([]byte, error) {
	var faults []error
	replaced := key.ReplaceAllFunc(text, func(found []byte) []byte {
		name := string(found[2 : len(found)-2])
		said := say(name)
		if said == "" {
			faults = append(faults, fmt.Errorf("the bot has no text %s", name))
		}
		return []byte(said)
	})
	return replaced, errors.Join(faults...)
}

// title returns the first heading of a page.
func title(text []byte) string {
	first, _, _ := strings.Cut(string(text), "\n")
	return strings.TrimPrefix(first, "# ")
}

// code matches what is copied character by character and must stay on one line: a CURP, a CCT, a number of
// a document, an annex. tag matches an element, which is left as it is.
var code = regexp.MustCompile(`<[^>]*>|[A-Z0-9]+(?:[-/][A-Z0-9]+)+|\b[A-Z0-9]{10,}\b`)

// finished lets tables scroll by themselves, and keeps codes on one line.
func finished(html string) string {
	html = strings.NewReplacer("<table>", `<div class="wide" tabindex="0"><table>`, "</table>", "</table></div>").Replace(html)
	return code.ReplaceAllStringFunc(html, func(found string) string {
		if strings.HasPrefix(found, "<") || !strings.ContainsAny(found, "0123456789") {
			return found
		}
		return `<span class="code">` + found + "</span>"
	})
}
