package sandbox

import (
	"html/template"
	"net/http"
	"net/http/httputil"
	"net/url"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
)

// tabHost shows the personal tab as Teams does, in a frame: a page for each person, which speaks to the
// tab in Teams' messages and gives it tokens of the fake of Entra. The Playground has no tabs. The tab is
// served from the same address, as its library takes messages from its own address and Microsoft's only.
type tabHost struct {
	*fakeServer
	env   *environment
	staff staff
}

func newTabHost(e *environment, s staff) (*tabHost, error) {
	t := &tabHost{env: e, staff: s}
	for _, p := range s.all() {
		e.Teams.AddPerson(p) // the fake of Entra issues tokens to people it knows
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", t.people)
	mux.HandleFunc("GET /como/{who}", t.frame)
	mux.HandleFunc("GET /token/{who}", t.token)
	mux.HandleFunc("GET /host.js", func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", "text/javascript; charset=utf-8")
		_, _ = rw.Write([]byte(hostScript))
	})
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		bot, _ := url.Parse(e.Bot) // made by start
		r.SetURL(bot)
		r.Out.Host = r.In.Host
	}}
	mux.Handle("/panel", proxy)
	mux.Handle("/panel/", proxy)
	var err error
	t.fakeServer, err = newFakeServer(mux, nil)
	return t, err
}

func (t *tabHost) people(rw http.ResponseWriter, _ *http.Request) {
	show(rw, peopleTemplate, t.staff.all())
}

func (t *tabHost) frame(rw http.ResponseWriter, r *http.Request) {
	if p, known := t.person(r); known {
		show(rw, frameTemplate, p)
		return
	}
	http.NotFound(rw, r)
}

// token answers with a token for the tab, as Teams gets one from Entra.
func (t *tabHost) token(rw http.ResponseWriter, r *http.Request) {
	p, known := t.person(r)
	if !known {
		http.NotFound(rw, r)
		return
	}
	_, _ = rw.Write([]byte(t.env.Teams.TabToken(t.env.entra.URL, p.ID, teamsfake.TokenSpec{})))
}

func (t *tabHost) person(r *http.Request) (teamsfake.Person, bool) {
	if p, known := t.staff.roles()[r.PathValue("who")]; known {
		return p, true
	}
	for _, p := range t.staff.all() {
		if p.ID == r.PathValue("who") {
			return p, true
		}
	}
	return teamsfake.Person{}, false
}

func show(rw http.ResponseWriter, page *template.Template, about any) {
	rw.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = page.Execute(rw, about) // to a browser on this machine
}

var (
	peopleTemplate = template.Must(template.New("people").Parse(`<!doctype html><html lang="es-MX"><meta charset="utf-8">
<title>Altas: la pestaña</title><h1>La pestaña de Altas, como la ve</h1><ul>{{range .}}<li><a href="/como/{{.ID}}">{{.Name}}</a></li>{{end}}</ul></html>`))
	frameTemplate = template.Must(template.New("frame").Parse(`<!doctype html><html lang="es-MX"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Altas: la pestaña de {{.Name}}</title>
<style>html,body{margin:0;height:100%}iframe{border:0;width:100%;height:100%;display:block}</style>
<iframe title="La pestaña de {{.Name}}" data-who="{{.ID}}"></iframe><script src="/host.js"></script></html>`))
)

// hostScript answers the three calls of the tab as Teams does. The theme is that of the address, ?tema=dark.
const hostScript = `'use strict'
const frame = document.querySelector('iframe')
const theme = new URLSearchParams(location.search).get('tema') ?? 'default'
const locale = new URLSearchParams(location.search).get('idioma') ?? 'es-mx'
const runtime = JSON.stringify({apiVersion: 4, hostVersionsInfo: {}, isLegacyTeams: false, supports: {}})
addEventListener('message', async ({data, source}) => {
  if (source !== frame.contentWindow) return
  const answers = {
    initialize: async () => ['content', 'web', runtime, '2.0.1'],
    getContext: async () => [{locale, theme, entityId: 'lists', userObjectId: frame.dataset.who}],
    'authentication.getAuthToken': async () => [true, await (await fetch('/token/' + frame.dataset.who)).text()],
  }
  const answer = answers[data.func]
  if (answer) source.postMessage({id: data.id, uuid: data.uuid, uuidAsString: data.uuidAsString, args: await answer()}, location.origin)
})
frame.src = '/panel'
`
