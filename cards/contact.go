package cards

import (
	"cmp"
	"maps"
	"net/url"
)

// Contact is who helps people with what Altas does not do. The zero Contact is nobody.
type Contact struct {
	Name  string // of the person or office
	Phone string // as input.ParsePhone returns it: "8444118800 ext. 12"
	Mail  string
	Chat  string // who answers in Teams, by user principal name; "" for nobody
}

// WithContact returns the texts with the contact that they send people to.
func (t *Texts) WithContact(c Contact) *Texts {
	copied := *t
	copied.contact = c
	return &copied
}

// reaching adds the argument "contact" for a text that sends people to somebody.
func (t *Texts) reaching(key string, args map[string]string) map[string]string {
	if !t.reaches[t.key(key)] {
		return args
	}
	with := map[string]string{"contact": t.contactPhrase()}
	maps.Copy(with, args)
	return with
}

// contactPhrase names the platform and, in brackets, how it is reached: "la Plataforma Office 365
// (844 411 8800 ext. 12)". Texts read well with and without the brackets.
func (t *Texts) contactPhrase() string {
	the := t.fixed["stage.platform.the"]
	how := cmp.Or(phone(t.contact.Phone), t.contact.Mail)
	if how == "" {
		return the
	}
	return the + " (" + how + ")"
}

// contactBlock says who helps and how they are reached; nil for nobody.
func (t *Texts) contactBlock() []any {
	lines := contactLines(t.contact)
	if len(lines) == 0 {
		return nil
	}
	return append([]any{subheading(t.fixed["contact.title"])}, lines...)
}

func contactLines(c Contact) (lines []any) {
	for _, line := range []string{c.Name, phone(c.Phone), c.Mail} {
		if line != "" {
			lines = append(lines, next(escape(line)))
		}
	}
	return lines
}

// contactActions is the button that opens a chat with the contact; none if they have no chat.
//
// The link is Microsoft's for a chat with people by user principal name, under "Deep link to start a
// new chat": https://learn.microsoft.com/en-us/microsoftteams/platform/concepts/build-and-test/deep-link-teams
func (t *Texts) contactActions() []action {
	if t.contact.Chat == "" {
		return nil
	}
	return []action{openURL(t.fixed["button.contact"], "https://teams.microsoft.com/l/chat/0/0?users="+url.QueryEscape(t.contact.Chat))}
}
