// Package notify tells each notice once: what a person, or a stage's channel, is still to be
// told, in order.
package notify
