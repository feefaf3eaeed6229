// Package admin is what administrators, and who holds an office, set up from a channel: who
// stands in for a stage's approvers, and which channel is whose.
package admin
