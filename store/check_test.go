package store

import (
	"context"
	"errors"
	"strings"
	"testing"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
)

// fill writes a record of every kind.
func fill(tx provisioning.Tx) error {
	f, err := tx.NextFolio(2026)
	if err != nil {
		return err
	}
	a, b := provisioningtest.Account(f, 1, provisioningtest.Teacher(1)), provisioningtest.Account(f, 2, provisioningtest.Centre(2))
	a.Address = "ximena.munoz@docente.example"
	return errors.Join(
		tx.PutRequest(provisioningtest.Request(f, "ana", 2)), tx.PutAccount(a), tx.PutAccount(b),
		tx.Reserve(a.Address, a.Stamp), tx.Hold("a1", a.Stamp), tx.Wait("centro", b.Stamp),
		tx.Post(provisioning.Notice{To: "ana", Kind: provisioning.NoticeReceived, Folio: f, Once: "received:" + string(f)}),
		tx.Record(provisioning.Entered{Act: "request.submit", Folio: f, At: provisioningtest.Start}),
		tx.Record(provisioning.Entered{Act: "altas.start", At: provisioningtest.Start}),
		tx.Save("draft", "beto", map[string]string{"type": "docente"}),
		tx.Enqueue(job.Job{Kind: provisioning.JobCards, Key: string(f), Lane: string(f), Due: provisioningtest.Start}),
		tx.Enqueue(job.Job{Kind: provisioning.JobNotices, Key: "ana", Due: provisioningtest.Start.AddDate(1, 0, 0)}),
	)
}

