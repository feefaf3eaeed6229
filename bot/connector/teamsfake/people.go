package teamsfake

import (
	"context"
	"errors"
	"fmt"
	"html"
	"strings"
)

// Install installs the app for one person and returns their chat with the bot. The bot gets
// installationUpdate and conversationUpdate.
func (f *Fake) Install(ctx context.Context, personID string) (chat string, err error) {
	f.mu.Lock()
	p := f.person(personID)
	if p == nil {
		f.mu.Unlock()
		return "", fmt.Errorf("no person %q", personID)
	}
	c := f.chat(p)
	c.active = true
	f.mu.Unlock()
	return c.id, f.announceBot(ctx, c, p, "add")
}

// Uninstall uninstalls the app for one person; messages to their chat are answered with 403 from
// then on.
func (f *Fake) Uninstall(ctx context.Context, personID string) error {
	return f.changeChat(ctx, f.Chat(personID), personID, "remove")
}

// InstallInTeam installs the app in a team, by personID.
func (f *Fake) InstallInTeam(ctx context.Context, teamID, personID string) error {
	return f.changeChat(ctx, teamID, personID, "add")
}

// UninstallFromTeam uninstalls the app from a team.
func (f *Fake) UninstallFromTeam(ctx context.Context, teamID, personID string) error {
	return f.changeChat(ctx, teamID, personID, "remove")
}

// InstallInGroup installs the app in a group chat.
func (f *Fake) InstallInGroup(ctx context.Context, chatID, personID string) error {
	return f.changeChat(ctx, chatID, personID, "add")
}

// InstallSilently installs the app in personal chats, teams or group chats without an activity, as
// if it had been installed earlier.
func (f *Fake) InstallSilently(ids ...string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, id := range ids {
		if p := f.people[id]; p != nil {
			f.chat(p).active = true
			continue
		}
		if c := f.chats[id]; c != nil {
			c.setInstalled(true)
		}
	}
}

func (c *conversation) setInstalled(installed bool) {
	if c.team != nil {
		c.team.installed = installed
		return
	}
	c.active = installed
}

func (f *Fake) changeChat(ctx context.Context, id, personID, action string) error {
	f.mu.Lock()
	c, p := f.chats[id], f.person(personID)
	if c == nil || p == nil {
		f.mu.Unlock()
		return fmt.Errorf("no conversation %q or person %q", id, personID)
	}
	c.setInstalled(action == "add")
	f.signal()
	f.mu.Unlock()
	return f.announceBot(ctx, c, p, action)
}

// announceBot sends the activities of the bot's installation or removal.
func (f *Fake) announceBot(ctx context.Context, c *conversation, p *Person, action string) error {
	f.mu.Lock()
	installation := f.event("installationUpdate", "f:"+guid("installation"+f.nextID()), c, "", p)
	installation["action"] = action
	update := f.event("conversationUpdate", "f:"+guid("update"+f.nextID()), c, "", p)
	change := "membersAdded"
	if action == "remove" {
		change = "membersRemoved"
	}
	update[change] = []any{object{"id": f.BotID()}}
	if c.team != nil {
		event := map[string]string{"add": "teamMemberAdded", "remove": "teamMemberRemoved"}[action]
		data := child(update, "channelData")
		data["eventType"] = event
		data["team"] = object{"id": c.team.ID, "name": c.team.Name, "aadGroupId": c.team.GroupID}
	}
	f.mu.Unlock()
	if _, err := f.deliver(ctx, installation); err != nil {
		return err
	}
	_, err := f.deliver(ctx, update)
	return err
}

// Say sends a text message. In a channel or group chat the bot gets it only if it is mentioned:
// write "@Altas …" (the bot's name) anywhere in the text. In a channel, a conversation id with
// ;messageid= replies in that thread; without, the message starts a thread.
func (f *Fake) Say(ctx context.Context, personID, conversationID, words string) (*Turn, error) {
	f.mu.Lock()
	c, root := f.find(conversationID)
	p := f.person(personID)
	if c == nil || p == nil {
		f.mu.Unlock()
		return nil, fmt.Errorf("no conversation %q or person %q", conversationID, personID)
	}
	mark := "<at>" + f.cfg.BotName + "</at>"
	marked := strings.ReplaceAll(words, "@"+f.cfg.BotName, mark)
	mentioned := marked != words
	post := f.add(c, root, p.ID, root, object{"type": "message", "text": words})
	if !c.installed() || (c.kind != "personal" && !mentioned) {
		f.mu.Unlock()
		return nil, ErrUnheard
	}
	activity := f.event("message", post.id, c, post.thread, p)
	activity["text"], activity["textFormat"] = marked, "plain"
	activity["attachments"] = []any{object{"contentType": "text/html", "content": "<p>" + html.EscapeString(words) + "</p>"}}
	if mentioned {
		activity["entities"] = append(list(activity, "entities"), object{
			"type": "mention", "text": mark, "mentioned": object{"id": f.BotID(), "name": f.cfg.BotName},
		})
	}
	f.mu.Unlock()
	return f.deliver(ctx, activity)
}

// ErrUnheard is the error of Say if Teams does not send the message to the bot.
var ErrUnheard = errors.New("the bot is not here, or was not mentioned")
