package creation

import (
	"context"
	"fmt"
	"slices"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/job"
)

// Vacant returns an error at the input "address" if another account in the directory, its recycle
// bin included, has the typed address. It is called before Workflow.Rename, which does not read the
// directory.
func (cr *Creation) Vacant(ctx context.Context, a provisioning.Account, typed string) error {
	address, err := identity.ParseAddress(typed, cr.Rules.Types[a.Holder.Type].Domain)
	if err != nil {
		return err
	}
	entries, err := cr.Directory.Find(ctx, provisioning.Lookup{Address: address})
	if err != nil {
		return fmt.Errorf("look who has %s: %w", address, err)
	}
	if slices.ContainsFunc(entries, func(e provisioning.Entry) bool { return provisioning.Answers(e, address) && e.Stamp != a.Stamp }) {
		return provisioning.AddressTakenError(address)
	}
	return nil
}

// taken returns the change of a line whose address is another account's: the next address is tried,
// but a chosen one puts the line to attention again.
func (cr *Creation) taken(a provisioning.Account, rule provisioning.TypeRule) (provisioning.Change, error) {
	if a.Chosen == a.Address {
		return nil, job.Permanent(&provisioning.TroubleError{Trouble: provisioning.Trouble{Reason: provisioning.TroubleChosen, Args: map[string]string{"address": string(a.Address)}}})
	}
	return cr.another(rule), nil
}
