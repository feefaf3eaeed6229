package provisioning

import (
	"context"
)

// RequestKind names what is asked for. It is stored; "" is Create, in records of before there
// were others.
type RequestKind string

// Create asks for accounts.
const Create RequestKind = "create"

// Kind carries out one kind of request. Each method may be called twice for the same.
type Kind interface {
	// Open completes a line when its request is sent, and reserves what it needs. The line has
	// its stamp, its holder, and the state AccountPending.
	Open(tx Tx, s Submission, line Account) (Account, error)
	// Begin sets an authorised request's lines going, or makes them wait.
	Begin(ctx context.Context, r Request) error
	// Waits reports whether the line lacks what Begin, or another job, gives it and sets it going
	// with, whatever its state.
	Waits(line Account) bool
	// Steps returns, for one run of a line's job, what is next for the line as it is by then:
	// nil if it is final or cannot go on while it waits.
	Steps() func(line Account) Step
	// Release gives back what is put aside for a line whose request came to nothing, or is sent
	// anew.
	Release(tx Tx, line Account) error
}

// Step does one step of a line outside the store, and returns the change to be written because
// of it.
type Step func(ctx context.Context, line Account) (Change, error)

// Change alters a line within a transaction. The line is as the step saw it.
type Change func(tx Tx, line Account) error

// Kinds are the kinds of request, by name.
type Kinds map[RequestKind]Kind

// of returns the kind of a request or line. One of a later version is CodeUnavailable: what is
// owed for it is tried again until that version runs.
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
