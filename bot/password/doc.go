// Package password shows an account's temporary password, in the view of its requester alone,
// and keeps the account's card up to date. No other room can set a password.
package password
