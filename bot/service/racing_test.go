//go:build race

package service_test

// racing says that the race detector watches, which makes everything slower.
const racing = true
