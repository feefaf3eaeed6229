package store

import (
	"syscall"

	"go.etcd.io/bbolt"
)

// Forget gives the memory of what was read back to the system, for whoever walks
// through the whole file. Pages that are wanted again are read again.
func (db *DB) Forget() {
	_ = db.bolt.View(func(b *bbolt.Tx) error { // while it lasts the mapping stays
		_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, db.bolt.Info().Data, uintptr(b.Size()), syscall.MADV_DONTNEED) //nolint:gosec // a size
		return nil
	})
}
