package provisioning

import (
	"context"

	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// RequestKind names what a request asks for. It is stored; "" means Create, in records of versions
// that had no other kind.
type RequestKind string

// Create is the request for accounts.
const Create RequestKind = "create"

// Creates reports whether requests of the kind ask for new accounts; other kinds are about accounts
// that exist.
func (k RequestKind) Creates() bool { return k == "" || k == Create }

// Kind implements one kind of request. Each method may be called twice for the same request or
// line.
type Kind interface {
	// Moves returns the legal moves of the kind's lines.
	Moves() Moves
	// Stages returns the names of those of Rules.Stages that decide on the submission; nil for all.
	// Without any, the request is authorised by its submission.
	Stages(tx Tx, s Submission) ([]StageName, error)
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
	// Record writes to the receipts what they must say of the line, whose request is r. Errors are
	// those of Receipts.
	Record(ctx context.Context, rows Receipts, r Request, line Account) error
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
		return nil, problem.Refuse(problem.CodeUnavailable, "trouble.kind", "kind", string(name))
	}
	return kind, nil
}

// move returns the line moved to next, or CodeConflict if its kind does not allow that.
func (k Kinds) move(a Account, next AccountState) (Account, error) {
	kind, err := k.of(a.Kind)
	if err != nil {
		return a, err
	}
	return kind.Moves().Move(a, next)
}
