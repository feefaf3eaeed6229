package store

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.etcd.io/bbolt"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
)

// noSalt makes audit entries comparable.
type noSalt struct{}

func (noSalt) Read(p []byte) (int, error) { return len(p), nil }

// everything returns the contents of the file by bucket and key, with each bucket's sequence.
func everything(t *testing.T, db *DB) map[string]string {
	t.Helper()
	all := make(map[string]string)
	err := db.bolt.View(func(b *bbolt.Tx) error {
		return b.ForEach(func(name []byte, bucket *bbolt.Bucket) error {
			all[string(name)] = fmt.Sprint(bucket.Sequence())
			return bucket.ForEach(func(k, v []byte) error {
				all[string(name)+"\x00"+string(k)] = string(v)
				return nil
			})
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// writes makes every kind of change to a request; n makes it a new one.
func writes(tx provisioning.Tx, n int) error {
	f, err := tx.NextFolio(2026)
	if err != nil {
		return err
	}
	r := provisioningtest.Request(f, "ana", 1)
	a := provisioningtest.Account(f, 1, provisioningtest.Teacher(n))
	err = errors.Join(
		tx.PutRequest(r), tx.PutAccount(a), tx.Reserve(identity.Address(fmt.Sprint(n, "@docente.mx")), a.Stamp),
		tx.Wait("docente", a.Stamp), tx.Hold("sku", a.Stamp),
		tx.Post(provisioning.Notice{To: "ana", Kind: provisioning.NoticeReady, Folio: f, Once: fmt.Sprint(n)}),
		tx.Record(provisioning.Entered{Act: "request.submit", Folio: f}),
		tx.Enqueue(job.Job{Kind: "line", Key: string(a.Stamp)}), tx.Save("case", "shared", n), tx.Save("case", fmt.Sprint(n), n),
	)
	r.State, a.State = provisioning.StateCompleted, provisioning.AccountAnnounced
	return errors.Join(err, tx.PutRequest(r), tx.PutAccount(a), tx.Leave(a.Stamp), tx.Drop("case", "gone"))
}

// Of three Updates that share a transaction the second fails after it wrote to every bucket: the
// file is as without it.
func TestFailedUpdateIsRolledBack(t *testing.T) {
	t.Parallel()
	file := func(second bool) map[string]string {
		db := openTemp(t, Options{NoSync: true})
		db.random = noSalt{}
		errSecond := errors.New("second")
		if err := db.Update(context.Background(), saveNumber("gone", 0)); err != nil {
			t.Fatal(err)
		}
		before := db.txID(t)
		queueUp(t, db, 3, func(i int) {
			err := db.Update(context.Background(), func(tx provisioning.Tx) error {
				switch i {
				case 0:
					return tx.Save("case", "shared", "the first")
				case 1:
					if !second {
						return errSecond
					}
					return errors.Join(writes(tx, 1), errSecond)
				}
				return writes(tx, 2)
			})
			if failed := i == 1; errors.Is(err, errSecond) != failed || !failed && err != nil {
				t.Errorf("Update %d = %v", i, err)
			}
		})
		if n := db.txID(t) - before; n != 1 {
			t.Errorf("%d commits, want 1", n)
		}
		return everything(t, db)
	}
	if diff := cmp.Diff(file(false), file(true)); diff != "" {
		t.Errorf("what failed left something (-without +with):\n%s", diff)
	}
}
