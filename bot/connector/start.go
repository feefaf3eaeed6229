package connector

import (
	"context"
	"encoding/json"
	"net/http"
)

type newConversation struct {
	IsGroup     bool         `json:"isGroup"`
	Bot         *outAccount  `json:"bot,omitempty"`
	Members     []outAccount `json:"members,omitempty"`
	TenantID    string       `json:"tenantId,omitempty"`
	ChannelData any          `json:"channelData,omitempty"`
	Activity    *outgoing    `json:"activity,omitempty"`
}

type idObject struct {
	ID string `json:"id"`
}

// Post starts a new thread in a Teams channel and returns the thread, for replies and updates,
// and the id of its first message. Like Send it is not repeated after an ambiguous response.
func (c *Connector) Post(ctx context.Context, serviceURL, tenantID, channelID string, m Message) (Conversation, string, error) {
	const op = "post"
	if channelID == "" {
		return Conversation{}, "", &Error{Op: op, Code: CodeInvalid, Message: "no channel id"}
	}
	out, err := c.outgoing(op, "", m)
	if err != nil {
		return Conversation{}, "", err
	}
	channel, _ := splitThread(channelID)
	body := newConversation{
		IsGroup:     true,
		TenantID:    tenantID,
		ChannelData: map[string]any{"channel": idObject{ID: channel}},
		Activity:    out,
	}
	id, activityID, err := c.start(ctx, op, serviceURL, channel, body)
	if err != nil {
		return Conversation{}, "", err
	}
	if activityID == "" {
		_, activityID = splitThread(id)
	}
	conv := Conversation{ServiceURL: serviceURL, ID: id, Type: Channel, TenantID: tenantID, IsGroup: true}
	if activityID == "" {
		return conv, "", &Error{Op: op, Status: http.StatusCreated, Code: CodeNoID, Ambiguous: true}
	}
	return conv, activityID, nil
}

// Open finds or creates the personal chat with a person, by 29: or Entra object id. It is
// idempotent. The app must be installed for the person.
func (c *Connector) Open(ctx context.Context, serviceURL, tenantID, userID string) (Conversation, error) {
	const op = "open"
	if userID == "" {
		return Conversation{}, &Error{Op: op, Code: CodeInvalid, Message: "no user id"}
	}
	body := newConversation{
		Bot:         &outAccount{ID: c.botID()},
		Members:     []outAccount{{ID: userID}},
		TenantID:    tenantID,
		ChannelData: map[string]any{"tenant": idObject{ID: tenantID}},
	}
	id, _, err := c.start(ctx, op, serviceURL, userID, body)
	if err != nil {
		return Conversation{}, err
	}
	return Conversation{ServiceURL: serviceURL, ID: id, Type: Personal, TenantID: tenantID}, nil
}

func (c *Connector) start(ctx context.Context, op, serviceURL, thread string, body newConversation) (id, activityID string, err error) {
	if err := c.reachable(op, serviceURL); err != nil {
		return "", "", err
	}
	answer, err := c.do(ctx, request{
		op: op, method: http.MethodPost, address: endpoint(serviceURL, "v3", "conversations"), body: body,
		lane: writing, thread: thread, repeatable: body.Activity == nil,
	})
	if err != nil {
		return "", "", err
	}
	var made struct {
		ID         string `json:"id"`
		ActivityID string `json:"activityId"`
	}
	if json.Unmarshal(answer, &made) != nil || made.ID == "" {
		return "", "", &Error{Op: op, Status: http.StatusOK, Code: CodeNoID, Ambiguous: true}
	}
	return made.ID, made.ActivityID, nil
}
