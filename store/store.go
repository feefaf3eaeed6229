// Package store keeps everything that must not be lost in one file: requests and
// their lines, address reservations, seats, jobs, notices, the audit trail and the
// small documents of the rooms above. It is bbolt behind provisioning.Store and
// job.Queue; bbolt stops here.
//
//	db, err := store.Open("data/altas.db", store.Options{})
//	defer db.Close()
//	err = db.Update(ctx, func(tx provisioning.Tx) error { … })
//
// Updates that arrive together share one write to disk (commit.go). Check tells
// whether the file keeps every promise that the records make to each other,
// Forgotten whether everything owed has a job.
package store

import (
	"context"
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
)

var (
	_ provisioning.Store = (*DB)(nil)
	_ job.Queue          = (*DB)(nil)
	_ provisioning.Tx    = (*tx)(nil)
)

// lockWait is how long Open waits for another process to let go of the file.
const lockWait = 700 * time.Millisecond

// growth is by how much the file grows at a time, in bytes.
const growth = 4 << 20

// Options are the choices at Open. The zero value is right for a service.
type Options struct {
	// NoSync leaves the writing to disk to the system. What was answered for is
	// lost if the machine (not the process) stops: for tests and generators.
	NoSync bool
	// ReadOnly leaves the file as it is, a backup for one: Open makes none and
	// brings none to the present schema, Update fails. Several may read at once.
	ReadOnly bool
}

// DB is an open store. Its methods may be called by many goroutines at once.
type DB struct {
	bolt     *bbolt.DB
	turn     turn   // who may write
	batch    *batch // the transaction being filled; whoever has the turn owns it
	closed   bool   // as batch
	enqueued chan struct{}
}

// Open opens the file at path, and makes it (mode 0600, in a directory of mode
// 0700) where there is none. It takes the same time whatever is in it. Another
// process that has the file open, a file written by a newer Altas, and one that is
// damaged where Open looks are errors.
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
	// The list of free pages is written with each commit: without it bbolt would
	// have to read every page at Open to find them.
	b, err := bbolt.Open(path, 0o600, &bbolt.Options{
		Timeout: lockWait, FreelistType: bbolt.FreelistMapType, NoSync: o.NoSync, InitialMmapSize: mapAhead,
		ReadOnly: o.ReadOnly,
	})
	if err != nil {
		return nil, openError(path, err)
	}
	b.AllocSize = growth
	db = &DB{bolt: b, enqueued: make(chan struct{}, 1)}
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

// uncut refuses a file that ends before its last page, a copy that was not finished:
// the system ends a process that reads beyond the end of a mapped file.
func uncut(path string) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
		return nil // to be made
	}
	if err == nil && info.IsDir() {
		return errors.New("it is a folder; name a file in it, such as altas.db")
	}
	b, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: lockWait, ReadOnly: true}) // reads the first pages alone
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

// prepare brings the file to the present schema and frees the jobs that a process
// which is gone had leased: the lock on the file proves that it is.
func (db *DB) prepare(steps []migration) error {
	if err := db.migrate(steps); err != nil {
		return err
	}
	return db.update(context.Background(), (*tx).releaseLeases)
}

// expect holds a file that is only read to the present schema.
func (db *DB) expect(steps []migration) error {
	version, err := db.schema()
	if err == nil && version != len(steps) {
		err = fmt.Errorf("its schema is %d, this Altas reads %d; open it once to bring it up to date", version, len(steps))
	}
	return err
}

// Close waits for the transactions that run, and closes the file. Closing again
// is no error.
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

// Backup writes a copy of the store as it is now, a file that Open reads, while
// others go on reading and writing. It returns the bytes written.
func (db *DB) Backup(ctx context.Context, w io.Writer) (int64, error) {
	var n int64
	err := db.view(ctx, func(t *tx) error {
		var err error
		n, err = t.bolt.WriteTo(writer{ctx, w})
		return err
	})
	if err != nil {
		return n, fmt.Errorf("store: backup: %w", errors.Join(ctx.Err(), err)) // bbolt keeps an error's text only
	}
	return n, nil
}

// writer ends a long copy when its caller no longer wants it.
type writer struct {
	ctx context.Context //nolint:containedctx // io.Writer has no room for it
	w   io.Writer
}

func (w writer) Write(p []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	return w.w.Write(p)
}

func errClosed() error { return provisioning.Refuse(provisioning.CodeUnavailable, "store.closed") }
