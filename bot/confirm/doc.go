// Package confirm asks once more before an act that was typed and cannot be undone, as its
// button asks too.
package confirm
