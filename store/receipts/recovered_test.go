package receipts

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

var recoveredAt = time.Date(2026, 4, 7, 16, 30, 15, 123456000, time.UTC)

func mustRecover(t *testing.T, db *DB, a identity.Address, f provisioning.Folio, at time.Time) {
	t.Helper()
	if err := db.Recovered(t.Context(), a, f, at); err != nil {
		t.Fatalf("Recovered %s %s: %v", a, f, err)
	}
}

func TestRecoveredKeepsTheLatest(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		db := b.open(t, nil)
		want := teacher(1)
		mustPut(t, db, want)
		for _, c := range []struct {
			name   string
			folio  provisioning.Folio
			at     time.Time
			writes bool
		}{
			{"the first", "2026-000900", recoveredAt, true},
			{"again", "2026-000900", recoveredAt, false},
			{"again, in another zone", "2026-000900", recoveredAt.In(time.FixedZone("", -6*3600)), false},
			{"a later one", "2026-000901", recoveredAt.Add(time.Microsecond), true},
			{"an earlier one", "2026-000902", recoveredAt, false},
			{"the same request later", "2026-000901", recoveredAt.Add(time.Hour), true},
			{"another at the same time", "2026-000903", recoveredAt.Add(time.Hour), true},
		} {
			before := updatedAt(t, b)
			mustRecover(t, db, want.Address, c.folio, c.at)
			if c.writes {
				want.RecoveredAt, want.RecoveryFolio = c.at, c.folio
			}
			if diff := cmp.Diff([]provisioning.Receipt{want}, findAddress(t, db, want.Address)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.name, diff)
			}
			if wrote := updatedAt(t, b) != before; wrote != c.writes {
				t.Errorf("%s: updated_at changed: %v, want %v", c.name, wrote, c.writes)
			}
		}
	})
}

// The row is found whatever the address's capitals, but no similar character matches; without a row
// nothing is written.
func TestRecoveredChangesTheRowOfTheAddressAlone(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, db *DB) {
		row := teacher(1)
		row.Address = "peña@docentecoahuila.gob.mx"
		mustPut(t, db, row)
		mustPut(t, db, teacher(2))
		before := allRows(t, db)
		for _, a := range []identity.Address{"pena@docentecoahuila.gob.mx", "nadie@docentecoahuila.gob.mx", "%", "' OR '1'='1"} {
			if err := db.Recovered(t.Context(), a, "2026-000900", recoveredAt); err != nil && problem.ReasonOf(err) != ReasonRefused {
				t.Errorf("%s: %v", a, err)
			}
		}
		if diff := cmp.Diff(before, allRows(t, db)); diff != "" {
			t.Errorf("rows (-before +after):\n%s", diff)
		}
		if db.table().mapped {
			return // it has no columns of the recovery
		}
		mustRecover(t, db, "PEÑA@DocenteCoahuila.gob.mx", "2026-000900", recoveredAt)
		row.RecoveredAt, row.RecoveryFolio = recoveredAt, "2026-000900"
		before[row.Address] = row
		if diff := cmp.Diff(before, allRows(t, db)); diff != "" {
			t.Errorf("rows (-want +got):\n%s", diff)
		}
	})
}

func allRows(t *testing.T, db *DB) map[identity.Address]provisioning.Receipt {
	t.Helper()
	all := map[identity.Address]provisioning.Receipt{}
	for r, err := range db.Rows(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		all[r.Address] = r
	}
	return all
}

func TestPutAndImportKeepTheRecovery(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		db := b.open(t, nil)
		row := teacher(1)
		list := []map[string]string{{"address": string(row.Address), "curp": string(row.Holder.Person.CURP)}}
		importAll(t, db, false, list)
		mustRecover(t, db, row.Address, "2026-000900", recoveredAt)
		if got := outcomes(importAll(t, db, false, list)); got[0] != OutcomeSame {
			t.Errorf("imported again: %v", got)
		}
		list[0]["employee_number"] = "7"
		if got := outcomes(importAll(t, db, false, list)); got[0] != OutcomeUpdated {
			t.Errorf("imported with more: %v", got)
		}
		want := func(act string) {
			t.Helper()
			got := findAddress(t, db, row.Address)
			if len(got) != 1 || got[0].RecoveredAt != recoveredAt || got[0].RecoveryFolio != "2026-000900" {
				t.Errorf("%s: %+v", act, got)
			}
		}
		want("after imports")
		mustPut(t, db, row) // without a recovery
		want("taken over")
		before := updatedAt(t, b)
		mustPut(t, db, row)
		if after := updatedAt(t, b); after != before {
			t.Errorf("put again: updated_at = %s, want %s", after, before)
		}
		row.State, row.RecoveredAt, row.RecoveryFolio = provisioning.ReceiptDisabled, recoveredAt.Add(time.Hour), "2026-000999"
		mustPut(t, db, row)
		want("after a change")
		row.Address = "otra@docentecoahuila.gob.mx"
		mustPut(t, db, row)
		want("renamed")
	})
}

