package flowchart

import (
	"net/http"
	"strings"

	"seducoahuila.gob.mx/altas/cards"
)

// language is the query parameter of a page's language; the default is Spanish.
const language = "lang"

// policy is the Content-Security-Policy of the pages: they load nothing.
const policy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// address returns the path of a picture with the ending.
func (p *picture) address(ending string) string {
	if p.locale == cards.Spanish {
		return p.path + ending
	}
	return p.path + ending + "?" + language + "=" + p.locale
}

// Paths returns the paths that ServeHTTP answers.
func (c *Charts) Paths() (all []string) {
	for _, p := range c.pictures {
		if p.locale == cards.Spanish {
			all = append(all, p.path+".svg", p.path+".png")
		}
	}
	return all
}

// ServeHTTP answers GET of one of Paths, "?lang=en" in English: 404 for any other. Anybody may read
// it; it contains what the rules say, and nobody's name.
func (c *Charts) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name, ending, _ := strings.Cut(r.URL.Path, ".")
	p := c.find(r.URL.Query().Get(language), func(p *picture) bool { return p.path == name })
	if p == nil || ending != "svg" && ending != "png" {
		http.NotFound(w, r)
		return
	}
	f, err := p.files()
	if err != nil {
		http.Error(w, "the picture could not be drawn", http.StatusInternalServerError)
		return
	}
	kind, body := "image/svg+xml", f.svg
	if ending == "png" {
		kind, body = "image/png", f.png
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Security-Policy", policy)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Referrer-Policy", "no-referrer")
	w.Header().Set("Cache-Control", "public, max-age=3600")
	_, _ = w.Write(body) // the reader has gone
}
