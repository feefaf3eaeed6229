// Package approval is where the stages decide: their cards, clicked and typed decisions, and the
// list of waiting requests.
package approval
