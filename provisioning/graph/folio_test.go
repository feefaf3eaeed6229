package graph_test

import (
	"fmt"
	"net/http"
	"testing"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
)

// The greatest folio of the year is found among thousands of users, in a few queries,
// whatever else stands in the property, and with a deleted user's.
func TestLastFolio(t *testing.T) {
	t.Parallel()
	for _, property := range []string{"employeeId", "extensionAttribute7"} {
		t.Run(property, func(t *testing.T) {
			t.Parallel()
			o := open(t, func(s *setting) { s.client.StampProperty = property })
			n := 0
			bears := func(text string) string {
				t.Helper()
				n++
				properties := map[string]any{"userPrincipalName": fmt.Sprintf("u%d@%s", n, domain), "displayName": "P", "employeeId": text}
				if property != "employeeId" {
					delete(properties, "employeeId")
					properties["onPremisesExtensionAttributes"] = map[string]any{property: text}
				}
				id, err := o.tenant.Seed(properties)
				if err != nil {
					t.Fatal(err)
				}
				return id
			}
			want := func(after, want provisioning.Folio, most int) {
				t.Helper()
				before := o.tenant.Count("users.list")
				got, odd, err := o.LastFolio(t.Context(), after)
				if odd != "" {
					t.Errorf("after %s: %s does not count", after, odd)
				}
				if asked := o.tenant.Count("users.list") - before; err != nil || got != want || asked > most {
					t.Errorf("after %s: %s, %v in %d queries; want %s in %d", after, got, err, asked, want, most)
				}
			}
			want("2026-000000", "2026-000000", 6)
			for _, text := range []string{"104523", "2026-9", "2026-999999", "2026-0009ab-0001", "2025-000900-0001", "2027-000001-0001", "2026-000007-0003"} {
				bears(text)
			}
			want("2026-000000", "2026-000007", 8)
			for i := range 3000 {
				bears(string(provisioning.NewStamp(provisioning.NewFolio(2026, 1+i), 1)))
			}
			want("2026-000000", "2026-003000", 20)
			want("2026-002998", "2026-003000", 10)
			want("2026-003000", "2026-003000", 6)
			want("2026-004000", "2026-004000", 6)
			want("2025-000000", "2025-000900", 10)
			remove(t, o, bears("2026-019999-0001"))
			o.reopen() // what it knows of the bin is a minute old
			want("2026-003000", "2026-019999", 6)
		})
	}
}

// While the recycle bin is not read, what the living users bear is told with the error.
func TestLastFolioOfATenantThatIsAway(t *testing.T) {
	t.Parallel()
	for _, op := range []string{"users.list", "deletedItems.list"} {
		o := open(t, nil)
		o.tenant.Fail(graphfake.Fault{Op: op, Times: 40, Status: http.StatusServiceUnavailable})
		if got, _, err := o.LastFolio(t.Context(), "2026-000001"); provisioning.CodeOf(err) != provisioning.CodeUnavailable || got != "2026-000001" {
			t.Errorf("%s: %q, %v, want what was known before", op, got, err)
		}
	}
}

// The directory stops to answer half-way: what was found by then is told with the error.
func TestLastFolioInPart(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	for _, stamp := range []string{"2026-000500-0001", "2026-000700-0001"} {
		if _, err := o.tenant.Seed(map[string]any{"userPrincipalName": stamp + "@" + domain, "displayName": "P", "employeeId": stamp}); err != nil {
			t.Fatal(err)
		}
	}
	heard := 0
	o.tenant.OnRequest(func(op string) (graphfake.Fault, bool) {
		if op == "users.list" {
			heard++
		}
		return graphfake.Fault{Status: http.StatusForbidden, Code: "Authorization_RequestDenied"}, op == "users.list" && heard > 4
	})
	if got, _, err := o.LastFolio(t.Context(), "2026-000000"); provisioning.ReasonOf(err) != provisioning.DirectoryNoPermission || got != "2026-000700" {
		t.Errorf("%q, %v, want 2026-000700 and the refusal", got, err)
	}
}

// A stamp beyond those that count stands in the property, of one user or of thousands: the
// greatest of the others is found all the same.
func TestLastFolioBesideOnesThatDoNotCount(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		odd     int
		deleted bool
	}{"of one": {odd: 1}, "of a deleted one": {odd: 1, deleted: true}, "of thousands": {odd: 5500}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := open(t, nil)
			seed := o.tenant.Seed
			if c.deleted {
				seed = o.tenant.SeedDeleted
			}
			for i := range c.odd {
				stamp := string(provisioning.NewStamp(provisioning.NewFolio(2026, 999_999-i), 1))
				if _, err := seed(map[string]any{"userPrincipalName": stamp + "@" + domain, "displayName": "P", "employeeId": stamp}); err != nil {
					t.Fatal(err)
				}
			}
			for _, stamp := range []string{"2026-000500-0001", "2026-899999-0001"} {
				if _, err := o.tenant.Seed(map[string]any{"userPrincipalName": stamp + "@" + domain, "displayName": "P", "employeeId": stamp}); err != nil {
					t.Fatal(err)
				}
				got, odd, err := o.LastFolio(t.Context(), "2026-000000")
				if err != nil || got != provisioning.Stamp(stamp).Folio() || !odd.Valid() || odd.Counts() {
					t.Errorf("%q, %q, %v; want %s", got, odd, err, stamp)
				}
			}
		})
	}
}
