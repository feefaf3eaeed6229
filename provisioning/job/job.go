package job

import (
	"context"
	"time"
)

// Kind names what a job ensures.
type Kind string

// Job is one thing to ensure, named by (Kind, Key). It carries no orders: its
// handler looks at the state and mends it, so doing it twice equals once. Jobs of
// one Lane take turns with other lanes; Urgent ones go first.
type Job struct {
	Kind    Kind      `json:"kind"`
	Key     string    `json:"key"`
	Lane    string    `json:"lane,omitempty"`
	Urgent  bool      `json:"urgent,omitempty"`
	Due     time.Time `json:"due"`               // not before
	Since   time.Time `json:"since"`             // when it was first owed
	Attempt int       `json:"attempt,omitempty"` // failures since it last got on
	Fault   string    `json:"fault,omitempty"`   // the last failure, for operators
	Lease   uint64    `json:"lease,omitempty"`   // given by Claim; Finish and Postpone know by it whose the job is
}

// Latest is how far ahead a job of a kind may be due, and when it is to be due instead
// where it is later: a clock that was ahead wrote that.
type Latest struct{ After, Then time.Duration }

// Enqueuer adds jobs to the queue, in the transaction of the change that owes them.
type Enqueuer interface {
	// Enqueue adds the job; a zero Due is at once. One of the same (Kind, Key)
	// that waits is kept, with the earlier Due and Since of both and Urgent if
	// either is, and its Attempt becomes 0; one that is being done now will be
	// done once more, when the new one is due.
	Enqueue(Job) error
}

// Queue hands out the jobs of a Store to workers, and is part of the same store.
type Queue interface {
	// Claim leases jobs of the kind that are due at now, as far as there is room:
	// urgent ones first, then one of each lane in turn. Until the lease ends nobody
	// else gets them; a worker that dies loses it, at the latest, then.
	Claim(ctx context.Context, kind Kind, now time.Time, lease time.Duration, room Room) ([]Job, error)
	// Finish takes a claimed job out, unless it was enqueued again meanwhile:
	// then it waits as it was enqueued. A job whose lease was lost is left alone.
	Finish(ctx context.Context, j Job) error
	// Postpone gives a claimed job back, with j.Due, j.Attempt and j.Fault as they
	// are now. If it was enqueued again meanwhile, that is merged with it as by
	// Enqueue. A job whose lease was lost is left alone.
	Postpone(ctx context.Context, j Job) error
	// NextDue returns when the earliest job of the kind that is not leased falls
	// due, or when the earliest lease of it ends; zero if there is none.
	NextDue(ctx context.Context, kind Kind) (time.Time, error)
	// Enqueued gets a token, if it has room, after each commit that enqueued a job
	// or gave one back here; not for those of other processes, nor when a job falls
	// due.
	Enqueued() <-chan struct{}
	// Depth returns how many jobs of each kind are owed, and since when the oldest.
	Depth(ctx context.Context) (map[Kind]Depth, error)
}

// Room is how many jobs somebody can take on: All at most, and Plain of them at
// most that are not urgent.
type Room struct{ All, Plain int }

// Depth is the length of a queue and the age of its head. Failing counts the
// jobs that failed at least once.
type Depth struct {
	Jobs    int
	Failing int
	Oldest  time.Time
}
