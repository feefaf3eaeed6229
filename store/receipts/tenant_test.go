//go:build !race

package receipts

// tenant is how many accounts TestReconcileAWholeTenant compares.
const tenant = 200_000
