package connector

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// Member is a person in a conversation, as Teams knows them.
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

// Team is a team the app is installed in.
type Team struct {
	ID         string `json:"id"` // its thread id
	Name       string `json:"name"`
	AADGroupID string `json:"aadGroupId"`
}

// TeamChannel is a channel of a team. The General channel has the team's id and no name.
type TeamChannel struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Member returns one member of a conversation; an *Error with Gone when they are not in it.
func (c *Connector) Member(ctx context.Context, conv Conversation, memberID string) (Member, error) {
	var m Member
	err := c.get(ctx, "member", conv, &m, nil, "v3", "conversations", conv.ID, "members", memberID)
	return m.settled(), err
}

// Members returns a page of at most 500 members and the mark of the next page, empty
// on the last; the first page is asked for with an empty mark.
func (c *Connector) Members(ctx context.Context, conv Conversation, page string) (members []Member, next string, err error) {
	query := url.Values{"pageSize": {strconv.Itoa(500)}}
	if page != "" {
		query.Set("continuationToken", page)
	}
	var answer struct {
		Members           []Member `json:"members"`
		ContinuationToken string   `json:"continuationToken"`
	}
	err = c.get(ctx, "members", conv, &answer, query, "v3", "conversations", conv.ID, "pagedmembers")
	for i := range answer.Members {
		answer.Members[i] = answer.Members[i].settled()
	}
	return answer.Members, answer.ContinuationToken, err
}

// Team returns what Teams says of a team.
func (c *Connector) Team(ctx context.Context, serviceURL, teamID string) (Team, error) {
	var t Team
	err := c.get(ctx, "team", Conversation{ServiceURL: serviceURL, ID: teamID}, &t, nil, "v3", "teams", teamID)
	return t, err
}

// Channels returns the channels of a team.
func (c *Connector) Channels(ctx context.Context, serviceURL, teamID string) ([]TeamChannel, error) {
	var answer struct {
		Conversations []TeamChannel `json:"conversations"`
	}
	err := c.get(ctx, "channels", Conversation{ServiceURL: serviceURL, ID: teamID}, &answer, nil, "v3", "teams", teamID, "conversations")
	return answer.Conversations, err
}

func (c *Connector) get(ctx context.Context, op string, conv Conversation, into any, query url.Values, path ...string) error {
	if err := c.reachable(op, conv.ServiceURL, path...); err != nil {
		return err
	}
	address := endpoint(conv.ServiceURL, path...)
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	answer, err := c.do(ctx, request{op: op, method: http.MethodGet, address: address, lane: reading, thread: conv.thread(), repeatable: true})
	if err != nil {
		return err
	}
	if err := json.Unmarshal(answer, into); err != nil {
		return &Error{Op: op, Status: http.StatusOK, Message: "unreadable answer", Err: err}
	}
	return nil
}

// endpoint joins a service address and path segments, each escaped.
func endpoint(serviceURL string, segments ...string) string {
	var address strings.Builder
	address.WriteString(strings.TrimRight(serviceURL, "/"))
	for _, s := range segments {
		address.WriteString("/" + url.PathEscape(s))
	}
	return address.String()
}

// settled takes the object id from wherever Teams put it: members and mentions say
// objectId where activities say aadObjectId.
func (m Member) settled() Member {
	m.AADObjectID = first(m.AADObjectID, m.ObjectID)
	m.ObjectID = m.AADObjectID
	return m
}
