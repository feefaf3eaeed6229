package graph_test

import (
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
)

// A creation whose answer is lost: nobody knows, so the caller is told so; when it
// tries again the account it already has is returned, not a second one.
func TestLostAnswersNeverMakeTwo(t *testing.T) {
	t.Parallel()
	breaks := map[string]graphfake.Fault{
		"connection reset":  {Break: graphfake.BreakReset},
		"503":               {Status: 503},
		"504":               {Status: 504},
		"empty object":      {Break: graphfake.BreakEmptyObject, Status: 201},
		"empty object, 503": {Break: graphfake.BreakEmptyObject, Status: 503},
		"a proxy's page":    {Break: graphfake.BreakHTML, Status: 502},
		"nothing":           {Break: graphfake.BreakNoBody, Status: 500},
		"a gateway's 408":   {Break: graphfake.BreakNoBody, Status: 408},
		"a proxy's 403":     {Break: graphfake.BreakHTML, Status: 403},
		"a proxy's 404":     {Break: graphfake.BreakHTML, Status: 404},
		"empty object, 400": {Break: graphfake.BreakEmptyObject, Status: 400},
	}
	for name, fault := range breaks {
		for _, op := range []string{"users.create", "batch"} {
			for _, after := range []bool{false, true} {
				if op == "batch" && fault.Status == 201 {
					continue
				}
				t.Run(name+" "+op, func(t *testing.T) {
					t.Parallel()
					o := open(t, nil)
					broken := fault
					broken.Op, broken.After = op, after
					o.tenant.Fail(broken)
					u := teacher(t, 1)
					_, err := o.Create(t.Context(), u)
					wantReason(t, "first try", err, provisioning.DirectoryUnavailable, false)
					e, err := o.Create(t.Context(), u)
					if err != nil || e.Address != u.Address {
						t.Errorf("second try: %+v, %v", e, err)
					}
					if users := o.tenant.Users(); len(users) != 1 || users[0].ID != e.ID {
						t.Errorf("the tenant has %d users", len(users))
					}
				})
			}
		}
	}
}

func TestLostAnswersOfRepeatableCallsAreRepeated(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	made := o.create(1)
	for _, op := range []string{"users.assignLicense", "users.list", "users.get", "users.update", "users.revokeSignInSessions", "subscribedSkus.list"} {
		o.tenant.Fail(graphfake.Fault{Op: op, Status: 503, After: true})
	}
	ctx := t.Context()
	if err := o.License(ctx, made.ID, student); err != nil {
		t.Error(err)
	}
	if _, err := o.Find(ctx, provisioning.Lookup{Address: made.Address}); err != nil {
		t.Error(err)
	}
	if _, err := o.Entry(ctx, made.ID); err != nil {
		t.Error(err)
	}
	if _, err := o.SetPassword(ctx, made.ID, password(t)); err != nil {
		t.Error(err)
	}
	if err := o.RevokeSessions(ctx, made.ID); err != nil {
		t.Error(err)
	}
	if _, err := o.Licences(ctx); err != nil {
		t.Error(err)
	}
	if free, _ := o.tenant.Seats(student); free != 99 {
		t.Errorf("%d seats free, want 99", free)
	}
}

// Right after a creation replicas do not know the user: nothing is concluded from it.
func TestReplicationLag(t *testing.T) {
	t.Parallel()
	clock := newClock()
	o := open(t, func(s *setting) {
		s.tenant.Lag, s.tenant.Replicas, s.tenant.Now = time.Minute, 1, clock.Now
	})
	u := teacher(t, 1)
	o.tenant.Fail(graphfake.Fault{Op: "users.create", Break: graphfake.BreakReset, After: true})
	_, err := o.Create(t.Context(), u)
	wantReason(t, "lost answer", err, provisioning.DirectoryUnavailable, false)
	_, err = o.Create(t.Context(), u)
	wantReason(t, "too early to tell", err, provisioning.DirectoryNotReady, false)
	id := o.tenant.Users()[0].ID
	wantReason(t, "license too early", o.License(t.Context(), id, student), provisioning.DirectoryNotReady, false)
	wantReason(t, "join too early", o.Join(t.Context(), id, []string{groupID}), provisioning.DirectoryNotReady, false)
	clock.Add(2 * time.Minute)
	e, err := o.Create(t.Context(), u)
	if err != nil || e.ID != id {
		t.Errorf("ours: %+v, %v", e, err)
	}
	if err := o.License(t.Context(), id, student); err != nil {
		t.Error(err)
	}
}
