package letter

import (
	"context"
	"path"
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/bot/file"
	"seducoahuila.gob.mx/altas/bot/post"
	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/letter"
)

// grant returns a token for the newest letter of a request; or, if it is "", the text that says why
// there is none yet.
func (ls *Letters) grant(ctx context.Context, t turn.Context, f provisioning.Folio, lasts time.Duration) (token, text string, l letter.Letter, err error) {
	proven, err := ls.Access.Proven(ctx, t.By, t.Stage)
	if err != nil {
		return "", "", l, err
	}
	err = ls.Store.Update(ctx, func(tx provisioning.Tx) error {
		auth, err := ls.authority(tx)
		if err != nil {
			return err
		}
		token, l, err = ls.Letters.Grant(tx, auth, f, proven, lasts)
		return err
	})
	if err == nil && token == "" {
		key := "letter.preparing"
		if l.State == letter.StateWaiting {
			key = "letter.no_number"
		}
		text = t.Texts.Say(key, map[string]string{"folio": string(f)})
	}
	return token, text, l, err
}

// offer offers the file in the person's own chat; text is what is answered where it was asked for.
func (ls *Letters) offer(ctx context.Context, t turn.Context, f provisioning.Folio) (text string, err error) {
	chat := t.Conversation
	if !t.Personal() {
		chat = t.Person.Conversation
	}
	if chat.ID == "" || t.Person.Gone {
		return t.Texts.Say("letter.no_chat", nil), nil
	}
	token, text, l, err := ls.grant(ctx, t, f, letter.OfferFor)
	if err != nil || text != "" {
		return text, err
	}
	ls.Turns.Reply(ctx, func(ctx context.Context) error {
		_, err := ls.Files.Offer(ctx, chat, t.Texts, file.Offered{
			Name: l.FileName(), Description: t.Texts.LetterOffered(l), Size: l.Size, Key: fileKey(f, letter.GrantID(token)),
		})
		if connector.IsRejected(err) && ls.PublicURL != "" { // Teams has no files there
			ls.Log.InfoContext(ctx, "file not offered; a link is sent", "folio", f, "person", t.By.ID, "err", err)
			return ls.sendLink(ctx, t, chat, f)
		}
		return err
	})
	if t.Personal() {
		return "", nil
	}
	return t.Texts.Say("letter.in_chat", nil), nil
}

// sendLink sends the address of the letter to the person's own chat.
func (ls *Letters) sendLink(ctx context.Context, t turn.Context, chat connector.Conversation, f provisioning.Folio) error {
	m, err := ls.link(ctx, t, f)
	if err != nil {
		return err
	}
	_, err = ls.Posts.Teams.Send(ctx, chat, post.Outgoing(m, t.Texts))
	return err
}

// link is the message with the address at which the person can open the letter once.
func (ls *Letters) link(ctx context.Context, t turn.Context, f provisioning.Folio) (cards.Message, error) {
	token, text, l, err := ls.grant(ctx, t, f, letter.LinkFor)
	if err != nil || text != "" {
		return cards.Message{Text: text}, err
	}
	return cards.Message{Card: t.Texts.LetterOpen(l, strings.TrimRight(ls.PublicURL, "/")+letter.FilePath+"/"+token)}, nil
}

// FileSource is the name under which Letters is a file.Source.
const FileSource = "letter"

// fileKey is the key of an offered file: the request, and the grant by which it is fetched.
func fileKey(f provisioning.Folio, grant string) string {
	return strings.Join([]string{FileSource, string(f), grant}, "/")
}

// File returns the file that a person accepted. It implements file.Source.
func (ls *Letters) File(ctx context.Context, by provisioning.Actor, key string) (name string, data []byte, err error) {
	l, data, err := ls.Letters.Fetch(ctx, path.Base(key), by)
	return l.FileName(), data, err
}

// Again returns the command by which the file is offered again.
func (ls *Letters) Again(texts *cards.Texts, key string) string {
	return texts.Command("letter") + " " + path.Base(path.Dir(key))
}

func (ls *Letters) fileClick(ctx context.Context, t turn.Context, c cards.Click) (turn.Answer, error) {
	text, err := ls.offer(ctx, t, c.Folio)
	if text == "" {
		return turn.Answer{Aside: t.Texts.Say("answer.below", nil)}, err
	}
	return turn.Answer{Text: text}, err
}

func (ls *Letters) linkClick(ctx context.Context, t turn.Context, c cards.Click) (turn.Answer, error) {
	if ls.PublicURL == "" {
		return t.Outdated(), nil
	}
	m, err := ls.link(ctx, t, c.Folio)
	return turn.Answer{Card: m.Card, Text: m.Text, Fresh: m.Text == ""}, err
}
