package tab

import (
	"cmp"
	"errors"
	"net/http"
	"path"
	"slices"
	"strings"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/bot/words"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// Path is where the tab begins; its pages are below.
const Path = "/panel"

// The pages below Path.
const (
	sessionPath  = Path + "/sesion"
	startPath    = Path + "/inicio"
	minePath     = Path + "/mias"
	handoverPath = Path + "/entregar"
	waitingPath  = Path + "/turno/"
	allPath      = Path + "/todas"
	searchPath   = Path + "/buscar"
)

// Handler serves the tab below Path. Every page is only read: the two POSTs, which browsers of other sites
// cannot send, begin a session and search, so that what is searched for is in no address.
func (tb *Tab) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+Path, tb.shell)
	for name, kind := range map[string]string{"tab.js": "text/javascript", "style.css": "text/css", "MicrosoftTeams.min.js": "text/javascript"} {
		mux.HandleFunc("GET "+Path+"/"+name, tb.file(name, kind))
	}
	mux.HandleFunc("POST "+sessionPath, tb.open)
	mux.HandleFunc("GET "+startPath, tb.visited(tb.start))
	mux.HandleFunc("GET "+minePath, tb.visited(tb.mine))
	mux.HandleFunc("GET "+handoverPath, tb.visited(tb.toHandOver))
	mux.HandleFunc("GET "+waitingPath+"{stage}", tb.visited(tb.atStage))
	mux.HandleFunc("GET "+allPath, tb.visited(tb.everything))
	mux.HandleFunc("POST "+searchPath, tb.visited(tb.search))
	return tb.crossOrigin.Handler(mux)
}

// shell serves the page that fetches the person's token from Teams and posts it.
func (tb *Tab) shell(w http.ResponseWriter, r *http.Request) {
	private(w, shellPolicy)
	body, err := files.ReadFile("files/shell.htm")
	if err != nil {
		tb.Log.ErrorContext(r.Context(), "shell of the tab not read", "err", err)
	}
	tb.write(w, r, body)
}

func (tb *Tab) file(name, kind string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := files.ReadFile("files/" + name)
		if err != nil {
			tb.Log.ErrorContext(r.Context(), "file of the tab not read", "file", name, "err", err)
		}
		w.Header().Set("Content-Type", kind+"; charset=utf-8")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Cache-Control", "public, max-age=3600")
		tb.write(w, r, body)
	}
}

// maxPosted bounds what is posted, in bytes: a token has 2 KB.
const maxPosted = 32 << 10

// open begins a session for the person whose token is posted, or answers with a sentence that says why not.
func (tb *Tab) open(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxPosted)
	s := session{Locale: words.Clip(r.PostFormValue("locale"), 20), Theme: theme(r.PostFormValue("theme"))}
	token, err := tb.SignIn.VerifyTab(r.Context(), r.PostFormValue("token"))
	if problem.CodeOf(err) == problem.CodeForbidden {
		err = &problem.Error{Code: problem.CodeForbidden, Reason: "tab.token", Err: err}
	}
	value := ""
	if err == nil {
		value, err = tb.begin(r.Context(), token, cookieOf(r), s)
	}
	private(w, pagePolicy)
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if err != nil {
		tb.refusals.Warn(r.Context(), tb.Now(), tb.Log, "token of a tab refused", "err", err)
		status, text := tb.reason(r, visit{texts: tb.Recipients.TextsIn(cmp.Or(s.Locale, tb.Locale))}, err)
		w.WriteHeader(status)
		tb.write(w, r, []byte(text))
		return
	}
	http.SetCookie(w, cookie(value, token.Ends.Sub(tb.Now())))
	w.WriteHeader(http.StatusNoContent)
}

// theme returns the name of a theme of Teams; "" for another.
func theme(name string) string {
	switch name {
	case "default", "dark", "contrast":
		return name
	}
	return ""
}

// visit is a request of a person with a session.
type visit struct {
	session
	by      provisioning.Actor
	texts   *cards.Texts
	offices []provisioning.StageName
	admin   bool
}

