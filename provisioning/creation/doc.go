// Package creation is the kind of request that makes accounts. It looks whether the holder has
// one, finds a free address, creates the user with the stamp of its line, assigns licence and
// groups, and has the receipts and the requester told.
package creation
