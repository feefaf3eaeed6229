// Package audit is the hash chain of the audit trail: its entries, their hashes and its
// verification. It stores nothing.
//
//	entry, err := audit.Seal(entry, private, head, rand.Reader) // chained to the entry before
//	summary, err := audit.Verify(entries, anchor)               // a *Break names the first broken link
//
// An entry has a chained part, which is permanent, and a private part: the person's name and the
// details. The hash covers the private part only by its digest, which is salted, so that the
// private part can be erased without breaking the chain, and cannot be guessed from the digest
// afterwards. README.md describes the encoding.
package audit
