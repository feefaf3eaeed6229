// Package approval is where the stages decide: their cards, decisions clicked and typed, and
// the list of what waits.
package approval
