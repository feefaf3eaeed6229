package graph_test

import (
	"maps"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/graph"
	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
)

// operations are the client's methods, by name. Each succeeds with the permissions that the README
// tells an administrator to grant.
var operations = map[string]func(f *fixture, e provisioning.Entry) error{
	"Find": func(f *fixture, e provisioning.Entry) error {
		_, err := f.Find(f.t.Context(), provisioning.Lookup{Stamp: e.Stamp, Address: e.Address})
		return err
	},
	"Users": func(f *fixture, _ provisioning.Entry) error {
		for _, err := range f.Users(f.t.Context()) {
			if err != nil {
				return err
			}
		}
		return nil
	},
	"Entry": func(f *fixture, e provisioning.Entry) error {
		_, err := f.Entry(f.t.Context(), e.ID)
		return err
	},
	"Create": func(f *fixture, _ provisioning.Entry) error {
		_, err := f.Create(f.t.Context(), teacher(f.t, 2))
		return err
	},
	"License": func(f *fixture, e provisioning.Entry) error { return f.License(f.t.Context(), e.ID, student) },
	"Join":    func(f *fixture, e provisioning.Entry) error { return f.Join(f.t.Context(), e.ID, []string{groupID}) },
	"Visible": func(f *fixture, e provisioning.Entry) error { return f.Visible(f.t.Context(), e.ID) },
	"SetPassword": func(f *fixture, e provisioning.Entry) error {
		_, err := f.SetPassword(f.t.Context(), e.ID, password(f.t))
		return err
	},
	"RevokeSessions": func(f *fixture, e provisioning.Entry) error { return f.RevokeSessions(f.t.Context(), e.ID) },
	"SetEnabled":     func(f *fixture, e provisioning.Entry) error { return f.SetEnabled(f.t.Context(), e.ID, false) },
	"Restore": func(f *fixture, _ provisioning.Entry) error {
		gone := f.create(3)
		remove(f.t.(*testing.T), f, gone.ID)
		_, err := f.Restore(f.t.Context(), gone.ID)
		return err
	},
	"Licences": func(f *fixture, _ provisioning.Entry) error { _, err := f.Licences(f.t.Context()); return err },
	"Domains":  func(f *fixture, _ provisioning.Entry) error { _, err := f.Domains(f.t.Context()); return err },
	"LastFolio": func(f *fixture, _ provisioning.Entry) error {
		_, _, err := f.LastFolio(f.t.Context(), "2026-000001")
		return err
	},
	"MemberOf": func(f *fixture, e provisioning.Entry) error {
		_, err := f.MemberOf(f.t.Context(), e.ID, []string{groupID})
		return err
	},
}

// excluded are the operations that need no granted permission: the last sign-in is optional, and users
// are deleted by an administrator.
var excluded = []string{"GET /users/{id} signInActivity", "DELETE /users/{id}"}

// performed calls all methods of the client with the granted permissions, and returns Graph's
// operations that were requested.
func performed(t *testing.T) []string {
	t.Helper()
	f := open(t, nil)
	e := f.create(1)
	for _, name := range slices.Sorted(maps.Keys(operations)) {
		if err := operations[name](f, e); err != nil {
			t.Errorf("%s, with the granted permissions: %v", name, err)
		}
	}
	return slices.DeleteFunc(f.tenant.Asked(), func(op string) bool { return slices.Contains(excluded, op) })
}

// By Microsoft's table the granted permissions suffice for each operation that Altas performs, and each
// is the least privileged one for at least one of them.
func TestGrantedPermissionsAreTheNeededOnes(t *testing.T) {
	t.Parallel()
	for method := range reflect.TypeFor[*graph.Client]().Methods() {
		name := method.Name
		if _, tried := operations[name]; !tried && name != "Close" {
			t.Errorf("%s is not tested: add it to operations", name)
		}
	}
	table, err := graphfake.Permissions()
	if err != nil {
		t.Fatal(err)
	}
	least := map[string]bool{}
	for _, op := range performed(t) {
		requirement := table.Operations[op]
		if !requirement.Allows(table.Granted) {
			t.Errorf("%s is refused with %v", op, table.Granted)
		}
		for row, kind := range requirement.Permissions {
			for permission := range strings.SplitSeq(row, " + ") {
				least[permission] = least[permission] || kind == "least"
			}
		}
	}
	for _, permission := range table.Granted {
		if !least[permission] {
			t.Errorf("%s is granted, but no operation needs it", permission)
		}
	}
}

