package teamsfake

import (
	"context"
	"fmt"
	"net/http"
	"path"
	"strings"
)

type file struct {
	name string
	data []byte
}

// SendFile sends a file in a person's chat; the bot gets a download URL.
func (f *Fake) SendFile(ctx context.Context, personID, name string, data []byte) (*Turn, error) {
	f.mu.Lock()
	p := f.person(personID)
	if p == nil {
		f.mu.Unlock()
		return nil, fmt.Errorf("no person %q", personID)
	}
	c := f.chat(p)
	post := f.add(c, "", p.ID, "", object{"type": "message", "text": name})
	id := strings.ReplaceAll(guid("file"+post.id), "-", "")
	f.files[id] = &file{name: name, data: data}
	activity := f.event("message", post.id, c, "", p)
	activity["attachments"] = []any{object{
		"contentType": "application/vnd.microsoft.teams.file.download.info",
		"contentUrl":  f.fileURL("kept-" + id), "name": name,
		"content": object{"downloadUrl": f.fileURL(id), "uniqueId": id, "fileType": strings.TrimPrefix(path.Ext(name), ".")},
	}}
	f.mu.Unlock()
	return f.deliver(ctx, activity)
}

// AnswerFileConsent accepts or declines the file consent card of a message. On acceptance the bot
// gets an upload URL; File returns what it uploaded.
func (f *Fake) AnswerFileConsent(ctx context.Context, personID string, m Message, accept bool) (turn *Turn, fileID string, err error) {
	var offer object
	for _, a := range m.Attachments {
		if text(a, "contentType") == "application/vnd.microsoft.teams.card.file.consent" {
			offer = a
		}
	}
	if offer == nil {
		return nil, "", fmt.Errorf("message %s offers no file", m.ID)
	}
	activity, err := f.cardActivity("invoke", personID, &Card{Conversation: m.Conversation, Message: m.ID})
	if err != nil {
		return nil, "", err
	}
	activity["name"] = "fileConsent/invoke"
	content := child(offer, "content")
	value := object{"type": "fileUpload", "action": "decline", "context": content["declineContext"]}
	if accept {
		id := strings.ReplaceAll(guid("upload"+m.ID), "-", "")
		f.mu.Lock()
		f.files[id] = &file{name: text(offer, "name")}
		url := f.fileURL(id)
		f.mu.Unlock()
		fileID = id
		value["action"], value["context"] = "accept", content["acceptContext"]
		value["uploadInfo"] = object{
			"contentUrl": url, "uploadUrl": url, "name": text(offer, "name"), "uniqueId": id,
			"fileType": strings.TrimPrefix(path.Ext(text(offer, "name")), "."),
		}
	}
	activity["value"] = value
	turn, err = f.deliver(ctx, activity)
	return turn, fileID, err
}

// File returns what was uploaded with an id.
func (f *Fake) File(id string) (name string, data []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if kept := f.files[id]; kept != nil {
		return kept.name, kept.data
	}
	return "", nil
}

// fileURL returns the download and upload URL of a file. The lock is held.
func (f *Fake) fileURL(id string) string {
	return strings.TrimSuffix(f.serviceURL, "teams/") + "files/" + id
}

// serveFile serves a file as SharePoint does: the URL is the permission, and an upload has a
// Content-Range.
func (f *Fake) serveFile(r *http.Request, id string, body []byte) answer {
	f.mu.Lock()
	defer f.mu.Unlock()
	kept := f.files[id]
	if kept == nil {
		return answer{status: http.StatusNotFound}
	}
	if r.Header.Get("Authorization") != "" {
		f.complain("a token was sent to a file address")
		return answer{status: http.StatusUnauthorized}
	}
	if r.Method == http.MethodGet {
		return answer{status: http.StatusOK, raw: append([]byte{}, kept.data...), header: map[string]string{"Content-Type": "application/octet-stream"}}
	}
	if want := fmt.Sprintf("bytes 0-%d/%d", len(body)-1, len(body)); r.Header.Get("Content-Range") != want {
		return answer{status: http.StatusBadRequest, body: object{"error": object{"code": "invalidRequest", "message": "Content-Range: want " + want}}}
	}
	kept.data = body
	return answer{status: http.StatusCreated, body: object{"id": id, "name": kept.name, "size": len(body)}}
}
