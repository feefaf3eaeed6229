package connector

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
)

// Member is a member of a conversation, from Teams' roster.
type Member struct {
	ID                string `json:"id"`
	AADObjectID       string `json:"aadObjectId"`
	ObjectID          string `json:"objectId"` // the same as AADObjectID
	Name              string `json:"name"`
	GivenName         string `json:"givenName"`
	Surname           string `json:"surname"`
	Email             string `json:"email"`
	UserPrincipalName string `json:"userPrincipalName"`
	TenantID          string `json:"tenantId"`
	UserRole          string `json:"userRole"` // "user", "guest", "anonymous"
}

// Member returns one member of a conversation; an *Error with Gone if the person is no member.
func (c *Connector) Member(ctx context.Context, conv Conversation, memberID string) (Member, error) {
	var m Member
	err := c.get(ctx, "member", conv, &m, "v3", "conversations", conv.ID, "members", memberID)
	return m.normalized(), err
}

func (c *Connector) get(ctx context.Context, op string, conv Conversation, into any, path ...string) error {
	if err := c.reachable(op, conv.ServiceURL, path...); err != nil {
		return err
	}
	address := endpoint(conv.ServiceURL, path...)
	answer, err := c.do(ctx, request{op: op, method: http.MethodGet, address: address, lane: reading, thread: conv.thread(), repeatable: true})
	if err != nil {
		return err
	}
	if err := json.Unmarshal(answer, into); err != nil {
		return &Error{Op: op, Status: http.StatusOK, Message: "unreadable answer", Err: err}
	}
	return nil
}

// endpoint joins a service URL and path segments, each escaped.
func endpoint(serviceURL string, segments ...string) string {
	var address strings.Builder
	address.WriteString(strings.TrimRight(serviceURL, "/"))
	for _, s := range segments {
		address.WriteString("/" + url.PathEscape(s))
	}
	return address.String()
}

// normalized sets the object id from either field: members and mentions have objectId where
// activities have aadObjectId.
func (m Member) normalized() Member {
	m.AADObjectID = cmp.Or(m.AADObjectID, m.ObjectID)
	m.ObjectID = m.AADObjectID
	return m
}
