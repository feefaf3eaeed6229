// Package view reads the data of cards: a request, a stage's card of it, a line in attention, an
// account with the delivery of its password, and pages of lists. It writes nothing.
package view
