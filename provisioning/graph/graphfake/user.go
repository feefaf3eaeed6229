package graphfake

import (
	"crypto/sha256"
	"maps"
	"slices"
	"strings"
	"time"
)

// user is one object of the directory, live or deleted. Its versions are what
// the replicas see: each shows the newest one old enough to have reached it.
type user struct {
	id       string
	versions []version // oldest first
	password [sha256.Size]byte
	mustSet  bool // must change the password at the next sign-in

	roles           map[string]bool // directory roles, by name
	sessionsRevoked time.Time       // zero: never
}

type version struct {
	at      time.Time
	deleted bool
	gone    bool // purged
	props   map[string]any
}

func (u *user) newest() *version { return &u.versions[len(u.versions)-1] }

// seen is the version a replica shows, or nil when it has not heard of the user.
func (u *user) seen(horizon time.Time) *version {
	for i := len(u.versions) - 1; i >= 0; i-- {
		if !u.versions[i].at.After(horizon) {
			return &u.versions[i]
		}
	}
	return nil
}

// push adds a version and forgets those that no replica can still show.
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

// change copies the newest properties, lets edit work on the copy, and makes it
// the newest version. Older versions stay as they were.
func (t *Tenant) change(u *user, now time.Time, edit func(props map[string]any)) {
	old := u.newest()
	props := make(map[string]any, len(old.props)+2)
	maps.Copy(props, old.props)
	edit(props)
	u.push(version{at: now, deleted: old.deleted, props: props}, t.remembers())
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

// defaultProperties are what a user answers with when $select names none.
// https://learn.microsoft.com/graph/api/user-get
func defaultProperties() []string {
	return []string{"businessPhones", "displayName", "givenName", "id", "jobTitle",
		"mail", "mobilePhone", "officeLocation", "preferredLanguage", "surname", "userPrincipalName"}
}

// show renders the named properties; a null is shown, as Graph does.
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

// index finds users by the properties that have one in Entra. It only ever
// gains entries: whoever asks checks what it finds against the version seen.
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
