//go:build windows || !(amd64 || arm64)

package store

// mapAhead is zero: Windows makes the file as large as its mapping, and elsewhere
// the address space is too small.
const mapAhead = 0
