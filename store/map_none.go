//go:build windows || !(amd64 || arm64)

package store

// mapAhead is zero: Windows makes the file as large as its mapping, and the address space of
// other architectures is too small.
const mapAhead = 0
