package store_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/store"
)

// fullPath is the environment variable with the path of the store that the subprocess of
// TestFullDisk writes.
const fullPath = "ALTAS_STORE_TEST_FULL"

// On a full disk updates fail, committed records remain and can be read; once there is space,
// updates succeed without a restart.
func TestFullDisk(t *testing.T) {
	if path := os.Getenv(fullPath); path != "" {
		if err := writeUntilFull(path); err != nil {
			t.Error(err)
		}
		return
	}
	t.Parallel()
	cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), fullPath+"="+filepath.Join(t.TempDir(), "altas.db"))
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, said)
	}
}

// writeUntilFull is the subprocess: a limit of the file size stands for the full disk.
func writeUntilFull(path string) (err error) {
	signal.Ignore(syscall.SIGXFSZ)
	db, err := store.Open(path, store.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := limitFileSize(10 << 20); err != nil {
		return err
	}
	n := 0
	for err == nil {
		if err = save(db, n); err == nil {
			n++
		}
	}
	if n < 100 || !strings.Contains(err.Error(), "file too large") { // bbolt keeps only the text of the error
		return fmt.Errorf("full after %d writes: %w", n, err)
	}
	for range 3 { // it fails again
		if err := errors.Join(count(db, n), healthy(db)); err != nil || save(db, n) == nil {
			return fmt.Errorf("when full: %w", err)
		}
	}
	if err := limitFileSize(1 << 40); err != nil {
		return err
	}
	return errors.Join(save(db, n), count(db, n+1), healthy(db))
}

func limitFileSize(bytes uint64) error {
	return syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: bytes, Max: 1 << 40})
}

func save(db *store.DB, n int) error {
	return db.Update(context.Background(), func(tx provisioning.Tx) error {
		return tx.Save("case", fmt.Sprintf("%06d", n), strings.Repeat(strconv.Itoa(n), 20_000))
	})
}

// count fails unless the store has exactly the first n documents, complete.
func count(db *store.DB, n int) error {
	return db.View(context.Background(), func(tx provisioning.Tx) error {
		have := 0
		for key, err := range tx.Keys("case", "") {
			var text string
			if _, errLoad := tx.Load("case", key, &text); err != nil || errLoad != nil || text != strings.Repeat(strconv.Itoa(have), 20_000) {
				return fmt.Errorf("%s is not what was saved: %w", key, errors.Join(err, errLoad))
			}
			have++
		}
		if have != n {
			return fmt.Errorf("%d are there, want %d", have, n)
		}
		return nil
	})
}

func healthy(db *store.DB) error {
	problems, err := db.Check(context.Background())
	for _, p := range problems {
		err = errors.Join(err, errors.New(p.String()))
	}
	return err
}
