//go:build race

package receipts

// tenant is smaller with the race detector, which makes SQLite twenty times slower; tenantMemory is
// larger, since the detector takes 5 to 10 times the memory (go.dev/doc/articles/race_detector,
// "Runtime Overhead").
const (
	tenant       = 50_000
	tenantMemory = 2000
)
