package store

import (
	"context"
	"errors"
	"strings"
	"testing"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
)

// work puts three requests in consistent states: 2026-000001 is authorised, with lines that are
// being created, waiting for a seat, announced with the receipt to be written, and excluded;
// 2026-000002 has a line in attention; 2026-000003 was rejected.
func work(tx provisioning.Tx) error {
	request := func(f provisioning.Folio, lines int, s provisioning.RequestState) provisioning.Request {
		r := provisioningtest.Request(f, "ana", lines)
		r.State = s
		return r
	}
	line := func(f provisioning.Folio, n int, s provisioning.AccountState) provisioning.Account {
		a := provisioningtest.Account(f, n, provisioningtest.Teacher(n))
		a.State, a.Address = s, identity.Address(string(a.Stamp)+"@docente.example")
		return a
	}
	var err error
	put := func(a provisioning.Account, held bool) {
		err = errors.Join(err, tx.PutAccount(a))
		if held {
			err = errors.Join(err, tx.Reserve(a.Address, a.Stamp))
		}
	}
	for range 3 {
		_, errFolio := tx.NextFolio(2026)
		err = errors.Join(err, errFolio)
	}
	carried := line("2026-000001", 1, provisioning.AccountCreated)
	carried.SKU, carried.ObjectID = "a1", "id-1"
	put(carried, true)
	put(line("2026-000001", 2, provisioning.AccountPending), true)
	put(line("2026-000001", 3, provisioning.AccountAnnounced), true)
	put(line("2026-000001", 4, provisioning.AccountExcluded), false)
	stuck := line("2026-000002", 1, provisioning.AccountAttention)
	stuck.Trouble = &provisioning.Trouble{Reason: "trouble.homonym", Resume: provisioning.AccountPending}
	put(stuck, true)
	put(line("2026-000003", 1, provisioning.AccountPending), false)
	return errors.Join(err,
		tx.PutRequest(request("2026-000001", 4, provisioning.StateProvisioning)),
		tx.PutRequest(request("2026-000002", 1, provisioning.StateAttention)),
		tx.PutRequest(request("2026-000003", 1, provisioning.StateRejected)),
		tx.Hold("a1", carried.Stamp), tx.Wait("docente", "2026-000001-0002"),
		tx.Enqueue(job.Job{Kind: provisioning.JobLine, Key: string(carried.Stamp)}),
		tx.Enqueue(job.Job{Kind: provisioning.JobSeats, Key: "docente"}),
		tx.Enqueue(job.Job{Kind: provisioning.JobReceipt, Key: "2026-000001-0003"}),
		tx.Post(provisioning.Notice{To: "ana", Kind: provisioning.NoticeReceived, Folio: "2026-000001"}), // not delivered
	)
}

// Each case omits one record, as a bug would, and has the problem that Forgotten reports.
func TestForgottenFinds(t *testing.T) {
	t.Parallel()
	drop := func(kind job.Kind, key string) func(*tx) error {
		return func(t *tx) error {
			r, _, err := t.job(kind, key)
			return errors.Join(err, t.dropJob(r))
		}
	}
	alter := func(s provisioning.Stamp, change func(*provisioning.Account)) func(*tx) error {
		return func(t *tx) error {
			a, err := t.Account(s)
			change(&a)
			return errors.Join(err, t.PutAccount(a))
		}
	}
	enter := func(f provisioning.Folio, s provisioning.RequestState) func(*tx) error {
		return func(t *tx) error {
			r, err := t.Request(f)
			r.State = s
			return errors.Join(err, t.PutRequest(r))
		}
	}
	for name, c := range map[string]struct {
		forget func(*tx) error
		want   string
	}{
		"a line without its job":                           {drop(provisioning.JobLine, "2026-000001-0001"), "needs the job line 2026-000001-0001"},
		"a line without a seat or a queue":                 {func(t *tx) error { return t.Leave("2026-000001-0002") }, "needs the job line 2026-000001-0002"},
		"a queue without its job":                          {drop(provisioning.JobSeats, "docente"), "needs the job seats docente"},
		"a receipt without its job":                        {drop(provisioning.JobReceipt, "2026-000001-0003"), "needs the job receipt 2026-000001-0003"},
		"an address that is not reserved":                  {func(t *tx) error { return t.Release("2026-000001-0001@docente.example", "2026-000001-0001") }, "does not hold its address"},
		"an address of a rejected request":                 {func(t *tx) error { return t.Reserve("2026-000003-0001@docente.example", "2026-000003-0001") }, "line 1 keeps an address"},
		"a seat of a final line":                           {func(t *tx) error { return t.Hold("a1", "2026-000001-0003") }, "kept for a line that is announced"},
		"a seat of a request not authorised":               {func(t *tx) error { return t.Hold("a1", "2026-000003-0001") }, "kept for a line that is pending"},
		"a seat of another SKU than the line's":            {alter("2026-000001-0001", func(a *provisioning.Account) { a.SKU = "a3" }), `is of "a1"; the line has "a3"`},
		"attention without its trouble":                    {alter("2026-000002-0001", func(a *provisioning.Account) { a.Trouble = nil }), "is in attention"},
		"attention that the request's state does not show": {enter("2026-000002", provisioning.StateProvisioning), `its state is "provisioning", not "attention"`},
		"final lines of a request in attention":            {alter("2026-000002-0001", func(a *provisioning.Account) { a.State = provisioning.AccountExcluded }), `its state is "attention", not "completed"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := openTemp(t, Options{NoSync: true})
			if err := db.Update(context.Background(), work); err != nil {
				t.Fatal(err)
			}
			if problems := append(check(t, db), forgotten(t, db)...); len(problems) > 0 {
				t.Fatalf("before: %v", problems)
			}
			if err := db.update(context.Background(), c.forget); err != nil {
				t.Fatal(err)
			}
			if problems := check(t, db); len(problems) > 0 {
				t.Errorf("the records contradict each other: %v", problems)
			}
			for _, p := range forgotten(t, db) {
				if strings.Contains(p.String(), c.want) {
					return
				}
			}
			t.Errorf("Forgotten = %v, want one with %q", forgotten(t, db), c.want)
		})
	}
}

func forgotten(t *testing.T, db *DB) []Problem {
	t.Helper()
	problems, err := db.Forgotten(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return problems
}
