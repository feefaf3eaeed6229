// Package attention is where the head of department settles what the machine cannot decide:
// lines in attention, by a click or in words.
package attention
