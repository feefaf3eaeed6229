package guide

import (
	"log/slog"
	"net/http"
	"slices"
	"strings"
)

// Path is the path of the page about the form; the others are below it.
const Path = "/guia"

// Site serves the pages.
type Site struct {
	PublicURL string                          // https://host, as browsers reach it; "" if they do not
	Say       func(locale, key string) string // a text of the bot; "" if there is none
	Log       *slog.Logger
}

// URL returns the public URL of a page in a locale; "" without PublicURL.
func (s Site) URL(p Page, locale string) string {
	if s.PublicURL == "" {
		return ""
	}
	url := strings.TrimRight(s.PublicURL, "/") + Path
	if p == Filling {
		return url
	}
	url += "/" + string(p)
	if locale == english {
		url += "?lang=en"
	}
	return url
}

// ServeHTTP serves a page: in English for lang=en, else in Spanish.
func (s Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p := Filling
	if below := Page(strings.TrimPrefix(strings.TrimPrefix(r.URL.Path, Path), "/")); below != "" {
		if !slices.Contains(Below, below) {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		p = below
	}
	locale := spanish
	if strings.HasPrefix(r.URL.Query().Get("lang"), english) {
		locale = english
	}
	page, err := Render(p, locale, func(key string) string { return s.Say(locale, key) })
	if err != nil {
		s.Log.ErrorContext(r.Context(), "guide not rendered", "err", err)
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Security-Policy", Policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "public, max-age=3600")
	h.Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(page)
}
