//go:build race

package service_test

// racing reports whether the race detector is on, which makes everything slower.
const racing = true
