package file

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
)

// MaxSize is the largest file in bytes. SharePoint takes less than 60 MiB in one request; nothing
// of Altas needs more.
// https://learn.microsoft.com/graph/api/driveitem-createuploadsession#upload-bytes-to-the-upload-session
const MaxSize = 60_000_000

// Source has the files whose keys begin with the name it is registered under. Keys come from the
// client of whoever answers: they prove nothing.
type Source interface {
	// File returns the name and content of a file if the person may have it. A *problem.Error is
	// shown to them.
	File(ctx context.Context, by provisioning.Actor, key string) (name string, data []byte, err error)
	// Again returns what the person types to be offered the file again, in the language of the
	// texts: "oficio 2026-000123".
	Again(texts *cards.Texts, key string) string
}

// Teams is the part of the Bot Framework that is used here; connector.Connector implements it.
type Teams interface {
	Send(ctx context.Context, to connector.Conversation, m connector.Message) (id string, err error)
	Delete(ctx context.Context, in connector.Conversation, id string) error
}

// Config holds the dependencies of Files.
type Config struct {
	Teams      Teams
	Turns      *turn.Responder
	HTTPClient *http.Client // its transport uploads; http.DefaultTransport if nil
	Hosts      Hosts        // further hosts that files may be uploaded to
	Now        func() time.Time
	Log        *slog.Logger
}

// Files offers files, and uploads those that are accepted. It is safe for concurrent use once the
// sources are registered.
type Files struct {
	Config
	sources map[string]Source
	client  *http.Client
	slots   chan struct{} // bounds the uploads
	begun   *turn.Dedupe  // upload URLs; one takes its bytes once
}

// New returns Files without sources.
func New(cfg Config) *Files {
	return &Files{
		Config: cfg, sources: map[string]Source{}, client: strict(cfg.HTTPClient),
		slots: make(chan struct{}, maxUploads), begun: turn.NewDedupe(turn.SeenFor, cfg.Now),
	}
}

// Register makes a source answer for the keys NAME/…. It is called before the first activity.
func (f *Files) Register(name string, s Source) { f.sources[name] = s }

// maxKey is the longest key in bytes.
const maxKey = 128

// source returns the source of a key; nil if it has none.
func (f *Files) source(key string) Source {
	if len(key) > maxKey {
		return nil
	}
	name, _, _ := strings.Cut(key, "/")
	return f.sources[name]
}

// Offered is a file that is offered. The person sees all of it but Key, which says what the file
// is: "letter/2026-000123".
type Offered struct {
	Name        string // "oficio.pdf"
	Description string // in the person's language, plain text
	Size        int    // in bytes
	Key         string // at most 128 bytes
}

// consentContext is what the client returns with the answer.
type consentContext struct {
	Key string `json:"key"`
}

// Offer asks a person in their chat whether to put a file into their OneDrive, and returns the
// message's id. The error is that of Teams.Send, or tells what of the offer cannot be.
func (f *Files) Offer(ctx context.Context, to connector.Conversation, texts *cards.Texts, o Offered) (id string, err error) {
	switch {
	case to.Type != connector.Personal:
		return "", errors.New("offer a file: only personal chats have files")
	case o.Size <= 0 || o.Size > MaxSize:
		return "", fmt.Errorf("offer a file: %d bytes, want 1 to %d", o.Size, MaxSize)
	case f.source(o.Key) == nil:
		return "", fmt.Errorf("offer a file: no source of %q", o.Key)
	}
	back := consentContext{o.Key}
	content, err := json.Marshal(map[string]any{
		"description": o.Description, "sizeInBytes": o.Size, "acceptContext": back, "declineContext": back,
	})
	if err != nil {
		return "", fmt.Errorf("offer a file: %w", err)
	}
	return f.Teams.Send(ctx, to, connector.Message{
		Summary: o.Name, Locale: texts.Locale(),
		Attachments: []connector.Attachment{{ContentType: connector.ContentTypeFileConsent, Name: o.Name, Content: content}},
	})
}
