package teamsfake

import (
	"context"
	"fmt"
	"net/http"
	"path"
	"slices"
	"strings"
)

const (
	fileConsent = "application/vnd.microsoft.teams.card.file.consent"
	fileInfo    = "application/vnd.microsoft.teams.card.file.info"
)

// maxUpload is the size of a request above which SharePoint refuses it; larger files go in parts.
// https://learn.microsoft.com/graph/api/driveitem-createuploadsession#upload-bytes-to-the-upload-session
const maxUpload = 60 << 20

type file struct {
	name string
	data []byte
	open bool // an upload that takes its bytes once
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
// gets an upload URL, a new one each time; File returns what it uploaded there.
func (f *Fake) AnswerFileConsent(ctx context.Context, personID string, m Message, accept bool) (turn *Turn, fileID string, err error) {
	offer := m.attachment(fileConsent)
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
		var to object
		to, fileID = f.openUpload(text(offer, "name"))
		value["action"], value["context"], value["uploadInfo"] = "accept", content["acceptContext"], to
	}
	activity["value"] = value
	turn, err = f.deliver(ctx, activity)
	return turn, fileID, err
}

// openUpload returns the uploadInfo of a new upload, and its id.
func (f *Fake) openUpload(name string) (to object, id string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	id = strings.ReplaceAll(guid("upload"+f.nextID()), "-", "")
	f.files[id] = &file{name: name, open: true}
	return object{
		"uploadUrl": f.fileURL(id) + "?tempauth=" + opaque("tempauth"+id, 40), "contentUrl": f.fileURL("kept-" + id),
		"name": name, "uniqueId": id, "fileType": strings.TrimPrefix(path.Ext(name), "."),
	}, id
}

func (m Message) attachment(contentType string) map[string]any {
	i := slices.IndexFunc(m.Attachments, func(a map[string]any) bool { return text(a, "contentType") == contentType })
	if i < 0 {
		return nil
	}
	return m.Attachments[i]
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

// fileURL returns the URL of a file. The lock is held.
func (f *Fake) fileURL(id string) string {
	return strings.TrimSuffix(f.serviceURL, "teams/") + "files/" + id
}

// fileRefusal refuses an offer of a file outside personal chats, or if the app's manifest has no
// supportsFiles. The document says that neither works, not how it fails.
// https://learn.microsoft.com/microsoftteams/platform/bots/how-to/bots-filesv4
// The lock is held.
func (f *Fake) fileRefusal(c *conversation, activity object) *answer {
	for _, a := range list(activity, "attachments") {
		attachment, _ := a.(object)
		kind := text(attachment, "contentType")
		if kind != fileConsent && kind != fileInfo {
			continue
		}
		if c.kind != "personal" || f.cfg.NoFiles {
			bad := refused(http.StatusBadRequest, "BadSyntax", "Files are not supported here.")
			return &bad
		}
		f.inspectFile(kind, attachment)
	}
	return nil
}

// inspectFile records what Teams would show wrongly of a file's card.
func (f *Fake) inspectFile(kind string, attachment object) {
	content := child(attachment, "content")
	if text(attachment, "name") == "" {
		f.complain("%s without a name", kind)
	}
	if kind == fileConsent {
		if size, _ := content["sizeInBytes"].(float64); size <= 0 || text(content, "description") == "" {
			f.complain("a file consent card without size or description")
		}
		if child(content, "acceptContext") == nil || child(content, "declineContext") == nil {
			f.complain("a file consent card whose contexts are no objects")
		}
		return
	}
	kept := f.files[text(content, "uniqueId")]
	if kept == nil || kept.open || text(attachment, "contentUrl") != f.fileURL("kept-"+text(content, "uniqueId")) {
		f.complain("a file info card of a file that is not there")
	}
}

// serveFile serves a file as SharePoint does: the URL is the permission, a token beside it is
// refused, and an upload has a Content-Range and ends with its last byte.
// https://learn.microsoft.com/graph/api/driveitem-createuploadsession#upload-bytes-to-the-upload-session
func (f *Fake) serveFile(r *http.Request, id string, body []byte) answer {
	f.mu.Lock()
	defer f.mu.Unlock()
	defer f.signal()
	kept := f.files[id]
	if kept == nil || kept.open && r.URL.Query().Get("tempauth") != opaque("tempauth"+id, 40) {
		return answer{status: http.StatusNotFound}
	}
	if r.Header.Get("Authorization") != "" {
		f.complain("a token was sent to a file address")
		return answer{status: http.StatusUnauthorized}
	}
	switch r.Method {
	case http.MethodGet:
		return answer{status: http.StatusOK, raw: append([]byte{}, kept.data...), header: map[string]string{"Content-Type": "application/octet-stream"}}
	case http.MethodPut:
		return kept.upload(r, id, body)
	}
	return answer{status: http.StatusMethodNotAllowed}
}

func (kept *file) upload(r *http.Request, id string, body []byte) answer {
	invalid := func(why string) answer {
		return answer{status: http.StatusBadRequest, body: object{"error": object{"code": "invalidRequest", "message": why}}}
	}
	switch want := fmt.Sprintf("bytes 0-%d/%d", len(body)-1, len(body)); {
	case !kept.open:
		return answer{status: http.StatusNotFound, body: object{"error": object{"code": "itemNotFound", "message": "The upload session was not found"}}}
	case len(body) > maxUpload:
		return answer{status: http.StatusRequestEntityTooLarge}
	case r.ContentLength != int64(len(body)):
		return answer{status: http.StatusLengthRequired}
	case r.Header.Get("Content-Range") != want:
		return invalid("Content-Range: want " + want)
	}
	kept.data, kept.open = body, false
	return answer{status: http.StatusCreated, body: object{"id": id, "name": kept.name, "size": len(body)}}
}
