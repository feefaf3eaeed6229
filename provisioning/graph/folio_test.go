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
				got, err := o.LastFolio(t.Context(), after)
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
	for op, want := range map[string]provisioning.Folio{"users.list": "", "deletedItems.list": "2026-000001"} {
		o := open(t, nil)
		o.tenant.Fail(graphfake.Fault{Op: op, Times: 40, Status: http.StatusServiceUnavailable})
		if got, err := o.LastFolio(t.Context(), "2026-000001"); provisioning.CodeOf(err) != provisioning.CodeUnavailable || got != want {
			t.Errorf("%s: %q, %v, want %q", op, got, err, want)
		}
	}
}