// visited serves a page to a person with a session, and sends others to the shell; once, since a browser
// that keeps no cookie would come back for ever.
func (tb *Tab) visited(serve func(http.ResponseWriter, *http.Request, visit) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s, found, err := tb.sessionOf(r)
		v := visit{session: s, texts: tb.Recipients.TextsIn(cmp.Or(s.Locale, tb.Locale))}
		switch {
		case err == nil && !found && r.URL.Query().Has("entrada"):
			tb.draw(w, r, v, http.StatusUnauthorized, pageView{Title: v.texts.Place("tab.sorry"), Note: v.texts.Place("tab.no_cookie")})
			return
		case err == nil && !found:
			http.Redirect(w, r, Path, http.StatusSeeOther)
			return
		case err == nil:
			connector.Proven(r.Context())
			v, err = tb.visit(r, s)
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxPosted)
		if err == nil {
			err = serve(w, r, v)
		}
		if err != nil {
			tb.refuse(w, r, v, err)
		}
	}
}

// visit reads who the person of a session is and what they decide on.
func (tb *Tab) visit(r *http.Request, s session) (visit, error) {
	v := visit{session: s, by: provisioning.Actor{ID: s.Person, Conversation: Path}}
	err := tb.Store.View(r.Context(), func(tx provisioning.Tx) error {
		known, err := tb.Recipients.Person(tx, s.Person)
		v.by.Name = known.Name
		v.texts = tb.Recipients.TextsIn(cmp.Or(known.Chosen, s.Locale, known.Locale, tb.Locale))
		if err != nil {
			return err
		}
		auth, err := tb.Access.Authority(tx)
		v.admin = auth.Administrator(v.by)
		return err
	})
	if err != nil {
		return v, err
	}
	if v.offices, err = tb.Access.Offices(r.Context(), tb.Store, v.by); err != nil {
		tb.Log.WarnContext(r.Context(), "what a person decides on is not known whole", "person", v.by.ID, "err", err)
	}
	return v, nil
}

// views are the lists that the person has, that at a path marked.
func (v visit) views(at string) []link {
	if v.by.ID == "" {
		return nil
	}
	all := []link{{Name: v.texts.Place("tab.mine"), URL: minePath}, {Name: v.texts.Place("tab.handover"), URL: handoverPath}}
	for _, stage := range v.offices {
		all = append(all, link{Name: v.stageTitle(stage), URL: waitingPath + string(stage)})
	}
	if v.admin {
		all = append(all, link{Name: v.texts.Place("tab.all"), URL: allPath})
	}
	for i := range all {
		all[i].Here = all[i].URL == at || at == startPath && all[i].URL == v.first()
	}
	return all
}

func (v visit) stageTitle(stage provisioning.StageName) string {
	if stage == provisioning.Platform {
		return v.texts.Place("tab.waiting_platform")
	}
	return v.texts.Place("tab.waiting", "stage", v.texts.Stage(stage))
}

// first is the list with which the tab opens: what waits for the person, or their own.
func (v visit) first() string {
	if len(v.offices) > 0 {
		return waitingPath + string(v.offices[0])
	}
	return minePath
}

func (tb *Tab) start(w http.ResponseWriter, r *http.Request, v visit) error {
	if len(v.offices) > 0 {
		return tb.waitingPage(w, r, v, v.offices[0])
	}
	return tb.mine(w, r, v)
}

func (tb *Tab) mine(w http.ResponseWriter, r *http.Request, v visit) error {
	return tb.newest(w, r, v, minePath, provisioning.RequestFilter{Requester: v.by.ID}, v.texts.Place("tab.mine"), v.texts.Place("tab.mine_none"))
}

// everything shows all requests to an administrator.
func (tb *Tab) everything(w http.ResponseWriter, r *http.Request, v visit) error {
	if !v.admin {
		return problem.Refuse(problem.CodeForbidden, "authority.administrator")
	}
	return tb.newest(w, r, v, allPath, provisioning.RequestFilter{}, v.texts.Place("tab.all"), v.texts.Place("tab.all_none"))
}

