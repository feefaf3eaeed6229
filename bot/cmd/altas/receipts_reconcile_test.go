package main

import (
	"encoding/csv"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/bot/service"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/reconcile"
	"seducoahuila.gob.mx/altas/store"
	"seducoahuila.gob.mx/altas/store/receipts/receiptstest"
)

// tenantSize is the number of accounts: few by default, ALTAS_TEST_ACCOUNTS=200000 for a whole
// tenant (minutes).
func tenantSize(t testing.TB) int {
	t.Helper()
	n, err := strconv.Atoi(os.Getenv("ALTAS_TEST_ACCOUNTS"))
	if err != nil {
		return 3000
	}
	return n
}

// receipts reconcile compares the receipts with the store and the directory: fifty differences of
// five kinds are found, no others, in bounded memory. What needs no judgement is repaired; the rest
// is left to people, and found again.
func TestReconcile(t *testing.T) {
	t.Parallel()
	receiptstest.OnEach(t, reconcileIn)
}

func reconcileIn(t *testing.T, rows receiptstest.Database) { //nolint:thelper // it is the test
	w := newDatasetAt(t, tenantSize(t), rows)
	all := map[string]int{"row_missing": 10, "account_missing": 10, "address_differs": 10, "account_unasked": 10, "state_differs": 10}
	began := time.Now()
	peak := filepath.Join(t.TempDir(), "peak")
	found := altas(t, w.dir, slices.Concat(w.env, []string{peakEnv + "=" + peak}), "receipts", "reconcile", "-o", "d.csv")
	t.Logf("%d accounts in %v, peak memory %d MiB", w.n, time.Since(began).Round(time.Millisecond), peakMiB(t, peak))
	if found.status != 3 {
		t.Errorf("reconcile: %s", found)
	}
	if took := peakMiB(t, peak); took >= 200*raceMemory {
		t.Errorf("reconcile took %d MiB", took)
	}
	if diff := cmp.Diff(all, w.differences("d.csv", "false")); diff != "" {
		t.Errorf("found (-want +got):\n%s", diff)
	}
	mended := altas(t, w.dir, w.env, "receipts", "reconcile", "-fix", "-o", "m.csv")
	if mended.status != 3 || !strings.Contains(mended.out, "mended: 30\n") {
		t.Errorf("reconcile -fix: %s", mended)
	}
	if diff := cmp.Diff(map[string]int{"row_missing": 10, "address_differs": 10, "state_differs": 10}, w.differences("m.csv", "true")); diff != "" {
		t.Errorf("mended (-want +got):\n%s", diff)
	}
	left := altas(t, w.dir, w.env, "receipts", "reconcile")
	if left.status != 3 || strings.Count(left.out, "\n") != 20+1+2 || !strings.Contains(left.out, "account_missing: 10\naccount_unasked: 10\n") {
		t.Errorf("what is left: %s", left)
	}
}

// differences counts the lines of the CSV by kind, repaired or not.
func (w *dataset) differences(name, mended string) map[string]int {
	w.t.Helper()
	file, err := os.Open(filepath.Join(w.dir, name))
	if err != nil {
		w.t.Fatal(err)
	}
	defer file.Close()
	lines, err := csv.NewReader(file).ReadAll()
	if err != nil {
		w.t.Fatal(err)
	}
	kinds := map[string]int{}
	for _, l := range lines[1:] {
		if l[len(l)-1] == mended {
			kinds[l[0]]++
		}
	}
	return kinds
}

// peakMiB is the peak memory of a program; 0 if the system does not report it.
func peakMiB(t testing.TB, path string) int {
	t.Helper()
	status, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	_, peak, _ := strings.Cut(string(status), "VmHWM:")
	kib, _ := strconv.Atoi(strings.Fields(peak + " 0")[0])
	return kib >> 10
}

// While Altas runs it has the store open; a backup can be compared instead, and is not changed.
func TestReconcileWhileAltasRuns(t *testing.T) {
	t.Parallel()
	w := newDataset(t, 200)
	db, err := store.Open(w.storePath(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	held := altas(t, w.dir, w.env, "receipts", "reconcile", "-fix")
	if held.status != 1 || !strings.Contains(held.errOut, "is Altas running already?") || !strings.Contains(held.errOut, "-store") {
		t.Errorf("with the store held: %s", held)
	}
	file, err := os.Create(filepath.Join(w.dir, "backup.db"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Backup(t.Context(), file); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	if got := altas(t, w.dir, w.env, "receipts", "reconcile", "-store", "backup.db"); got.status != 3 || !strings.Contains(got.out, "row_missing: 10\n") {
		t.Errorf("of a backup: %s", got)
	}
}

// The rows of accounts created minutes ago may be missing: they are listed and counted, nothing is
// repaired, and the summary does not say that nothing differs.
func TestReconcileCountsWhatItPassesOver(t *testing.T) {
	t.Parallel()
	w := newDataset(t, 200)
	db, err := store.Open(w.storePath(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(t.Context(), func(tx provisioning.Tx) error {
		for i := range w.n {
			if w.difference(i) != 1 {
				continue
			}
			a, err := tx.Account(stampOf(i))
			if err != nil {
				return err
			}
			a.CreatedAt = time.Now()
			if err := tx.PutAccount(a); err != nil {
				return err
			}
		}
		return nil
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time everything else is repaired, or is for people
		got := altas(t, w.dir, w.env, "receipts", "reconcile", "-fix", "-o", "d.csv")
		if got.status != 3 || !strings.Contains(got.out, "row_young: 10 passed over, made less than 10 minutes ago") || strings.Contains(got.out, "row_missing") {
			t.Errorf("it says %s", got)
		}
		if n := w.differences("d.csv", "false")["row_young"]; n != 10 {
			t.Errorf("%d rows of the CSV", n)
		}
	}
	var out strings.Builder
	alone := reconciliation{Reconciliation: &service.Reconciliation{Comparison: reconcile.Comparison{Grace: 10 * time.Minute}}, call: call{out: &out}, young: 1}
	if err := alone.printSummary(reconcile.Summary{Lines: 1}); err != nil || !strings.HasSuffix(out.String(), "nothing else differs\n") {
		t.Errorf("alone: %v\n%s", err, out.String())
	}
}

// An empty tenant has no differences; an incomplete comparison is an error.
func TestReconcileEnds(t *testing.T) {
	t.Parallel()
	w := newDataset(t, 0)
	if got := altas(t, w.dir, w.env, "receipts", "reconcile"); got.status != 0 || !strings.Contains(got.out, "nothing differs") {
		t.Errorf("of nothing: %s", got)
	}
	wrong := slices.Concat(w.env, []string{"AZURE_CLIENT_SECRET=wrong"})
	if got := altas(t, w.dir, wrong, "receipts", "reconcile"); got.status != 1 || strings.Contains(got.out, "differs") {
		t.Errorf("with a wrong secret: %s", got)
	}
	if got := altas(t, w.dir, append(w.env, "STORE_PATH="+filepath.Join(w.dir, "none.db")), "receipts", "reconcile"); got.status != 1 || !strings.Contains(got.errOut, "STORE_PATH or -store names another") {
		t.Errorf("without a store: %s", got)
	}
}
