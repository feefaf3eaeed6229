package graphfake

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"sort"
	"time"
)

// User is one user of the tenant, in its newest version.
type User struct {
	ID                string
	UserPrincipalName string
	DisplayName       string
	EmployeeID        string
	Enabled           bool
	SKUs              []string  // assigned, in the order of Config.SKUs
	Groups            []string  // ids, sorted
	SessionsRevoked   time.Time // the last revokeSignInSessions; zero if there was none
	Properties        map[string]any
}

// Users returns the users that are not deleted, in order of creation.
func (t *Tenant) Users() []User {
	t.mu.RLock()
	defer t.mu.RUnlock()
	var out []User
	for _, u := range t.order {
		if v := u.newest(); !v.purged && !v.deleted {
			out = append(out, t.export(u))
		}
	}
	return out
}

// User returns the user with this userPrincipalName; false if there is none or it is deleted.
func (t *Tenant) User(upn string) (User, bool) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if u := t.liveUser(upn); u != nil {
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

// Seed adds a user without a request, with Graph's property names. userPrincipalName is required. An
// id, a new GUID, is kept, and so are the timestamps of an exported user; assignedLicenses consume
// seats.
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
	past := t.config.Now().Add(-t.versionLifetime() - 1)
	u := t.addUser(id, properties, past)
	t.setDatesAndSeats(u, properties)
	return u.id, nil
}

// setDatesAndSeats sets the timestamps and licences of a seeded user.
func (t *Tenant) setDatesAndSeats(u *user, properties map[string]any) {
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

// SeedDeleted adds a user to the recycle bin, like Seed.
func (t *Tenant) SeedDeleted(properties map[string]any) (id string, err error) {
	if id, err = t.Seed(properties); err != nil {
		return "", err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.softDelete(t.users[fold(id)], t.config.Now().Add(-t.versionLifetime()-1))
	return id, nil
}

// Delete moves a user, by object id, to the recycle bin without a request.
func (t *Tenant) Delete(id string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	u := t.users[fold(id)]
	if u == nil {
		return fmt.Errorf("graphfake: delete: no user %s", id)
	}
	t.softDelete(u, t.config.Now())
	return nil
}

// Synchronise makes the on-premises directory the source of a user, given by object id, as
// Entra Connect does when it matches the two.
func (t *Tenant) Synchronise(id string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	u := t.users[fold(id)]
	if u == nil {
		return fmt.Errorf("graphfake: synchronise: no user %s", id)
	}
	t.change(u, t.config.Now(), func(props map[string]any) { props["onPremisesSyncEnabled"] = true })
	return nil
}

// seedID returns the id of a seeded user: the given one, or a new one.
func (t *Tenant) seedID(given any) (string, error) {
	id, isText := given.(string)
	switch {
	case given == nil:
		return t.newID(), nil
	case !isText || !isGUID(id):
		return "", fmt.Errorf("graphfake: seed: id %v is not a GUID", given)
	case t.users[fold(id)] != nil:
		return "", fmt.Errorf("graphfake: seed: id %s exists", id)
	}
	return fold(id), nil
}

// Join adds existing users, by object id, to a group without a request.
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

// Seats returns the free and the assigned seats of a subscription.
func (t *Tenant) Seats(skuID string) (free, consumed int) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if s := t.sku(skuID); s != nil {
		return s.free(), s.Consumed
	}
	return 0, 0
}

// Buy adds seats to a subscription; a negative number removes seats.
func (t *Tenant) Buy(skuID string, seats int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if s := t.sku(skuID); s != nil {
		s.Enabled += seats
	}
}

// Count returns the number of requests of an operation (Fault.Op), including items of batches.
func (t *Tenant) Count(op string) int {
	t.admission.mu.Lock()
	defer t.admission.mu.Unlock()
	return t.admission.counts[op]
}

// Asked returns the operations that were requested, with their names in Table.Operations.
func (t *Tenant) Asked() []string {
	t.admission.mu.Lock()
	defer t.admission.mu.Unlock()
	return slices.Sorted(maps.Keys(t.admission.asked))
}

// Tally returns the counts until now.
func (t *Tenant) Tally() Tally {
	t.admission.mu.Lock()
	defer t.admission.mu.Unlock()
	return t.admission.tally
}
