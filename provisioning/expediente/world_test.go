package expediente_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/calendar"
	"seducoahuila.gob.mx/altas/provisioning/expediente"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/letter"
	"seducoahuila.gob.mx/altas/provisioning/pdf"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
	"seducoahuila.gob.mx/altas/store"
	"seducoahuila.gob.mx/altas/store/storetest"
)

const folio = provisioning.Folio("2026-000123")

// saltillo is six hours behind UTC all the year: the requests of the tests end on the next day in UTC.
var saltillo = time.FixedZone("America/Monterrey", -6*60*60)

var (
	ana   = provisioning.Actor{ID: "ana", Name: "Ana Peña Güémez", Conversation: "19:chat"}
	rosa  = provisioning.Actor{ID: "rosa", Name: "Rosa Elena Cárdenas Muñoz", Conversation: "19:direccion"}
	luis  = provisioning.Actor{ID: "luis", Name: "Luis Ñáñez", Conversation: "19:sistemas"}
	start = time.Date(2026, 11, 2, 15, 0, 0, 0, time.UTC)
	ended = time.Date(2026, 12, 1, 2, 30, 0, 0, time.UTC)
)

// world is a store, and the letters in it.
type world struct {
	t       *testing.T
	db      *store.DB
	path    string
	letters *letter.Letters
	rules   *provisioning.Rules
	now     time.Time
}

func newWorld(t *testing.T) *world {
	t.Helper()
	path := filepath.Join(t.TempDir(), "altas.db")
	w := &world{t: t, db: storetest.OpenAt(t, path), path: path, now: ended}
	w.rules = &provisioning.Rules{
		Stages: provisioning.Stages{
			{Name: provisioning.Director, Approvers: []string{rosa.ID}}, {Name: provisioning.Subdirector, Approvers: []string{luis.ID}},
		},
		Limits: provisioning.DefaultLimits(), Calendar: &calendar.Calendar{},
	}
	w.letters = &letter.Letters{Config: letter.Config{
		Store: w.db, Keys: letter.Keys{make(letter.Key, letter.KeySize)}, HighWater: noNumbers{}, Engine: press{},
		Settings: letter.Settings{Template: letter.DefaultTemplate(), Numbering: letter.DefaultNumbering(), Stage: provisioning.Subdirector},
		Location: saltillo, Now: func() time.Time { return w.now },
	}}
	return w
}

// press prints the text of a letter alone: how it looks is package pdf's.
type press struct{}

func (press) Render(w io.Writer, d pdf.Document) error {
	_, err := fmt.Fprintf(w, "%%PDF %s", d.Title)
	return err
}

type noNumbers struct{}

func (noNumbers) Highest(string) (int, error) { return 0, nil }
func (noNumbers) Raise(string, int) error     { return nil }

// completed is a request of three teachers that was returned, corrected and completed: one account was
// made, one existed, one was excluded.
func completed() (provisioning.Request, []provisioning.Account) {
	r := provisioningtest.Request(folio, ana.ID, 3)
	r.State, r.Round, r.Version = provisioning.StateCompleted, 2, 7
	r.Requester, r.Requester.Conversation = ana, ""
	r.Petition = provisioning.Petition{Medium: "oficio", Number: "SEDU/045/2026", Date: time.Date(2026, 10, 30, 0, 0, 0, 0, time.UTC)}
	r.SubmittedAt, r.StageSince, r.EndedAt = start, ended, ended
	r.Decisions = []provisioning.Decision{
		decision(provisioning.Director, provisioning.Return, rosa, start.AddDate(0, 0, 1), 1), decision(provisioning.Director, provisioning.Approve, rosa, start.AddDate(0, 0, 3), 2),
		decision(provisioning.Subdirector, provisioning.Approve, luis, start.AddDate(0, 0, 4), 2),
	}
	lines := []provisioning.Account{account(1), account(2), account(3)}
	lines[0].State, lines[0].Address, lines[0].Handover = provisioning.AccountAnnounced, "lucia.nanez@docentecoahuila.gob.mx", provisioning.Handover{Reveals: 1, ShownAt: ended}
	lines[1].State, lines[1].Address = provisioning.AccountExists, "jose.garza@docentecoahuila.gob.mx"
	lines[2].State, lines[2].Note = provisioning.AccountExcluded, "Ya no labora en el plantel"
	return r, lines
}

func decision(stage provisioning.StageName, v provisioning.Verdict, by provisioning.Actor, at time.Time, round int) provisioning.Decision {
	by.Conversation = ""
	d := provisioning.Decision{Stage: stage, Verdict: v, By: by, At: at, Round: round}
	if v != provisioning.Approve {
		d.Comment = "Falta el «sello» del plantel"
	}
	return d
}

