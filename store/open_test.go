package store_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
	"seducoahuila.gob.mx/altas/store"
	"seducoahuila.gob.mx/altas/store/storetest"
)

func TestFileIsPrivate(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "data", "altas.db")
	storetest.OpenAt(t, path)
	for name, want := range map[string]os.FileMode{path: 0o600, filepath.Dir(path): 0o700} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("mode of %s = %o, want %o", name, got, want)
		}
	}
}

func TestFileOpenTwice(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "altas.db")
	storetest.OpenAt(t, path)
	took := time.Hour
	for range 10 { // a busy machine may exceed the time, but not each time
		start := time.Now()
		_, err := store.Open(path, store.Options{})
		if err == nil || !strings.Contains(err.Error(), "in use by another process") {
			t.Fatalf("Open of an open file = %v, want it to say who has it", err)
		}
		if took = min(took, time.Since(start)); took < time.Second {
			return
		}
	}
	t.Errorf("Open took %v to say so, want less than a second", took)
}

func TestFileThatIsNoStore(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "altas.db")
	if err := os.WriteFile(path, []byte(strings.Repeat("no es una base ", 2000)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(path, store.Options{}); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("Open = %v, want an error that names the file", err)
	}
}

// filled returns the bytes of a store with records.
func filled(t *testing.T) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "altas.db")
	db := storetest.OpenAt(t, path)
	for i := range 300 {
		err := db.Update(t.Context(), func(tx provisioning.Tx) error {
			return tx.Save("case", strconv.Itoa(i), strings.Repeat("x", 4000))
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// A truncated copy is refused with its path: reading it would end the process by SIGBUS.
func TestTruncatedFile(t *testing.T) {
	t.Parallel()
	data := filled(t)
	for _, bytes := range []int{1 << 20, 300_000, 3 * 4096, 100} {
		path := filepath.Join(t.TempDir(), "altas.db")
		if err := os.WriteFile(path, data[:bytes], 0o600); err != nil {
			t.Fatal(err)
		}
		for _, o := range []store.Options{{NoSync: true}, {ReadOnly: true}} {
			if db, err := store.Open(path, o); err == nil || !strings.Contains(err.Error(), path) {
				t.Errorf("Open of %d bytes = %v, %v, want an error that names the file", bytes, db, err)
			}
		}
	}
}

// Damaged pages: Open or Check reports each, unless it was a free page, and the process continues.
func TestDamagedPage(t *testing.T) {
	t.Parallel()
	const page = 4096
	data := filled(t)
	found := 0
	for at := 2 * page; at < len(data); at += 13 * page {
		path := filepath.Join(t.TempDir(), "altas.db")
		damaged := bytes.Clone(data)
		copy(damaged[at:at+page], bytes.Repeat([]byte{0xff}, page))
		if err := os.WriteFile(path, damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		db, err := store.Open(path, store.Options{NoSync: true})
		if err != nil {
			found++
			continue
		}
		problems, err := db.Check(t.Context())
		if err := errors.Join(err, db.Close()); err != nil {
			t.Error(err)
		}
		if len(problems) > 0 {
			found++
		}
	}
	if found < 10 {
		t.Errorf("%d damaged pages were noticed", found)
	}
}

func TestClosedStoreIsUnavailable(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	for range 2 {
		if err := db.Close(); err != nil {
			t.Errorf("Close = %v", err)
		}
	}
	nothing := func(provisioning.Tx) error { return nil }
	for name, err := range map[string]error{
		"View": db.View(context.Background(), nothing), "Update": db.Update(context.Background(), nothing),
	} {
		if !errors.Is(err, &problem.Error{Code: problem.CodeUnavailable, Reason: "store.closed"}) {
			t.Errorf("%s = %v, want store.closed", name, err)
		}
	}
}

func TestCloseWaitsForUpdates(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "altas.db")
	db := storetest.OpenAt(t, path)
	running, closed := make(chan struct{}), make(chan error)
	var group sync.WaitGroup
	group.Go(func() {
		err := db.Update(context.Background(), func(tx provisioning.Tx) error {
			close(running)
			return tx.Save("case", "a", 1)
		})
		if err != nil {
			t.Error(err)
		}
	})
	<-running
	go func() { closed <- db.Close() }()
	if err := <-closed; err != nil {
		t.Fatal(err)
	}
	group.Wait()
	if !hasDocument(t, storetest.OpenAt(t, path), "a") {
		t.Error("the update that ran when Close was called is lost")
	}
}

func hasDocument(t *testing.T, db *store.DB, key string) (found bool) {
	t.Helper()
	err := db.View(context.Background(), func(tx provisioning.Tx) (err error) {
		var n int
		found, err = tx.Load("case", key, &n)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// Leases of a process that died, an hour long, are released when the store is opened.
func TestOpenFreesLeases(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "altas.db")
	db := storetest.OpenAt(t, path)
	owed := job.Job{Kind: provisioning.JobLine, Key: "a", Lane: "l", Due: provisioningtest.Start}
	err := db.Update(context.Background(), func(tx provisioning.Tx) error { return tx.Enqueue(owed) })
	if err != nil {
		t.Fatal(err)
	}
	claim := func(db *store.DB) []job.Job {
		jobs, err := db.Claim(context.Background(), provisioning.JobLine, provisioningtest.Start, time.Hour, job.Room{All: 9, Plain: 9})
		if err != nil {
			t.Fatal(err)
		}
		return jobs
	}
	if n := len(claim(db)); n != 1 {
		t.Fatalf("%d jobs claimed, want 1", n)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if n := len(claim(storetest.OpenAt(t, path))); n != 1 {
		t.Errorf("%d jobs claimed after the owner died, want 1", n)
	}
}

func TestBackupIsAStore(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	save := func(key string) {
		t.Helper()
		if err := db.Update(context.Background(), func(tx provisioning.Tx) error { return tx.Save("case", key, 1) }); err != nil {
			t.Fatal(err)
		}
	}
	save("before")
	var copied bytes.Buffer
	n, err := db.Backup(context.Background(), &copied)
	if err != nil || n != int64(copied.Len()) {
		t.Fatalf("Backup = %d, %v; %d bytes written", n, err, copied.Len())
	}
	save("after")
	path := filepath.Join(t.TempDir(), "copy.db")
	if err := os.WriteFile(path, copied.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	restored := storetest.OpenAt(t, path)
	if !hasDocument(t, restored, "before") || hasDocument(t, restored, "after") {
		t.Error("the copy is not the store as it was")
	}
}

func TestBackupEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	_, err := storetest.Open(t).Backup(ctx, writerFunc(func(p []byte) (int, error) {
		cancel()
		return len(p), nil
	}))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Backup = %v, want context.Canceled", err)
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }
