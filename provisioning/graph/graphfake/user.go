package graphfake

import (
	"crypto/sha256"
	"maps"
	"slices"
	"strings"
	"time"
)

// user is a user of the directory, deleted or not. A replica shows the newest version that is older
// than its replication delay.
type user struct {
	id         string
	versions   []version // oldest first
	password   [sha256.Size]byte
	mustChange bool // must change the password at the next sign-in

	roles           map[string]bool // directory roles, by name
	sessionsRevoked time.Time       // zero: never
}

type version struct {
	at      time.Time
	deleted bool
	purged  bool // purged
	props   map[string]any
}

func (u *user) newest() *version { return &u.versions[len(u.versions)-1] }

// seen returns the version in a view; nil if the user is not in it.
func (u *user) seen(horizon time.Time) *version {
	for i := len(u.versions) - 1; i >= 0; i-- {
		if !u.versions[i].at.After(horizon) {
			return &u.versions[i]
		}
	}
	return nil
}

// push adds a version and removes those that no replica shows any more.
func (u *user) push(v version, lag time.Duration) {
	horizon := v.at.Add(-lag)
	first := 0
	for i := range u.versions {
		if !u.versions[i].at.After(horizon) {
			first = i
		}
	}
	u.versions = append(u.versions[first:len(u.versions):len(u.versions)], v)
	if lag <= 0 {
		u.versions = u.versions[len(u.versions)-1:]
	}
}

// change adds a version with the newest properties as changed by edit. Older versions are not
// modified.
func (t *Tenant) change(u *user, now time.Time, edit func(props map[string]any)) {
	old := u.newest()
	props := make(map[string]any, len(old.props)+2)
	maps.Copy(props, old.props)
	edit(props)
	u.push(version{at: now, deleted: old.deleted, props: props}, t.versionLifetime())
	t.index.add(u, props)
}

func text(props map[string]any, name string) string {
	s, _ := props[name].(string)
	return s
}

func texts(props map[string]any, name string) []string {
	list, _ := props[name].([]any)
	out := make([]string, 0, len(list))
	for _, item := range list {
		if s, ok := item.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

// defaultProperties returns the properties of a user in a response without $select.
// https://learn.microsoft.com/graph/api/user-get
func defaultProperties() []string {
	return []string{"businessPhones", "displayName", "givenName", "id", "jobTitle",
		"mail", "mobilePhone", "officeLocation", "preferredLanguage", "surname", "userPrincipalName"}
}

// show returns the named properties. A property without a value is null, as in Graph.
func (s *schema) show(u *user, v *version, names []string) map[string]any {
	out := make(map[string]any, len(names)+1)
	for _, name := range names {
		value, has := v.props[name]
		switch {
		case name == "id":
			value = u.id
		case name == "passwordProfile":
			value = nil // never readable
		case !has && s.collections[name]:
			value = []any{}
		}
		out[name] = value
	}
	return out
}

func fold(s string) string { return strings.ToLower(s) }

// index finds users by the properties that are indexed in Entra. Entries are never removed, so the
// caller must check the users found.
type index struct {
	one  map[string]*user
	more map[string][]*user
}

func indexed() []string {
	return []string{"userPrincipalName", "employeeId", "mail", "mailNickname", "displayName"}
}

func newIndex() *index { return &index{one: map[string]*user{}, more: map[string][]*user{}} }

func (x *index) add(u *user, props map[string]any) {
	for _, name := range indexed() {
		if value := text(props, name); value != "" {
			x.put(name+"="+fold(value), u)
		}
	}
	for _, address := range texts(props, "proxyAddresses") {
		x.put("proxyAddresses="+fold(address), u)
	}
}

func (x *index) put(key string, u *user) {
	first, taken := x.one[key]
	if !taken {
		x.one[key] = u
		return
	}
	if first == u {
		return
	}
	if slices.Contains(x.more[key], u) {
		return
	}
	x.more[key] = append(x.more[key], u)
}

func (x *index) find(name, value string) []*user {
	key := name + "=" + fold(value)
	first, found := x.one[key]
	if !found {
		return nil
	}
	return append([]*user{first}, x.more[key]...)
}
