package store

import (
	"syscall"

	"go.etcd.io/bbolt"
)

// Forget releases the mapped pages that were read (MADV_DONTNEED), for callers that read the
// whole file. Released pages are read from the file again when needed.
func (db *DB) Forget() {
	_ = db.bolt.View(func(b *bbolt.Tx) error { // a View keeps the mapping in place
		_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, db.bolt.Info().Data, uintptr(b.Size()), syscall.MADV_DONTNEED) //nolint:gosec // a size
		return nil
	})
}
