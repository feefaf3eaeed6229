package file

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// Answer does what a person answered to an offered file, in the background: it uploads the file or,
// if they declined, says how to ask again. Outside a personal chat it does nothing: no file was
// offered there. The error is that of the store.
func (f *Files) Answer(ctx context.Context, a *connector.Activity) error {
	c, ok := a.FileConsent()
	if !ok {
		return nil
	}
	t, err := f.Turns.Enter(ctx, a)
	if err == nil {
		f.answer(ctx, t, c)
	}
	return err
}

func (f *Files) answer(ctx context.Context, t turn.Context, c connector.FileConsent) {
	var back consentContext
	if err := json.Unmarshal(c.Context, &back); err != nil || !t.Personal() {
		f.Log.WarnContext(ctx, "answer to an offered file ignored", "person", t.By.ID, "conversation", t.Conversation.Type, "err", err)
		return
	}
	source := f.source(back.Key)
	switch {
	case source == nil:
		f.Log.InfoContext(ctx, "file refused", "person", t.By.ID, "err", "no source has its key")
		f.Turns.Say(ctx, t, cards.Message{Text: t.Texts.Reason(problem.Refuse(problem.CodeNotFound, "file.none"))})
	case !c.Accepted:
		f.Turns.Say(ctx, t, cards.Message{Text: t.Texts.Say("file.declined", map[string]string{"again": source.Again(t.Texts, back.Key)})})
		f.retire(ctx, t)
	case f.begun.First(c.Upload.UploadURL): // Teams repeats an invoke
		f.Turns.Reply(ctx, func(ctx context.Context) error {
			f.give(ctx, t, source, back.Key, c.Upload)
			return nil
		})
	}
}

// give uploads a file and shows it, or tells the person why not.
func (f *Files) give(ctx context.Context, t turn.Context, source Source, key string, to connector.Upload) {
	var name string
	err := job.Safely(func() (err error) {
		name, err = f.transfer(ctx, t, source, key, to)
		return err
	})
	if refused, ok := errors.AsType[*problem.Error](err); ok && refused.Code != problem.CodeInternal {
		f.Log.InfoContext(ctx, "file refused", "person", t.By.ID, "key", key, "err", err)
		f.Turns.Say(ctx, t, cards.Message{Text: t.Texts.Reason(err)})
		return
	}
	if err != nil {
		ref := problem.NewReference()
		f.Log.ErrorContext(ctx, "file not uploaded", "ref", ref, "person", t.By.ID, "key", key, "err", err)
		f.Turns.Say(ctx, t, cards.Message{Text: t.Texts.Say("file.failed", map[string]string{
			"again": source.Again(t.Texts, key), "reference": ref,
		})})
		return
	}
	f.Log.InfoContext(ctx, "file uploaded", "person", t.By.ID, "key", key)
	f.show(ctx, t, name, to)
	f.retire(ctx, t)
}

// transfer reads a file of a source, which decides whether the person may have it, and uploads it.
func (f *Files) transfer(ctx context.Context, t turn.Context, source Source, key string, to connector.Upload) (name string, err error) {
	if err := f.Hosts.check(to.UploadURL); err != nil {
		return "", fmt.Errorf("upload address: %w", err)
	}
	if err := f.Hosts.check(to.ContentURL); err != nil {
		return "", fmt.Errorf("content address: %w", err)
	}
	name, data, err := source.File(ctx, t.By, key)
	if err != nil {
		return "", err
	}
	return name, f.upload(ctx, to.UploadURL, data)
}

// show sends the card with which the person opens an uploaded file. Its name there may differ from
// ours: OneDrive renames a file if there is one of that name.
func (f *Files) show(ctx context.Context, t turn.Context, name string, to connector.Upload) {
	content, err := json.Marshal(map[string]string{"uniqueId": to.UniqueID, "fileType": to.FileType})
	if err != nil {
		return // texts are always JSON
	}
	m := connector.Message{
		Summary: name, Locale: t.Texts.Locale(), Attachments: []connector.Attachment{{
			ContentType: connector.ContentTypeFileInfo, ContentURL: to.ContentURL, Name: to.Name, Content: content,
		}},
	}
	f.Turns.Reply(ctx, func(ctx context.Context) error {
		_, err := f.Teams.Send(ctx, t.Conversation, m)
		return err
	})
}

// retire deletes the message that offered the file, since Teams leaves its buttons enabled.
func (f *Files) retire(ctx context.Context, t turn.Context) {
	if t.ReplyToID == "" {
		return
	}
	f.Turns.Reply(ctx, func(ctx context.Context) error {
		return f.Teams.Delete(ctx, t.Conversation, t.ReplyToID)
	})
}
