package store

import (
	"context"
	"errors"
	"fmt"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"seducoahuila.gob.mx/altas/provisioning"
)

// A commit syncs the disk twice, so Updates that arrive together share one (group commit). Each
// caller, when its turn comes, runs its fn in the open transaction, in its own goroutine; if
// others wait it passes the turn on and waits for the result, and the last one commits for all.
// A lone caller commits at once.
//
// If an fn returns an error, its writes are undone (undo.go) and those of the others stay. Its
// error, too, is returned only after the commit, because it may be based on what the others
// wrote. If an fn does not return (it panics), the whole batch is rolled back, and the others
// run again.

// maxMembers is the most Updates in a batch, to bound how long the first waits for the commit.
const maxMembers = 128

// batch is a transaction that several Updates share.
type batch struct {
	bolt     *bbolt.Tx
	members  []*member
	wrote    bool // a member wrote: a commit is needed
	enqueued bool // a job was enqueued
}

// member is an Update that waits for its batch's commit.
type member struct {
	err    error      // what its fn returned
	result chan error // what its Update returns, or errAgain
}

// errAgain tells a member that its batch was rolled back and that it must run again.
var errAgain = errors.New("store: run again")

// View implements provisioning.Store.
func (db *DB) View(ctx context.Context, fn func(provisioning.Tx) error) error {
	return db.view(ctx, func(t *tx) error { return fn(t) })
}

// Update implements provisioning.Store. fn runs in the caller's goroutine, and
// must not call View or Update itself.
func (db *DB) Update(ctx context.Context, fn func(provisioning.Tx) error) error {
	return db.update(ctx, func(t *tx) error { return fn(t) })
}

func (db *DB) view(ctx context.Context, fn func(*tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	b, err := db.bolt.Begin(false)
	if err != nil {
		return beginError(err)
	}
	t := &tx{ctx: ctx, bolt: b, random: db.random}
	defer func() {
		t.done = true
		_ = b.Rollback() // cannot fail: the transaction only read
	}()
	return fn(t)
}

func (db *DB) update(ctx context.Context, fn func(*tx) error) error {
	for {
		if err := db.turn.take(ctx); err != nil {
			return err
		}
		m, err := db.join(ctx, fn)
		db.leave()
		if m != nil {
			err = <-m.result
		}
		if !errors.Is(err, errAgain) {
			return err
		}
	}
}

// join runs fn in the batch. It returns the member whose result must be awaited, or an error if
// fn did not become part of the batch.
func (db *DB) join(ctx context.Context, fn func(*tx) error) (*member, error) {
	if err := db.begin(); err != nil {
		return nil, err
	}
	t, err := db.run(ctx, fn)
	if err != nil {
		if lost := t.undo(); lost != nil {
			db.rollback()
			return nil, errors.Join(err, lost)
		}
		if len(db.batch.members) == 0 {
			return nil, err
		}
	}
	return db.admit(t, err), nil
}

// run runs fn in the batch's transaction. If fn does not return (it panics, or a test calls
// FailNow in it), the batch is rolled back and the turn passed on.
func (db *DB) run(ctx context.Context, fn func(*tx) error) (*tx, error) {
	t := &tx{ctx: ctx, bolt: db.batch.bolt, random: db.random}
	returned := false
	defer func() {
		t.done = true
		if !returned {
			db.rollback()
			db.leave()
		}
	}()
	err := ctx.Err()
	if err == nil {
		err = fn(t)
	}
	if err == nil {
		err = ctx.Err() // it ended while fn ran
	}
	returned = true
	return t, err
}

func (db *DB) admit(t *tx, err error) *member {
	m := &member{err: err, result: make(chan error, 1)}
	b := db.batch
	b.members = append(b.members, m)
	b.wrote = b.wrote || t.writes > 0
	b.enqueued = b.enqueued || t.enqueued
	return m
}

func (db *DB) begin() error {
	if db.closed {
		return errClosed()
	}
	if db.batch != nil {
		return nil
	}
	b, err := db.bolt.Begin(true)
	if err != nil {
		return beginError(err)
	}
	db.batch = &batch{bolt: b}
	return nil
}

// leave passes the turn on: to the next waiting caller with the batch still open, or after the
// commit if nobody waits or the batch is full.
func (db *DB) leave() {
	if db.batch != nil {
		if len(db.batch.members) < maxMembers && db.turn.handOver() {
			return
		}
		db.commit()
	}
	db.turn.release()
}

// commit commits the batch, or rolls it back if nothing was written, and sends the members
// their results.
func (db *DB) commit() {
	b := db.batch
	db.batch = nil
	if !b.wrote {
		_ = b.bolt.Rollback()
		b.tell(nil)
		return
	}
	if err := b.bolt.Commit(); err != nil {
		b.tell(fmt.Errorf("store: commit: %w", err))
		return
	}
	b.tell(nil)
	if b.enqueued {
		db.wake()
	}
}

// tell sends each member err if it is not nil, else what the member's own fn returned.
func (b *batch) tell(err error) {
	for _, m := range b.members {
		if err != nil {
			m.result <- err
			continue
		}
		m.result <- m.err
	}
}

func (db *DB) rollback() {
	b := db.batch
	db.batch = nil
	_ = b.bolt.Rollback() // fails only if it ended before
	b.tell(errAgain)
}

// wake signals Enqueued; a signal that was not received yet suffices.
func (db *DB) wake() {
	select {
	case db.enqueued <- struct{}{}:
	default:
	}
}

func beginError(err error) error {
	if errors.Is(err, berrors.ErrDatabaseNotOpen) {
		return errClosed()
	}
	return fmt.Errorf("store: begin: %w", err)
}
