package bot_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"seducoahuila.gob.mx/altas/bot/guide"
	"seducoahuila.gob.mx/altas/cards"
)

// The pages are served without authentication, in the language that is asked for, with a
// Content-Security-Policy.
func TestTheGuideIsServed(t *testing.T) {
	t.Parallel()
	handler := newOffice(t, "2022-09-05 09:00").present().Handler()
	for path, want := range map[string]string{
		"/guia":                     "Instructivo de llenado",
		"/guia/autorizar":           "<h1>Para quien autoriza</h1>",
		"/guia/autorizar?lang=en":   "<h1>For those who decide</h1>",
		"/guia/plataforma":          "<h1>Para la Plataforma Office 365</h1>",
		"/guia/plataforma?lang=en":  "<h1>For the Office 365 department</h1>",
		"/guia/anuncio":             "Las cuentas de correo ya se piden en Teams",
		"/guia/anuncio?lang=pt-BR":  "Las cuentas de correo ya se piden en Teams",
		"/guia/anuncio?lang=en-GB":  "Mail accounts are now requested in Teams",
		"/guia/instructivo":         "",
		"/guia/..%2finstructivo.md": "",
		"/guia/autorizar.es-MX":     "",
	} {
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
		if want == "" {
			if answer.Code != http.StatusNotFound {
				t.Errorf("GET %s: %d, want 404", path, answer.Code)
			}
			continue
		}
		if answer.Code != http.StatusOK || !strings.Contains(answer.Body.String(), want) {
			t.Errorf("GET %s: %d, without %q", path, answer.Code, want)
		}
		if policy := answer.Header().Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") {
			t.Errorf("GET %s: Content-Security-Policy: %s", path, policy)
		}
	}
}

// The pages for those who decide name each button and each word by which a stage decides: with the bot's
// texts, so that none has an older name than the card.
func TestThePagesNameWhatDecides(t *testing.T) {
	t.Parallel()
	for p, named := range map[guide.Page][]string{
		guide.Approving: {"button.turn", "button.authorize", "button.approve_with", "button.return", "button.reject",
			"command.pending", "command.turn", "command.authorize", "command.return", "command.reject", "command.exclude", "command.substitute"},
		guide.Platform: {"button.adopt", "button.rename", "button.restore", "button.retry", "button.disable", "button.drop",
			"command.retry", "command.adopt", "command.rename", "command.restore", "command.disable", "command.drop", "command.report"},
		guide.Announcement: {"command.begin", "button.send", "command.status", "command.recover", "command.help"},
	} {
		for _, locale := range cards.Locales {
			texts := cards.In(locale)
			html, err := guide.Render(p, locale, func(key string) string { return texts.Say(key, nil) })
			if err != nil {
				t.Fatal(err)
			}
			for _, key := range named {
				if !strings.Contains(string(html), "<strong>"+texts.Say(key, nil)) {
					t.Errorf("%s in %s does not name %s", p, locale, key)
				}
			}
		}
	}
}
