package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"go.etcd.io/bbolt"
)

// compactEnding is the ending of the file that Compact writes, beside the store.
const compactEnding = ".compact"

// compactStep is how many bytes Compact copies in one transaction.
const compactStep = 16 << 20

// Compact writes the file anew without its free pages, which still have the bytes of what was changed or
// deleted, and returns its size before and after. It replaces the file only once the new one is on disk.
// It fails if another process has the file open.
func Compact(path string) (before, after int64, err error) {
	fresh := path + compactEnding
	if err := os.Remove(fresh); err != nil && !errors.Is(err, fs.ErrNotExist) { // of a run that was interrupted
		return 0, 0, fmt.Errorf("store: compact: %w", err)
	}
	old, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: lockWait})
	if err != nil {
		return 0, 0, openError(path, err)
	}
	defer func() { err = errors.Join(err, old.Close()) }()
	if before, after, err = copyCompact(old, fresh); err != nil {
		return before, after, fmt.Errorf("store: compact %s: %w", path, errors.Join(err, os.Remove(fresh)))
	}
	if runtime.GOOS == "windows" { // which replaces no open file
		err = old.Close()
	}
	return before, after, errors.Join(err, Replace(fresh, path))
}

// copyCompact copies what is in use to a new file, and returns the size of both.
func copyCompact(from *bbolt.DB, path string) (before, after int64, err error) {
	to, err := bbolt.Open(path, 0o600, &bbolt.Options{NoSync: true, FreelistType: bbolt.FreelistMapType})
	if err != nil {
		return 0, 0, err
	}
	if err = bbolt.Compact(to, from, compactStep); err == nil {
		err = errors.Join(to.Sync(), size(from, &before), size(to, &after))
	}
	return before, after, errors.Join(err, to.Close())
}

func size(b *bbolt.DB, n *int64) error {
	return b.View(func(t *bbolt.Tx) error { *n = t.Size(); return nil })
}

// Replace puts a file that is on disk in the place of another, so that after a crash either is there. It
// gets the owner of the other or, where there was none, of the folder: a tool that root runs must not
// take the service's files from it.
func Replace(fresh, path string) error {
	if err := keepOwner(fresh, path); err != nil {
		return err
	}
	if err := os.Rename(fresh, path); err != nil {
		return err
	}
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	err = folder.Sync()
	if runtime.GOOS == "windows" { // which cannot sync a folder, and need not
		err = nil
	}
	return errors.Join(err, folder.Close())
}

// openCurrent opens the file. One that Compact replaced while Open waited for its lock is opened anew:
// what is written to the old one would be lost.
func openCurrent(path string, o bbolt.Options) (*bbolt.DB, error) {
	for {
		var file *os.File
		o.OpenFile = func(name string, flag int, mode os.FileMode) (f *os.File, err error) {
			file, err = os.OpenFile(name, flag, mode)
			return file, err
		}
		b, err := bbolt.Open(path, 0o600, &o)
		if err != nil {
			return nil, err
		}
		opened, err := file.Stat()
		if err == nil {
			var there os.FileInfo
			if there, err = os.Stat(path); err == nil && os.SameFile(opened, there) {
				return b, nil
			}
		}
		if err := errors.Join(err, b.Close()); err != nil {
			return nil, err
		}
	}
}
