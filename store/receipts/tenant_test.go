//go:build !race

package receipts

// TestReconcileAWholeTenant compares tenant accounts in less than tenantMemory MiB.
const (
	tenant       = 200_000
	tenantMemory = 200
)
