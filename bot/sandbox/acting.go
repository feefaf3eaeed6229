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

// roles returns the people that one can act as, by the words for them.
func (c cast) roles() map[string]teamsfake.Person {
	return map[string]teamsfake.Person{
		"secretaria": c.Requester, "solicitante": c.Requester,
		"director": c.Director, "direccion": c.Director,
		"subdirector": c.Subdirector, "subdireccion": c.Subdirector,
		"jefa": c.Head, "plataforma": c.Head,
		"ajeno": c.Outsider, "otro": c.Outsider,
	}
}

var mention = regexp.MustCompile(`<at>[^<]*</at>`)

// plainText returns a message's text without mentions.
func plainText(s string) string { return strings.TrimSpace(mention.ReplaceAllString(s, "")) }

// act changes the person whom the Playground's user acts as, and confirms it in the chat.
func (d *door) act(rw http.ResponseWriter, r *http.Request, a map[string]any, typed string) {
	words := strings.Fields(fold(typed))
	named := words[len(words)-1]
	p, known := d.cast.roles()[unaccented.Replace(named)]
	for _, other := range d.cast.all() {
		if !known && strings.Contains(fold(other.Name), named) {
			p, known = other, true
		}
	}
	said := "Escriba «actuar como» y quién: secretaria, director, subdirector, jefa o ajeno."
	if known {
		d.mu.Lock()
		d.acting = p
		d.mu.Unlock()
		said = fmt.Sprintf("Desde ahora actúa como **%s**.", p.Name)
	}
	if err := d.say(r, a, said); err != nil {
		http.Error(rw, err.Error(), http.StatusBadGateway)
		return
	}
	rw.WriteHeader(http.StatusOK)
}

var unaccented = strings.NewReplacer("á", "a", "é", "e", "í", "i", "ó", "o", "ú", "u", ".", "", "»", "", "«", "")

// say posts a message of the sandbox itself to the conversation of an activity.
func (d *door) say(r *http.Request, a map[string]any, text string) error {
	conversation, _ := a["conversation"].(map[string]any)
	id, _ := conversation["id"].(string)
	body, err := json.Marshal(map[string]any{"type": "message", "text": text, "textFormat": "markdown"})
	if err != nil {
		return err
	}
	address := d.serviceURL() + "/v3/conversations/" + url.PathEscape(id) + "/activities"
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
