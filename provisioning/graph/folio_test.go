package graph_test

import (
	"fmt"
	"net/http"
	"testing"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// LastFolio finds the greatest folio of the year among thousands of users, deleted ones included, with
// few queries, whatever other values the property has.
func TestLastFolio(t *testing.T) {
	t.Parallel()
	for _, property := range []string{"employeeId", "extensionAttribute7"} {
		t.Run(property, func(t *testing.T) {
			t.Parallel()
			f := open(t, func(s *setting) { s.client.StampProperty = property })
			n := 0
			seedStamp := func(text string) string {
				t.Helper()
				n++
				properties := map[string]any{"userPrincipalName": fmt.Sprintf("u%d@%s", n, domain), "displayName": "P", "employeeId": text}
				if property != "employeeId" {
					delete(properties, "employeeId")
					properties["onPremisesExtensionAttributes"] = map[string]any{property: text}
				}
				id, err := f.tenant.Seed(properties)
				if err != nil {
					t.Fatal(err)
				}
				return id
			}
			want := func(after, want provisioning.Folio, most int) {
				t.Helper()
				before := f.tenant.Count("users.list")
				got, odd, err := f.LastFolio(t.Context(), after)
				if odd != "" {
					t.Errorf("after %s: %s does not count", after, odd)
				}
				if asked := f.tenant.Count("users.list") - before; err != nil || got != want || asked > most {
					t.Errorf("after %s: %s, %v in %d queries; want %s in %d", after, got, err, asked, want, most)
				}
			}
			want("2026-000000", "2026-000000", 6)
			for _, text := range []string{"104523", "2026-9", "2026-999999", "2026-0009ab-0001", "2025-000900-0001", "2027-000001-0001", "2026-000007-0003"} {
				seedStamp(text)
			}
			want("2026-000000", "2026-000007", 8)
			for i := range 3000 {
				seedStamp(string(provisioning.NewStamp(provisioning.NewFolio(2026, 1+i), 1)))
			}
			want("2026-000000", "2026-003000", 20)
			want("2026-002998", "2026-003000", 10)
			want("2026-003000", "2026-003000", 6)
			want("2026-004000", "2026-004000", 6)
			want("2025-000000", "2025-000900", 10)
			remove(t, f, seedStamp("2026-019999-0001"))
			f.reopen() // a new client has no copy of the recycle bin
			want("2026-003000", "2026-019999", 6)
		})
	}
}

// While the directory or the recycle bin is unavailable, the greatest known folio is returned with the
// error.
func TestLastFolioOfAnUnavailableTenant(t *testing.T) {
	t.Parallel()
	for _, op := range []string{"users.list", "deletedItems.list"} {
		f := open(t, nil)
		f.tenant.Fail(graphfake.Fault{Op: op, Times: 40, Status: http.StatusServiceUnavailable})
		if got, _, err := f.LastFolio(t.Context(), "2026-000001"); problem.CodeOf(err) != problem.CodeUnavailable || got != "2026-000001" {
			t.Errorf("%s: %q, %v, want what was known before", op, got, err)
		}
	}
}

// After an error between the queries, the greatest folio found so far is returned with the error.
func TestLastFolioInPart(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	for _, stamp := range []string{"2026-000500-0001", "2026-000700-0001"} {
		if _, err := f.tenant.Seed(map[string]any{"userPrincipalName": stamp + "@" + domain, "displayName": "P", "employeeId": stamp}); err != nil {
			t.Fatal(err)
		}
	}
	queries := 0
	f.tenant.OnRequest(func(op string) (graphfake.Fault, bool) {
		if op == "users.list" {
			queries++
		}
		return graphfake.Fault{Status: http.StatusForbidden, Code: "Authorization_RequestDenied"}, op == "users.list" && queries > 4
	})
	if got, _, err := f.LastFolio(t.Context(), "2026-000000"); problem.ReasonOf(err) != provisioning.DirectoryNoPermission || got != "2026-000700" {
		t.Errorf("%q, %v, want 2026-000700 and the refusal", got, err)
	}
}

// Stamps that do not count, of one user or of thousands, do not prevent finding the greatest of the
// others.
func TestLastFolioBesideOnesThatDoNotCount(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		odd     int
		deleted bool
	}{"of one": {odd: 1}, "of a deleted one": {odd: 1, deleted: true}, "of thousands": {odd: 5500}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := open(t, nil)
			seed := f.tenant.Seed
			if c.deleted {
				seed = f.tenant.SeedDeleted
			}
			for i := range c.odd {
				stamp := string(provisioning.NewStamp(provisioning.NewFolio(2026, 999_999-i), 1))
				if _, err := seed(map[string]any{"userPrincipalName": stamp + "@" + domain, "displayName": "P", "employeeId": stamp}); err != nil {
					t.Fatal(err)
				}
			}
			for _, stamp := range []string{"2026-000500-0001", "2026-899999-0001"} {
				if _, err := f.tenant.Seed(map[string]any{"userPrincipalName": stamp + "@" + domain, "displayName": "P", "employeeId": stamp}); err != nil {
					t.Fatal(err)
				}
				got, odd, err := f.LastFolio(t.Context(), "2026-000000")
				if err != nil || got != provisioning.Stamp(stamp).Folio() || !odd.Valid() || odd.Counts() {
					t.Errorf("%q, %q, %v; want %s", got, odd, err, stamp)
				}
			}
		})
	}
}
