package receipts

import (
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/input"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/store/receipts/receiptstest"
)

// backend is a new, empty database of a test.
type backend struct{ receiptstest.Database }

// at returns the backend of a DSN.
func at(dsn string) backend { return backend{receiptstest.Database{DSN: dsn}} }

// onEach runs the test on each kind of database, each time on a new, empty one.
func onEach(t *testing.T, test func(t *testing.T, b backend)) {
	t.Helper()
	receiptstest.OnEach(t, func(t *testing.T, d receiptstest.Database) { test(t, backend{d}) })
}

func (b backend) open(t *testing.T, m *TableMap) *DB {
	t.Helper()
	db, err := Open(Config{DSN: b.DSN, Table: m, Now: tick()})
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// tick returns a clock that advances by a second with each call.
func tick() func() time.Time {
	start := time.Date(2026, 3, 2, 15, 0, 0, 0, time.UTC)
	var n atomic.Int64
	return func() time.Time { return start.Add(time.Duration(n.Add(1)) * time.Second) }
}

// teacher returns the row of the n-th synthetic teacher.
func teacher(n int) provisioning.Receipt {
	stamp := provisioning.NewStamp(provisioning.NewFolio(2026, 1+n/1000), 1+n%1000)
	at := time.Date(2026, 3, 2, 15, 4, 5, 678901000, time.UTC)
	return provisioning.Receipt{
		Stamp: stamp, Folio: stamp.Folio(), Address: identity.Address(fmt.Sprintf("perla.gamez%d@docentecoahuila.gob.mx", n)),
		Holder: identity.Holder{Type: identity.Teacher, Person: identity.Person{
			GivenNames: "Perla", FirstSurname: "Gámez", SecondSurname: "Peña",
			CURP: identity.CURP(fmt.Sprintf("ZXZZ10010%dHNEZZZA1", n%10)), CCT: "05EPR0093X", EmployeeNumber: fmt.Sprint(10000 + n),
		}},
		Petition:  provisioning.Petition{Medium: input.MediumOficio, Number: "SEDU/DTI/045/2026", Date: time.Date(2026, 2, 27, 0, 0, 0, 0, time.UTC)},
		Requester: provisioning.Actor{ID: "5b4fb1a5-0000-4000-8000-000000000001", Name: "Secretaria Uno"},
		Director:  "Dirección", Subdirector: "Subdirección", ObjectID: fmt.Sprintf("0b1fb1a5-0000-4000-8000-%012d", n),
		State: provisioning.ReceiptActive, RequestedAt: at.Add(-time.Hour), AuthorizedAt: at.Add(-time.Minute), CreatedAt: at,
	}
}

func mustPut(t *testing.T, db *DB, r provisioning.Receipt) {
	t.Helper()
	if err := db.Put(t.Context(), r); err != nil {
		t.Fatalf("Put %s: %v", r.Stamp, err)
	}
}

func findAddress(t *testing.T, db *DB, a identity.Address) []provisioning.Receipt {
	t.Helper()
	rows, err := db.Find(t.Context(), provisioning.ReceiptQuery{Address: a})
	if err != nil {
		t.Fatalf("Find %s: %v", a, err)
	}
	return rows
}

func wantReason(t *testing.T, err error, code problem.Code, reason string, permanent bool) {
	t.Helper()
	if !errors.Is(err, &problem.Error{Code: code, Reason: reason}) {
		t.Fatalf("error = %v, want %s %s", err, code, reason)
	}
	if job.IsPermanent(err) != permanent {
		t.Errorf("permanent = %v, want %v: %v", !permanent, permanent, err)
	}
	if strings.Contains(err.Error(), "s3cr3t") {
		t.Errorf("the error holds the password: %v", err)
	}
}
