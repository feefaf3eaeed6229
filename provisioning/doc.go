// Package provisioning is the business of Altas: who asks for an institutional
// account, who may decide, which address it gets, and the durable work that
// makes it so.
//
// It imports nothing of the project. What it needs from outside (a Store, a
// Directory, the Receipts, a Notifier) it declares as interfaces beside the code
// that calls them; the rooms above implement them. States and transitions are
// pure functions in state.go; everything that lasts goes through Store, in one
// transaction with the jobs it causes; the Runner then does the jobs, each of
// which may run twice and count once.
package provisioning
