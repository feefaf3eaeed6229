package file_test

import (
	"bytes"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
	"seducoahuila.gob.mx/altas/bot/file"
	"seducoahuila.gob.mx/altas/cards"
)

// An accepted file is in the person's OneDrive byte for byte, is shown, and is offered no longer.
func TestAnAcceptedFileIsTheirs(t *testing.T) {
	t.Parallel()
	w := newWorld(t, &letters{pdf: pdf})
	offer := w.offered()
	if offer.Summary != "oficio.pdf" {
		t.Errorf("the notification says %q", offer.Summary)
	}
	upload := w.answers(offer, true)
	w.waits("no card of the file, or still an offer", func() bool { return len(w.shown()) == 1 && w.message(offer.ID) == nil })
	if name, data := w.File(upload); name != "oficio.pdf" || !bytes.Equal(data, pdf) {
		t.Errorf("%s has %d bytes that differ from the %d sent", name, len(data), len(pdf))
	}
	if card := w.shown()[0]; card["name"] != "oficio.pdf" || card["content"].(map[string]any)["fileType"] != "pdf" {
		t.Errorf("the card of the file is %v", card)
	}
	if strings.Contains(w.log.String(), "tempauth") {
		t.Errorf("the log has the address of the upload:\n%s", w.log)
	}
}

func TestADeclinedFileIsNotOfferedAnyMore(t *testing.T) {
	t.Parallel()
	w := newWorld(t, &letters{pdf: pdf})
	offer := w.offered()
	w.answers(offer, false)
	w.told("escriba: oficio 2026-000123")
	w.waits("still an offer", func() bool { return w.message(offer.ID) == nil })
	if n := len(w.shown()); n > 0 {
		t.Errorf("%d files are shown", n)
	}
}

// Teams repeats an invoke that was answered late; a second acceptance of its own is another upload.
func TestAcceptedTwice(t *testing.T) {
	t.Parallel()
	w := newWorld(t, &letters{pdf: pdf})
	offer := w.offered()
	turn, first, err := w.AnswerFileConsent(w.within(), w.lucia.ID, offer, true)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.AgainAsNew(w.within(), turn); err != nil {
		t.Fatal(err)
	}
	w.waits("not uploaded", func() bool { return len(w.shown()) == 1 && w.message(offer.ID) == nil })
	again := w.offered()
	second := w.answers(again, true)
	w.waits("not uploaded again", func() bool { return len(w.shown()) == 2 && w.message(again.ID) == nil })
	for _, id := range []string{first, second} {
		if _, data := w.File(id); !bytes.Equal(data, pdf) {
			t.Errorf("upload %s has %d bytes", id, len(data))
		}
	}
	w.turns.Finish()
	if n := w.count("No se pudo"); n > 0 {
		t.Errorf("told %d times that it failed", n)
	}
}

// What the client forges, and what fails: nothing is uploaded, the person gets a sentence, and the
// log has the cause without the address of the upload.
func TestWhatIsNotUploaded(t *testing.T) {
	t.Parallel()
	const failed = "No se pudo guardar el archivo en su OneDrive. Para recibirlo de nuevo escriba: oficio 2026-000123. Si se repite, mencione la referencia"
	noHosts := func(c *file.Config) { c.Hosts = file.Hosts{} }
	for name, c := range map[string]struct {
		source letters
		edit   func(*file.Config)
		forge  [2]string // replaces a text of the invoke's value
		fault  teamsfake.Fault
		told   string
		logged string
	}{
		"plain http":         {edit: noHosts, told: failed, logged: "no host that files may be uploaded to"},
		"another host":       {forge: [2]string{"http://127.0.0.1", "https://sharepoint.com.example"}, told: failed, logged: "https://sharepoint.com.example"},
		"another content":    {forge: [2]string{`"contentUrl":"http://127.0.0.1`, `"contentUrl":"https://evil.example`}, told: failed, logged: "content address"},
		"no address":         {forge: [2]string{`"uploadUrl"`, `"x"`}, told: failed, logged: "upload address"},
		"refused by 500":     {fault: teamsfake.Fault{Method: "PUT", Path: "/files/", Status: 500}, told: failed, logged: "status 500"},
		"more expected":      {fault: teamsfake.Fault{Method: "PUT", Path: "/files/", Status: 202}, told: failed, logged: "status 202"},
		"connection lost":    {fault: teamsfake.Fault{Method: "PUT", Path: "/files/", Drop: true}, told: failed, logged: "EOF"},
		"too large":          {source: letters{pdf: make([]byte, file.MaxSize+1)}, told: failed, logged: "60000001 bytes"},
		"empty":              {source: letters{pdf: []byte{}}, told: failed, logged: "0 bytes"},
		"its source fails":   {source: letters{err: errors.New("disk full")}, told: failed, logged: "disk full"},
		"another's":          {source: letters{owner: "someone"}, told: "No encontramos una solicitud suya", logged: "file refused"},
		"of another request": {forge: [2]string{"2026-000123", "2026-000124"}, told: "No encontramos una solicitud suya", logged: "file refused"},
		"of no source":       {forge: [2]string{"letter/", "other/"}, told: "Ese archivo ya no está disponible", logged: "no source"},
		"a very long key":    {forge: [2]string{"2026-000123", strings.Repeat("9", 200)}, told: "Ese archivo ya no está disponible", logged: "no source"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if c.source.pdf == nil {
				c.source.pdf = pdf
			}
			w := newWorld(t, &c.source, func(cfg *file.Config) {
				if c.edit != nil {
					c.edit(cfg)
				}
			})
			w.edit = func(a *connector.Activity) {
				a.Value = bytes.ReplaceAll(a.Value, []byte(c.forge[0]), []byte(c.forge[1]))
			}
			if c.forge[0] == "" {
				w.edit = nil
			}
			if c.fault.Method != "" {
				w.Inject(c.fault)
			}
			offer := w.offered()
			upload := w.answers(offer, true)
			w.told(c.told)
			w.turns.Finish()
			if _, data := w.File(upload); data != nil {
				t.Errorf("%d bytes were uploaded", len(data))
			}
			if n := len(w.shown()); n > 0 || w.message(offer.ID) == nil {
				t.Errorf("%d files are shown; the offer is there: %v", n, w.message(offer.ID) != nil)
			}
			if log := w.log.String(); !strings.Contains(log, c.logged) || strings.Contains(log, "tempauth") {
				t.Errorf("the log, which should say %q and no address:\n%s", c.logged, log)
			}
		})
	}
}

