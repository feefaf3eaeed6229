package connector

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"unicode/utf8"
)

// MaxMessage is the largest message sent, in bytes of UTF-16, as Teams counts; Teams itself
// refuses about 100 KB with 413.
const MaxMessage = 80 << 10

const contentTypeCard = "application/vnd.microsoft.card.adaptive"

// Message is a text, or a card, or attachments. Teams splits an activity with both a text and a
// card, and then returns no id, so both together are refused.
type Message struct {
	Text        string       // Markdown
	Card        any          // an adaptive card: any value that marshals to its JSON
	Attachments []Attachment // other cards, such as a file consent
	Summary     string       // shown in notifications in place of a card
	Mentions    []Mention    // people named in Text as <at>Name</at>
	Locale      string       // BCP-47
	ReplyTo     string       // id of the message that this one replies to
}

// Mention links <at>Name</at> in a text to a person.
type Mention struct {
	ID   string // 29:… or the Entra object id
	Name string
}

type outgoing struct {
	Type         string          `json:"type"`
	ID           string          `json:"id,omitempty"`
	Text         string          `json:"text,omitempty"`
	TextFormat   string          `json:"textFormat,omitempty"`
	Summary      string          `json:"summary,omitempty"`
	Locale       string          `json:"locale,omitempty"`
	ReplyToID    string          `json:"replyToId,omitempty"`
	From         *outAccount     `json:"from,omitempty"`
	Conversation *outAccount     `json:"conversation,omitempty"`
	Attachments  []outAttachment `json:"attachments,omitempty"`
	Entities     []outMention    `json:"entities,omitempty"`
}

type outAccount struct {
	ID   string `json:"id"`
	Name string `json:"name,omitempty"`
}

type outAttachment struct {
	ContentType string `json:"contentType"`
	ContentURL  string `json:"contentUrl,omitempty"`
	Name        string `json:"name,omitempty"`
	Content     any    `json:"content,omitempty"`
}

type outMention struct {
	Type      string     `json:"type"`
	Text      string     `json:"text"`
	Mentioned outAccount `json:"mentioned"`
}

// outgoing converts a message to an activity. It returns an *Error with CodeInvalid for what
// Teams would split or alter.
func (c *Connector) outgoing(op string, conversation string, m Message) (*outgoing, error) {
	rich := m.Card != nil || len(m.Attachments) > 0
	switch {
	case m.Text == "" && !rich:
		return nil, &Error{Op: op, Code: CodeInvalid, Message: "nothing to say"}
	case m.Text != "" && rich:
		return nil, &Error{Op: op, Code: CodeInvalid, Message: "text and card in one message are split by Teams: send them apart"}
	}
	out := &outgoing{
		Type: TypeMessage, Text: m.Text, Summary: m.Summary, Locale: m.Locale, ReplyToID: m.ReplyTo,
		From: &outAccount{ID: c.botID()},
	}
	if m.Text != "" {
		out.TextFormat = "markdown"
	}
	if conversation != "" {
		out.Conversation = &outAccount{ID: conversation}
	}
	out.attach(m)
	return out, nil
}

func (out *outgoing) attach(m Message) {
	if m.Card != nil {
		out.Attachments = append(out.Attachments, outAttachment{ContentType: contentTypeCard, Content: m.Card})
	}
	for _, a := range m.Attachments {
		attached := outAttachment{ContentType: a.ContentType, ContentURL: a.ContentURL, Name: a.Name}
		if len(a.Content) > 0 {
			attached.Content = a.Content
		}
		out.Attachments = append(out.Attachments, attached)
	}
	for _, p := range m.Mentions {
		out.Entities = append(out.Entities, outMention{Type: "mention", Text: "<at>" + p.Name + "</at>", Mentioned: outAccount(p)})
	}
}

// encode marshals without HTML escapes, which would lengthen a card, and refuses what is too
// large for Teams.
func encode(op string, body any) ([]byte, error) {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(body); err != nil {
		return nil, &Error{Op: op, Code: CodeInvalid, Err: fmt.Errorf("encode: %w", err)}
	}
	if size := utf16Bytes(buffer.Bytes()); size > MaxMessage {
		return nil, &Error{Op: op, Code: CodeTooLarge, Message: fmt.Sprintf("%d bytes as Teams counts, %d allowed", size, MaxMessage)}
	}
	return buffer.Bytes(), nil
}

// base64Image matches the address of a picture that contains it, which Teams does not count. Quotes
// in what people type are escaped: they cannot write one.
// https://learn.microsoft.com/microsoftteams/platform/bots/how-to/format-your-bot-messages
var base64Image = regexp.MustCompile(`"url":"data:image/png;base64,[A-Za-z0-9+/=]*"`)

// utf16Bytes returns the size of a text as Teams counts it.
func utf16Bytes(text []byte) int {
	text = base64Image.ReplaceAll(text, nil)
	units := 0
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		units++
		if r > 0xFFFF {
			units++
		}
		text = text[size:]
	}
	return 2 * units
}
