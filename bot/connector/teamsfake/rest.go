package teamsfake

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"unicode/utf16"
)

// maxMessage is the size in UTF-16 bytes above which Teams answers 413.
const maxMessage = 100 << 10

func refused(status int, code, message string) answer {
	return answer{status: status, body: object{"error": object{"code": code, "message": message}}}
}

func notInRoster() answer {
	return refused(http.StatusForbidden, "BotNotInConversationRoster", "The bot is not part of the conversation roster.")
}

func noConversation() answer {
	return refused(http.StatusNotFound, "ConversationNotFound", "Conversation not found.")
}

func noActivity() answer {
	return refused(http.StatusNotFound, "ActivityNotFoundInConversation", "The activity was not found in the conversation.")
}

// serveConnector serves the REST API below /v3.
func (f *Fake) serveConnector(r *http.Request, path []string, body []byte) (a answer) {
	f.mu.Lock()
	defer f.mu.Unlock()
	defer func() {
		f.calls = append(f.calls, Call{Method: r.Method, Path: "/" + strings.Join(path, "/"), Status: a.status, Body: body})
		f.signal()
	}()
	if !f.authorized(r) {
		return answer{status: http.StatusUnauthorized, body: object{"message": "Authorization has been denied for this request."}}
	}
	if limited := f.limited(r.Method, path, body); limited != nil {
		return *limited
	}
	if utf16Size(body) > maxMessage {
		return refused(http.StatusRequestEntityTooLarge, "MessageSizeTooBig", "Message size too large.")
	}
	switch {
	case len(path) == 1 && path[0] == "conversations" && r.Method == http.MethodPost:
		return f.createConversation(body)
	case len(path) >= 3 && path[0] == "conversations":
		return f.inConversation(r, path[1], path[2], path[3:], body)
	case len(path) >= 2 && path[0] == "teams" && r.Method == http.MethodGet:
		return f.serveTeam(path[1], path[2:])
	}
	return answer{status: http.StatusNotFound}
}

func (f *Fake) authorized(r *http.Request) bool {
	token, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	g, known := f.grants[token]
	return bearer && known && f.cfg.Now().Before(g.Expires) && g.Scope == connectorScope && strings.EqualFold(g.AppID, f.cfg.AppID)
}

func (f *Fake) inConversation(r *http.Request, id, what string, rest []string, body []byte) answer {
	c, root := f.find(id)
	if c == nil {
		return noConversation()
	}
	if refusal := c.refusal(r.Method); refusal != nil {
		return *refusal
	}
	switch {
	case what == "activities" && r.Method == http.MethodPost && len(rest) <= 1:
		return f.createPost(c, root, rest, body)
	case what == "activities" && r.Method == http.MethodPut && len(rest) == 1:
		return f.replacePost(c, rest[0], body)
	case what == "activities" && r.Method == http.MethodDelete && len(rest) == 1:
		return f.deletePost(c, rest[0])
	case what == "members" && r.Method == http.MethodGet && len(rest) == 1:
		return f.serveMember(c, rest[0])
	case (what == "members" || what == "pagedmembers") && r.Method == http.MethodGet && len(rest) == 0:
		return f.serveMembers(c, what == "pagedmembers", r.URL.Query())
	}
	return answer{status: http.StatusNotFound}
}

func (f *Fake) createPost(c *conversation, root string, rest []string, body []byte) answer {
	activity, bad := readActivity(body)
	if bad != nil {
		return *bad
	}
	replyTo := text(activity, "replyToId")
	if len(rest) == 1 {
		replyTo = rest[0]
	}
	if text(activity, "type") == "typing" {
		return answer{status: http.StatusCreated, body: object{"id": f.nextID()}}
	}
	if refusal := f.fileRefusal(c, activity); refusal != nil {
		return *refusal
	}
	if f.splitMessage(c, root, replyTo, activity) {
		return answer{status: http.StatusCreated, body: object{}}
	}
	p := f.add(c, root, "", replyTo, activity)
	return answer{status: http.StatusCreated, body: object{"id": p.id}}
}

// splitMessage posts a text and its attachments as two messages, as Teams does; their ids are not
// returned. The lock is held.
func (f *Fake) splitMessage(c *conversation, root, replyTo string, activity object) bool {
	if text(activity, "text") == "" || len(list(activity, "attachments")) == 0 {
		return false
	}
	f.complain("text and attachments in one activity: Teams splits them")
	words, cards := clone(activity), clone(activity)
	delete(words, "attachments")
	delete(cards, "text")
	f.add(c, root, "", replyTo, words)
	f.add(c, root, "", replyTo, cards)
	return true
}

