package graphfake

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"sort"
	"time"
)

// User is one user of the tenant as a test or the demo sees it, past all lag.
type User struct {
	ID                string
	UserPrincipalName string
	DisplayName       string
	EmployeeID        string
	Enabled           bool
	SKUs              []string  // assigned, in the tenant's order
	Groups            []string  // ids, sorted
	SessionsRevoked   time.Time // the last revokeSignInSessions; zero if there was none
	Properties        map[string]any
}

// Users are the live users, in order of creation.
func (t *Tenant) Users() []User {
	t.mu.RLock()
	defer t.mu.RUnlock()
	var out []User
	for _, u := range t.order {
		if v := u.newest(); !v.gone && !v.deleted {
			out = append(out, t.export(u))
		}
	}
	return out
}

// User is the live user with this principal name.
func (t *Tenant) User(upn string) (User, bool) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if u := t.person(upn); u != nil {
		return t.export(u), true
	}
	return User{}, false
}

func (t *Tenant) export(u *user) User {
	props := u.newest().props
	enabled, _ := props["accountEnabled"].(bool)
	out := User{ID: u.id, UserPrincipalName: text(props, "userPrincipalName"),
		DisplayName: text(props, "displayName"), EmployeeID: text(props, "employeeId"),
		Enabled: enabled, SessionsRevoked: u.sessionsRevoked, Properties: maps.Clone(props)}
	for _, sku := range t.skus {
		if t.holdings[u.id][sku.ID] {
			out.SKUs = append(out.SKUs, sku.ID)
		}
	}
	for id, g := range t.groups {
		if g.has(u) {
			out.Groups = append(out.Groups, id)
		}
	}
	sort.Strings(out.Groups)
	return out
}

// Seed puts a user there without a request: properties as Graph names them;
// userPrincipalName is required; an id, a GUID that nobody has, is kept, and so are the
// dates of a user that was exported; assignedLicenses take their seats. It is how a tenant
// gets its past.
func (t *Tenant) Seed(properties map[string]any) (id string, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if text(properties, "userPrincipalName") == "" {
		return "", errors.New("graphfake: seed: userPrincipalName required")
	}
	properties = maps.Clone(properties)
	if _, set := properties["accountEnabled"]; !set {
		properties["accountEnabled"] = true
	}
	if id, err = t.seedID(properties["id"]); err != nil {
		return "", err
	}
	delete(properties, "id")
	past := t.config.Now().Add(-t.remembers() - 1)
	u := t.addUser(id, properties, past)
	t.endow(u, properties)
	return u.id, nil
}

// endow gives a seeded user the dates and the seats that its properties name.
func (t *Tenant) endow(u *user, properties map[string]any) {
	for _, name := range dates() {
		if at := text(properties, name); at != "" {
			u.newest().props[name] = at
		}
	}
	licenses, _ := properties["assignedLicenses"].([]any)
	for _, l := range licenses {
		license, _ := l.(map[string]any)
		if id := fold(text(license, "skuId")); t.sku(id) != nil {
			t.hold(u, id)
		}
	}
}

// SeedDeleted puts a user into the recycle bin as Seed puts one into the tenant.
func (t *Tenant) SeedDeleted(properties map[string]any) (id string, err error) {
	if id, err = t.Seed(properties); err != nil {
		return "", err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.throwAway(t.users[fold(id)], t.config.Now().Add(-t.remembers()-1))
	return id, nil
}

// Delete puts a user, by object id, into the recycle bin without a request.
func (t *Tenant) Delete(id string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	u := t.users[fold(id)]
	if u == nil {
		return fmt.Errorf("graphfake: delete: there is no %s", id)
	}
	t.throwAway(u, t.config.Now())
	return nil
}

// Synchronise makes the on-premises directory the source of a user, given by object id, as
// Entra Connect does when it matches the two.
func (t *Tenant) Synchronise(id string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	u := t.users[fold(id)]
	if u == nil {
		return fmt.Errorf("graphfake: synchronise: there is no %s", id)
	}
	t.change(u, t.config.Now(), func(props map[string]any) { props["onPremisesSyncEnabled"] = true })
	return nil
}

// seedID is the id that a seeded user is to have: a new one where none is given.
func (t *Tenant) seedID(given any) (string, error) {
	id, isText := given.(string)
	switch {
	case given == nil:
		return t.newID(), nil
	case !isText || !isGUID(id):
		return "", fmt.Errorf("graphfake: seed: id %v is not a GUID", given)
	case t.users[fold(id)] != nil:
		return "", fmt.Errorf("graphfake: seed: id %s is somebody's", id)
	}
	return fold(id), nil
}

// Join puts users into a group without a request: object ids, of people who are there.
func (t *Tenant) Join(groupID string, userIDs ...string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	g := t.groups[fold(groupID)]
	if g == nil {
		return fmt.Errorf("graphfake: join: no group %s", groupID)
	}
	for _, id := range userIDs {
		if t.users[fold(id)] == nil {
			return fmt.Errorf("graphfake: join: no user %s", id)
		}
		g.members[fold(id)] = t.config.Now()
	}
	return nil
}

// Seats is a subscription's stock.
func (t *Tenant) Seats(skuID string) (free, consumed int) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if s := t.sku(skuID); s != nil {
		return s.free(), s.Consumed
	}
	return 0, 0
}

// Buy adds seats to a subscription; a negative number takes some away.
func (t *Tenant) Buy(skuID string, seats int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if s := t.sku(skuID); s != nil {
		s.Enabled += seats
	}
}

// Count is how many requests of an operation came, items of batches included.
func (t *Tenant) Count(op string) int {
	t.gate.mu.Lock()
	defer t.gate.mu.Unlock()
	return t.gate.counts[op]
}

// Asked are the operations that somebody asked for, as Permissions names them.
func (t *Tenant) Asked() []string {
	t.gate.mu.Lock()
	defer t.gate.mu.Unlock()
	return slices.Sorted(maps.Keys(t.gate.asked))
}

// Tally is what the tenant has answered so far.
func (t *Tenant) Tally() Tally {
	t.gate.mu.Lock()
	defer t.gate.mu.Unlock()
	return t.gate.tally
}
