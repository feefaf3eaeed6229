package service_test

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
)

const publicURL = "https://altas.seducoahuila.gob.mx"

// openPublic opens an office whose pages have a public address, with a letter of Silvia's.
func openPublic(t *testing.T) (o *office, folio string) {
	t.Helper()
	o = openOffice(t, func(o *office, _ *tenantConfig) {
		o.env["ALTAS_PUBLIC_URL"] = publicURL
		o.teams.RegisterWeb(publicURL + "/oficio/archivo")
	})
	folio = o.sends(o.silvia, lucia)
	o.authorises(folio)
	o.shows(o.ernesto, o.letterCard(folio, "letter.sent"), "letter.sent", nil)
	return o, folio
}

// linked presses the button for the link, and returns the path of the address in the chat.
func (o *office) linked(p teamsfake.Person, folio string) string {
	o.t.Helper()
	before := o.teams.Cards(o.chats[p.ID], p.ID)
	o.presses(p, o.card(o.chats[p.ID], p, "letter.link", folio), "letter.link", nil)
	address := ""
	o.waits("link", func() bool {
		for _, c := range o.teams.Cards(o.chats[p.ID], p.ID)[len(before):] {
			for _, a := range c.Actions() {
				if found, _ := a.Raw["url"].(string); strings.HasPrefix(found, publicURL) {
					address = found
				}
			}
		}
		return address != ""
	})
	return strings.TrimPrefix(address, publicURL)
}

// browse opens a path as a browser does in which that person is signed in to Entra, and returns the
// last answer.
func (o *office) browse(p teamsfake.Person, path string) (status int, header http.Header, body []byte) {
	o.t.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Get("http://" + o.listens() + path)
	o.must(err)
	defer answer.Body.Close()
	if answer.StatusCode == http.StatusFound {
		form, action, err := o.teams.SignIn(p.ID, answer.Header.Get("Location"))
		o.must(err)
		return o.postsForm(client, strings.TrimPrefix(action, publicURL), form)
	}
	body, err = io.ReadAll(answer.Body)
	o.must(err)
	return answer.StatusCode, answer.Header, body
}

func (o *office) postsForm(client *http.Client, path string, form url.Values) (status int, header http.Header, body []byte) {
	o.t.Helper()
	answer, err := client.PostForm("http://"+o.listens()+path, form)
	o.must(err)
	defer answer.Body.Close()
	body, err = io.ReadAll(answer.Body)
	o.must(err)
	return answer.StatusCode, answer.Header, body
}

// Where there are no files, the letter is opened by a link: by who asked for it, once, within a
// quarter of an hour.
func TestALinkIsForOnePersonOnceAndInTime(t *testing.T) {
	t.Parallel()
	o, folio := openPublic(t)
	path := o.linked(o.silvia, folio)
	status, _, body := o.browse(o.martha, path)
	if status != http.StatusForbidden || !bytes.Contains(body, []byte("Esta dirección es de otra persona")) {
		t.Errorf("Martha opens Silvia's link: %d\n%s", status, body)
	}
	status, header, body := o.browse(o.silvia, path)
	if status != http.StatusOK || !bytes.HasPrefix(body, []byte("%PDF-")) || header.Get("Cache-Control") != "no-store" ||
		!strings.Contains(header.Get("Content-Disposition"), "SEDU-DGTI-0001-2026.pdf") {
		t.Errorf("Silvia opens it: %d %v", status, header)
	}
	status, _, body = o.browse(o.silvia, path)
	if status != http.StatusGone || !bytes.Contains(body, []byte("ya se usó")) {
		t.Errorf("Silvia opens it again: %d\n%s", status, body)
	}
	late := o.linked(o.silvia, folio)
	o.stop()
	o.ahead += 15 * time.Minute
	o.start()
	status, _, body = o.browse(o.silvia, late)
	if status != http.StatusGone || !bytes.Contains(body, []byte("ya venció")) {
		t.Errorf("Silvia opens one after 15 minutes: %d\n%s", status, body)
	}
	status, _, body = o.browse(o.silvia, "/oficio/archivo/MADEUPMADEUPMADEUPMADEUP26")
	if status != http.StatusNotFound || !bytes.Contains(body, []byte("no lleva a ningún oficio")) {
		t.Errorf("a made up link: %d\n%s", status, body)
	}
}

// What is posted in place of a sign-in opens nothing, and does not use the link up.
func TestNoOtherTokenOpensALink(t *testing.T) {
	t.Parallel()
	o, folio := openPublic(t)
	path := o.linked(o.silvia, folio)
	token := path[strings.LastIndexByte(path, '/')+1:]
	authority := o.urls.entra
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	opened, err := client.Get("http://" + o.listens() + path)
	o.must(err)
	o.must(opened.Body.Close())
	address, err := url.Parse(opened.Header.Get("Location"))
	o.must(err)
	if address.Query().Get("state") != token || strings.Contains(address.Query().Get("nonce"), token) {
		t.Errorf("Entra is asked %v", address.Query())
	}
	nonce := address.Query().Get("nonce")
	for name, idToken := range map[string]string{
		"none":                "",
		"of another sign-in":  o.teams.IDToken(authority, o.silvia.ID, "another nonce", teamsfake.TokenSpec{}),
		"expired":             o.teams.IDToken(authority, o.silvia.ID, nonce, teamsfake.TokenSpec{Claims: map[string]any{"exp": time.Now().Add(-time.Hour).Unix()}}),
		"of another app":      o.teams.IDToken(authority, o.silvia.ID, nonce, teamsfake.TokenSpec{Claims: map[string]any{"aud": officeMaker}}),
		"made by hand":        "eyJhbGciOiJub25lIn0.e30.",
		"of the other person": o.teams.IDToken(authority, o.martha.ID, nonce, teamsfake.TokenSpec{}),
	} {
		status, _, body := o.postsForm(client, "/oficio/archivo", url.Values{"id_token": {idToken}, "state": {token}})
		if status != http.StatusForbidden || bytes.HasPrefix(body, []byte("%PDF-")) {
			t.Errorf("%s: %d\n%s", name, status, body)
		}
	}
	if status, _, body := o.browse(o.silvia, path); status != http.StatusOK || !bytes.HasPrefix(body, []byte("%PDF-")) {
		t.Errorf("Silvia opens it after all that: %d\n%s", status, body)
	}
}

// Teams refuses the offer of a file: a link is sent instead.
func TestWhereTeamsHasNoFilesALinkIsSent(t *testing.T) {
	t.Parallel()
	o, folio := openPublic(t)
	o.teams.Inject(teamsfake.Fault{Body: "card.file.consent", Status: http.StatusBadRequest, Code: "BadSyntax"})
	o.card(o.chats[o.silvia.ID], o.silvia, "letter.link", folio) // the notice, which offers no file by itself
	o.says(o.silvia, "oficio "+folio)
	o.told(o.silvia, "SEDU/DGTI/0001/2026", "durante 15 minutos")
}
