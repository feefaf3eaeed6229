// Package creation is the kind of request that creates accounts. It looks up whether the holder has
// one, finds a free address, creates the user with the line's stamp, assigns licence and groups,
// writes the receipts row and notifies the requester.
package creation
