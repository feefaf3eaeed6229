package graphfake

import (
	"maps"
	"strings"
	"time"
)

// find returns the user with this id or userPrincipalName who is not deleted, in the version that the
// replica serving this request has; nil if it has none.
func (t *Tenant) find(c *call, key string) (*user, *version) {
	seen := t.pickView(c.now, false)
	if u := t.users[fold(key)]; u != nil {
		if v := u.seen(seen.horizon); v != nil && !v.deleted && !v.purged {
			return u, v
		}
		return nil, nil
	}
	for _, u := range t.index.find("userPrincipalName", key) {
		v := u.seen(seen.horizon)
		if v != nil && !v.deleted && !v.purged && strings.EqualFold(text(v.props, "userPrincipalName"), key) {
			return u, v
		}
	}
	return nil, nil
}

func (t *Tenant) updateUser(c *call) answer {
	object, f := decodeObject(c.body)
	if f == nil {
		f = t.schema.checkUserBody(object)
	}
	if f == nil {
		f = t.checkUpdateRights(c, object)
	}
	if f != nil {
		return t.refuse(c, f)
	}
	u, _ := t.find(c, c.args[0])
	if u == nil {
		return t.refuse(c, notFound(c.args[0]))
	}
	for name := range object {
		if sensitive(name) && t.protected(c.app, u) {
			return t.refuse(c, denied())
		}
	}
	if f := t.checkUpdate(u, object); f != nil {
		return t.refuse(c, f)
	}
	t.update(u, object, c.now)
	return noContent()
}

// checkUpdateRights checks the app's permissions: two properties have their own, and passwordProfile
// also needs the role User Administrator.
// https://learn.microsoft.com/graph/api/user-update#permissions
func (t *Tenant) checkUpdateRights(c *call, object map[string]any) *fault {
	for name := range object {
		if strings.HasPrefix(name, "@") {
			continue
		}
		if !t.mayAccess(c, "PATCH /users/{id}", name) || name == "passwordProfile" && !c.app.UserAdministrator {
			return denied()
		}
	}
	return nil
}

func (t *Tenant) checkUpdate(u *user, object map[string]any) *fault {
	for _, name := range []string{"accountEnabled", "displayName", "mailNickname", "userPrincipalName"} {
		if value, given := object[name]; given && value == nil {
			return invalidValue(name)
		}
	}
	if f := checkSynchronised(u, object); f != nil {
		return f
	}
	if profile, _ := object["passwordProfile"].(map[string]any); profile["password"] != nil {
		if f := checkPassword(text(profile, "password"), text(u.newest().props, "userPrincipalName")); f != nil {
			return f
		}
	}
	if upn := text(object, "userPrincipalName"); upn != "" {
		if f := t.checkAddress(upn, u); f != nil {
			return f
		}
	}
	return t.checkNickname(object, u)
}

func (t *Tenant) update(u *user, object map[string]any, now time.Time) {
	stamp := now.UTC().Format(time.RFC3339)
	t.change(u, now, func(props map[string]any) {
		for name, value := range object {
			if strings.HasPrefix(name, "@") || name == "passwordProfile" {
				continue
			}
			if nested, ok := value.(map[string]any); ok {
				value = merge(props[name], nested)
			}
			if value == nil {
				delete(props, name)
				continue
			}
			props[name] = value
		}
		if object["passwordProfile"] != nil {
			props["lastPasswordChangeDateTime"] = stamp
			t.setPassword(u, object["passwordProfile"])
		}
	})
}

func merge(have any, patch map[string]any) map[string]any {
	out := map[string]any{}
	if old, ok := have.(map[string]any); ok {
		maps.Copy(out, old)
	}
	maps.Copy(out, patch)
	return out
}

// revokeSessions sets signInSessionsValidFromDateTime to the time of the request. The action has
// no parameters; Graph's JSON batches need an item with a body nevertheless.
// https://learn.microsoft.com/graph/api/user-revokesigninsessions
func (t *Tenant) revokeSessions(c *call) answer {
	if f := t.checkNoParameters(c, "revokeSignInSessions"); f != nil {
		return t.refuse(c, f)
	}
	u, _ := t.find(c, c.args[0])
	if u == nil {
		return t.refuse(c, notFound(c.args[0]))
	}
	if t.protected(c.app, u) {
		return t.refuse(c, denied())
	}
	t.change(u, c.now, func(props map[string]any) {
		props["signInSessionsValidFromDateTime"] = c.now.UTC().Format(time.RFC3339)
	})
	u.sessionsRevoked = c.now
	return ok(t.withContext(c, "Edm.Boolean", map[string]any{"value": true}))
}

func (t *Tenant) checkNoParameters(c *call, action string) *fault {
	if len(c.body) == 0 {
		return nil
	}
	object, f := decodeObject(c.body)
	if f != nil {
		return f
	}
	return t.schema.check(t.schema.actions[action], object, "")
}

// deleteUser moves the user to the recycle bin. Its id is prefixed to its userPrincipalName, so that
// the address is free, and its licences are released.
func (t *Tenant) deleteUser(c *call) answer {
	u, _ := t.find(c, c.args[0])
	if u == nil {
		return t.refuse(c, notFound(c.args[0]))
	}
	if t.protected(c.app, u) {
		return t.refuse(c, denied())
	}
	t.softDelete(u, c.now)
	return noContent()
}

func (t *Tenant) softDelete(u *user, now time.Time) {
	t.releaseAll(u)
	for _, g := range t.groups {
		delete(g.members, u.id)
		delete(g.owners, u.id)
	}
	t.change(u, now, func(props map[string]any) {
		props["userPrincipalName"] = strings.ReplaceAll(u.id, "-", "") + text(props, "userPrincipalName")
		props["deletedDateTime"] = now.UTC().Format(time.RFC3339)
		delete(props, "assignedLicenses")
	})
	u.newest().deleted = true
}

// restoreUser restores a user from the recycle bin, unless another user has its address by now.
func (t *Tenant) restoreUser(c *call) answer {
	u := t.users[fold(c.args[0])]
	if u == nil || !u.newest().deleted || u.newest().purged {
		return t.refuse(c, notFound(c.args[0]))
	}
	if t.protected(c.app, u) {
		return t.refuse(c, denied())
	}
	upn := strings.TrimPrefix(text(u.newest().props, "userPrincipalName"), strings.ReplaceAll(u.id, "-", ""))
	if f := t.checkAddress(upn, u); f != nil {
		return t.refuse(c, f)
	}
	t.change(u, c.now, func(props map[string]any) {
		props["userPrincipalName"] = upn
		delete(props, "deletedDateTime")
	})
	u.newest().deleted = false
	body := t.schema.show(u, u.newest(), defaultProperties())
	body["@odata.type"] = "#microsoft.graph.user"
	return ok(t.withContext(c, "directoryObjects/$entity", body))
}

func (t *Tenant) purgeUser(c *call) answer {
	u := t.users[fold(c.args[0])]
	if u == nil || !u.newest().deleted || u.newest().purged {
		return t.refuse(c, notFound(c.args[0]))
	}
	t.change(u, c.now, func(map[string]any) {})
	u.newest().purged = true
	return noContent()
}
