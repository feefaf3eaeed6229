// Package view reads what cards show: a request, a stage's card of it, a line in attention, an
// account and its password's delivery, and pages of lists. It changes nothing.
package view
