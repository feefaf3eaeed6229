package teamsfake_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
)

func TestFiles(t *testing.T) {
	t.Parallel()
	s := newHarness(t)
	if _, err := s.SendFile(t.Context(), s.lucia.ID, "lista.xlsx", []byte("filas")); err != nil {
		t.Fatal(err)
	}
	attachment := s.heard[0]["attachments"].([]any)[0].(map[string]any)["content"].(map[string]any)
	address, _ := attachment["downloadUrl"].(string)
	req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if status, _, body := s.do(t, req); status != 200 || string(body) != "filas" {
		t.Errorf("download: %d %q", status, body)
	}
	if status, _, _ := s.rest(t, "POST", "conversations/"+s.team.ID+"/activities", offer); status != 400 {
		t.Errorf("a file offered in a channel: %d", status)
	}
	s.send(t, s.Chat(s.lucia.ID), offer)
	offered := s.Messages(s.Chat(s.lucia.ID), s.lucia.ID)[1]
	_, id, err := s.AnswerFileConsent(t.Context(), s.lucia.ID, offered, true)
	if err != nil {
		t.Fatal(err)
	}
	upload := s.heard[1]["value"].(map[string]any)["uploadInfo"].(map[string]any)["uploadUrl"].(string)
	put := func(address, contentRange string) int {
		req, _ := http.NewRequestWithContext(t.Context(), http.MethodPut, address, bytes.NewReader([]byte("pdf")))
		req.Header.Set("Content-Range", contentRange)
		status, _, _ := s.do(t, req)
		return status
	}
	bare, _, _ := strings.Cut(upload, "?")
	for _, c := range []struct {
		address, contentRange string
		want                  int
	}{{upload, "", 400}, {upload, "bytes 0-3/4", 400}, {bare, "bytes 0-2/3", 404}, {upload, "bytes 0-2/3", 201}, {upload, "bytes 0-2/3", 404}} {
		if status := put(c.address, c.contentRange); status != c.want {
			t.Errorf("upload to %s of %q: %d, want %d", c.address, c.contentRange, status, c.want)
		}
	}
	if name, data := s.File(id); name != "oficio.pdf" || string(data) != "pdf" {
		t.Errorf("File = %q, %q", name, data)
	}
	if faults := s.Complaints(); len(faults) > 0 {
		t.Errorf("complaints: %q", faults)
	}
}

// offer is a message that offers a file.
const offer = `{"type":"message","attachments":[{"contentType":"application/vnd.microsoft.teams.card.file.consent","name":"oficio.pdf",
	"content":{"description":"Oficio","sizeInBytes":3,"acceptContext":{"f":1},"declineContext":{}}}]}`

// Without supportsFiles in the manifest no file can be offered.
func TestAnAppWithoutFiles(t *testing.T) {
	t.Parallel()
	s := newHarness(t, func(c *teamsfake.Config) { c.NoFiles = true })
	if status, _, _ := s.rest(t, "POST", "conversations/"+s.Chat(s.lucia.ID)+"/activities", offer); status != 400 {
		t.Errorf("a file was offered: %d", status)
	}
}
