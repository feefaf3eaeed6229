package provisioning

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

func TestWhatAFailureIsCalled(t *testing.T) {
	t.Parallel()
	args := map[string]string{"address": "a@b.mx"}
	named := func(reason string) error {
		return fmt.Errorf("create: %w", job.Permanent(&problem.Error{Code: problem.CodeConflict, Reason: reason, Args: args}))
	}
	for reason, want := range map[string]string{
		DirectoryNoPermission: "trouble.permission", DirectoryBadDomain: "trouble.domain", DirectoryAddressTaken: "trouble.unseen_holder",
		DirectoryNotReady: "trouble.not_ready", DirectoryNotFound: "trouble.vanished", DirectoryWeakPassword: "trouble.password",
		DirectoryRefused: "trouble.refused", "receipts.address_taken": "trouble.receipts", "trouble.addresses": "trouble.addresses",
		"address.held": "address.held",
	} {
		if diff := cmp.Diff(Trouble{Reason: want, Args: args}, troubleOf(named(reason))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", reason, diff)
		}
	}
	if got := troubleOf(errors.New("disk full")); got.Reason != "trouble.internal" || got.Args != nil {
		t.Errorf("an unknown failure is called %+v", got)
	}
}
