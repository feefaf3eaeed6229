// Package status answers questions about requests in a personal chat: the status of one, the
// person's list, search; and cancels the person's own. It updates the status cards that it sent.
package status
