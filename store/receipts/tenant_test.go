//go:build !race

package receipts

// tenant is the number of accounts that TestReconcileAWholeTenant compares.
const tenant = 200_000
