// Package attention is where the head of department settles lines in attention, which cannot be
// provisioned without a decision: by a click or a typed command.
package attention
