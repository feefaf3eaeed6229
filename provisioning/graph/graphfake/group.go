package graphfake

import (
	"slices"
	"strings"
)

func (t *Tenant) getGroup(c *call) answer {
	g := t.groups[fold(c.args[0])]
	if g == nil {
		return t.refuse(c, notFound(c.args[0]))
	}
	return ok(t.withContext(c, "groups/$entity", g.show()))
}

func (g *group) show() map[string]any {
	return map[string]any{"id": g.ID, "displayName": g.Name, "securityEnabled": true, "mailEnabled": false,
		"mailNickname": strings.ReplaceAll(fold(g.Name), " ", ""), "groupTypes": g.types(),
		"isAssignableToRole": g.RoleAssignable}
}

func (g *group) types() []any {
	if g.Dynamic {
		return []any{"DynamicMembership"}
	}
	return []any{}
}

// addMember: POST /groups/{id}/members/$ref {"@odata.id": ".../directoryObjects/{id}"}.
func (t *Tenant) addMember(c *call) answer {
	object, f := decodeObject(c.body)
	if f != nil {
		return t.refuse(c, f)
	}
	reference := text(object, "@odata.id")
	id, isReference := referenced(reference)
	if len(object) != 1 || !isReference {
		return t.refuse(c, badRequest("Invalid URL format specified in the @odata.id property of the reference."))
	}
	g := t.groups[fold(c.args[0])]
	if g == nil {
		return t.refuse(c, notFound(c.args[0]))
	}
	if g.Dynamic {
		return t.refuse(c, badRequest("Insufficient privileges to modify the members of a group with dynamic membership."))
	}
	if t.users[fold(id)] == nil {
		return t.refuse(c, notFound(id))
	}
	u, _ := t.find(c, id)
	if u == nil { // exists, but is not known to this replica
		return t.refuse(c, badRequest("Not a valid reference update."))
	}
	if _, member := g.members[u.id]; member {
		return t.refuse(c, badRequest("One or more added object references already exist for the following modified properties: 'members'."))
	}
	g.members[u.id] = c.now
	t.licenseByGroup(c, u, g)
	return noContent()
}

func referenced(reference string) (id string, valid bool) {
	if !strings.HasPrefix(reference, "http://") && !strings.HasPrefix(reference, "https://") {
		return "", false
	}
	for _, collection := range []string{"/directoryObjects/", "/users/"} {
		if _, id, found := strings.Cut(reference, collection); found && isGUID(id) {
			return id, true
		}
	}
	return "", false
}

// licenseByGroup assigns the group's SKUs that have free seats to a new member.
func (t *Tenant) licenseByGroup(c *call, u *user, g *group) {
	if len(g.SKUs) == 0 {
		return
	}
	for _, id := range g.SKUs {
		if s := t.sku(id); s != nil && s.free() > 0 {
			t.hold(u, s.ID)
		}
	}
	t.showLicenses(u, c.now)
}

func (t *Tenant) removeMember(c *call) answer {
	g := t.groups[fold(c.args[0])]
	if g == nil {
		return t.refuse(c, notFound(c.args[0]))
	}
	if _, member := g.members[fold(c.args[1])]; !member {
		return t.refuse(c, notFound(c.args[1]))
	}
	delete(g.members, fold(c.args[1]))
	return noContent()
}

func (t *Tenant) checkMemberGroups(c *call) answer {
	object, f := decodeObject(c.body)
	if f == nil {
		f = t.schema.check(t.schema.actions["checkMemberGroups"], object, "")
	}
	if f != nil {
		return t.refuse(c, f)
	}
	wanted := texts(object, "groupIds")
	if len(wanted) > 20 {
		return t.refuse(c, badRequest("The groupIds collection exceeds the maximum size of 20."))
	}
	u, _ := t.find(c, c.args[0])
	if u == nil {
		return t.refuse(c, notFound(c.args[0]))
	}
	list := []any{}
	for _, id := range wanted {
		if g := t.groups[fold(id)]; g != nil && g.has(u) {
			list = append(list, g.ID)
		}
	}
	return ok(t.withContext(c, "Collection(Edm.String)", map[string]any{"value": list}))
}

func (g *group) has(u *user) bool {
	_, member := g.members[u.id]
	return member
}

func (t *Tenant) memberOf(c *call) answer {
	u, _ := t.find(c, c.args[0])
	if u == nil {
		return t.refuse(c, notFound(c.args[0]))
	}
	var ids []string
	for id, g := range t.groups {
		if g.has(u) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	list := []any{}
	for _, id := range ids {
		shown := t.groups[id].show()
		shown["@odata.type"] = "#microsoft.graph.group"
		list = append(list, shown)
	}
	return ok(t.withContext(c, "directoryObjects", map[string]any{"value": list}))
}
