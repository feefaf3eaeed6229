package sandbox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
)

// The Playground's conversations. The channel General, whose id is the team's, is the director's;
// the only named channel is the subdirector's; the group chat is the platform's.
const (
	playgroundTeam    = "19:dgti@thread.tacv2"
	playgroundChannel = "19:subdireccion@thread.tacv2"
	playgroundGroup   = "19:plataforma@thread.v2"
	playgroundChat    = "a:sandbox-personal-chat"
)

func playgroundChannels() map[string]string {
	return map[string]string{"director": playgroundTeam, "subdirector": playgroundChannel, "platform": playgroundGroup}
}

// playgroundYAML returns .m365agentsplayground.yml: the current user and exactly five others, one
// team, one named channel, one group chat.
func playgroundYAML(s staff) string {
	person := func(p teamsfake.Person) string {
		return fmt.Sprintf("{id: %q, name: %q, userPrincipleName: %q, aadObjectId: %q, givenName: %q, surname: %q, email: %q}",
			p.TeamsID, p.Name, p.UPN, p.ID, p.GivenName, p.Surname, p.Email)
	}
	var users strings.Builder
	for _, p := range append(s.all()[1:], newPerson(6, "Adriana Lozano Rivas", "Adriana", "Lozano Rivas", "adriana.lozano")) {
		users.WriteString("  - " + person(p) + "\n")
	}
	return fmt.Sprintf(`version: "0.1.1"
tenantId: %s
bot: {id: "28:%s", name: Altas}
currentUser: %s
users:
%spersonalChat: {id: %q}
groupChat: {id: %q, name: Plataforma Office 365}
team: {id: %q, name: DGTI, aadGroupId: 44444444-4444-4444-8444-444444444444, channels: [{id: %q, name: Subdirección}]}
`, tenantID, botID, person(s.Requester), users.String(), playgroundChat, playgroundGroup, playgroundTeam, playgroundChannel)
}

// botProxy is a proxy between the Playground and the bot. To incoming activities it adds what Teams
// sends and the Playground does not: a token, and the acting person, because the Playground has a
// single user. Outgoing calls of the bot are forwarded to the Playground's connector.
type botProxy struct {
	*fakeServer
	env   *environment
	staff staff
	bot   string

	mu        sync.Mutex
	acting    teamsfake.Person
	connector *httputil.ReverseProxy
}

func newBotProxy(e *environment, s staff) (*botProxy, error) {
	b := &botProxy{env: e, staff: s, acting: s.Requester}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/messages", b.activity)
	mux.HandleFunc("HEAD /api/messages", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("/_connector/", b.fromBot)
	var err error
	b.fakeServer, err = newFakeServer(mux, nil)
	return b, err
}

// forwardTo sets the URL of the Playground's connector.
func (b *botProxy) forwardTo(connector string) {
	target, _ := url.Parse(connector) // made by start
	b.connector = &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(&url.URL{Scheme: target.Scheme, Host: target.Host})
			r.Out.Header.Del("Authorization")
		},
		// Node closes connections that were idle for five seconds: a message sent at that
		// moment would be lost.
		Transport: &http.Transport{DisableKeepAlives: true},
	}
}

// fromBot forwards a call of the bot. All people share the Playground's only personal chat.
func (b *botProxy) fromBot(rw http.ResponseWriter, r *http.Request) {
	b.connector.ServeHTTP(rw, r)
}

// maxActivity is the maximum size of an activity, in bytes, as in Teams.
const maxActivity = 256 << 10

// activity handles one activity from the Playground.
func (b *botProxy) activity(rw http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxActivity))
	var a map[string]any
	if err != nil || json.Unmarshal(body, &a) != nil {
		http.Error(rw, "not an activity", http.StatusBadRequest)
		return
	}
	if text, _ := a["text"].(string); strings.HasPrefix(fold(plainText(text)), "actuar") {
		b.changeActor(rw, r, a, plainText(text))
		return
	}
	b.forward(rw, r, b.asFromTeams(a))
}

// asFromTeams returns the activity as Teams would send it: from the acting person, in their
// language, with this proxy as service URL.
func (b *botProxy) asFromTeams(a map[string]any) map[string]any {
	p := b.actor()
	a["from"] = map[string]any{"id": p.TeamsID, "name": p.Name, "aadObjectId": p.ID}
	a["serviceUrl"], a["locale"] = b.serviceURL(), "es-MX"
	return a
}

func (b *botProxy) serviceURL() string { return b.URL + "/_connector" }

func (b *botProxy) actor() teamsfake.Person {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.acting
}

// forward forwards an activity to the bot, with a valid token, and returns the bot's answer.
func (b *botProxy) forward(rw http.ResponseWriter, r *http.Request, a map[string]any) {
	body, err := json.Marshal(a)
	if err != nil {
		http.Error(rw, "not an activity", http.StatusBadRequest)
		return
	}
	request, err := http.NewRequestWithContext(r.Context(), http.MethodPost, b.bot+"/api/messages", bytes.NewReader(body))
	if err != nil {
		http.Error(rw, "no bot", http.StatusBadGateway)
		return
	}
	token := b.env.Teams.Token(teamsfake.TokenSpec{Claims: map[string]any{"serviceurl": b.serviceURL()}})
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		http.Error(rw, "the bot does not answer", http.StatusBadGateway)
		return
	}
	defer answer.Body.Close()
	rw.Header().Set("Content-Type", answer.Header.Get("Content-Type"))
	rw.WriteHeader(answer.StatusCode)
	_, _ = io.Copy(rw, answer.Body) // fails only if the Playground closed the connection
}
