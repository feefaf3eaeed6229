package service_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
)

// slowBin adds deleted users to the tenant, and a latency to each page of them.
func slowBin(t *testing.T, tenant *graphfake.Tenant, others int, page time.Duration, last map[string]any) {
	t.Helper()
	for n := range others {
		_, err := tenant.SeedDeleted(map[string]any{
			"userPrincipalName": fmt.Sprintf("pupil%d@alumnocoahuila.gob.mx", n), "displayName": fmt.Sprintf("Pupil %d", n),
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := tenant.SeedDeleted(last); err != nil {
		t.Fatal(err)
	}
	tenant.OnRequest(func(op string) (graphfake.Fault, bool) {
		return graphfake.Fault{Break: graphfake.BreakSlow, Delay: page}, op == "deletedItems.list"
	})
}

// The tenant has 9,000 deleted users, of which Graph returns 999 in 0.4 s. Silvia's form does not
// wait for all of them; soon she and the approvers see that Luis had an account, and no other is
// created.
func TestAFormIsCheckedAgainstALargeRecycleBin(t *testing.T) {
	t.Parallel()
	o := raise(t)
	slowBin(t, o.tenant, 9000, 400*time.Millisecond, map[string]any{
		"userPrincipalName": "luis.ibarra@docentecoahuila.gob.mx", "mailNickname": "luis.ibarra", "displayName": "Luis Ibarra Peña",
	})
	o.start()
	o.installs(o.silvia)
	began := time.Now()
	review := o.asks(o.silvia, luis)
	t.Logf("the first review came after %v", time.Since(began))
	const known = "Hay una cuenta borrada que le corresponde"
	looks := 0
	o.eventually("the form tells of the deleted account", func() bool {
		looks++
		if strings.Contains(review.Text(), known) {
			return true
		}
		form := o.shows(o.silvia, review, "request.edit", nil)
		turn := o.presses(o.silvia, form, "request.next", without(luis, "type"))
		if turn.Card == nil || turn.Took > 10*time.Second {
			t.Fatalf("the form hangs: %v, %q", turn.Took, turn.Text)
		}
		review = turn.Card
		return false
	})
	t.Logf("it tells of the deleted account after %v, at look %d", time.Since(began), looks)
	folio := folioShape.FindString(o.shows(o.silvia, review, "request.submit", teamsfake.Inputs{}).Text())
	if text := o.approval("director", folio).Text(); !strings.Contains(text, known) {
		t.Errorf("the director's card does not tell of it:\n%s", text)
	}
	o.authorises(folio)
	o.waits("the line before the head of department", func() bool { return o.count(o.channels["platform"], o.oscar, folio) > 0 })
	if made := o.stamped(); len(made) != 0 {
		t.Errorf("accounts were made: %+v", made)
	}
}

// A line is processed while the recycle bin is being read for the first time. It waits, and then
// goes to attention.
func TestNoAccountBeforeTheRecycleBinWasRead(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, nil)
	slowBin(t, p.tenant, 1000, 200*time.Millisecond, map[string]any{
		"userPrincipalName": anaMail, "mailNickname": "ana.ruiz", "displayName": ana().DisplayName(),
	})
	p.wantTrouble(p.provision(ana()), 1, "trouble.deleted")
	p.wantUsers()
	if n := p.tenant.Count("users.create"); n != 0 {
		t.Errorf("%d accounts were tried", n)
	}
}