func TestPutOfANewRowHasItsRecovery(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		db := b.open(t, nil)
		row := teacher(1)
		row.RecoveredAt, row.RecoveryFolio = recoveredAt, "2026-000900"
		mustPut(t, db, row)
		if diff := cmp.Diff([]provisioning.Receipt{row}, findAddress(t, db, row.Address)); diff != "" {
			t.Errorf("row (-want +got):\n%s", diff)
		}
	})
}

// An in-memory database has a single connection, which the transaction holds.
func TestRecoveredInMemory(t *testing.T) {
	t.Parallel()
	db := at("sqlite::memory:").open(t, nil)
	mustPut(t, db, teacher(1))
	mustRecover(t, db, teacher(1).Address, "2026-000900", recoveredAt)
	if got := findAddress(t, db, teacher(1).Address); len(got) != 1 || got[0].RecoveryFolio != "2026-000900" {
		t.Errorf("found %+v", got)
	}
}

// Two processes write recoveries of one account in any order: the row has the latest.
func TestConcurrentRecoveriesKeepTheLatest(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		processes := []*DB{b.open(t, nil), b.open(t, nil)}
		row := teacher(1)
		mustPut(t, processes[0], row)
		const n = 40
		errs := make(chan error, n)
		var wg sync.WaitGroup
		for i := range n {
			k := i * 17 % n
			wg.Go(func() {
				at := recoveredAt.Add(time.Duration(k) * 500 * time.Millisecond)
				errs <- eventually(t, func() error {
					return processes[i%2].Recovered(t.Context(), row.Address, provisioning.NewFolio(2026, 1000+k), at)
				})
			})
		}
		wg.Wait()
		close(errs)
		for err := range errs {
			if err != nil {
				t.Errorf("Recovered: %v", err)
			}
		}
		row.RecoveredAt, row.RecoveryFolio = recoveredAt.Add((n-1)*500*time.Millisecond), provisioning.NewFolio(2026, 1000+n-1)
		if diff := cmp.Diff([]provisioning.Receipt{row}, findAddress(t, processes[1], row.Address)); diff != "" {
			t.Errorf("row (-want +got):\n%s", diff)
		}
	})
}

func TestRecoveredRefusesWhatCannotBeStored(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		db := b.open(t, nil)
		row := teacher(1)
		mustPut(t, db, row)
		for name, c := range map[string]struct {
			address identity.Address
			folio   provisioning.Folio
			at      time.Time
			field   string
		}{
			"no address":      {"", "2026-000900", recoveredAt, "address"},
			"no such address": {"perla\x00@docentecoahuila.gob.mx", "2026-000900", recoveredAt, "address"},
			"no folio":        {row.Address, "", recoveredAt, "recovery_folio"},
			"a long folio":    {row.Address, "2026-000900-0001", recoveredAt, "recovery_folio"},
			"a broken folio":  {row.Address, "2026-\xff", recoveredAt, "recovery_folio"},
			"no time":         {row.Address, "2026-000900", time.Time{}, "recovered_at"},
		} {
			err := db.Recovered(t.Context(), c.address, c.folio, c.at)
			wantReason(t, err, problem.CodeInvalid, ReasonRefused, true)
			if why, is := errors.AsType[*problem.Error](err); !is || why.Field != c.field {
				t.Errorf("%s: %v, want field %s", name, err, c.field)
			}
		}
		if diff := cmp.Diff([]provisioning.Receipt{row}, findAddress(t, db, row.Address)); diff != "" {
			t.Errorf("row (-want +got):\n%s", diff)
		}
	})
}

// recoveryColumns are added to an existing table for recoveries.
const recoveryColumns = `"OBSERVACIONES" VARCHAR(10), "RECUPERADO" TIMESTAMP(0), "RECUPERO" VARCHAR(11), "CAMBIADO" TIMESTAMP(0)`

