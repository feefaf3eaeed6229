package store

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.etcd.io/bbolt"
)

// Who waits for the lock of a file that is replaced meanwhile gets the new one: what it wrote to the old
// one would be lost.
func TestTheReplacedFileIsNotOpened(t *testing.T) {
	path, fresh := filepath.Join(t.TempDir(), "altas.db"), filepath.Join(t.TempDir(), "fresh.db")
	old := opened(t, path)
	if err := opened(t, fresh).Close(); err != nil {
		t.Fatal(err)
	}
	waiting := make(chan *bbolt.DB)
	go func() {
		b, err := openCurrent(path, bbolt.Options{Timeout: time.Minute})
		if err != nil {
			t.Error(err)
		}
		waiting <- b
	}()
	for deadline := time.Now().Add(10 * time.Second); descriptors(t, path) < 2; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("nobody waits for the file")
		}
	}
	want, err := os.Stat(fresh)
	if err != nil {
		t.Fatal(err)
	}
	if err := Replace(fresh, path); err != nil {
		t.Fatal(err)
	}
	if err := old.Close(); err != nil {
		t.Fatal(err)
	}
	b := <-waiting
	if b == nil {
		t.FailNow()
	}
	if n := descriptors(t, path); n != 1 {
		t.Errorf("%d descriptors of the new file, want 1", n)
	}
	if got, err := os.Stat(path); err != nil || !os.SameFile(want, got) {
		t.Errorf("the file is another one: %v", err)
	}
	if err := b.Close(); err != nil {
		t.Error(err)
	}
}

func opened(t *testing.T, path string) *bbolt.DB {
	t.Helper()
	b, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// descriptors returns how many descriptors of this process have the file open.
func descriptors(t *testing.T, path string) (n int) {
	t.Helper()
	all, err := filepath.Glob("/proc/self/fd/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, fd := range all {
		if name, err := os.Readlink(fd); err == nil && name == path {
			n++
		}
	}
	return n
}
