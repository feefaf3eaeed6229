package store_test

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
	"seducoahuila.gob.mx/altas/store"
	"seducoahuila.gob.mx/altas/store/storetest"
)

var (
	killSeed = flag.Uint64("kill.seed", 0, "seed of TestKill, to repeat it; 0 takes one of the clock")
	kills    = flag.Int("kills", 12, "how often TestKill kills")
)

// killPath is the environment variable with the path of the store that the subprocess of TestKill
// writes.
const killPath = "ALTAS_STORE_TEST_KILL"

func TestMain(m *testing.M) {
	if path := os.Getenv(killPath); path != "" {
		if err := writeUntilKilled(path); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// TestKill kills a writing subprocess at random times and reopens its store: every invariant holds,
// and every update that the subprocess reported is there, once.
func TestKill(t *testing.T) {
	t.Parallel()
	seed := *killSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("seed %d (repeat with -kill.seed)", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	path := filepath.Join(t.TempDir(), "altas.db")
	done, submitted := map[provisioning.Folio]string{}, map[provisioning.Folio]bool{}
	for i := range *kills {
		reports := runAndKill(t, path, random)
		for _, line := range reports {
			var act string
			var f provisioning.Folio
			if n, err := fmt.Sscan(line, &act, &f); n != 2 || err != nil {
				t.Fatalf("the process said %q", line)
			}
			if act == "submitted" && submitted[f] {
				t.Errorf("kill %d: folio %s was given twice", i, f)
			}
			submitted[f] = submitted[f] || act == "submitted"
			if done[f] != "created" { // a worker may report first
				done[f] = act
			}
		}
		verify(t, path, done)
	}
	t.Logf("%d requests survived %d kills", len(done), *kills)
}

// runAndKill lets the subprocess write for a while and returns the complete lines that it printed
// before it was killed.
func runAndKill(t *testing.T, path string, random *rand.Rand) []string {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), killPath+"="+path)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	life := time.AfterFunc(time.Duration(random.IntN(120_000))*time.Microsecond, func() { _ = cmd.Process.Kill() })
	defer life.Stop()
	text, err := io.ReadAll(out)
	if err != nil {
		t.Fatal(err)
	}
	var killed *exec.ExitError
	if err := cmd.Wait(); !errors.As(err, &killed) || killed.ExitCode() >= 0 {
		t.Fatalf("the process ended by itself: %v", err)
	}
	lines := strings.Split(string(text), "\n")
	return lines[:len(lines)-1]
}

// verify opens the store, which is checked when the test ends, and compares it with the reported
// updates.
func verify(t *testing.T, path string, done map[provisioning.Folio]string) {
	t.Helper()
	db, err := store.Open(path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	storetest.Check(t, db)
	err = db.View(context.Background(), func(tx provisioning.Tx) error {
		for f, act := range done {
			if _, err := tx.Request(f); err != nil {
				t.Errorf("%s %s: %v", act, f, err)
			}
			tally, err := tx.Tally(f)
			if act == "created" && tally[provisioning.AccountCreated] != 3 || err != nil {
				t.Errorf("%s %s: tally %v, %v", act, f, tally, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// writeUntilKilled submits requests of three lines and creates their accounts by jobs,
// concurrently, and reports each update.
func writeUntilKilled(path string) error {
	db, err := store.Open(path, store.Options{})
	if err != nil {
		return err
	}
	reports := &reporter{w: bufio.NewWriter(os.Stdout)}
	failed := make(chan error, 1)
	var group sync.WaitGroup
	for range 6 {
		group.Go(func() { repeat(failed, func() error { return submit(db, reports) }) })
		group.Go(func() { repeat(failed, func() error { return work(db, reports) }) })
	}
	return <-failed
}

func repeat(failed chan<- error, do func() error) {
	for {
		if err := do(); err != nil {
			failed <- err
			return
		}
	}
}

// reporter prints complete lines, one at a time.
type reporter struct {
	mu sync.Mutex
	w  *bufio.Writer
}

func (s *reporter) report(act string, f provisioning.Folio) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := fmt.Fprintln(s.w, act, f); err != nil {
		return err
	}
	return s.w.Flush()
}

func submit(db *store.DB, reports *reporter) error {
	var f provisioning.Folio
	err := db.Update(context.Background(), func(tx provisioning.Tx) (err error) {
		if f, err = tx.NextFolio(2026); err != nil {
			return err
		}
		err = tx.PutRequest(provisioningtest.Request(f, "ana", 3))
		for i := 1; i <= 3 && err == nil; i++ {
			a := provisioningtest.Account(f, i, provisioningtest.Teacher(i))
			a.Address = identity.Address(string(a.Stamp) + "@docente.example")
			err = errors.Join(tx.PutAccount(a), tx.Reserve(a.Address, a.Stamp), tx.Wait("docente", a.Stamp))
		}
		return errors.Join(err,
			tx.Enqueue(job.Job{Kind: provisioning.JobStart, Key: string(f), Lane: string(f), Due: provisioningtest.Start}),
			tx.Record(provisioning.Entered{Act: "request.submit", Folio: f}))
	})
	if err != nil {
		return err
	}
	return reports.report("submitted", f)
}

func work(db *store.DB, reports *reporter) error {
	jobs, err := db.Claim(context.Background(), provisioning.JobStart, provisioningtest.Start, time.Hour, job.Room{All: 3, Plain: 3})
	if err != nil {
		return err
	}
	for _, j := range jobs {
		f := provisioning.Folio(j.Key)
		err := db.Update(context.Background(), func(tx provisioning.Tx) error { return create(tx, f) })
		if err != nil {
			return err
		}
		if err := reports.report("created", f); err != nil {
			return err
		}
		if err := db.Finish(context.Background(), j); err != nil {
			return err
		}
	}
	return nil
}

func create(tx provisioning.Tx, f provisioning.Folio) error {
	for a, err := range tx.AccountsOf(f, 0) {
		if err != nil {
			return err
		}
		a.State = provisioning.AccountCreated
		err = errors.Join(tx.PutAccount(a), tx.Hold("a1", a.Stamp),
			tx.Post(provisioning.Notice{To: "ana", Kind: provisioning.NoticeReady, Stamp: a.Stamp, Once: "ready:" + string(a.Stamp)}))
		if err != nil {
			return err
		}
	}
	return nil
}
