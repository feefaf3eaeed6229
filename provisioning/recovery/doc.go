// Package recovery is the kind of request that renews the forgotten password of an account that
// exists. It finds the account and decides who may ask for it; when the request is authorised it
// replaces the password by one that nobody learns and ends the sign-in sessions. Its requester may
// then show a temporary password, as of a new account.
package recovery
