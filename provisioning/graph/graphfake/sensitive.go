package graphfake

import "fmt"

// sensitive are the properties whose update is a sensitive action, beside deleting and restoring a
// user and, by the table of password resets, invalidating refresh tokens.
// https://learn.microsoft.com/graph/api/resources/users#sensitive-actions
func sensitive(property string) bool {
	switch property {
	case "accountEnabled", "businessPhones", "mobilePhone", "onPremisesImmutableId", "otherMails",
		"passwordProfile", "userPrincipalName":
		return true
	}
	return false
}

// resettable reports whether a User Administrator may perform sensitive actions on a holder of the
// directory role: of the others, and of custom roles, only a Privileged Authentication
// Administrator or a Global Administrator may.
// https://learn.microsoft.com/graph/api/resources/users#who-can-reset-passwords
func resettable(role string) bool {
	switch role {
	case "Directory Readers", "Groups Administrator", "Guest Inviter", "Helpdesk Administrator",
		"Message Center Reader", "Password Administrator", "Reports Reader", "User Administrator",
		"Usage Summary Reports Reader":
		return true
	}
	return false
}

// protected reports whether the app, which has at most the role User Administrator, may not
// perform sensitive actions on the user: because of a directory role, or as a member or owner of a
// role-assignable group.
func (t *Tenant) protected(app *App, u *user) bool {
	for role := range u.roles {
		if !app.UserAdministrator || !resettable(role) {
			return true
		}
	}
	for _, g := range t.groups {
		if g.RoleAssignable && (g.has(u) || g.owners[u.id]) {
			return true
		}
	}
	return false
}

// checkSynchronised refuses the properties of a synchronised user whose source is the on-premises
// directory.
//
// onPremisesExtensionAttributes: https://learn.microsoft.com/graph/api/user-update.
//
// passwordProfile: Microsoft's documents differ. Its writers answered a report of this very error
// with "This API does not update synced users in the cloud"
// (https://github.com/microsoftgraph/microsoft-graph-docs/issues/7301). Password hash
// synchronisation ("Overwrite synchronized passwords",
// https://learn.microsoft.com/entra/identity/hybrid/connect/how-to-connect-password-hash-synchronization)
// has an administrator's password take effect in the cloud alone, until the one on premises, which
// stays as it was, is changed; for federated users it cannot be set at all (user-update). Nowhere is
// such a password written back but by authenticationMethod: resetPassword, which applications may not
// call. The fake takes the refusal, so that an app which does not look at onPremisesSyncEnabled
// first fails.
func checkSynchronised(u *user, object map[string]any) *fault {
	if synced, _ := u.newest().props["onPremisesSyncEnabled"].(bool); !synced {
		return nil
	}
	for _, name := range []string{"passwordProfile", "onPremisesExtensionAttributes"} {
		if _, given := object[name]; given {
			return badRequest("Unable to update the specified properties for on-premises mastered Directory Sync objects or objects currently undergoing migration.")
		}
	}
	return nil
}

// AssignRole gives a user, by object id, a directory role by its name: Global Administrator, User
// Administrator.
func (t *Tenant) AssignRole(id, role string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	u := t.users[fold(id)]
	if u == nil {
		return fmt.Errorf("graphfake: assign role: no user %s", id)
	}
	if u.roles == nil {
		u.roles = map[string]bool{}
	}
	u.roles[role] = true
	return nil
}

// Own makes a user, by object id, an owner of the group.
func (t *Tenant) Own(groupID, id string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	g, u := t.groups[fold(groupID)], t.users[fold(id)]
	if g == nil || u == nil {
		return fmt.Errorf("graphfake: own: no group %s or no user %s", groupID, id)
	}
	g.owners[u.id] = true
	return nil
}