// add appends a message to a conversation. The lock is held.
func (f *Fake) add(c *conversation, root, from, replyTo string, activity object) *post {
	id := f.nextID()
	if c.kind == "personal" && from == "" {
		id = "1:1" + opaque(c.id+id, 42)
	}
	if c.kind == "channel" && root == "" {
		root = id
	}
	p := &post{id: id, thread: root, from: from, replyTo: replyTo, body: activity}
	c.posts = append(c.posts, p)
	if from == "" {
		f.inspect(activity)
	}
	f.signal()
	return p
}

func (f *Fake) replacePost(c *conversation, id string, body []byte) answer {
	activity, bad := readActivity(body)
	if bad != nil {
		return *bad
	}
	p := c.post(id)
	if p == nil {
		return noActivity()
	}
	if p.from != "" {
		return refused(http.StatusForbidden, "ForbiddenOperationException", "The bot may only change its own messages.")
	}
	if refusal := f.fileRefusal(c, activity); refusal != nil {
		return *refusal
	}
	f.inspect(activity)
	p.body, p.views = activity, nil
	p.edits++
	return ok(object{"id": p.id})
}

func (f *Fake) deletePost(c *conversation, id string) answer {
	p := c.post(id)
	if p == nil {
		return noActivity()
	}
	if p.from != "" {
		return refused(http.StatusForbidden, "ForbiddenOperationException", "The bot may only delete its own messages.")
	}
	p.deleted = true
	return answer{status: http.StatusOK}
}

func readActivity(body []byte) (object, *answer) {
	var activity object
	if err := json.Unmarshal(body, &activity); err != nil || activity == nil {
		bad := refused(http.StatusBadRequest, "BadSyntax", "Bad format of the activity.")
		return nil, &bad
	}
	kind := text(activity, "type")
	if kind != "message" && kind != "typing" {
		bad := refused(http.StatusBadRequest, "BadArgument", "Unknown activity type")
		return nil, &bad
	}
	if kind == "message" && text(activity, "text") == "" && len(list(activity, "attachments")) == 0 {
		bad := refused(http.StatusBadRequest, "BadSyntax", "Activity should have text or attachments.")
		return nil, &bad
	}
	if bad := refusesMentions(activity); bad != nil {
		return nil, bad
	}
	return activity, nil
}

// createConversation creates a thread in a channel or a chat with one person.
func (f *Fake) createConversation(body []byte) answer {
	var asked struct {
		IsGroup     bool
		TenantID    string `json:"tenantId"`
		Members     []struct{ ID string }
		ChannelData struct {
			Channel struct{ ID string }
			Tenant  struct{ ID string }
		} `json:"channelData"`
		Activity json.RawMessage
	}
	if json.Unmarshal(body, &asked) != nil {
		return refused(http.StatusBadRequest, "BadSyntax", "Bad format of the conversation parameters.")
	}
	if asked.ChannelData.Channel.ID != "" {
		return f.createThread(asked.ChannelData.Channel.ID, asked.Activity)
	}
	tenant := asked.TenantID
	if tenant == "" {
		tenant = asked.ChannelData.Tenant.ID
	}
	if len(asked.Members) != 1 || tenant == "" {
		return refused(http.StatusBadRequest, "BadSyntax", "Incorrect conversation creation parameters")
	}
	p := f.person(asked.Members[0].ID)
	if p == nil || !strings.EqualFold(tenant, p.TenantID) {
		return refused(http.StatusForbidden, "ForbiddenOperationException", "The user was not found in the tenant.")
	}
	if !f.reachable(p) {
		return refused(http.StatusForbidden, "ForbiddenOperationException", "The bot is not installed in user's personal scope")
	}
	c := f.chat(p)
	c.active = true
	return answer{status: http.StatusCreated, body: object{"id": c.id}}
}

func (f *Fake) createThread(channelID string, raw json.RawMessage) answer {
	c, root := f.find(channelID)
	if c == nil || c.kind != "channel" || root != "" {
		return noConversation()
	}
	if refusal := c.refusal(http.MethodPost); refusal != nil {
		return *refusal
	}
	activity, bad := readActivity(raw)
	if bad != nil {
		return *bad
	}
	if refusal := f.fileRefusal(c, activity); refusal != nil {
		return *refusal
	}
	if f.splitMessage(c, "", "", activity) {
		return answer{status: http.StatusCreated, body: object{"id": c.id}}
	}
	p := f.add(c, "", "", "", activity)
	return answer{status: http.StatusCreated, body: object{"id": c.id + ";messageid=" + p.id, "activityId": p.id}}
}

// base64Image matches what the limit leaves out: "doesn't include Base64 encoded images".
// https://learn.microsoft.com/microsoftteams/platform/bots/how-to/format-your-bot-messages
var base64Image = regexp.MustCompile(`data:image/(?:png|jpeg|gif);base64,[A-Za-z0-9+/=]+`)

func utf16Size(body []byte) int {
	return 2 * len(utf16.Encode([]rune(base64Image.ReplaceAllString(string(body), ""))))
}
