package sandbox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
)

// roles returns the people by the words after "actuar como".
func (s staff) roles() map[string]teamsfake.Person {
	return map[string]teamsfake.Person{
		"secretaria": s.Requester, "solicitante": s.Requester,
		"director": s.Director, "direccion": s.Director,
		"subdirector": s.Subdirector, "subdireccion": s.Subdirector,
		"jefa": s.Head, "plataforma": s.Head,
		"ajeno": s.Outsider, "otro": s.Outsider,
	}
}

var mention = regexp.MustCompile(`<at>[^<]*</at>`)

// plainText returns a message's text without mentions.
func plainText(s string) string { return strings.TrimSpace(mention.ReplaceAllString(s, "")) }

// changeActor changes the person whom the Playground's user acts as, and confirms it in the chat.
func (b *botProxy) changeActor(rw http.ResponseWriter, r *http.Request, a map[string]any, text string) {
	words := strings.Fields(fold(text))
	name := words[len(words)-1]
	p, known := b.staff.roles()[withoutAccents.Replace(name)]
	for _, other := range b.staff.all() {
		if !known && strings.Contains(fold(other.Name), name) {
			p, known = other, true
		}
	}
	confirmation := "Escriba «actuar como» y quién: secretaria, director, subdirector, jefa o ajeno."
	if known {
		b.mu.Lock()
		b.acting = p
		b.mu.Unlock()
		confirmation = fmt.Sprintf("Desde ahora actúa como **%s**.", p.Name)
	}
	if err := b.post(r, a, confirmation); err != nil {
		http.Error(rw, err.Error(), http.StatusBadGateway)
		return
	}
	rw.WriteHeader(http.StatusOK)
}

var withoutAccents = strings.NewReplacer("á", "a", "é", "e", "í", "i", "ó", "o", "ú", "u", ".", "", "»", "", "«", "")

// post posts a message of the sandbox itself to the conversation of an activity.
func (b *botProxy) post(r *http.Request, a map[string]any, text string) error {
	conversation, _ := a["conversation"].(map[string]any)
	id, _ := conversation["id"].(string)
	body, err := json.Marshal(map[string]any{"type": "message", "text": text, "textFormat": "markdown"})
	if err != nil {
		return err
	}
	address := b.serviceURL() + "/v3/conversations/" + url.PathEscape(id) + "/activities"
	request, err := http.NewRequestWithContext(r.Context(), http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("say who acts: %w", err)
	}
	return answer.Body.Close()
}
