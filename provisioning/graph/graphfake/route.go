package graphfake

import (
	"fmt"
	"net/url"
	"strings"
)

// routes returns the operations by method and path, with their costs in permissions.json.
func routes(table Table) (map[string]*operation, error) {
	all := map[string]*operation{
		"GET /users":                            {name: "users.list", run: (*Tenant).listUsers},
		"POST /users":                           {name: "users.create", write: true, run: (*Tenant).createUser},
		"GET /users/$count":                     {name: "users.count", run: (*Tenant).countUsers},
		"GET /users/{id}":                       {name: "users.get", run: (*Tenant).getUser},
		"PATCH /users/{id}":                     {name: "users.update", write: true, byProperty: true, run: (*Tenant).updateUser},
		"DELETE /users/{id}":                    {name: "users.delete", write: true, run: (*Tenant).deleteUser},
		"POST /users/{id}/assignLicense":        {name: "users.assignLicense", write: true, run: (*Tenant).assignLicense},
		"POST /users/{id}/revokeSignInSessions": {name: "users.revokeSignInSessions", write: true, run: (*Tenant).revokeSessions},
		"POST /users/{id}/checkMemberGroups":    {name: "users.checkMemberGroups", run: (*Tenant).checkMemberGroups},
		"GET /users/{id}/memberOf":              {name: "users.memberOf", run: (*Tenant).memberOf},
		"GET /users/{id}/licenseDetails":        {name: "users.licenseDetails", run: (*Tenant).licenseDetails},
		"GET /groups/{id}":                      {name: "groups.get", run: (*Tenant).getGroup},
		"POST /groups/{id}/members/$ref":        {name: "groups.addMember", write: true, run: (*Tenant).addMember},
		"DELETE /groups/{id}/members/{id}/$ref": {name: "groups.removeMember", write: true, run: (*Tenant).removeMember},
		"GET /subscribedSkus":                   {name: "subscribedSkus.list", run: (*Tenant).listSKUs},
		"GET /domains":                          {name: "domains.list", run: (*Tenant).listDomains},
		"GET /organization":                     {name: "organization.list", run: (*Tenant).listOrganization},

		"GET /directory/deletedItems/microsoft.graph.user":        {name: "deletedItems.list", run: (*Tenant).listDeleted},
		"GET /directory/deletedItems/microsoft.graph.user/$count": {name: "deletedItems.count", run: (*Tenant).countDeleted},
		"GET /directory/deletedItems/{id}":                        {name: "deletedItems.get", run: (*Tenant).getDeleted},
		"POST /directory/deletedItems/{id}/restore":               {name: "deletedItems.restore", write: true, run: (*Tenant).restoreUser},
		"DELETE /directory/deletedItems/{id}":                     {name: "deletedItems.purge", write: true, run: (*Tenant).purgeUser},
	}
	for key, op := range all {
		requirement, known := table.Operations[key]
		if !known {
			return nil, fmt.Errorf("graphfake: permissions.json has no %s", key)
		}
		op.key, op.cost = key, requirement.Units
	}
	return all, nil
}

// keyed reports whether the segment after the collection is a key.
func keyed(collection string) bool {
	switch collection {
	case "users", "groups", "deletedItems", "members":
		return true
	}
	return false
}

// route returns the operation and the keys in the path, unescaped; nil if there is no such operation.
func (t *Tenant) route(method, path string) (*operation, []string) {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	var args []string
	pattern := make([]string, 0, len(parts)+1)
	for i, part := range parts {
		name, key, hasKey := strings.Cut(part, "('")
		if !strings.Contains(unescape(part), "@") { // a userPrincipalName may begin so too
			if cast := strings.TrimPrefix(part, "microsoft."); strings.HasPrefix(cast, "graph.") {
				part = strings.TrimPrefix(cast, "graph.")
				if part == "user" {
					part = userCast
				}
			}
		}
		switch {
		case hasKey: // users('id')
			pattern = append(pattern, name, "{id}")
			args = append(args, unescape(strings.TrimSuffix(key, "')")))
		case i > 0 && keyed(parts[i-1]) && part != "$ref" && part != "$count" && part != userCast:
			pattern = append(pattern, "{id}")
			args = append(args, unescape(part))
		default:
			pattern = append(pattern, part)
		}
	}
	return t.routes[method+" /"+strings.Join(pattern, "/")], args
}

// userCast is the type cast that selects the users of a collection.
const userCast = "microsoft.graph.user"

func unescape(segment string) string {
	if plain, err := url.PathUnescape(segment); err == nil {
		return plain
	}
	return segment
}
