package job

import (
	"context"
	"time"
)

// Kind names what a job ensures.
type Kind string

// Job is one state to ensure, identified by (Kind, Key). It contains no instructions: its handler
// reads the state and ensures what is due, so doing it twice equals once. Lanes of jobs are served
// in turn; Urgent jobs go first.
type Job struct {
	Kind    Kind      `json:"kind"`
	Key     string    `json:"key"`
	Lane    string    `json:"lane,omitempty"`
	Urgent  bool      `json:"urgent,omitempty"`
	Due     time.Time `json:"due"`               // earliest start
	Since   time.Time `json:"since"`             // when it was first enqueued
	Attempt int       `json:"attempt,omitempty"` // failures since it last made progress
	Fault   string    `json:"fault,omitempty"`   // the last failure, for operators
	Lease   uint64    `json:"lease,omitempty"`   // set by Claim; identifies the lease to Finish and Postpone
}

// Latest limits how far ahead a job of a kind may be due. One due later than After was written
// while the clock was ahead, and is made due after Then instead.
type Latest struct{ After, Then time.Duration }

// Enqueuer adds jobs to the queue, in the transaction of the change that causes them.
type Enqueuer interface {
	// Enqueue adds the job; a zero Due means now. A waiting job of the same (Kind, Key) is merged
	// with it: the earlier Due and Since of both, Urgent if either is, Attempt 0. If one is
	// running, the new one runs after it, when due.
	Enqueue(Job) error
}

// Queue gives the jobs of a Store to workers. It is part of the same store.
type Queue interface {
	// Claim leases due jobs of the kind, as many as there is room for: urgent ones first, then one
	// of each lane in turn. Until the lease ends they are given to no one else; a worker that dies
	// loses them then.
	Claim(ctx context.Context, kind Kind, now time.Time, lease time.Duration, room Room) ([]Job, error)
	// Finish removes a claimed job; if it was enqueued again meanwhile, the new one stays. It does
	// nothing if the lease was lost.
	Finish(ctx context.Context, j Job) error
	// Postpone returns a claimed job to the queue, with j.Due, j.Attempt and j.Fault. If it was
	// enqueued again meanwhile, both are merged as by Enqueue. It does nothing if the lease was
	// lost.
	Postpone(ctx context.Context, j Job) error
	// NextDue returns when the next job of the kind without a lease is due, or the next lease of
	// the kind ends; zero if there is none.
	NextDue(ctx context.Context, kind Kind) (time.Time, error)
	// Enqueued receives a token, if its buffer has room, after each commit of this process that
	// enqueued or returned a job; not for those of other processes, nor when a job becomes due.
	Enqueued() <-chan struct{}
	// Depth returns the number of waiting jobs of each kind, and the age of the oldest.
	Depth(ctx context.Context) (map[Kind]Depth, error)
}

// Room is how many jobs can be started: at most All, of which at most Plain are not urgent.
type Room struct{ All, Plain int }

// Depth is the length of a queue and since when its oldest job waits. Failing counts the jobs that
// have failed at least once.
type Depth struct {
	Jobs    int
	Failing int
	Oldest  time.Time
}
