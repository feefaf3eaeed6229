package graphfake

import (
	_ "embed" // the table is data
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

//go:embed permissions.json
var permissionsJSON []byte

// Table is Microsoft's permissions and costs by operation, and the permissions granted to Altas.
type Table struct {
	Granted    []string               `json:"granted"`
	Operations map[string]Requirement `json:"operations"` // by method and path, or those and a property
}

// Requirement is the permissions of one operation, of which any one suffices ("A + B": both), and its
// cost in resource units.
type Requirement struct {
	Units       int               `json:"units"`
	Source      string            `json:"source"`
	Permissions map[string]string `json:"permissions"` // least privileged ("least") or not ("also")
}

// Permissions returns the table in permissions.json.
func Permissions() (Table, error) {
	var t Table
	if err := json.Unmarshal(permissionsJSON, &t); err != nil {
		return t, fmt.Errorf("graphfake: permissions.json: %w", err)
	}
	return t, nil
}

// AltasRoles returns the application permissions that the README tells an administrator to grant.
func AltasRoles() []string {
	t, _ := Permissions() // a test parses it
	return t.Granted
}

// Allows reports whether an application with the roles may perform the operation.
func (r Requirement) Allows(roles []string) bool {
	for row := range r.Permissions {
		if !slices.ContainsFunc(strings.Split(row, " + "), func(p string) bool { return !slices.Contains(roles, p) }) {
			return true
		}
	}
	return false
}

// may reports whether the call's application may perform the operation.
func (t *Tenant) may(c *call, key string) bool {
	t.admission.note(key)
	return t.table.Operations[key].Allows(c.app.Roles)
}

// mayAccess reports whether the application may read or write a property: some have permissions of
// their own.
func (t *Tenant) mayAccess(c *call, key, property string) bool {
	if own := key + " " + property; len(t.table.Operations[own].Permissions) > 0 {
		return t.may(c, own)
	}
	return t.may(c, key)
}
