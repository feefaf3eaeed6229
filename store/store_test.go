package store_test

import (
	"testing"

	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
	"seducoahuila.gob.mx/altas/store/storetest"
)

func TestStore(t *testing.T) {
	t.Parallel()
	provisioningtest.Store(t, func(tb testing.TB) provisioningtest.Subject {
		tb.Helper()
		return storetest.Open(tb)
	})
}
