// Package store implements provisioning.Store and job.Queue with one bbolt file. It contains
// requests and their lines, address reservations, seats, jobs, notices, the audit trail and the
// documents of other packages. No other package uses bbolt.
//
//	db, err := store.Open("data/altas.db", store.Options{})
//	defer db.Close()
//	err = db.Update(ctx, func(tx provisioning.Tx) error { … })
//
// Updates that arrive together share one commit (commit.go). Check tells whether the records
// are consistent, Forgotten whether all open work has a job.
package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

var (
	_ provisioning.Store = (*DB)(nil)
	_ job.Queue          = (*DB)(nil)
	_ provisioning.Tx    = (*tx)(nil)
)

// lockWait is how long Open waits for another process to unlock the file.
const lockWait = 700 * time.Millisecond

// growth is the increment in which the file grows, in bytes.
const growth = 4 << 20

// Options are the options of Open. The zero value is right for a service.
type Options struct {
	// NoSync skips fsync at commits. Committed data is lost if the machine (not the process)
	// stops: for tests and generators.
	NoSync bool
	// ReadOnly never changes the file, such as a backup: Open neither creates nor migrates it,
	// and Update fails. Several processes may read it at once.
	ReadOnly bool
}

// DB is an open store. Its methods may be called concurrently.
type DB struct {
	bolt     *bbolt.DB
	turn     turn   // the lock of writers
	batch    *batch // the open transaction; guarded by turn
	closed   bool   // guarded by turn
	enqueued chan struct{}
	random   io.Reader // of the salts of the audit
}

// Open opens the file at path, or creates it (mode 0600, in a directory of mode 0700), and
// migrates it. The time does not depend on the file's size. It fails if another process has the
// file open, if a newer Altas wrote it, or if what Open reads of it is damaged.
func Open(path string, o Options) (*DB, error) { return open(path, o, migrations()) }

func open(path string, o Options, steps []migration) (db *DB, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("store: open %s: the file is damaged, take a backup: %v", path, cause)
		}
	}()
	if !o.ReadOnly {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return nil, fmt.Errorf("store: %w", err)
		}
	}
	if err := uncut(path); err != nil {
		return nil, openError(path, err)
	}
	// The freelist is written with each commit (NoFreelistSync is false): otherwise bbolt would
	// read every page at Open to find the free ones.
	b, err := openCurrent(path, bbolt.Options{
		Timeout: lockWait, FreelistType: bbolt.FreelistMapType, NoSync: o.NoSync, InitialMmapSize: mapAhead,
		ReadOnly: o.ReadOnly,
	})
	if err != nil {
		return nil, openError(path, err)
	}
	b.AllocSize = growth
	db = &DB{bolt: b, enqueued: make(chan struct{}, 1), random: rand.Reader}
	prepare := db.prepare
	if o.ReadOnly {
		prepare = db.expect
	}
	if err := prepare(steps); err != nil {
		return nil, errors.Join(fmt.Errorf("store: open %s: %w", path, err), b.Close())
	}
	return db, nil
}

func openError(path string, err error) error {
	if errors.Is(err, berrors.ErrTimeout) {
		return fmt.Errorf("store: %s is in use by another process; is Altas running already?", path)
	}
	if errors.Is(err, berrors.ErrInvalid) {
		return fmt.Errorf("store: open %s: it is no store of Altas", path)
	}
	return fmt.Errorf("store: open %s: %w", path, err)
}

// uncut refuses a file that ends before its last page, such as an unfinished copy: the system
// kills a process that reads a mapped file beyond its end.
func uncut(path string) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
		return nil // bbolt creates it
	}
	if err == nil && info.IsDir() {
		return errors.New("it is a folder; name a file in it, such as altas.db")
	}
	b, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: lockWait, ReadOnly: true}) // reads only the first pages
	if err != nil {
		return err
	}
	var whole int64
	err = b.View(func(t *bbolt.Tx) error { whole = t.Size(); return nil })
	if err == nil && info.Size() < whole {
		err = fmt.Errorf("it is cut short, %d bytes of %d; take a whole copy", info.Size(), whole)
	}
	return errors.Join(err, b.Close())
}

// prepare migrates the file to the current schema and frees the jobs leased by an earlier
// process, which has ended because this one holds the file's lock.
func (db *DB) prepare(steps []migration) error {
	if err := db.migrate(steps); err != nil {
		return err
	}
	return db.update(context.Background(), (*tx).releaseLeases)
}

// expect returns an error unless a read-only file has the current schema.
func (db *DB) expect(steps []migration) error {
	version, err := db.schema()
	if err == nil && version != len(steps) {
		err = fmt.Errorf("its schema is %d, this Altas reads %d; open it once to bring it up to date", version, len(steps))
	}
	return err
}

// Close waits for the running transactions and closes the file. Closing again is no error.
func (db *DB) Close() error {
	if err := db.turn.take(context.Background()); err != nil {
		return err
	}
	defer db.turn.release()
	if db.batch != nil {
		db.commit()
	}
	db.closed = true
	if err := db.bolt.Close(); err != nil {
		return fmt.Errorf("store: close: %w", err)
	}
	return nil
}

// Backup writes a consistent copy of the store, a file that Open reads, without blocking
// readers or writers. It returns the bytes written.
func (db *DB) Backup(ctx context.Context, w io.Writer) (int64, error) {
	var n int64
	err := db.view(ctx, func(t *tx) error {
		var err error
		n, err = t.bolt.WriteTo(writer{ctx, w})
		return err
	})
	if err != nil {
		return n, fmt.Errorf("store: backup: %w", errors.Join(ctx.Err(), err)) // bbolt's error does not wrap ctx's
	}
	return n, nil
}

// writer is an io.Writer that fails once ctx ends.
type writer struct {
	ctx context.Context //nolint:containedctx // Write has no parameter for it
	w   io.Writer
}

func (w writer) Write(p []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	return w.w.Write(p)
}

func errClosed() error { return problem.Refuse(problem.CodeUnavailable, "store.closed") }