// newest shows a page of requests, newest first.
func (tb *Tab) newest(w http.ResponseWriter, r *http.Request, v visit, at string, f provisioning.RequestFilter, title, none string) error {
	f.Before = provisioning.Folio(words.Clip(r.URL.Query().Get("antes"), maxKey))
	l, err := tb.requests(r.Context(), v, f)
	if err != nil {
		return err
	}
	p := pageView{Title: title, Search: true, Note: v.texts.Place("tab.open_chat"), list: l}
	if len(l.Rows) == 0 {
		p.Note = none
	}
	p.Older, p.First = pager(at+"?antes=", l, v.texts.Place("tab.older")), backTo(at, f.Before != "", v.texts.Place("tab.newest"))
	tb.draw(w, r, v, http.StatusOK, p)
	return nil
}

// maxKey bounds the folio in an address, in characters.
const maxKey = 20

func pager(base string, l list, name string) link {
	if l.Next == "" {
		return link{}
	}
	return link{Name: name, URL: base + l.Next}
}

func backTo(at string, later bool, name string) link {
	if !later {
		return link{}
	}
	return link{Name: name, URL: at}
}

func (tb *Tab) toHandOver(w http.ResponseWriter, r *http.Request, v visit) error {
	l, err := tb.handover(r.Context(), v)
	if err != nil {
		return err
	}
	p := pageView{Title: v.texts.Place("tab.handover"), Note: v.texts.Place("tab.handover_how"), list: l}
	if len(l.Rows) == 0 {
		p.Note = v.texts.Place("tab.handover_none")
	}
	tb.draw(w, r, v, http.StatusOK, p)
	return nil
}

func (tb *Tab) atStage(w http.ResponseWriter, r *http.Request, v visit) error {
	return tb.waitingPage(w, r, v, provisioning.StageName(path.Base(r.URL.Path)))
}

// waitingPage shows what waits for a stage to those who may decide there.
func (tb *Tab) waitingPage(w http.ResponseWriter, r *http.Request, v visit, stage provisioning.StageName) error {
	if !v.holds(stage) {
		return problem.Refuse(problem.CodeForbidden, "authority.office")
	}
	after := provisioning.Folio(words.Clip(r.URL.Query().Get("despues"), maxKey))
	l, err := tb.waiting(r.Context(), v, stage, after)
	if err != nil {
		return err
	}
	at := waitingPath + string(stage)
	p := pageView{Title: v.stageTitle(stage), Note: v.texts.Place("tab.waiting_how"), Search: v.admin, list: l}
	if len(l.Rows) == 0 {
		p.Note = v.texts.Place("tab.waiting_none")
	}
	p.Older, p.First = pager(at+"?despues=", l, v.texts.Place("tab.following")), backTo(at, after != "", v.texts.Place("tab.first"))
	tb.draw(w, r, v, http.StatusOK, p)
	return nil
}

func (v visit) holds(stage provisioning.StageName) bool {
	return slices.Contains(v.offices, stage)
}

// maxQuery bounds a search, in characters, as that of the command "buscar".
const maxQuery = 200

func (tb *Tab) search(w http.ResponseWriter, r *http.Request, v visit) error {
	query := words.Clip(strings.TrimSpace(r.PostFormValue("q")), maxQuery)
	if query == "" {
		http.Redirect(w, r, startPath, http.StatusSeeOther)
		return nil
	}
	below := provisioning.Stamp(words.Clip(r.PostFormValue("antes"), maxKey))
	if below != "" && !below.Valid() {
		return errors.New("a search goes on from what is no stamp")
	}
	l, err := tb.found(r.Context(), v, query, below)
	if err != nil {
		return err
	}
	p := pageView{
		Title: v.texts.Place("tab.found", "query", query), Note: v.texts.Place("tab.open_chat"), Search: true, Query: query, Posted: true, list: l,
	}
	if len(l.Rows) == 0 {
		p.Note = v.texts.Place("tab.found_none", "query", query)
	}
	p.Older = pager(searchPath+"#", l, v.texts.Place("tab.older"))
	tb.draw(w, r, v, http.StatusOK, p)
	return nil
}
