package retention_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/audit"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/input"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
	"seducoahuila.gob.mx/altas/provisioning/retention"
	"seducoahuila.gob.mx/altas/store"
	"seducoahuila.gob.mx/altas/store/storetest"
)

// quiteria is who is erased. No other person of the tests has one of her names.
var quiteria = identity.Holder{Type: identity.Teacher, Person: identity.Person{
	GivenNames: "Quiteria Ñ.", FirstSurname: "de la Urdiñola", SecondSurname: "Zubirán", CURP: "UIZQ850515MCLRBT08", CCT: "05DPR0221C", EmployeeNumber: "778899",
}}

const address = identity.Address("quiteria.urdinola@docentecoahuila.gob.mx")

// traces are what nothing may have that is left of her, in lower case without accents and tildes.
var traces = []string{"uizq850515", "quiteria", "urdinola", "zubiran", "778899"}

// world is an Archive over a real store, with receipts of its own.
type world struct {
	retention.Archive
	t    *testing.T
	db   *store.DB
	path string
	rows register
	now  time.Time
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, path: filepath.Join(t.TempDir(), "altas.db"), now: provisioningtest.Start}
	w.db = storetest.OpenAt(t, w.path)
	w.Archive = retention.Archive{Store: w.db, Receipts: &w.rows, Redraw: redraw, Digest: digest, Location: time.UTC, Now: func() time.Time { return w.now }}
	return w
}

// digest stands for a keyed one.
func digest(curp identity.CURP) string {
	return fmt.Sprintf("%x", sha256.Sum256([]byte("a key"+curp)))
}

func redraw(s provisioning.Stamp) []job.Job {
	return []job.Job{{Kind: provisioning.JobCards, Key: string(s.Folio())}}
}

// register is receipts in memory; broken is its error.
type register struct {
	rows   []provisioning.Receipt
	broken error
}

func (r *register) Find(_ context.Context, q provisioning.ReceiptQuery) (found []provisioning.Receipt, err error) {
	for _, row := range r.rows {
		if q.Stamp != "" && row.Stamp == q.Stamp || q.CURP != "" && row.Holder.Type == q.Type && row.Holder.Person.CURP == q.CURP {
			found = append(found, row)
		}
	}
	return found, r.broken
}

// put stores a request, in that state since the start, with a line for each holder.
func (w *world) put(f provisioning.Folio, state provisioning.RequestState, holders ...identity.Holder) {
	w.t.Helper()
	r := provisioningtest.Request(f, "ana", len(holders))
	r.State, r.Subject = state, holders[0].DisplayName()
	if state.Final() {
		r.EndedAt = provisioningtest.Start
	}
	w.update(func(tx provisioning.Tx) error {
		err := provisioningtest.PutRequest(tx, r)
		for i, h := range holders {
			err = errors.Join(err, tx.PutAccount(provisioningtest.Account(f, i+1, h)))
		}
		return err
	})
}

// made gives the line an account, and its row if recorded.
func (w *world) made(s provisioning.Stamp, a identity.Address, recorded bool) {
	w.t.Helper()
	w.change(s, func(line *provisioning.Account) {
		line.State, line.Address, line.ObjectID, line.CreatedAt = provisioning.AccountAnnounced, a, "object-"+string(s), w.now
		line.RecordedAt, line.Handover.SetAt = w.now, w.now
		if recorded {
			w.rows.rows = append(w.rows.rows, provisioning.Receipt{Stamp: s, Address: a, Holder: line.Holder, ObjectID: line.ObjectID, State: provisioning.ReceiptActive})
		}
	})
	w.update(func(tx provisioning.Tx) error { return tx.Reserve(a, s) })
}

func (w *world) change(s provisioning.Stamp, how func(*provisioning.Account)) {
	w.t.Helper()
	w.update(func(tx provisioning.Tx) error {
		line, err := tx.Account(s)
		how(&line)
		return errors.Join(err, tx.PutAccount(line))
	})
}

func (w *world) changeRequest(f provisioning.Folio, how func(*provisioning.Request)) {
	w.t.Helper()
	w.update(func(tx provisioning.Tx) error {
		r, err := tx.Request(f)
		how(&r)
		return errors.Join(err, tx.PutRequest(r))
	})
}

func (w *world) line(s provisioning.Stamp) (line provisioning.Account) {
	w.t.Helper()
	w.update(func(tx provisioning.Tx) (err error) { line, err = tx.Account(s); return err })
	return line
}

func (w *world) request(f provisioning.Folio) (r provisioning.Request) {
	w.t.Helper()
	w.update(func(tx provisioning.Tx) (err error) { r, err = tx.Request(f); return err })
	return r
}

func (w *world) entries() (all []provisioning.Entered) {
	w.t.Helper()
	w.update(func(tx provisioning.Tx) error {
		all = nil
		for e, err := range tx.Entries("") {
			if err != nil {
				return err
			}
			all = append(all, e)
		}
		return nil
	})
	return all
}

func (w *world) update(fn func(provisioning.Tx) error) {
	w.t.Helper()
	if err := w.db.Update(context.Background(), fn); err != nil {
		w.t.Fatal(err)
	}
}

// by is the operator of the tests.
var by = retention.Act{By: provisioning.Actor{ID: "os:root", Name: "root"}, Reference: "ARCO 12/2026"}

func (w *world) erase() retention.Erased {
	w.t.Helper()
	erased, err := w.Erase(context.Background(), retention.Subject{CURP: quiteria.Person.CURP}, by)
	if err != nil {
		w.t.Fatal(err)
	}
	return erased
}

// wantGone compacts the file and fails for each trace of the person that it, or a backup of it, has.
func (w *world) wantGone() {
	w.t.Helper()
	w.update(func(tx provisioning.Tx) error {
		_, err := audit.Verify(tx.Chain())
		return err
	})
	storetest.Check(w.t, w.db)
	if err := w.db.Close(); err != nil {
		w.t.Fatal(err)
	}
	if _, _, err := store.Compact(w.path); err != nil {
		w.t.Fatal(err)
	}
	data, err := os.ReadFile(w.path)
	if err != nil {
		w.t.Fatal(err)
	}
	w.wantNoTrace("the file", data)
	again := storetest.OpenAt(w.t, w.path)
	var backup bytes.Buffer
	if _, err := again.Backup(context.Background(), &backup); err != nil {
		w.t.Fatal(err)
	}
	w.wantNoTrace("its backup", backup.Bytes())
	w.db, w.Store = again, again
}

func (w *world) wantNoTrace(what string, data []byte) {
	w.t.Helper()
	text := strings.ReplaceAll(input.Fold(string(data)), "ñ", "n")
	for _, trace := range traces {
		if at := strings.Index(text, trace); at >= 0 {
			w.t.Errorf("%s has %q: …%q…", what, trace, text[max(0, at-80):min(len(text), at+80)])
		}
	}
}
