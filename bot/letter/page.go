package letter

import (
	"bytes"
	_ "embed"
	"html/template"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/letter"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// policy is the Content-Security-Policy header of the pages: inline styles only.
const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

//go:embed page.html
var pageText string

var page = template.Must(template.New("page").Parse(pageText))

// pageView is what a page says, in Spanish and English.
type pageView struct {
	Letter *verified // of the page about a code that is known
	Reason [2]string // why a file is not given, or a code not known
}

// verified is what anybody with the code may learn of a letter: no name.
type verified struct {
	Valid        bool
	Folio        provisioning.Folio
	Number, Code string
	Issued       [2]string // the date
	Lines        int
}

// Verify serves GET /oficio/CODE: whether the letter with that code is valid, its folio, date and
// number of accounts.
func (ls *Letters) Verify(w http.ResponseWriter, r *http.Request) {
	var l letter.Letter
	var found bool
	err := ls.Store.View(r.Context(), func(tx provisioning.Tx) (err error) {
		l, found, err = letter.VerifyCode(tx, ls.Letters.Keys, path.Base(r.URL.Path))
		return err
	})
	if err == nil && !found {
		err = problem.Refuse(problem.CodeNotFound, "letter.code_unknown")
	}
	if err != nil {
		ls.refuse(w, r, err)
		return
	}
	ls.tell(w, r, http.StatusOK, pageView{Letter: &verified{
		Valid: l.Valid(), Folio: l.Folio, Number: l.Number, Code: l.Code, Lines: l.Lines, Issued: ls.dates(l.Date),
	}})
}

// dates is a date in words, in both languages.
func (ls *Letters) dates(at time.Time) (words [2]string) {
	at = at.In(ls.Location)
	for i, locale := range cards.Locales {
		words[i] = cards.In(locale).At(time.Time{}.In(ls.Location)).Date(at)
	}
	return words
}

// Open serves GET /oficio/archivo/TOKEN: it has the person sign in, so that the file is given only to
// the one who asked for it.
func (ls *Letters) Open(w http.ResponseWriter, r *http.Request) {
	token := path.Base(r.URL.Path)
	err := ls.granted(r, token)
	var address string
	if err == nil {
		address, err = ls.SignIn.AuthURL(r.Context(), strings.TrimRight(ls.PublicURL, "/")+letter.FilePath, token, letter.Nonce(token))
	}
	if err != nil {
		ls.refuse(w, r, err)
		return
	}
	private(w)
	http.Redirect(w, r, address, http.StatusFound) //nolint:gosec // to the address that the organisation configured
}

// granted returns nil if the token's grant is unused and in time.
func (ls *Letters) granted(r *http.Request, token string) error {
	return ls.Store.View(r.Context(), func(tx provisioning.Tx) error {
		_, err := ls.Letters.Granted(tx, letter.GrantID(token))
		return err
	})
}

// maxForm bounds what is posted by the sign-in: an id_token has 2 KB.
const maxForm = 64 << 10

// Give serves POST /oficio/archivo, to which Entra posts the sign-in: the file, once, if whoever
// signed in asked for it.
func (ls *Letters) Give(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	token := r.PostFormValue("state")
	var l letter.Letter
	var data []byte
	var person string
	err := ls.granted(r, token) // first: a made-up link must not cause a call to Entra
	if err == nil {
		person, err = ls.SignIn.Verify(r.Context(), r.PostFormValue("id_token"), letter.Nonce(token))
	}
	if err == nil {
		l, data, err = ls.Letters.Fetch(r.Context(), letter.GrantID(token), provisioning.Actor{ID: person, Conversation: letter.FilePath})
	}
	if err != nil {
		ls.refuse(w, r, err)
		return
	}
	private(w)
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": l.FileName()}))
	ls.write(r, w, data)
}

// refuse answers with a page that says why, or with a reference under which the cause is logged.
func (ls *Letters) refuse(w http.ResponseWriter, r *http.Request, err error) {
	status, reference := statusOf(err), ""
	if status == http.StatusInternalServerError {
		reference = problem.NewReference()
		ls.Log.ErrorContext(r.Context(), "page of letters failed", "ref", reference, "err", err)
	} else {
		ls.Log.InfoContext(r.Context(), "page of letters refused", "err", err)
	}
	var v pageView
	for i, locale := range cards.Locales {
		v.Reason[i] = cards.In(locale).Fault(err, reference)
	}
	ls.tell(w, r, status, v)
}

func statusOf(err error) int {
	switch problem.CodeOf(err) {
	case problem.CodeNotFound:
		return http.StatusNotFound
	case problem.CodeForbidden:
		return http.StatusForbidden
	case problem.CodeConflict, problem.CodeLimited:
		return http.StatusGone
	case problem.CodeUnavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

func (ls *Letters) tell(w http.ResponseWriter, r *http.Request, status int, v pageView) {
	var out bytes.Buffer
	if err := page.Execute(&out, v); err != nil {
		ls.Log.ErrorContext(r.Context(), "page not drawn", "err", err)
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	private(w)
	w.Header().Set("Content-Security-Policy", policy)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	ls.write(r, w, out.Bytes())
}

// write writes the body of an answer.
func (ls *Letters) write(r *http.Request, w http.ResponseWriter, body []byte) {
	if _, err := w.Write(body); err != nil { //nolint:gosec // a PDF of ours, or a page that html/template escaped
		ls.Log.InfoContext(r.Context(), "page not read to its end", "err", err)
	}
}

// private keeps an answer out of caches and search engines.
func private(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Robots-Tag", "noindex")
	h.Set("Referrer-Policy", "no-referrer")
}
