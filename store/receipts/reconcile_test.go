package receipts

import (
	"context"
	"fmt"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/reconcile"
)

// A tenant of 200,000 accounts is compared in a subprocess, whose memory is measured. It has ten
// differences of each of five kinds.
func TestReconcileAWholeTenant(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("200,000 accounts")
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestReconcileChild$", "-test.v")
	cmd.Env = append(os.Environ(), childEnv+"="+filepath.Join(t.TempDir(), "receipts.db"))
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	_, peak, ok := strings.Cut(string(out), "peak ")
	kib, err := strconv.Atoi(strings.Fields(peak + " ")[0])
	if !ok || err != nil {
		t.Skipf("this system does not tell a process's memory:\n%s", out)
	}
	t.Logf("peak memory %d MiB", kib>>10)
	if kib>>10 >= tenantMemory {
		t.Errorf("peak memory = %d MiB, want less than %d", kib>>10, tenantMemory)
	}
}

const (
	childEnv = "ALTAS_TEST_RECONCILE_CHILD"
	each     = 10 // of each kind: the first at 7, then every 1,000
	firstAt  = 7
)

// TestReconcileChild is the subprocess that TestReconcileAWholeTenant measures.
func TestReconcileChild(t *testing.T) {
	path := os.Getenv(childEnv)
	if path == "" {
		t.Skip("run by TestReconcileAWholeTenant")
	}
	db := at("sqlite:"+path).open(t, nil)
	fillTenant(t, db)
	began := time.Now()
	r := &reconcile.Comparison{
		Lines: tenantLines, Rows: db.Rows, Users: tenantUsers, Domains: []string{"docentecoahuila.gob.mx"},
		Now: time.Now, TempDir: filepath.Dir(path),
	}
	found := map[reconcile.Kind]int{}
	summary, err := r.Run(t.Context(), func(d reconcile.Difference) error {
		found[d.Kind]++
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	want := map[reconcile.Kind]int{
		reconcile.RowMissing: each, reconcile.AccountMissing: each, reconcile.AddressDiffers: each,
		reconcile.AccountUnasked: each, reconcile.StateDiffers: each,
	}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Errorf("differences (-want +got):\n%s", diff)
	}
	status, _ := os.ReadFile("/proc/self/status")
	_, peak, _ := strings.Cut(string(status), "VmHWM:")
	t.Logf("%+v in %v, peak %s", summary, time.Since(began), strings.TrimSpace(strings.SplitN(peak, "\n", 2)[0]))
}

// differenceOf returns the kind of difference, 1 to 5, of account i; 0 for none.
func differenceOf(i int) int {
	if i%1000 == firstAt && i/1000 < 5*each {
		return 1 + i/1000%5
	}
	return 0
}

func tenantStamp(i int) provisioning.Stamp {
	return provisioning.NewStamp(provisioning.NewFolio(2026, 1+i/1000), 1+i%1000)
}

func tenantAddress(i int) string { return fmt.Sprintf("persona.apellido%d@docentecoahuila.gob.mx", i) }

func fillTenant(t *testing.T, db *DB) {
	t.Helper()
	if err := db.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, err := db.sql.ExecContext(t.Context(), `
		WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ? - 1)
		INSERT INTO receipts (stamp, folio, address, type, curp, state, created_at, updated_at)
		SELECT printf('2026-%06d-%04d', 1 + i / 1000, 1 + i % 1000), printf('2026-%06d', 1 + i / 1000),
		       printf('persona.apellido%d@docentecoahuila.gob.mx', i), 'docente', 'ZXZZ100101HNEZZZA1', 'activa', '2026-01-01', '2026-01-01'
		FROM n WHERE NOT (i % 1000 = ? AND i / 1000 < ? AND i / 1000 % 5 IN (0, 3))`, tenant, firstAt, 5*each)
	if err != nil {
		t.Fatal(err)
	}
}

// tenantLines yields the lines; accounts of kind 4 have none.
func tenantLines(context.Context) iter.Seq2[provisioning.Account, error] {
	return func(yield func(provisioning.Account, error) bool) {
		for i := range tenant {
			a := provisioning.Account{
				Stamp: tenantStamp(i), Address: identity.Address(tenantAddress(i)), ObjectID: fmt.Sprintf("0b1fb1a5-0000-4000-8000-%012d", i),
				State: provisioning.AccountAnnounced, CreatedAt: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
			}
			if differenceOf(i) != 4 && !yield(a, nil) {
				return
			}
		}
	}
}

// tenantUsers yields the users unordered, as the directory's pages are.
func tenantUsers(context.Context) iter.Seq2[provisioning.Entry, error] {
	return func(yield func(provisioning.Entry, error) bool) {
		for n := range tenant {
			i := n * 77_777 % tenant
			u := provisioning.Entry{
				ID: fmt.Sprintf("0b1fb1a5-0000-4000-8000-%012d", i), Stamp: tenantStamp(i), Address: identity.Address(tenantAddress(i)),
				Enabled: differenceOf(i) != 5, SKUs: []string{"94763226-9b3c-4e75-a931-5c89701abe66"},
			}
			switch differenceOf(i) {
			case 2:
				continue // kind 2: the account is missing
			case 3:
				u.Address = "renombrada." + u.Address
			case 4:
				u.Stamp = ""
			}
			if !yield(u, nil) {
				return
			}
		}
	}
}
