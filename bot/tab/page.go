package tab

import (
	"bytes"
	"cmp"
	"embed"
	"html/template"
	"net/http"

	"seducoahuila.gob.mx/altas/provisioning/problem"
)

//go:embed files
var files embed.FS

var pages = template.Must(template.ParseFS(files, "files/*.html"))

// ancestors are the sites that may show the pages in a frame: Teams, and our own, for the sandbox. Other
// hosts of Microsoft 365 are left out, as their clients get no token here.
// https://learn.microsoft.com/microsoftteams/platform/tabs/how-to/tab-requirements
const ancestors = "frame-ancestors 'self' https://teams.microsoft.com https://*.teams.microsoft.com https://*.cloud.microsoft"

// The Content-Security-Policy header: of the shell, whose scripts are ours, and of the other pages, which
// have none.
const (
	shellPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; " + ancestors
	pagePolicy  = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; " + ancestors
)

// pageView is what a page shows.
type pageView struct {
	Lang, Theme string
	Text        map[string]string // fixed texts of the page, by name
	Views       []link
	Title, Note string
	Begin       string // the link to a new request
	Search      bool
	Query       string
	list
	Older, First link // to other pages; without a URL there is none
	Posted       bool // the pages are those of a search, which is posted
}

// link is a link within the tab.
type link struct {
	Name, URL string
	Here      bool
}

// draw answers with the page of a visit.
func (tb *Tab) draw(w http.ResponseWriter, r *http.Request, v visit, status int, p pageView) {
	p.Lang, p.Theme, p.Views, p.Begin = v.texts.Locale(), v.Theme, v.views(r.URL.Path), tb.chat(v.texts.Command("begin"))
	plain := v.texts.Place
	p.Text = map[string]string{
		"app": plain("tab.title"), "views": plain("tab.views"), "begin": plain("tab.begin"), "search": plain("tab.search"),
		"button": plain("tab.search_button"), "opens": plain("tab.new_window"),
	}
	var out bytes.Buffer
	if err := pages.ExecuteTemplate(&out, "page.html", p); err != nil {
		tb.Log.ErrorContext(r.Context(), "page of the tab not drawn", "err", err)
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	private(w, pagePolicy)
	w.WriteHeader(status)
	tb.write(w, r, out.Bytes())
}

// refuse answers with a page that says why, or with a reference under which the cause is logged.
func (tb *Tab) refuse(w http.ResponseWriter, r *http.Request, v visit, err error) {
	status, text := tb.reason(r, v, err)
	tb.draw(w, r, v, status, pageView{Title: v.texts.Place("tab.sorry"), Note: text})
}

// reason is the sentence for an error in the person's language, and its status.
func (tb *Tab) reason(r *http.Request, v visit, err error) (status int, text string) {
	reference := ""
	status = cmp.Or(statuses[problem.CodeOf(err)], http.StatusInternalServerError)
	if status == http.StatusInternalServerError {
		reference = problem.NewReference()
		tb.Log.ErrorContext(r.Context(), "tab failed", "ref", reference, "err", err)
	}
	return status, v.texts.Fault(err, reference)
}

var statuses = map[problem.Code]int{
	problem.CodeNotFound: http.StatusNotFound, problem.CodeForbidden: http.StatusForbidden,
	problem.CodeLimited: http.StatusTooManyRequests, problem.CodeUnavailable: http.StatusServiceUnavailable,
}

func (tb *Tab) write(w http.ResponseWriter, r *http.Request, body []byte) {
	if _, err := w.Write(body); err != nil {
		tb.Log.InfoContext(r.Context(), "page of the tab not read to its end", "err", err)
	}
}

// private keeps an answer out of caches and search engines.
func private(w http.ResponseWriter, policy string) {
	h := w.Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Robots-Tag", "noindex")
	h.Set("Referrer-Policy", "same-origin")
}
