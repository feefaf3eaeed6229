package teamsfake

import (
	"net/http"
	"net/url"
	"slices"
	"sort"
	"strconv"
)

func (f *Fake) member(p *Person) object {
	return object{
		"id": p.TeamsID, "name": p.Name, "objectId": p.ID, "aadObjectId": p.ID, "givenName": p.GivenName, "surname": p.Surname,
		"email": p.Email, "userPrincipalName": p.UPN, "tenantId": p.TenantID, "userRole": "user",
	}
}

func (f *Fake) serveMember(c *conversation, id string) answer {
	p := f.person(id)
	if p != nil && slices.Contains(f.roster(c), p) {
		return ok(f.member(p))
	}
	return refused(http.StatusNotFound, "MemberNotFoundInConversation", "Member not found in conversation.")
}

func (f *Fake) serveMembers(c *conversation, paged bool, query url.Values) answer {
	people := f.roster(c)
	var members []object
	for _, p := range people {
		members = append(members, f.member(p))
	}
	if !paged {
		return answer{status: http.StatusOK, body: members}
	}
	size, err := strconv.Atoi(query.Get("pageSize"))
	if err != nil || size < 50 || size > 500 {
		size = 200
	}
	from, err := strconv.Atoi(query.Get("continuationToken"))
	if err != nil || from < 0 || from > len(members) {
		from = 0
	}
	to := min(from+size, len(members))
	page := object{"members": members[from:to]}
	if to < len(members) {
		page["continuationToken"] = strconv.Itoa(to)
	}
	return ok(page)
}

func (f *Fake) serveTeam(id string, rest []string) answer {
	t := f.teams[id]
	if t == nil {
		return refused(http.StatusNotFound, "NotFound", "Team not found.")
	}
	if !t.installed {
		return notInRoster()
	}
	if len(rest) == 1 && rest[0] == "conversations" {
		var channels []object
		for name, id := range t.Channels {
			channel := object{"id": id, "name": name}
			if name == "General" {
				channel["name"] = nil
			}
			channels = append(channels, channel)
		}
		return ok(object{"conversations": channels})
	}
	return ok(object{"id": t.ID, "name": t.Name, "aadGroupId": t.GroupID})
}

// roster returns the people of a conversation, by id. The lock is held.
func (f *Fake) roster(c *conversation) []*Person {
	ids := c.members
	if c.team != nil {
		ids = c.team.Members
	}
	var people []*Person
	for id, p := range f.people {
		everyone := c.team != nil && len(ids) == 0 && p.TenantID == f.cfg.TenantID
		if everyone || slices.Contains(ids, id) {
			people = append(people, p)
		}
	}
	sort.Slice(people, func(i, j int) bool { return people[i].ID < people[j].ID })
	return people
}
