package receipts

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/store/receipts/receiptstest"
)

// A line that still names the holder, as that of a restored store does, does not bring them back:
// neither as it was, nor changed.
func TestPutLeavesAnErasedRow(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		db := b.open(t, nil)
		row, successor := teacher(1), teacher(2)
		mustPut(t, db, row)
		mustErase(t, db, row.Holder.Person.CURP)
		before := updatedAt(t, b)
		for name, change := range map[string]func(*provisioning.Receipt){
			"as it was":           func(*provisioning.Receipt) {},
			"disabled":            func(r *provisioning.Receipt) { r.State = provisioning.ReceiptDisabled },
			"renamed":             func(r *provisioning.Receipt) { r.Address = "otra@docentecoahuila.gob.mx" },
			"of an unknown user":  func(r *provisioning.Receipt) { r.ObjectID = "" },
			"at the erased one's": func(r *provisioning.Receipt) { r.Address = erased(row).Address },
		} {
			again := row
			change(&again)
			if err := db.Put(t.Context(), again); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		mustRecover(t, db, row.Address, "2026-000900", recoveredAt)
		if after := updatedAt(t, b); after != before {
			t.Errorf("updated_at = %s, want %s", after, before)
		}
		successor.Address = row.Address // it is free now
		mustPut(t, db, successor)
		mustPut(t, db, row)
		want := map[provisioning.Stamp]provisioning.Receipt{row.Stamp: erased(row), successor.Stamp: successor}
		if diff := cmp.Diff(want, byStamp(t, db)); diff != "" {
			t.Errorf("rows (-want +got):\n%s", diff)
		}
	})
}

// A stamp that was assigned again, to another account, is told, and the erased row stays.
func TestPutOfAnotherAccountOverAnErasedRow(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		db := b.open(t, nil)
		row := teacher(1)
		mustPut(t, db, row)
		mustErase(t, db, row.Holder.Person.CURP)
		another, centre := teacher(2), row
		another.Stamp = row.Stamp
		centre.Holder = identity.Holder{Type: identity.WorkCentre, Centre: identity.Centre{CCT: "05EPR0093X", Name: "Primaria"}}
		for _, r := range []provisioning.Receipt{another, centre} {
			wantReason(t, db.Put(t.Context(), r), problem.CodeConflict, ReasonStampTaken, true)
		}
		if diff := cmp.Diff(map[provisioning.Stamp]provisioning.Receipt{row.Stamp: erased(row)}, byStamp(t, db)); diff != "" {
			t.Errorf("rows (-want +got):\n%s", diff)
		}
	})
}

// An update that read the row before it was erased does not change it.
func TestUpdateOfARowThatWasErasedMeanwhile(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		db := b.open(t, nil)
		row := teacher(1)
		mustPut(t, db, row)
		mustErase(t, db, row.Holder.Person.CURP)
		stale := toRecord(row)
		stale.upAt = recoveredAt
		n, err := session{db: db}.exec(t.Context(), db.plan.Load().update, db.table().args(stale))
		if err != nil || n != 0 {
			t.Errorf("%d rows changed, %v", n, err)
		}
		if diff := cmp.Diff(map[provisioning.Stamp]provisioning.Receipt{row.Stamp: erased(row)}, byStamp(t, db)); diff != "" {
			t.Errorf("rows (-want +got):\n%s", diff)
		}
	})
}

// A row that another process renames after Erase has read it is read again, and erased.
func TestEraseOfARowThatIsRenamedMeanwhile(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		db := b.open(t, nil)
		row := teacher(1)
		mustPut(t, db, row)
		other, err := b.SQL(t).BeginTx(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		defer other.Rollback()
		if _, err := other.ExecContext(t.Context(), "UPDATE receipts SET address = 'otra@docentecoahuila.gob.mx'"); err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() {
			e, err := db.Erase(t.Context(), row.Holder.Person.CURP)
			if err == nil && e.Rows != 1 {
				err = fmt.Errorf("erased %d rows, want 1", e.Rows)
			}
			ended <- err
		}()
		select {
		case err := <-ended:
			t.Fatalf("it did not wait: %v", err)
		case <-time.After(300 * time.Millisecond):
		}
		if err := other.Commit(); err != nil {
			t.Fatal(err)
		}
		if err := <-ended; err != nil {
			t.Errorf("Erase: %v", err)
		}
		if diff := cmp.Diff(map[provisioning.Stamp]provisioning.Receipt{row.Stamp: erased(row)}, byStamp(t, db)); diff != "" {
			t.Errorf("rows (-want +got):\n%s", diff)
		}
	})
}

// The statement that erases is of the row as it was read: another address or CURP changes nothing,
// and is no success.
func TestEraseOfARowThatIsNotThereAnyMore(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		db := b.open(t, nil)
		row := teacher(1)
		mustPut(t, db, row)
		moved, another := toRecord(row), toRecord(row)
		moved.address, another.curp = "otra@docentecoahuila.gob.mx", "GAPM120515MCLRRRA4"
		for _, rec := range []record{moved, another} {
			n, err := session{db: db}.exec(t.Context(), db.plan.Load().erase, db.erasing(rec, nil))
			if err != nil || n != 0 {
				t.Errorf("%d rows changed, %v", n, err)
			}
		}
		if diff := cmp.Diff(map[provisioning.Stamp]provisioning.Receipt{row.Stamp: row}, byStamp(t, db)); diff != "" {
			t.Errorf("rows (-want +got):\n%s", diff)
		}
	})
}

// A row of a mapped table that its people blanked, and whose state they set, is theirs: neither a
// line nor a list writes the holder back.
func TestARowThatWasErasedByOthers(t *testing.T) {
	t.Parallel()
	b := backend{receiptstest.SQLite(t)}
	b.Exec(t, correos(b.Kind))
	db := b.open(t, correosMap())
	mustPut(t, db, teacher(1))
	b.Exec(t, `UPDATE "Correos O365" SET "ESTATUS" = 'suprimida', "CURP" = NULL, "NOMBRE" = NULL, "PATERNO" = ''`,
		`INSERT INTO "Correos O365" ("Correo: electrónico", "TIPO", "CCT", "PATERNO", "ESTATUS", "USUARIO") VALUES ('uno@docentecoahuila.gob.mx', 'D', '', '', 'suprimida', 'X')`)
	before := allRows(t, db)
	mustPut(t, db, teacher(1))
	got := importAll(t, db, false, []map[string]string{{"address": "uno@docentecoahuila.gob.mx", "given_names": "Perla", "curp": "GAPM120515MCLRRRA4"}})
	if got[0].Outcome != OutcomeTaken {
		t.Errorf("imported: %+v", got)
	}
	if diff := cmp.Diff(before, allRows(t, db)); diff != "" || len(before) != 2 {
		t.Errorf("%d rows (-before +after):\n%s", len(before), diff)
	}
}
