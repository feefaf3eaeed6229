// Package password shows an account's temporary password to its requester only, and updates the
// account's card. No other room can set a password.
package password