func check(t *testing.T, db *DB) []Problem {
	t.Helper()
	problems, err := db.Check(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return problems
}

// Each case damages one record, as a bug or a disk error would, and has the problem that Check
// reports.
func TestCheckFinds(t *testing.T) {
	t.Parallel()
	request, line1, line2 := []byte("2026-000001"), []byte("2026-000001-0001"), []byte("2026-000001-0002")
	put := func(bucket string, k []byte, v string) func(*tx) error {
		return func(t *tx) error { return t.put(bucket, k, []byte(v)) }
	}
	del := func(bucket string, k []byte) func(*tx) error { return func(t *tx) error { return t.del(bucket, k) } }
	dropAll := func(bucket string) func(*tx) error {
		return func(t *tx) error {
			for k := range t.ascend(bucket, nil, nil) {
				if err := t.del(bucket, k); err != nil {
					return err
				}
			}
			return nil
		}
	}
	for name, c := range map[string]struct {
		damage func(*tx) error
		want   string
	}{
		"a request that cannot be read":              {put(bucketRequests, request, "{"), "cannot be read"},
		"a missing request":                          {del(bucketRequests, request), "no such request"},
		"a request without its index":                {dropAll(bucketByRequester), "no entry in requests.requester"},
		"a request in two states":                    {put(bucketByState, join("rejected", "2026-000001"), "\x01"), "no such request"},
		"a folio that would be assigned again":       {put(bucketFolios, []byte("2026"), "0"), "was never given"},
		"a line without its holder":                  {dropAll(bucketByIdentity), "no entry in accounts.identity"},
		"a holder without the line":                  {put(bucketByIdentity, join("docente:X", string(line1)), "\x01"), "not of that holder"},
		"a line without its search words":            {dropAll(bucketByWord), "no entry in accounts.word"},
		"a search word that the line does not have":  {put(bucketByWord, join("wenceslao", string(line1)), "\x01"), "no such word"},
		"a wrong tally":                              {put(bucketTallies, request, `{"pending":3}`), "there are map[pending:2]"},
		"a tally without a request":                  {put(bucketTallies, []byte("2026-000009"), `{"pending":1}`), "has no lines"},
		"an address of another line":                 {put(bucketAddresses, []byte("ximena.munoz@docente.example"), string(line2)), "does not have the address"},
		"a seat without a line":                      {put(bucketSeats, []byte("2026-000007-0001"), `{"sku":"a1"}`), "no entry in accounts"},
		"seats with a wrong count":                   {put(bucketSeatsHeld, []byte("a1"), "5"), "says 5; there are 1"},
		"seats without their count":                  {del(bucketSeatsHeld, []byte("a1")), "says nothing; there are 1"},
		"a queued line without its queue entry":      {dropAll(bucketSeatsQueue), "no entry in seats.queue"},
		"a queue entry of a line that is not queued": {put(bucketSeatsQueue, join("centro", numberKey(1)), string(line1)), "does not wait there"},
		"a notice of another recipient":              {put(bucketOutbox, join("beto", numberKey(1)), `{"id":1,"to":"ana"}`), "is not where it belongs"},
		"a notice without its Once":                  {dropAll(bucketOnce), "no entry in outbox.once"},
		"a missing audit entry":                      {del(bucketAudit, []byte(numberKey(1))), "where 1 belongs"},
		"a missing last audit entry":                 {del(bucketAudit, []byte(numberKey(2))), "the last given is 2"},
		"a request without its audit index":          {dropAll(bucketAuditFolio), "no entry in audit.folio"},
		"an audit index of another request":          {put(bucketAuditFolio, join("2026-000009", numberKey(1)), "\x01"), "is not the request's"},
		"a document that cannot be read":             {put(bucketDocuments, join("draft", "beto"), "{"), "cannot be read"},
		"a job without its due time":                 {dropAll(bucketJobsLater), "no entry in jobs.later"},
		"a job that is not counted":                  {dropAll(bucketJobsSince), "no entry in jobs.since"},
		"an index of a missing job":                  {dropAll(bucketJobs), "the job is not there"},
		"a lease of a job that is not leased":        {put(bucketJobsLeased, join("cards", timeKey(atOnce)+"2026-000001"), "\x01"), "the job is not there"},
		"a ready entry of a job that is not ready":   {put(bucketJobsReady, join("cards", "1", "l", timeKey(atOnce)+"2026-000001"), "\x01"), "the job is not there"},
		"a truncated index entry":                    {put(bucketJobsReady, []byte("cards\x001"), "\x01"), "the job is not there"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := openTemp(t, Options{NoSync: true})
			if err := db.Update(context.Background(), fill); err != nil {
				t.Fatal(err)
			}
			if problems := check(t, db); len(problems) > 0 {
				t.Fatalf("before: %v", problems)
			}
			if err := db.update(context.Background(), c.damage); err != nil {
				t.Fatal(err)
			}
			for _, p := range check(t, db) {
				if strings.Contains(p.String(), c.want) {
					return
				}
			}
			t.Errorf("Check = %v, want one with %q", check(t, db), c.want)
		})
	}
}

func TestCheckNamesNoPerson(t *testing.T) {
	t.Parallel()
	db := openTemp(t, Options{NoSync: true})
	err := db.Update(context.Background(), fill)
	if err != nil {
		t.Fatal(err)
	}
	err = db.update(context.Background(), func(t *tx) error { return t.del(bucketAccounts, []byte("2026-000001-0001")) })
	if err != nil {
		t.Fatal(err)
	}
	curp := string(provisioningtest.CURP(1))
	problems := check(t, db)
	if len(problems) == 0 {
		t.Fatal("Check found nothing")
	}
	for _, p := range problems {
		if text := strings.ToUpper(p.String()); strings.Contains(text, curp) || strings.Contains(text, "XIMENA") {
			t.Errorf("problem %q names somebody", p)
		}
	}
}

func TestCheckEnds(t *testing.T) {
	t.Parallel()
	db := openTemp(t, Options{NoSync: true})
	err := db.update(context.Background(), func(t *tx) error {
		for i := range 2 * maxProblems {
			if err := t.mark(bucketByState, join("s", provisioningFolio(i))); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(check(t, db)); n != maxProblems {
		t.Errorf("%d problems, want %d", n, maxProblems)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := db.Check(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("Check = %v, want context.Canceled", err)
	}
}

func provisioningFolio(i int) string { return string(provisioning.NewFolio(2026, i+1)) }
