package access

import (
	"context"
	"errors"

	"seducoahuila.gob.mx/altas/provisioning"
)

// Offices returns the stages whose requests a person may decide on in their channels, in order: as an
// approver, in its group, or as a substitute in force; and Platform for an administrator. A stage whose
// group cannot be asked is left out, and its error returned beside the others.
func (a *Policy) Offices(ctx context.Context, store provisioning.Store, by provisioning.Actor) (offices []provisioning.StageName, err error) {
	stages := a.Rules.Stages.WithPlatform()
	clicks := make([]provisioning.Click, len(stages))
	var unasked []error
	for i, stage := range stages {
		click, err := a.Proven(ctx, by, stage)
		clicks[i], unasked = click, append(unasked, err)
	}
	err = store.View(ctx, func(tx provisioning.Tx) error {
		offices = nil
		auth, err := a.Authority(tx)
		if err != nil {
			return err
		}
		for i, stage := range stages {
			if auth.InOffice(stage, clicks[i]) {
				offices = append(offices, stage)
			}
		}
		return nil
	})
	return offices, errors.Join(append(unasked, err)...)
}
