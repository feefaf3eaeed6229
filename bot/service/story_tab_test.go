package service_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
)

// browser is the frame of the tab in one person's Teams.
type browser struct {
	o      *office
	cookie *http.Cookie
}

// brings posts a token as the tab's shell does, with headers besides, and returns the answer's status and text.
func (b *browser) brings(token string, headers ...string) (status int, text string) {
	b.o.t.Helper()
	form := url.Values{"token": {token}, "locale": {"es-MX"}, "theme": {"dark"}}
	r := b.request(http.MethodPost, "/panel/sesion", form)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	answer, err := http.DefaultTransport.RoundTrip(r)
	b.o.must(err)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	b.o.must(err)
	for _, c := range answer.Cookies() {
		b.cookie = c
	}
	return answer.StatusCode, string(body)
}

func (b *browser) request(method, path string, form url.Values) *http.Request {
	b.o.t.Helper()
	r, err := http.NewRequestWithContext(b.o.t.Context(), method, "http://"+b.o.listens()+path, strings.NewReader(form.Encode()))
	b.o.must(err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if b.cookie != nil {
		r.AddCookie(&http.Cookie{Name: b.cookie.Name, Value: b.cookie.Value})
	}
	return r
}

// reads opens a page, and returns its status and text.
func (b *browser) reads(path string) (status int, text string) {
	b.o.t.Helper()
	return b.sends(b.request(http.MethodGet, path, nil))
}

// searches posts a search.
func (b *browser) searches(query string) (status int, text string) {
	b.o.t.Helper()
	return b.sends(b.request(http.MethodPost, "/panel/buscar", url.Values{"q": {query}}))
}

func (b *browser) sends(r *http.Request) (status int, text string) {
	b.o.t.Helper()
	answer, err := http.DefaultTransport.RoundTrip(r)
	b.o.must(err)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	b.o.must(err)
	return answer.StatusCode, string(body)
}

// tabToken is a token that Teams gets for a person.
func (o *office) tabToken(p teamsfake.Person, claims map[string]any) string {
	return o.teams.TabToken(o.urls.entra, p.ID, teamsfake.TokenSpec{Claims: claims})
}

// opensTab opens the tab in a person's Teams.
func (o *office) opensTab(p teamsfake.Person) *browser {
	o.t.Helper()
	b := &browser{o: o}
	if status, text := b.brings(o.tabToken(p, nil)); status != http.StatusNoContent {
		o.t.Fatalf("%s opens the tab: %d %s", p.Name, status, text)
	}
	return b
}

// Each sees what they may: the requester their own, the decider what waits for them, the head everything,
// and who has no part nothing. Nobody sees a CURP.
func TestTheTabShowsEachWhatTheyMaySee(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	folio := o.sends(o.silvia, lucia)
	o.approval("director", folio)
	silvia, martha, rosa := o.opensTab(o.silvia), o.opensTab(o.martha), o.opensTab(o.rosa)
	ernesto, gabriela, oscar := o.opensTab(o.ernesto), o.opensTab(o.gabriela), o.opensTab(o.oscar)
	for name, c := range map[string]struct {
		of     *browser
		path   string
		status int
		shown  bool
	}{
		"Silvia, hers":            {silvia, "/panel/mias", 200, true},
		"Silvia, the beginning":   {silvia, "/panel/inicio", 200, true},
		"Silvia, the director's":  {silvia, "/panel/turno/director", 403, false},
		"Silvia, the platform's":  {silvia, "/panel/turno/platform", 403, false},
		"Silvia, everything":      {silvia, "/panel/todas", 403, false},
		"Martha, hers":            {martha, "/panel/mias", 200, false},
		"Martha, everything":      {martha, "/panel/todas", 403, false},
		"Rosa, the director's":    {rosa, "/panel/turno/director", 200, true},
		"Rosa, the beginning":     {rosa, "/panel/inicio", 200, true},
		"Rosa, the next stage's":  {rosa, "/panel/turno/subdirector", 403, false},
		"Rosa, hers":              {rosa, "/panel/mias", 200, false},
		"Ernesto, the director's": {ernesto, "/panel/turno/director", 403, false},
		"Ernesto, his stage's":    {ernesto, "/panel/turno/subdirector", 200, false},
		"Gabriela, everything":    {gabriela, "/panel/todas", 200, true},
		"Gabriela, the platform":  {gabriela, "/panel/turno/platform", 200, false},
		"Gabriela, the director":  {gabriela, "/panel/turno/director", 403, false},
		"Óscar, the beginning":    {oscar, "/panel/inicio", 200, false},
		"Óscar, no stage's":       {oscar, "/panel/turno/none", 403, false},
	} {
		status, page := c.of.reads(c.path)
		if status != c.status || strings.Contains(page, folio) != c.shown || strings.Contains(page, "Ñáñez") != c.shown {
			t.Errorf("%s: %d, want %d; shown %v, want %v:\n%s", name, status, c.status, strings.Contains(page, folio), c.shown, page)
		}
		if strings.Contains(page, lucia["curp"]) {
			t.Errorf("%s: shows the CURP", name)
		}
	}
	for name, c := range map[string]struct {
		of    *browser
		shown bool
	}{"Silvia": {silvia, true}, "Martha": {martha, false}, "Rosa, at whose stage it is": {rosa, true}, "Ernesto, before it reaches his": {ernesto, false}, "Gabriela": {gabriela, true}} {
		for _, query := range []string{"lucía ñáñez", lucia["curp"], lucia["cct"], folio} {
			status, page := c.of.searches(query)
			if found := strings.Contains(page, "&amp;message=estado%20"+folio); status != 200 || found != c.shown {
				t.Errorf("%s searches %q: %d, found %v, want %v:\n%s", name, query, status, found, c.shown, page)
			}
		}
	}
	if _, page := rosa.reads("/panel/turno/director"); !strings.Contains(page, "https://teams.microsoft.com/l/message/") {
		t.Errorf("no link to the card in the channel:\n%s", page)
	}
}

// What is ready to be handed over is listed for its requester, without its password.
func TestTheTabListsWhatIsToHandOver(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	folio := o.sends(o.silvia, lucia)
	silvia := o.opensTab(o.silvia)
	if _, page := silvia.reads("/panel/entregar"); strings.Contains(page, folio) {
		t.Errorf("listed before it is made:\n%s", page)
	}
	o.authorises(folio)
	o.eventually("the account is listed", func() bool {
		_, page := silvia.reads("/panel/entregar")
		return strings.Contains(page, folio) && strings.Contains(page, "lucia.nanez@docentecoahuila.gob.mx")
	})
	if _, page := o.opensTab(o.gabriela).reads("/panel/entregar"); strings.Contains(page, folio) {
		t.Error("the head is shown what another hands over")
	}
}

// No other token opens the tab, and the tab's is none of the Bot Framework's.
func TestNoOtherTokenOpensTheTab(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.sends(o.silvia, lucia)
	genuine := o.tabToken(o.silvia, nil)
	if status, text := (&browser{o: o}).brings(genuine); status != http.StatusNoContent {
		t.Fatalf("a genuine one: %d %s", status, text)
	}
	forged := func(spec teamsfake.TokenSpec) string { return o.teams.TabToken(o.urls.entra, o.silvia.ID, spec) }
	for name, token := range map[string]string{
		"none":                   "",
		"of the bot":             o.teams.Token(teamsfake.TokenSpec{}),
		"a sign-in's":            o.teams.IDToken(o.urls.entra, o.silvia.ID, "nonce", teamsfake.TokenSpec{}),
		"of another tenant":      o.tabToken(o.silvia, map[string]any{"tid": officeMaker}),
		"another tenant's own":   o.tabToken(o.silvia, map[string]any{"iss": o.urls.entra + "/" + officeMaker + "/v2.0"}),
		"expired":                o.tabToken(o.silvia, map[string]any{"exp": time.Now().Add(-time.Minute).Unix()}),
		"for another":            o.tabToken(o.silvia, map[string]any{"aud": officeMaker}),
		"of another scope":       o.tabToken(o.silvia, map[string]any{"scp": "User.Read"}),
		"not signed":             forged(teamsfake.TokenSpec{Sign: teamsfake.NoSignature}),
		"changed":                forged(teamsfake.TokenSpec{Sign: teamsfake.TamperedContents}),
		"of a key that is not":   forged(teamsfake.TokenSpec{Sign: teamsfake.UnpublishedKey}),
		"replayed by another":    genuine,
		"written in another way": genuine + "=",
	} {
		b := &browser{o: o}
		status, text := b.brings(token)
		paced := status == http.StatusServiceUnavailable && strings.Contains(text, "Intente de nuevo") // those of unknown keys
		if !paced && (status != http.StatusForbidden || !strings.Contains(text, "chat con Altas")) || b.cookie != nil {
			t.Errorf("%s: %d %s, cookie %v", name, status, text, b.cookie)
		}
		if status, _ := b.reads("/panel/mias"); status != http.StatusSeeOther {
			t.Errorf("%s: opens a page: %d", name, status)
		}
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+o.listens()+"/api/messages", strings.NewReader("{}"))
	o.must(err)
	r.Header.Set("Authorization", "Bearer "+o.tabToken(o.silvia, nil))
	if status, _ := (&browser{o: o}).sends(r); status != http.StatusUnauthorized {
		t.Errorf("the bot takes a tab's token: %d", status)
	}
}

// A session is one browser's, lasts over a restart and until its token ends; the same token goes on there
// alone, and another person's takes its place.
func TestASessionIsOneBrowsers(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	folio := o.sends(o.silvia, lucia)
	token := o.tabToken(o.silvia, nil)
	b := &browser{o: o}
	b.brings(token)
	first := b.cookie
	if c := first; c == nil || c.Name != "__Host-altas" || !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteNoneMode || !c.Partitioned || c.Path != "/" || c.Domain != "" || c.MaxAge > 3600 {
		t.Fatalf("cookie %v", c)
	}
	o.restart()
	if status, page := b.reads("/panel/mias"); status != 200 || !strings.Contains(page, folio) {
		t.Errorf("after a restart: %d", status)
	}
	if status, _ := b.brings(token); status != http.StatusNoContent || b.cookie.Value != first.Value {
		t.Errorf("the same token in the same browser: %d", status)
	}
	if status, text := (&browser{o: o}).brings(token); status != http.StatusForbidden || !strings.Contains(text, "otro navegador") {
		t.Errorf("the same token in another browser: %d %s", status, text)
	}
	b.brings(o.tabToken(o.martha, nil))
	if status, page := b.reads("/panel/mias"); status != 200 || strings.Contains(page, folio) {
		t.Errorf("Martha in Silvia's browser: %d\n%s", status, page)
	}
	if status, _ := (&browser{o, first}).reads("/panel/mias"); status != http.StatusSeeOther {
		t.Errorf("Silvia's former session: %d", status)
	}
	late := o.opensTab(o.silvia)
	o.stop()
	o.ahead += 61 * time.Minute
	o.start()
	if status, _ := late.reads("/panel/mias"); status != http.StatusSeeOther {
		t.Errorf("after its token's end: %d", status)
	}
}

// Other sites' pages can neither begin a session nor search; no page may be framed but by Teams.
func TestOtherSitesCannotUseTheTab(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	for _, headers := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://evil.example"}, {"Origin", "null"}} {
		b := &browser{o: o}
		if status, _ := b.brings(o.tabToken(o.silvia, nil), headers...); status != http.StatusForbidden || b.cookie != nil {
			t.Errorf("%v: %d, cookie %v", headers, status, b.cookie)
		}
	}
	b := o.opensTab(o.silvia)
	search := b.request(http.MethodPost, "/panel/buscar", url.Values{"q": {"lucía"}})
	search.Header.Set("Sec-Fetch-Site", "cross-site")
	if status, _ := b.sends(search); status != http.StatusForbidden {
		t.Errorf("a search from another site: %d", status)
	}
	for _, path := range []string{"/panel", "/panel/mias"} {
		answer, err := http.DefaultTransport.RoundTrip(b.request(http.MethodGet, path, nil))
		o.must(err)
		o.must(answer.Body.Close())
		policy := answer.Header.Get("Content-Security-Policy")
		if !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") || answer.Header.Get("Cache-Control") != "no-store" ||
			!strings.Contains(policy, "frame-ancestors 'self' https://teams.microsoft.com https://*.teams.microsoft.com https://*.cloud.microsoft") {
			t.Errorf("%s: %v", path, answer.Header)
		}
	}
}

// A browser that keeps no cookie is told so, once.
func TestABrowserWithoutCookies(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	b := &browser{o: o}
	if status, page := b.reads("/panel/inicio?entrada=1"); status != http.StatusUnauthorized || !strings.Contains(page, "no guardó su sesión") {
		t.Errorf("%d\n%s", status, page)
	}
}
