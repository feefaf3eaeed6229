package service_test

import (
	"net/http"
	"strings"
	"testing"

	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
)

// readyz asks the service whether it is ready.
func (o *office) readyz() (status int, body string) {
	o.t.Helper()
	return o.page("/readyz")
}

// An approver of a stage is not in the tenant, perhaps the GUID of something else: the stage's
// requests would wait for ever. With another who is in the tenant the service is ready, and the
// missing one is logged; while the tenant is unavailable nobody is reported missing.
func TestApproversNobodyHas(t *testing.T) {
	t.Parallel()
	const stranger = "9d0c6a3e-5b1f-4f0a-9c2d-8e4b1a6f3c5d"
	for name, c := range map[string]struct {
		approvers, group string
		unready          bool
	}{
		"nobody knows the approver":       {`"` + stranger + `"`, "", true},
		"one of two is known":             {`"` + stranger + `", "{rosa}"`, "", false},
		"a group may decide besides them": {`"` + stranger + `"`, officeGroup, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := raise(t, withGroup, func(o *office, _ *tenantConfig) {
				o.rules(strings.Replace(officeRules, `approvers: ["{rosa}"]`, `approvers: [`+c.approvers+`], approverGroup: "`+c.group+`"`, 1))
			})
			o.start()
			o.must(o.log.says(o.within(), "nobody with the object id "+stranger))
			if !c.unready {
				if status, said := o.readyz(); status != http.StatusOK || said != "ready\n" {
					t.Errorf("readyz: %d %s", status, said)
				}
				return
			}
			o.must(o.log.says(o.within(), `"fault":"stages[0]`))
			if status, said := o.readyz(); status != http.StatusServiceUnavailable || !strings.Contains(said, "stages[0].approvers: the tenant knows none of them") || strings.Contains(said, stranger) {
				t.Errorf("readyz says %q", said)
			}
		})
	}
}

func TestATenantThatIsAwayAccusesNobody(t *testing.T) {
	t.Parallel()
	o := raise(t)
	o.tenant.OnRequest(func(string) (graphfake.Fault, bool) {
		return graphfake.Fault{Status: http.StatusServiceUnavailable}, true
	})
	o.start()
	o.must(o.log.says(o.within(), `"part":"people"`))
	if status, said := o.readyz(); status != http.StatusOK {
		t.Errorf("readyz: %d %s", status, said)
	}
}
