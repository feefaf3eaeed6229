package teamsfake

import (
	"slices"
	"strings"
)

// Person is a user of the tenant, or of another one.
type Person struct {
	ID        string // Entra object id; derived from the name if empty
	TeamsID   string // 29:…; derived from the id if empty
	Name      string
	GivenName string
	Surname   string
	UPN       string
	Email     string
	TenantID  string // the home tenant if empty
}

// Team is a team with its channels. The General channel has the team's id.
type Team struct {
	ID        string // 19:…@thread.tacv2
	GroupID   string // Entra group
	Name      string
	Channels  map[string]string // name → id; "General" included
	Members   []string          // ids of people; all of the tenant if empty
	installed bool
	archived  bool
	deleted   bool
}

type conversation struct {
	id      string
	kind    string // personal, groupChat, channel
	team    *Team
	name    string
	members []string // ids of people; not of channels
	active  bool     // the app is installed; not of channels
	deleted bool     // of channels
	posts   []*post
}

// post is a message of a conversation.
type post struct {
	id      string
	thread  string // in a channel: the id of the thread's root message
	from    string // person's id, or "" for the bot
	replyTo string
	body    object
	edits   int
	deleted bool
	views   map[string]object // user-specific views by person
}

// AddPerson adds a person to the tenant and returns them with their ids.
func (f *Fake) AddPerson(p Person) Person {
	f.mu.Lock()
	defer f.mu.Unlock()
	if p.ID == "" {
		p.ID = guid("person " + p.Name)
	}
	if p.TeamsID == "" {
		p.TeamsID = "29:1" + opaque(f.cfg.AppID+p.ID, 85)
	}
	if p.TenantID == "" {
		p.TenantID = f.cfg.TenantID
	}
	if p.GivenName == "" {
		p.GivenName, p.Surname, _ = strings.Cut(p.Name, " ")
	}
	f.people[p.ID] = &p
	return p
}

// AddTeam adds a team with channels besides General. The app is not installed in it.
func (f *Fake) AddTeam(name string, channels ...string) Team {
	f.mu.Lock()
	defer f.mu.Unlock()
	t := &Team{
		ID: "19:" + opaque("team "+name, 44) + "1@thread.tacv2", GroupID: guid("team " + name),
		Name: name, Channels: map[string]string{},
	}
	t.Channels["General"] = t.ID
	for _, c := range channels {
		t.Channels[c] = "19:" + strings.ReplaceAll(guid("channel "+name+c), "-", "") + "@thread.tacv2"
	}
	for channel, id := range t.Channels {
		f.chats[id] = &conversation{id: id, kind: "channel", team: t, name: channel}
	}
	f.teams[t.ID] = t
	return *t
}

// AddGroupChat adds a group chat without the app and returns its id.
func (f *Fake) AddGroupChat(name string, people ...string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	id := "19:" + strings.ReplaceAll(guid("group "+name), "-", "") + "@thread.v2"
	f.chats[id] = &conversation{id: id, kind: "groupChat", name: name, members: people}
	return id
}

// Chat returns the id of a person's chat with the bot.
func (f *Fake) Chat(personID string) string {
	return "a:1" + opaque(f.cfg.AppID+"chat"+personID, 86)
}

// chat returns a person's chat; it is created if it does not exist. The lock is held.
func (f *Fake) chat(p *Person) *conversation {
	id := f.Chat(p.ID)
	if f.chats[id] == nil {
		f.chats[id] = &conversation{id: id, kind: "personal", members: []string{p.ID}}
	}
	return f.chats[id]
}

// person returns the person with an object id or a 29: id; nil if there is none. The lock is held.
func (f *Fake) person(id string) *Person {
	if p := f.people[id]; p != nil {
		return p
	}
	for _, p := range f.people {
		if p.TeamsID == id || strings.EqualFold(p.ID, id) {
			return p
		}
	}
	return nil
}

// find returns a conversation and, for a thread of a channel, its root. The lock is held.
func (f *Fake) find(id string) (c *conversation, root string) {
	base, root, threaded := strings.Cut(id, ";messageid=")
	c = f.chats[base]
	if c != nil && threaded && !c.hasRoot(root) {
		return nil, ""
	}
	return c, root
}

func (c *conversation) hasRoot(root string) bool {
	return slices.ContainsFunc(c.posts, func(p *post) bool { return p.thread == root })
}

func (c *conversation) post(id string) *post {
	for _, p := range c.posts {
		if p.id == id && !p.deleted {
			return p
		}
	}
	return nil
}

// installed reports whether the app is installed in the conversation.
func (c *conversation) installed() bool {
	if c.team != nil {
		return c.team.installed
	}
	return c.active
}

// reachable reports whether the bot may create a chat with a person: the app is installed for them,
// or in a team or group chat of theirs. The lock is held.
func (f *Fake) reachable(p *Person) bool {
	if c := f.chats[f.Chat(p.ID)]; c != nil && c.active {
		return true
	}
	for _, c := range f.chats {
		if c.kind != "personal" && c.installed() && slices.Contains(f.roster(c), p) {
			return true
		}
	}
	return false
}
