package store

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.etcd.io/bbolt"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
)

var makeV1 = flag.Bool("make-v1", false, "write testdata/v1.db.gz again; only while no v1 was released")

const v1 = "testdata/v1.db.gz"

// TestReadsV1 opens a file of the first schema with the records of fill. The file and this test
// stay when the schema changes.
func TestReadsV1(t *testing.T) {
	t.Parallel()
	if *makeV1 {
		writeV1(t)
	}
	path := filepath.Join(t.TempDir(), "altas.db")
	unpack(t, v1, path)
	db, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if problems := check(t, db); len(problems) > 0 {
		t.Errorf("Check = %v", problems)
	}
	err = db.View(context.Background(), func(tx provisioning.Tx) error {
		r, errRequest := tx.Request("2026-000001")
		if diff := cmp.Diff(provisioningtest.Request("2026-000001", "ana", 2), r); diff != "" {
			t.Errorf("Request (-want +got):\n%s", diff)
		}
		a, errAccount := tx.Account("2026-000001-0001")
		want := provisioningtest.Teacher(1)
		want.Person.CURP = "XEXX300101MNEXXX05" // as the tests of that version had them
		if diff := cmp.Diff(want, a.Holder); diff != "" {
			t.Errorf("Holder (-want +got):\n%s", diff)
		}
		return errors.Join(errRequest, errAccount)
	})
	if err != nil {
		t.Error(err)
	}
	jobs, err := db.Claim(context.Background(), provisioning.JobCards, provisioningtest.Start, time.Minute, job.Room{All: 9, Plain: 9})
	if len(jobs) != 1 || err != nil {
		t.Errorf("Claim = %v, %v, want the job of the cards", jobs, err)
	}
}

func unpack(t *testing.T, from, to string) {
	t.Helper()
	packed, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer packed.Close()
	r, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func writeV1(t *testing.T) {
	t.Helper()
	db := openTemp(t, Options{})
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if err := db.Update(context.Background(), fill); err != nil {
		t.Fatal(err)
	}
	_, errBackup := db.Backup(context.Background(), w)
	if err := errors.Join(errBackup, w.Close(), os.WriteFile(v1, packed.Bytes(), 0o600)); err != nil {
		t.Fatal(err)
	}
}

func TestNewerSchemaIsRefused(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "altas.db")
	next := append(migrations(), migration{"the next", makeBuckets("next")})
	db, err := open(path, Options{}, next)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path, Options{}); err == nil || !strings.Contains(err.Error(), "written by a newer Altas") {
		t.Errorf("Open = %v, want it to say that the file is newer", err)
	}
	db, err = open(path, Options{}, next) // and the file is unchanged
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
}

func TestMigrationIsAllOrNothing(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "altas.db")
	unpack(t, v1, path)
	errBroken := errors.New("broken")
	broken := append(migrations(), migration{"a bucket", makeBuckets("next")}, migration{"a fault", func(*bbolt.Tx) error { return errBroken }})
	if _, err := open(path, Options{}, broken); !errors.Is(err, errBroken) || !strings.Contains(err.Error(), "a fault") {
		t.Errorf("open = %v, want the migration that failed", err)
	}
	mended := append(migrations(), migration{"a bucket", makeBuckets("next")})
	for range 2 { // the second time no migration is pending
		db, err := open(path, Options{}, mended)
		if err != nil {
			t.Fatal(err)
		}
		if version, err := db.schema(); version != len(mended) || err != nil {
			t.Errorf("schema = %d, %v, want %d", version, err, len(mended))
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
}
