package provisioning

import (
	"context"
)

// RequestKind names what a request asks for. It is stored; "" means Create, in records of versions
// that had no other kind.
type RequestKind string

// Create is the request for accounts.
const Create RequestKind = "create"

// Kind implements one kind of request. Each method may be called twice for the same request or
// line.
type Kind interface {
	// Open completes a line when its request is submitted, and reserves what the line needs. The
	// line already has its stamp, its holder, and the state AccountPending.
	Open(tx Tx, s Submission, line Account) (Account, error)
	// Begin starts the lines of an authorised request, or queues them.
	Begin(ctx context.Context, r Request) error
	// Waits reports whether the line, whatever its state, lacks something (a licence) that Begin or
	// another job assigns to it before starting it.
	Waits(line Account) bool
	// Steps returns a function for one run of a line's job. Given the line as it now is, it returns
	// the next step; nil if the line is final or waiting.
	Steps() func(line Account) Step
	// Release frees what is reserved for a line whose request ended without an account, or is
	// resubmitted.
	Release(tx Tx, line Account) error
}

// Step performs one step of a line outside the store, and returns the change to write.
type Step func(ctx context.Context, line Account) (Change, error)

// Change writes a line within a transaction. The line is in the state in which the step read it.
type Change func(tx Tx, line Account) error

// Kinds are the kinds of request, by name.
type Kinds map[RequestKind]Kind

// of returns the kind of a request or line. A kind of a later version is CodeUnavailable: its jobs
// are retried until that version runs.
func (k Kinds) of(name RequestKind) (Kind, error) {
	if name == "" {
		name = Create
	}
	kind, ok := k[name]
	if !ok {
		return nil, Refuse(CodeUnavailable, "trouble.kind", "kind", string(name))
	}
	return kind, nil
}
