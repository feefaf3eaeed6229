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

// acts are what the client can do, by the method's name. Each succeeds with what
// README has an administrator grant, and nothing else.
var acts = map[string]func(o *office, e provisioning.Entry) error{
	"Find": func(o *office, e provisioning.Entry) error {
		_, err := o.Find(o.t.Context(), provisioning.Lookup{Stamp: e.Stamp, Address: e.Address})
		return err
	},
	"Users": func(o *office, _ provisioning.Entry) error {
		for _, err := range o.Users(o.t.Context()) {
			if err != nil {
				return err
			}
		}
		return nil
	},
	"Entry": func(o *office, e provisioning.Entry) error {
		_, err := o.Entry(o.t.Context(), e.ID)
		return err
	},
	"Create": func(o *office, _ provisioning.Entry) error {
		_, err := o.Create(o.t.Context(), teacher(o.t, 2))
		return err
	},
	"License": func(o *office, e provisioning.Entry) error { return o.License(o.t.Context(), e.ID, student) },
	"Join":    func(o *office, e provisioning.Entry) error { return o.Join(o.t.Context(), e.ID, []string{groupID}) },
	"Visible": func(o *office, e provisioning.Entry) error { return o.Visible(o.t.Context(), e.ID) },
	"SetPassword": func(o *office, e provisioning.Entry) error {
		_, err := o.SetPassword(o.t.Context(), e.ID, password(o.t))
		return err
	},
	"RevokeSessions": func(o *office, e provisioning.Entry) error { return o.RevokeSessions(o.t.Context(), e.ID) },
	"SetEnabled":     func(o *office, e provisioning.Entry) error { return o.SetEnabled(o.t.Context(), e.ID, false) },
	"Restore": func(o *office, _ provisioning.Entry) error {
		gone := o.create(3)
		remove(o.t.(*testing.T), o, gone.ID)
		_, err := o.Restore(o.t.Context(), gone.ID)
		return err
	},
	"Licences": func(o *office, _ provisioning.Entry) error { _, err := o.Licences(o.t.Context()); return err },
	"Domains":  func(o *office, _ provisioning.Entry) error { _, err := o.Domains(o.t.Context()); return err },
	"LastFolio": func(o *office, _ provisioning.Entry) error {
		_, _, err := o.LastFolio(o.t.Context(), "2026-000001")
		return err
	},
	"MemberOf": func(o *office, e provisioning.Entry) error {
		_, err := o.MemberOf(o.t.Context(), e.ID, []string{groupID})
		return err
	},
}

// others are the operations that no grant is needed for: the last sign-in is done
// without where it is refused, and it is an administrator who deletes.
var others = []string{"GET /users/{id} signInActivity", "DELETE /users/{id}"}

// performed does everything that the client can, with the permissions that are
// granted, and returns which operations of Graph that takes.
func performed(t *testing.T) []string {
	t.Helper()
	o := open(t, nil)
	e := o.create(1)
	for _, name := range slices.Sorted(maps.Keys(acts)) {
		if err := acts[name](o, e); err != nil {
			t.Errorf("%s, with the permissions that are granted: %v", name, err)
		}
	}
	return slices.DeleteFunc(o.tenant.Asked(), func(op string) bool { return slices.Contains(others, op) })
}

// Microsoft's table decides what an administrator is told to grant: enough for each
// operation that Altas performs, and nothing that is not the least for one of them.
func TestWhatIsGrantedIsWhatIsNeeded(t *testing.T) {
	t.Parallel()
	for method := range reflect.TypeFor[*graph.Client]().Methods() {
		name := method.Name
		if _, tried := acts[name]; !tried && name != "Close" {
			t.Errorf("what %s needs is not known: add it to acts", name)
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
			t.Errorf("%s is granted, and nothing that Altas does needs it", permission)
		}
	}
}

// The three tables that an administrator may read say the same as Microsoft's.
func TestTheTablesOfPermissions(t *testing.T) {
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
			t.Errorf("%s (-granted +told):\n%s", path, diff)
		}
	}
	ours := map[string]string{}
	for _, row := range tableUnder(t, "README.md", "## Permissions") {
		for op := range strings.SplitSeq(row[1], "<br>") {
			ours[strings.Trim(strings.TrimSpace(op), "`")] = row[0]
		}
	}
	if diff := cmp.Diff(performed(t), slices.Sorted(maps.Keys(ours))); diff != "" {
		t.Errorf("operations in README.md (-performed +told):\n%s", diff)
	}
	for op, told := range ours {
		if !table.Operations[op].Allows(permissions.FindAllString(told, -1)) {
			t.Errorf("README.md: %s does not do for %s", told, op)
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
			return rows[2:] // less its head
		}
	}
	return rows
}

// Each permission that is left out is refused as what it is, and stops what README
// says that it is for, alone.
func TestOneMissingPermissionIsNamedByWhatItStops(t *testing.T) {
	t.Parallel()
	for missing, stopped := range map[string][]string{
		"LicenseAssignment.Read.All":         {"Licences"},
		"User.Read.All":                      {"Find", "LastFolio", "MemberOf", "SetEnabled"},
		"User-PasswordProfile.ReadWrite.All": {"SetPassword"},
		"Domain.Read.All":                    {"Domains"},
		"GroupMember.Read.All":               {"MemberOf"},
		"GroupMember.ReadWrite.All":          {"Join"},
	} {
		o := open(t, func(s *setting) {
			s.tenant.Apps[0].Roles = slices.DeleteFunc(graphfake.AltasRoles(), func(r string) bool { return r == missing })
		})
		e := o.create(1)
		var refused []string
		for _, name := range slices.Sorted(maps.Keys(acts)) {
			if err := acts[name](o, e); err != nil {
				refused = append(refused, name)
				wantReason(t, name, err, provisioning.DirectoryNoPermission, true)
			}
		}
		if diff := cmp.Diff(stopped, refused); diff != "" {
			t.Errorf("without %s (-want +got):\n%s", missing, diff)
		}
	}
}
