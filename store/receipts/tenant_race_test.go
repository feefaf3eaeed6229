//go:build race

package receipts

// tenant is smaller with the race detector, which makes SQLite twenty times slower.
const tenant = 50_000
