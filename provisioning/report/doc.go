// Package report computes the figures of a period from the store: requests and accounts by kind,
// type and month, how long each stage took, and what waits now. README.md defines each figure.
package report
