package connector

import (
	"cmp"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/infracloudio/msbotbuilder-go/schema"
)

// Types of activities that Teams sends. Others exist and are returned as they are.
const (
	TypeMessage            = "message"
	TypeInvoke             = "invoke"
	TypeConversationUpdate = "conversationUpdate"
	TypeInstallationUpdate = "installationUpdate"
)

// Conversation types.
const (
	Personal  = "personal"
	GroupChat = "groupChat"
	Channel   = "channel"
)

// Activity is one verified activity from Teams. A field that was missing or malformed is empty.
type Activity struct {
	Type        string    // TypeMessage, TypeInvoke, …
	ID          string    // the same when Teams repeats an unanswered activity
	Name        string    // of an invoke: "adaptiveCard/action", "fileConsent/invoke", …
	Text        string    // without the bot's own mention
	Mentioned   bool      // the bot was mentioned
	Mentions    []Account // the others mentioned, each once; <at>Name</at> stays in Text
	Value       json.RawMessage
	Action      string // of an installationUpdate: "add", "remove"
	ReplyToID   string // of a click: the activity that holds the card
	Locale      string // BCP-47
	Timestamp   time.Time
	ChannelName string // Bot Framework's channelId; always ChannelTeams after Receive

	From         Account
	Recipient    Account // the bot
	Conversation Conversation

	// TenantID is conversation.tenantId or channelData.tenant.id; empty if they differ.
	TenantID    string
	TeamID      string // the team's thread id, 19:…@thread.tacv2
	TeamGroupID string // the team's Entra group
	ChannelID   string // the Teams channel, 19:…@thread.tacv2, without ;messageid=
	RootID      string // in a channel: the id of the thread's first message
	EventType   string // of a conversationUpdate: "teamMemberAdded", "channelCreated", …

	MembersAdded   []Account
	MembersRemoved []Account
	Attachments    []Attachment
}

// Place returns the id of the channel or group chat of the activity. It is "" if the activity
// names two different ones: authority depends on it, and neither is trusted over the other.
func (a *Activity) Place() string {
	id, _, _ := strings.Cut(a.Conversation.ID, ";")
	if a.ChannelID != "" && a.ChannelID != id {
		return ""
	}
	return id
}

// IsGroupChat reports whether the id is that of a group chat; those of channels end in
// @thread.tacv2 or @thread.skype.
func IsGroupChat(id string) bool { return strings.HasSuffix(id, "@thread.v2") }

// BotAdded reports whether the bot itself was added to the conversation.
func (a *Activity) BotAdded() bool { return among(a.MembersAdded, a.Recipient) }

// BotRemoved reports whether the bot itself was removed from the conversation.
func (a *Activity) BotRemoved() bool { return among(a.MembersRemoved, a.Recipient) }

func among(members []Account, who Account) bool {
	return who.ID != "" && slices.ContainsFunc(members, func(m Account) bool { return m.ID == who.ID })
}

// Account is a person or a bot in a conversation.
type Account struct {
	ID          string // 29:… or 28:…, different for every bot
	AADObjectID string // Entra object id of the person, for authorisation
	Name        string // for display only: people choose it themselves
}

// Conversation is a conversation reference. It can be stored and used later.
type Conversation struct {
	ServiceURL string
	ID         string
	Type       string // Personal, GroupChat, Channel
	TenantID   string
	IsGroup    bool
}

// Attachment is a file or card of a message.
type Attachment struct {
	ContentType string          `json:"contentType"`
	ContentURL  string          `json:"contentUrl,omitempty"`
	Name        string          `json:"name,omitempty"`
	Content     json.RawMessage `json:"content,omitempty"`
}

// decode decodes an activity leniently: only a body that is not a JSON object is an error. The
// builder's schema is too narrow (value must be a map, times must be RFC 3339, entities lose
// their content), and one malformed field must not lose a person's click. The activity is never
// nil.
func decode(body []byte) (*Activity, error) {
	w := asFields(body)
	if w == nil {
		return &Activity{}, errors.New("body is not a JSON object")
	}
	data := w.object("channelData")
	a := &Activity{
		Type: w.text("type"), ID: w.text("id"), Name: w.text("name"), Text: w.text("text"),
		Value: w["value"], Action: w.text("action"), ReplyToID: w.text("replyToId"),
		Locale: clip(w.text("locale"), maxLocale), Timestamp: w.time("timestamp"), ChannelName: w.text("channelId"),
		From: account(w.object("from")), Recipient: account(w.object("recipient")),
		TeamID:      cmp.Or(data.object("team").text("id"), data.text("teamsTeamId")),
		TeamGroupID: data.object("team").text("aadGroupId"), EventType: data.text("eventType"),
		MembersAdded: accounts(w.list("membersAdded")), MembersRemoved: accounts(w.list("membersRemoved")),
		Attachments: attachments(w.list("attachments")),
	}
	a.placeIn(w.object("conversation"), data)
	a.Conversation.ServiceURL = w.text("serviceUrl")
	marks := mentions(w.list("entities"))
	a.Text, a.Mentioned = withoutMention(a.Text, a.Recipient, marks)
	a.Mentions = others(a.Recipient, marks)
	return a, nil
}

