package bot

import (
	"testing"

	"seducoahuila.gob.mx/altas/bot/attention"
	"seducoahuila.gob.mx/altas/bot/form"
	"seducoahuila.gob.mx/altas/bot/password"
	"seducoahuila.gob.mx/altas/bot/view"
	"seducoahuila.gob.mx/altas/provisioning"
)

// directoryClient can do all that the directory lets an application do, as Graph's client can.
type directoryClient struct {
	provisioning.Membership
	provisioning.Custody
	provisioning.Credentials
	view.Allowance
	form.Previewer
	attention.Checker
	password.Revealer
}

// No room except password finds, in the values that it was given, one that sets a password.
func TestWhatARoomGetsIsNarrow(t *testing.T) {
	t.Parallel()
	all := directoryClient{}
	for name, given := range map[string]any{
		"memberships": membershipOnly{all}, "custody": custodyOnly{all}, "passwords": remainingOnly{all},
		"preview": previewOnly{all}, "check": checkOnly{all},
	} {
		if _, sets := given.(provisioning.Credentials); sets {
			t.Errorf("%s leads to the credentials", name)
		}
		if _, sets := given.(password.Revealer); sets {
			t.Errorf("%s leads to what sets a password", name)
		}
	}
}
