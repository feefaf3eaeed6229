package graph_test

import (
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
)

// After a creation whose answer is lost, the reason is DirectoryUnavailable; the next attempt returns
// the account if it exists, and never creates a second one.
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
					f := open(t, nil)
					broken := fault
					broken.Op, broken.After = op, after
					f.tenant.Fail(broken)
					u := teacher(t, 1)
					_, err := f.Create(t.Context(), u)
					wantReason(t, "first try", err, provisioning.DirectoryUnavailable, false)
					e, err := f.Create(t.Context(), u)
					if err != nil || e.Address != u.Address {
						t.Errorf("second try: %+v, %v", e, err)
					}
					if users := f.tenant.Users(); len(users) != 1 || users[0].ID != e.ID {
						t.Errorf("the tenant has %d users", len(users))
					}
				})
			}
		}
	}
}

func TestLostAnswersOfRepeatableCallsAreRepeated(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	made := f.create(1)
	for _, op := range []string{"users.assignLicense", "users.list", "users.get", "users.update", "users.revokeSignInSessions", "subscribedSkus.list"} {
		f.tenant.Fail(graphfake.Fault{Op: op, Status: 503, After: true})
	}
	ctx := t.Context()
	if err := f.License(ctx, made.ID, student); err != nil {
		t.Error(err)
	}
	if _, err := f.Find(ctx, provisioning.Lookup{Address: made.Address}); err != nil {
		t.Error(err)
	}
	if _, err := f.Entry(ctx, made.ID); err != nil {
		t.Error(err)
	}
	if _, err := f.SetPassword(ctx, made.ID, password(t)); err != nil {
		t.Error(err)
	}
	if err := f.RevokeSessions(ctx, made.ID); err != nil {
		t.Error(err)
	}
	if _, err := f.Licences(ctx); err != nil {
		t.Error(err)
	}
	if free, _ := f.tenant.Seats(student); free != 99 {
		t.Errorf("%d seats free, want 99", free)
	}
}

// Right after a creation the user may be unknown to a replica: the reason is DirectoryNotReady.
func TestReplicationLag(t *testing.T) {
	t.Parallel()
	clock := newClock()
	f := open(t, func(s *setting) {
		s.tenant.Lag, s.tenant.Replicas, s.tenant.Now = time.Minute, 1, clock.Now
	})
	u := teacher(t, 1)
	f.tenant.Fail(graphfake.Fault{Op: "users.create", Break: graphfake.BreakReset, After: true})
	_, err := f.Create(t.Context(), u)
	wantReason(t, "lost answer", err, provisioning.DirectoryUnavailable, false)
	_, err = f.Create(t.Context(), u)
	wantReason(t, "not replicated yet", err, provisioning.DirectoryNotReady, false)
	id := f.tenant.Users()[0].ID
	wantReason(t, "license, not replicated yet", f.License(t.Context(), id, student), provisioning.DirectoryNotReady, false)
	wantReason(t, "join, not replicated yet", f.Join(t.Context(), id, []string{groupID}), provisioning.DirectoryNotReady, false)
	clock.Add(2 * time.Minute)
	e, err := f.Create(t.Context(), u)
	if err != nil || e.ID != id {
		t.Errorf("ours: %+v, %v", e, err)
	}
	if err := f.License(t.Context(), id, student); err != nil {
		t.Error(err)
	}
}
