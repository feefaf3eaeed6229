//go:build !windows && (amd64 || arm64)

package store

// mapAhead is how much of the address space, in bytes, is set aside for the file
// at Open. It costs no memory. Where the file outgrows its mapping bbolt makes a
// new one, and until every View has ended nobody can write: a backup to a slow
// disk would hold up the whole service.
const mapAhead = 16 << 30
