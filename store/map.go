//go:build !windows && (amd64 || arm64)

package store

// mapAhead is the initial size of the file's memory mapping, in bytes of address space. It costs
// no memory. If the file outgrows its mapping bbolt makes a new one, which blocks all writers
// until every View has ended: a backup to a slow disk would block the whole service.
const mapAhead = 16 << 30
