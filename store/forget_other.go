//go:build !linux

package store

// Forget does nothing on this system, which reclaims mapped pages when it needs memory.
func (db *DB) Forget() {}