func TestRecoveredInAnExistingTable(t *testing.T) {
	t.Parallel()
	grain := func(b backend) time.Duration {
		if b.Kind == "sqlite" {
			return time.Microsecond
		}
		return time.Second
	}
	for name, c := range map[string]struct{ at, folio bool }{"neither": {}, "the time": {at: true}, "the folio": {folio: true}, "both": {true, true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onEach(t, func(t *testing.T, b backend) {
				b.Exec(t, correos(b.Kind, `"OBSERVACIONES" VARCHAR(10)`, recoveryColumns))
				m := correosMap()
				m.Zone, m.Columns["updated_at"] = "America/Monterrey", "CAMBIADO"
				row := asCorreosHas(teacher(1), b.Kind)
				if c.at {
					m.Columns["recovered_at"], row.RecoveredAt = "RECUPERADO", recoveredAt.Truncate(grain(b))
				}
				if c.folio {
					m.Columns["recovery_folio"], row.RecoveryFolio = "RECUPERO", "2026-000900"
				}
				db := b.open(t, m)
				mustPut(t, db, teacher(1))
				changed := quoted(b.Kind, `SELECT COUNT(DISTINCT "CAMBIADO") FROM (SELECT "CAMBIADO" FROM "Correos O365" UNION ALL SELECT "CAMBIADO" FROM "Antes") x`)
				b.Exec(t, quoted(b.Kind, `CREATE TABLE "Antes" AS SELECT * FROM "Correos O365"`))
				for range 2 {
					mustRecover(t, db, "PERLA.gamez1@docentecoahuila.gob.mx", "2026-000900", recoveredAt)
				}
				mustRecover(t, db, "pérla.gamez1@docentecoahuila.gob.mx", "2026-000901", recoveredAt.Add(time.Hour)) // MariaDB's collation takes é for e
				if diff := cmp.Diff([]provisioning.Receipt{row}, findAddress(t, db, row.Address)); diff != "" {
					t.Errorf("row (-want +got):\n%s", diff)
				}
				want := 1
				if c.at || c.folio {
					want = 2
				}
				if n := b.Count(t, changed); n != want {
					t.Errorf("%d times of change before and after, want %d", n, want)
				}
			})
		})
	}
}

// A DATE column has the latest day, with the request that was written last for it.
func TestRecoveredOnADay(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		b.Exec(t, correos(b.Kind, `"OBSERVACIONES" VARCHAR(10)`, `"RECUPERADO" DATE, "RECUPERO" CHAR(20)`))
		m := correosMap()
		m.Zone, m.Columns["recovered_at"], m.Columns["recovery_folio"] = "America/Monterrey", "RECUPERADO", "RECUPERO"
		db := b.open(t, m)
		row := teacher(1)
		mustPut(t, db, row)
		for i, c := range []struct {
			at    time.Time
			day   string
			folio provisioning.Folio
		}{
			{recoveredAt, "2026-04-07T06:00:00Z", "2026-000900"},
			{recoveredAt.Add(12 * time.Hour), "2026-04-07T06:00:00Z", "2026-000901"}, // 22:30 of the same day
			{recoveredAt.Add(24 * time.Hour), "2026-04-08T06:00:00Z", "2026-000902"},
			{recoveredAt, "2026-04-08T06:00:00Z", "2026-000902"},
		} {
			mustRecover(t, db, row.Address, provisioning.NewFolio(2026, 900+i), c.at)
			got := findAddress(t, db, row.Address)
			if len(got) != 1 || got[0].RecoveredAt.Format(time.RFC3339) != c.day || got[0].RecoveryFolio != c.folio {
				t.Errorf("%d: %+v, want %s %s", i, got, c.day, c.folio)
			}
		}
	})
}

// recovered_at must allow NULL, and a value that the table refuses is refused.
func TestColumnsOfTheRecovery(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		b.Exec(t, correos(b.Kind, `"OBSERVACIONES" VARCHAR(10)`, `"RECUPERADO" TIMESTAMP(0) NOT NULL, "RECUPERO" VARCHAR(6) NOT NULL`))
		m := correosMap()
		m.Columns["recovered_at"], m.Columns["recovery_folio"] = "RECUPERADO", "RECUPERO"
		var fault *MapError
		if err := b.open(t, m).Check(t.Context()); !errors.As(err, &fault) {
			t.Fatalf("Check = %v", err)
		}
		want := []string{
			"column RECUPERADO for recovered_at must allow NULL: rows may have none",
			"column RECUPERO for recovery_folio holds 6 characters, want 11: widen it, or accept it by lengths: {recovery_folio: 6}",
		}
		if diff := cmp.Diff(want, fault.Faults); diff != "" {
			t.Errorf("faults (-want +got):\n%s", diff)
		}
		delete(m.Columns, "recovered_at")
		b.Exec(t, quoted(b.Kind, `DROP TABLE "Correos O365"`), correos(b.Kind, `"OBSERVACIONES" VARCHAR(10)`, `"RECUPERO" VARCHAR(11) NOT NULL CHECK ("RECUPERO" <> '2026-000900')`))
		db := b.open(t, m)
		mustPut(t, db, teacher(1))
		wantReason(t, db.Recovered(t.Context(), teacher(1).Address, "2026-000900", recoveredAt), problem.CodeInvalid, ReasonRefused, true)
		mustRecover(t, db, teacher(1).Address, "2026-000901", recoveredAt)
	})
}

func BenchmarkRecovered(b *testing.B) {
	db, err := Open(Config{DSN: "sqlite:" + b.TempDir() + "/receipts.db"})
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	if err := db.Put(b.Context(), teacher(1)); err != nil {
		b.Fatal(err)
	}
	for i := range b.N {
		if err := db.Recovered(b.Context(), teacher(1).Address, provisioning.Folio(fmt.Sprintf("2026-%06d", i%900000)), recoveredAt.Add(time.Duration(i)*time.Second)); err != nil {
			b.Fatal(err)
		}
	}
}
