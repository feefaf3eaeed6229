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

// Table is what Microsoft publishes of each operation, and what Altas is granted.
type Table struct {
	Granted    []string               `json:"granted"`
	Operations map[string]Requirement `json:"operations"` // by method and path, a property behind it
}

// Requirement is what one operation takes: any one of the permissions, "A + B" being
// both, and so many resource units.
type Requirement struct {
	Units       int               `json:"units"`
	Source      string            `json:"source"`
	Permissions map[string]string `json:"permissions"` // least or also
}

// Permissions reads the table.
func Permissions() (Table, error) {
	var t Table
	if err := json.Unmarshal(permissionsJSON, &t); err != nil {
		return t, fmt.Errorf("graphfake: permissions.json: %w", err)
	}
	return t, nil
}

// AltasRoles are the application permissions that README has an administrator grant.
func AltasRoles() []string {
	t, _ := Permissions() // its own test reads it
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
	t.gate.note(key)
	return t.table.Operations[key].Allows(c.app.Roles)
}

// mayTouch reports whether the application may read or write a property: some need
// permissions of their own.
func (t *Tenant) mayTouch(c *call, key, property string) bool {
	if own := key + " " + property; len(t.table.Operations[own].Permissions) > 0 {
		return t.may(c, own)
	}
	return t.may(c, key)
}
