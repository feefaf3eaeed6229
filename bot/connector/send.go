package connector

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/infracloudio/msbotbuilder-go/connector/auth"
	"github.com/infracloudio/msbotbuilder-go/connector/client"
	"github.com/infracloudio/msbotbuilder-go/core"
	"github.com/infracloudio/msbotbuilder-go/core/activity"
	"github.com/infracloudio/msbotbuilder-go/schema"
)

// Send sends a message to a conversation and returns its id. It is not repeated after an
// ambiguous response: the *Error is then Ambiguous and the message may exist.
func (c *Connector) Send(ctx context.Context, conv Conversation, m Message) (activityID string, err error) {
	t, err := c.turn(ctx, "send", conv, m.ReplyTo, &m)
	if err != nil {
		return "", err
	}
	reply := conv.activity(m.ReplyTo)
	reply.ReplyToID = m.ReplyTo
	err = c.adapter(t).ProactiveMessage(ctx, schema.ConversationReference{ServiceURL: conv.ServiceURL, Conversation: reply.Conversation},
		activity.HandlerFuncs{OnMessageFunc: func(*activity.TurnContext) (schema.Activity, error) { return reply, nil }})
	if err != nil {
		return "", t.failure(err)
	}
	return t.id()
}

// Update replaces a message that the bot sent. It is idempotent.
func (c *Connector) Update(ctx context.Context, conv Conversation, activityID string, m Message) error {
	t, err := c.turn(ctx, "update", conv, activityID, &m)
	if err != nil {
		return err
	}
	return t.failure(c.adapter(t).UpdateActivity(ctx, conv.activity(activityID)))
}

// Delete deletes a message. It is no error if the message does not exist any more.
func (c *Connector) Delete(ctx context.Context, conv Conversation, activityID string) error {
	t, err := c.turn(ctx, "delete", conv, activityID, nil)
	if err != nil {
		return err
	}
	ref := schema.ConversationReference{ServiceURL: conv.ServiceURL, Conversation: schema.ConversationAccount{ID: conv.ID}}
	err = t.failure(c.adapter(t).DeleteActivity(ctx, activityID, ref))
	var failed *Error
	if errors.As(err, &failed) && failed.Code == "ActivityNotFoundInConversation" {
		return nil
	}
	return err
}

// adapter assembles the builder's adapter with our validator and, for one outgoing call, a
// client with its context that keeps the returned id.
func (c *Connector) adapter(t *turn) *core.BotFrameworkAdapter {
	setting := core.AdapterSetting{
		AppID:              c.appID,
		ChannelService:     auth.ChannelService,
		CredentialProvider: auth.SimpleCredentialProvider{AppID: c.appID},
	}
	return &core.BotFrameworkAdapter{AdapterSetting: setting, TokenValidator: c.validator, Client: t}
}

// turn is one outgoing call through the builder. The builder makes its URL; its schema has no
// mentions and writes zero times, so the body is ours.
type turn struct {
	ctx    context.Context // the builder's client takes none; a turn lives for one call only
	c      *Connector
	op     string
	thread string
	body   any
	answer []byte
}

var _ client.Client = (*turn)(nil)

func (c *Connector) turn(ctx context.Context, op string, conv Conversation, activityID string, m *Message) (*turn, error) {
	if err := c.reachable(op, conv.ServiceURL, conv.ID, activityID); err != nil {
		return nil, err
	}
	if conv.ID == "" || (op != "send" && activityID == "") {
		return nil, &Error{Op: op, Code: CodeInvalid, Message: "no conversation or message id"}
	}
	t := &turn{ctx: ctx, c: c, op: op, thread: conv.thread()}
	if m == nil {
		return t, nil
	}
	out, err := c.outgoing(op, conv.ID, *m)
	if err != nil {
		return nil, err
	}
	if op == "update" {
		out.ID = activityID
	}
	t.body = out
	return t, nil
}

// Post sends the message; the builder calls it.
func (t *turn) Post(target url.URL, _ schema.Activity) error { return t.do(http.MethodPost, target) }

// Put replaces a message; the builder calls it.
func (t *turn) Put(target url.URL, _ schema.Activity) error { return t.do(http.MethodPut, target) }

// Delete deletes a message; the builder calls it.
func (t *turn) Delete(target url.URL, _ schema.Activity) error {
	return t.do(http.MethodDelete, target)
}

func (t *turn) do(method string, target url.URL) error {
	answer, err := t.c.do(t.ctx, request{
		op: t.op, method: method, address: target.String(), body: t.body,
		lane: writing, thread: t.thread, repeatable: method != http.MethodPost,
	})
	t.answer = answer
	return err
}

func (t *turn) id() (string, error) {
	var resource struct {
		ID string `json:"id"`
	}
	if json.Unmarshal(t.answer, &resource) != nil || resource.ID == "" {
		return "", &Error{Op: t.op, Status: http.StatusOK, Code: CodeNoID, Ambiguous: true}
	}
	return resource.ID, nil
}

// failure unwraps the builder's error, so that callers get an *Error.
func (t *turn) failure(err error) error {
	var failed *Error
	if err == nil || errors.As(err, &failed) {
		return failedOrNil(failed)
	}
	return &Error{Op: t.op, Err: err}
}

func failedOrNil(failed *Error) error {
	if failed == nil {
		return nil
	}
	return failed
}

func (conv Conversation) activity(id string) schema.Activity {
	return schema.Activity{
		Type:         schema.Message,
		ID:           id,
		ServiceURL:   conv.ServiceURL,
		Conversation: schema.ConversationAccount{ID: conv.ID},
	}
}

// thread is what Teams' limits count by: a chat, or a channel with all its threads.
func (conv Conversation) thread() string {
	channel, _ := splitThread(conv.ID)
	return channel
}

// reachable refuses addresses that the token may not be sent to, and ids that would change the
// path.
func (c *Connector) reachable(op, serviceURL string, ids ...string) error {
	if !c.hosts.trusts(serviceURL) {
		return &Error{Op: op, Code: CodeUntrusted, Message: "service address is not trusted"}
	}
	for _, id := range ids {
		if strings.ContainsAny(id, "/\\\r\n\x00") || id == "." || id == ".." || len(id) > 1024 {
			return &Error{Op: op, Code: CodeInvalid, Message: "unusable id"}
		}
	}
	return nil
}

func (c *Connector) botID() string { return "28:" + c.appID }