// placeIn sets the conversation, team and channel.
func (a *Activity) placeIn(conversation, data fields) {
	tenant, other := conversation.text("tenantId"), data.object("tenant").text("id")
	if tenant == "" || other == "" || strings.EqualFold(tenant, other) {
		a.TenantID = cmp.Or(tenant, other)
	}
	a.Conversation = Conversation{
		ID:       conversation.text("id"),
		Type:     conversation.text("conversationType"),
		TenantID: a.TenantID,
		IsGroup:  conversation.flag("isGroup"),
	}
	base, root := splitThread(a.Conversation.ID)
	a.RootID = root
	a.ChannelID = cmp.Or(data.object("channel").text("id"), data.text("teamsChannelId"))
	if a.ChannelID == "" && a.Conversation.Type == Channel {
		a.ChannelID = base
	}
}

// splitThread splits 19:…@thread.tacv2;messageid=123 into the channel and the message.
func splitThread(id string) (channel, root string) {
	channel, root, _ = strings.Cut(id, ";messageid=")
	return channel, root
}

// mention is one <at>…</at> of a text.
type mention struct {
	mark string
	who  Account
}

func mentions(entities []json.RawMessage) []mention {
	var all []mention
	for _, raw := range entities {
		if e := object(raw); e.text("type") == "mention" {
			all = append(all, mention{mark: e.text("text"), who: account(e.object("mentioned"))})
		}
	}
	return all
}

// withoutMention removes the bot's own <at>…</at> from a text; other mentions stay.
func withoutMention(text string, bot Account, marks []mention) (string, bool) {
	mentioned := false
	for _, m := range marks {
		if bot.ID == "" || m.who.ID != bot.ID {
			continue
		}
		mentioned = true
		if m.mark != "" {
			text = strings.ReplaceAll(text, m.mark, " ")
		}
	}
	if bot.Name != "" && strings.Contains(text, "<at>"+bot.Name+"</at>") {
		mentioned = true
		text = strings.ReplaceAll(text, "<at>"+bot.Name+"</at>", " ")
	}
	return strings.TrimSpace(text), mentioned
}

// others returns the people mentioned beside the bot. Teams sends a name of several words as
// several mentions of one person.
func others(bot Account, marks []mention) []Account {
	var all []Account
	for _, m := range marks {
		known := slices.ContainsFunc(all, func(a Account) bool { return a.ID == m.who.ID })
		if m.who.ID != "" && m.who.ID != bot.ID && !known {
			all = append(all, m.who)
		}
	}
	return all
}

// schema returns the fields that the builder's adapter and dispatch read.
func (a *Activity) schema() schema.Activity {
	return schema.Activity{
		Type:       schema.ActivityTypes(a.Type),
		ID:         a.ID,
		Name:       a.Name,
		ServiceURL: a.Conversation.ServiceURL,
		ChannelID:  a.ChannelName,
	}
}

// Limits in bytes, those of Entra, for what people choose themselves: it is stored, and
// shown on cards, whose size Teams limits.
const (
	maxName   = 256
	maxLocale = 35
)

func account(f fields) Account {
	return Account{ID: f.text("id"), AADObjectID: cmp.Or(f.text("aadObjectId"), f.text("objectId")), Name: clip(f.text("name"), maxName)}
}

func clip(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	return strings.ToValidUTF8(text[:limit], "")
}

func accounts(list []json.RawMessage) []Account {
	var all []Account
	for _, raw := range list {
		all = append(all, account(object(raw)))
	}
	return all
}

func attachments(list []json.RawMessage) []Attachment {
	var all []Attachment
	for _, raw := range list {
		f := object(raw)
		all = append(all, Attachment{ContentType: f.text("contentType"), ContentURL: f.text("contentUrl"), Name: f.text("name"), Content: f["content"]})
	}
	return all
}
