package graphfake

import (
	"net/url"
	"strings"
)

// routes lists the operations by method and path; * stands for a key. Costs are
// those of the throttling document, as far as it names them; roles those of each
// operation's page, any one of which will do.
func routes() map[string]*operation {
	var (
		readUsers   = []string{"User.Read.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"}
		writeUsers  = []string{"User.ReadWrite.All", "Directory.ReadWrite.All"}
		patchUsers  = append([]string{"User-PasswordProfile.ReadWrite.All", "User.EnableDisableAccount.All"}, writeUsers...)
		deleteUsers = append([]string{"User.DeleteRestore.All"}, writeUsers...)
		readGroups  = []string{"GroupMember.Read.All", "GroupMember.ReadWrite.All", "Group.Read.All", "Group.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"}
		writeGroups = []string{"GroupMember.ReadWrite.All", "Group.ReadWrite.All", "Directory.ReadWrite.All"}
		license     = append([]string{"LicenseAssignment.ReadWrite.All"}, writeUsers...)
		revoke      = append([]string{"User.RevokeSessions.All"}, writeUsers...)
		readSKUs    = []string{"LicenseAssignment.Read.All", "LicenseAssignment.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All", "Organization.Read.All", "Organization.ReadWrite.All"}
		readDomains = []string{"Domain.Read.All", "Domain.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"}
		readOrg     = []string{"Organization.Read.All", "Organization.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"}
	)
	return map[string]*operation{
		"GET /users":                                    {name: "users.list", cost: 2, roles: readUsers, run: (*Tenant).listUsers},
		"POST /users":                                   {name: "users.create", write: true, cost: 1, roles: writeUsers, run: (*Tenant).createUser},
		"GET /users/$count":                             {name: "users.count", cost: 2, roles: readUsers, run: (*Tenant).countUsers},
		"GET /users/*":                                  {name: "users.get", cost: 2, roles: readUsers, run: (*Tenant).getUser},
		"PATCH /users/*":                                {name: "users.update", write: true, cost: 1, roles: patchUsers, run: (*Tenant).updateUser},
		"DELETE /users/*":                               {name: "users.delete", write: true, cost: 1, roles: deleteUsers, run: (*Tenant).deleteUser},
		"POST /users/*/assignLicense":                   {name: "users.assignLicense", write: true, cost: 1, roles: license, run: (*Tenant).assignLicense},
		"POST /users/*/revokeSignInSessions":            {name: "users.revokeSignInSessions", write: true, cost: 1, roles: revoke, run: (*Tenant).revokeSessions},
		"POST /users/*/checkMemberGroups":               {name: "users.checkMemberGroups", cost: 1, roles: readGroups, run: (*Tenant).checkMemberGroups},
		"GET /users/*/memberOf":                         {name: "users.memberOf", cost: 2, roles: readGroups, run: (*Tenant).memberOf},
		"GET /users/*/licenseDetails":                   {name: "users.licenseDetails", cost: 1, roles: readUsers, run: (*Tenant).licenseDetails},
		"GET /groups/*":                                 {name: "groups.get", cost: 1, roles: readGroups, run: (*Tenant).getGroup},
		"POST /groups/*/members/$ref":                   {name: "groups.addMember", write: true, cost: 1, roles: writeGroups, run: (*Tenant).addMember},
		"DELETE /groups/*/members/*/$ref":               {name: "groups.removeMember", write: true, cost: 1, roles: writeGroups, run: (*Tenant).removeMember},
		"GET /subscribedSkus":                           {name: "subscribedSkus.list", cost: 3, roles: readSKUs, run: (*Tenant).listSKUs},
		"GET /domains":                                  {name: "domains.list", cost: 1, roles: readDomains, run: (*Tenant).listDomains},
		"GET /organization":                             {name: "organization.list", cost: 1, roles: readOrg, run: (*Tenant).listOrganization},
		"GET /directory/deletedItems/graph.user":        {name: "deletedItems.list", cost: 1, roles: readUsers, run: (*Tenant).listDeleted},
		"GET /directory/deletedItems/graph.user/$count": {name: "deletedItems.count", cost: 1, roles: readUsers, run: (*Tenant).countDeleted},
		"GET /directory/deletedItems/*":                 {name: "deletedItems.get", cost: 1, roles: readUsers, run: (*Tenant).getDeleted},
		"POST /directory/deletedItems/*/restore":        {name: "deletedItems.restore", write: true, cost: 1, roles: deleteUsers, run: (*Tenant).restoreUser},
		"DELETE /directory/deletedItems/*":              {name: "deletedItems.purge", write: true, cost: 1, roles: deleteUsers, run: (*Tenant).purgeUser},
	}
}

// keyed are the collections whose next segment is a key.
func keyed(collection string) bool {
	switch collection {
	case "users", "groups", "deletedItems", "members":
		return true
	}
	return false
}

// route finds the operation and the keys in its path, unescaped.
func (t *Tenant) route(method, path string) (*operation, []string) {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	var args []string
	pattern := make([]string, 0, len(parts)+1)
	for i, part := range parts {
		name, key, hasKey := strings.Cut(part, "('")
		if !strings.Contains(unescape(part), "@") { // a principal name may begin so too
			part = strings.ReplaceAll(part, "microsoft.graph.", "graph.")
			if strings.HasPrefix(part, "graph.") && part != "graph.user" {
				part = strings.TrimPrefix(part, "graph.")
			}
		}
		switch {
		case hasKey: // users('id')
			pattern = append(pattern, name, "*")
			args = append(args, unescape(strings.TrimSuffix(key, "')")))
		case i > 0 && keyed(parts[i-1]) && part != "$ref" && part != "$count" && part != "graph.user":
			pattern = append(pattern, "*")
			args = append(args, unescape(part))
		default:
			pattern = append(pattern, part)
		}
	}
	return t.routes[method+" /"+strings.Join(pattern, "/")], args
}

func unescape(segment string) string {
	if plain, err := url.PathUnescape(segment); err == nil {
		return plain
	}
	return segment
}
