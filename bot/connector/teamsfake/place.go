package teamsfake

import (
	"context"
	"fmt"
	"net/http"
)

// The event types of conversationUpdate for a channel or a team.
// https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/subscribe-to-conversation-events
const (
	ChannelDeleted  = "channelDeleted"
	ChannelRestored = "channelRestored"
	ChannelRenamed  = "channelRenamed"
	TeamArchived    = "teamArchived"
	TeamUnarchived  = "teamUnarchived"
	TeamDeleted     = "teamDeleted"
	TeamRestored    = "teamRestored"
	TeamRenamed     = "teamRenamed"
)

// Change applies an event to a channel or a team, given by its id, on behalf of a person, and sends
// it to the bot. A deleted conversation cannot be read or written, and an archived team not
// written.
func (f *Fake) Change(ctx context.Context, event, id, personID string) error {
	f.mu.Lock()
	c, p := f.chats[id], f.person(personID)
	if c == nil || c.team == nil || p == nil {
		f.mu.Unlock()
		return fmt.Errorf("no channel or team %q, or no person %q", id, personID)
	}
	c.change(event)
	f.signal()
	// The conversation of the activity is the team's General channel, whichever channel the event
	// is about.
	activity := f.event("conversationUpdate", "f:"+guid("change"+f.nextID()), f.chats[c.team.ID], "", p)
	data := child(activity, "channelData")
	delete(data, "teamsChannelId")
	delete(data, "channel")
	data["eventType"] = event
	data["team"] = object{"id": c.team.ID, "name": c.team.Name, "aadGroupId": c.team.GroupID}
	if event == ChannelDeleted || event == ChannelRestored || event == ChannelRenamed {
		data["channel"] = object{"id": c.id, "name": c.name}
	}
	f.mu.Unlock()
	_, err := f.deliver(ctx, activity)
	return err
}

func (c *conversation) change(event string) {
	switch event {
	case ChannelDeleted, ChannelRestored:
		c.deleted = event == ChannelDeleted
	case TeamDeleted, TeamRestored:
		c.team.deleted = event == TeamDeleted
	case TeamArchived, TeamUnarchived:
		c.team.archived = event == TeamArchived
	case ChannelRenamed:
		c.name += " (nuevo)"
	case TeamRenamed:
		c.team.Name += " (nuevo)"
	}
}

// refusal returns the response to a call that the conversation's state does not allow; nil if it is
// allowed. The lock is held.
func (c *conversation) refusal(method string) *answer {
	var a answer
	switch {
	case c.deleted || c.team != nil && c.team.deleted:
		a = noConversation()
	case !c.installed():
		a = notInRoster()
	case method != http.MethodGet && c.team != nil && c.team.archived:
		a = refused(http.StatusForbidden, "ForbiddenOperationException", "The team is archived.")
	default:
		return nil
	}
	return &a
}

// Remove deletes a message, as a team's owner or a person in a chat can; the bot gets no activity.
func (f *Fake) Remove(conversationID, messageID string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	c, _ := f.find(conversationID)
	if c == nil || c.post(messageID) == nil {
		return fmt.Errorf("no message %q in %q", messageID, conversationID)
	}
	c.post(messageID).deleted = true
	f.signal()
	return nil
}