// The permission tables of the documents are equal to permissions.json.
func TestPermissionTables(t *testing.T) {
	t.Parallel()
	table, err := graphfake.Permissions()
	if err != nil {
		t.Fatal(err)
	}
	want := slices.Sorted(slices.Values(table.Granted))
	for path, heading := range map[string]string{
		"../../README.md":                "### Permissions in Entra",
		"../../bot/guide/instalacion.md": "### Los permisos",
		"README.md":                      "## Permissions",
	} {
		var named []string
		for _, row := range tableUnder(t, path, heading) {
			named = append(named, permissions.FindAllString(row[0], -1)...)
		}
		if diff := cmp.Diff(want, sortedOnce(named)); diff != "" {
			t.Errorf("%s (-granted +documented):\n%s", path, diff)
		}
	}
	ours := map[string]string{}
	for _, row := range tableUnder(t, "README.md", "## Permissions") {
		for op := range strings.SplitSeq(row[1], "<br>") {
			ours[strings.Trim(strings.TrimSpace(op), "`")] = row[0]
		}
	}
	if diff := cmp.Diff(performed(t), slices.Sorted(maps.Keys(ours))); diff != "" {
		t.Errorf("operations in README.md (-performed +documented):\n%s", diff)
	}
	for op, cell := range ours {
		if !table.Operations[op].Allows(permissions.FindAllString(cell, -1)) {
			t.Errorf("README.md: %s does not suffice for %s", cell, op)
		}
	}
}

var permissions = regexp.MustCompile(`[A-Z][A-Za-z-]+\.[A-Z][A-Za-z]+\.All`)

func sortedOnce(list []string) []string { return slices.Compact(slices.Sorted(slices.Values(list))) }

// tableUnder returns the cells of the first table under a heading.
func tableUnder(t *testing.T, path, heading string) (rows [][]string) {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(content), "\n"+heading+"\n")
	if !found {
		t.Fatalf("%s has no %q", path, heading)
	}
	for line := range strings.Lines(rest) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "|") {
			rows = append(rows, strings.Split(strings.Trim(line, "|"), "|"))
		} else if len(rows) > 0 {
			return rows[2:] // without the header
		}
	}
	return rows
}

// Without one of the permissions exactly the operations fail for which the README lists it.
func TestWhatFailsWithoutOnePermission(t *testing.T) {
	t.Parallel()
	for missing, stopped := range map[string][]string{
		"LicenseAssignment.Read.All":         {"Licences"},
		"User.Read.All":                      {"Find", "LastFolio", "MemberOf", "SetEnabled"},
		"User-PasswordProfile.ReadWrite.All": {"SetPassword"},
		"Domain.Read.All":                    {"Domains"},
		"GroupMember.Read.All":               {"MemberOf"},
		"GroupMember.ReadWrite.All":          {"Join"},
	} {
		f := open(t, func(s *setting) {
			s.tenant.Apps[0].Roles = slices.DeleteFunc(graphfake.AltasRoles(), func(r string) bool { return r == missing })
		})
		e := f.create(1)
		var refused []string
		for _, name := range slices.Sorted(maps.Keys(operations)) {
			if err := operations[name](f, e); err != nil {
				refused = append(refused, name)
				wantReason(t, name, err, provisioning.DirectoryNoPermission, true)
			}
		}
		if diff := cmp.Diff(stopped, refused); diff != "" {
			t.Errorf("without %s (-want +got):\n%s", missing, diff)
		}
	}
}