// A redirect of a trusted host is not followed, and no host gets a token.
func TestARedirectIsNotFollowed(t *testing.T) {
	t.Parallel()
	var reached atomic.Bool
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Store(true) }))
	t.Cleanup(elsewhere.Close)
	redirecting := httptest.NewServer(http.RedirectHandler(elsewhere.URL, http.StatusTemporaryRedirect))
	t.Cleanup(redirecting.Close)
	w := newWorld(t, &letters{pdf: pdf}, func(c *file.Config) {
		var err error
		if c.Hosts, err = file.NewHosts([]string{"127.0.0.1"}); err != nil {
			t.Fatal(err)
		}
	})
	w.edit = func(a *connector.Activity) {
		a.Value = bytes.ReplaceAll(a.Value, []byte(strings.TrimSuffix(w.ServiceURL(), "/teams/")), []byte(redirecting.URL))
	}
	w.answers(w.offered(), true)
	w.told("No se pudo guardar")
	if reached.Load() || !strings.Contains(w.log.String(), "status 307") {
		t.Errorf("the redirect was followed: %v\n%s", reached.Load(), w.log)
	}
}

// Only a personal chat has files: elsewhere an acceptance is ignored, and nothing is offered.
func TestOutsideAPersonalChat(t *testing.T) {
	t.Parallel()
	w := newWorld(t, &letters{pdf: pdf})
	w.edit = func(a *connector.Activity) { a.Conversation.Type = connector.GroupChat }
	upload := w.answers(w.offered(), true)
	w.turns.Finish()
	if _, data := w.File(upload); data != nil || !strings.Contains(w.log.String(), "ignored") {
		t.Errorf("%d bytes were uploaded\n%s", len(data), w.log)
	}
}

func TestWhatCannotBeOffered(t *testing.T) {
	t.Parallel()
	w := newWorld(t, &letters{pdf: pdf})
	channel := w.chat
	channel.Type = connector.Channel
	good := file.Offered{Name: "oficio.pdf", Description: "Oficio", Size: file.MaxSize, Key: "letter/1"}
	for name, c := range map[string]struct {
		to   connector.Conversation
		edit func(*file.Offered)
	}{
		"in a channel": {channel, func(*file.Offered) {}},
		"too large":    {w.chat, func(o *file.Offered) { o.Size++ }},
		"empty":        {w.chat, func(o *file.Offered) { o.Size = 0 }},
		"of no source": {w.chat, func(o *file.Offered) { o.Key = "receipt/1" }},
		"a long key":   {w.chat, func(o *file.Offered) { o.Key += strings.Repeat("1", 128) }},
	} {
		o := good
		c.edit(&o)
		if _, err := w.files.Offer(w.within(), c.to, cards.In(cards.Spanish), o); err == nil {
			t.Errorf("%s: offered", name)
		}
	}
	if n := len(w.Messages(w.chat.ID, w.lucia.ID)); n > 0 {
		t.Errorf("%d messages were sent", n)
	}
	if _, err := w.files.Offer(w.within(), w.chat, cards.In(cards.Spanish), good); err != nil {
		t.Error(err)
	}
}