func account(n int) provisioning.Account {
	return provisioningtest.Account(folio, n, provisioningtest.Teacher(n))
}

// history are the audit entries of completed, among others.
func history() []provisioning.Entered {
	first := provisioning.NewStamp(folio, 1)
	by := func(at time.Time, who provisioning.Actor, act, before, after string, detail map[string]string) provisioning.Entered {
		return provisioning.Entered{At: at, By: who, Act: act, Folio: folio, Before: before, After: after, Detail: detail}
	}
	line := func(at time.Time, act, before, after string, detail map[string]string) provisioning.Entered {
		return provisioning.Entered{At: at, By: provisioning.System, Act: act, Folio: folio, Stamp: first, Before: before, After: after, Detail: detail}
	}
	other := provisioning.Entered{At: start, By: ana, Act: "request.submit", Folio: "2026-000122", After: "director"}
	return []provisioning.Entered{
		other, by(start, ana, "request.submit", "", "director", nil),
		by(start.AddDate(0, 0, 1), rosa, "approval.return", "director", "returned", map[string]string{"stage": "director", "comment": "Falta el «sello» del plantel"}),
		by(start.AddDate(0, 0, 2), ana, "request.submit", "returned", "director", nil), other,
		by(start.AddDate(0, 0, 3), rosa, "approval.approve", "director", "subdirector", map[string]string{"stage": "director", "as": "substitute"}),
		by(start.AddDate(0, 0, 4), luis, "approval.approve", "subdirector", "provisioning", map[string]string{"stage": "subdirector"}),
		line(ended, "account.created", "reserved", "created", map[string]string{"address": "lucia.nanez@docentecoahuila.gob.mx", "objectId": "o1"}),
		line(ended, "account.announced", "recorded", "announced", nil),
	}
}

// store stores a request, its lines and audit entries.
func (w *world) store(r provisioning.Request, lines []provisioning.Account, entries ...provisioning.Entered) {
	w.t.Helper()
	w.update(func(tx provisioning.Tx) error {
		errs := []error{provisioningtest.PutRequest(tx, r)}
		for _, a := range lines {
			if a.Address != "" {
				errs = append(errs, tx.Reserve(a.Address, a.Stamp))
			}
			errs = append(errs, tx.PutAccount(a))
		}
		for _, e := range entries {
			errs = append(errs, tx.Record(e))
		}
		return errors.Join(errs...)
	})
}

func (w *world) update(do func(provisioning.Tx) error) {
	w.t.Helper()
	if err := w.db.Update(w.t.Context(), do); err != nil {
		w.t.Fatal(err)
	}
}

// issue has the letter of the request made.
func (w *world) issue() {
	w.t.Helper()
	if err := w.letters.Issue(w.t.Context(), job.Job{Kind: provisioning.JobLetter, Key: string(folio)}); err != nil {
		w.t.Fatal(err)
	}
}

// annul annuls the letter.
func (w *world) annul(why string) {
	w.t.Helper()
	w.update(func(tx provisioning.Tx) error {
		click := provisioning.Click{By: luis, Channel: provisioning.Subdirector}
		return w.letters.Annul(tx, w.letters.Authority(w.rules.Authority(w.now, nil)), letter.Act{Folio: folio, Click: click}, why)
	})
}

// exporter is as an organisation has it.
func exporter() expediente.Exporter {
	return expediente.Exporter{Location: saltillo, Cover: expediente.Cover{Letterhead: letter.DefaultTemplate().Letterhead}}
}

// export returns the ZIP of the request.
func (w *world) export(x expediente.Exporter) []byte {
	w.t.Helper()
	data, err := w.try(x, folio)
	if err != nil {
		w.t.Fatal(err)
	}
	return data
}

func (w *world) try(x expediente.Exporter, f provisioning.Folio) ([]byte, error) {
	var out bytes.Buffer
	err := w.db.View(context.Background(), func(tx provisioning.Tx) error {
		out.Reset()
		return x.Write(tx, &out, f)
	})
	return out.Bytes(), err
}

// unzip returns the names of a ZIP in order, and its files.
func unzip(t testing.TB, data []byte) (names []string, files map[string]string) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	files = map[string]string{}
	for _, f := range z.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(in)
		if err := errors.Join(err, in.Close()); err != nil {
			t.Fatal(err)
		}
		names, files[f.Name] = append(names, f.Name), string(text)
	}
	return names, files
}
