package creation

import (
	"testing"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// TestAccountMoves checks every pair of states against the table: a move that is not in it is a
// conflict and changes nothing.
func TestAccountMoves(t *testing.T) {
	t.Parallel()
	all := []provisioning.AccountState{provisioning.AccountPending, provisioning.AccountReserved, provisioning.AccountCreated, provisioning.AccountLicensed, provisioning.AccountRecorded,
		provisioning.AccountAnnounced, provisioning.AccountExists, provisioning.AccountAttention, provisioning.AccountExcluded}
	for _, from := range all {
		for _, to := range all {
			got, err := moves.Move(provisioning.Account{State: from, Trouble: &provisioning.Trouble{Reason: "x"}}, to)
			switch {
			case err == nil && from.Final():
				t.Errorf("%s → %s is allowed, and %s is final", from, to, from)
			case err == nil && got.State != to:
				t.Errorf("%s → %s gave %s", from, to, got.State)
			case err == nil && to != provisioning.AccountAttention && got.Trouble != nil:
				t.Errorf("%s → %s kept its trouble", from, to)
			case err != nil && (problem.CodeOf(err) != problem.CodeConflict || got.State != from):
				t.Errorf("%s → %s: %v, state %s", from, to, err, got.State)
			}
		}
	}
	if _, err := moves.Move(provisioning.Account{State: provisioning.AccountCreated}, provisioning.AccountPending); err == nil {
		t.Error("an account that was made may be found anew: it would be made twice")
	}
	if _, err := moves.Move(provisioning.Account{State: provisioning.AccountCreated}, provisioning.AccountExcluded); err == nil {
		t.Error("an account that was made may be left out in silence")
	}
}
