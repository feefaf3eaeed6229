package retention_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/letter"
	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
	"seducoahuila.gob.mx/altas/provisioning/retention"
)

// known puts what Altas keeps of quiteria: her own request, one with others, and what others wrote.
func known(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.put("2026-000001", provisioning.StateCompleted, quiteria)
	w.put("2026-000002", provisioning.StateCompleted, provisioningtest.Teacher(1), quiteria, provisioningtest.Teacher(2))
	w.put("2026-000003", provisioning.StateDirector, provisioningtest.Teacher(3))
	w.made("2026-000001-0001", address, true)
	w.change("2026-000002-0002", func(a *provisioning.Account) {
		a.State, a.Address, a.Note = provisioning.AccountExists, address, "Ya la tiene la maestra Urdiñola Zubirán."
		a.OtherNames, a.Warnings = []string{"Quiteria Urdiñola"}, []problem.Warning{{Reason: "name.two", Args: map[string]string{"name": "Quiteria Urdiñola"}}}
	})
	w.changeRequest("2026-000001", func(r *provisioning.Request) {
		r.Notes = "Para Quiteria, CURP uizq-850515 mclrbt08. Es maestra nueva."
		r.Decisions = []provisioning.Decision{{Stage: provisioning.Director, Verdict: provisioning.Approve, Comment: "Zubirán ya firmó."}}
	})
	w.changeRequest("2026-000002", func(r *provisioning.Request) {
		r.Notes = "Falta URDIÑOLA ZUBIRAN QUITERIA en la lista."
	})
	w.change("2026-000003-0001", func(a *provisioning.Account) {
		a.Passed, a.Chosen = []identity.Address{"otra@docentecoahuila.gob.mx", address}, address
		a.Note = "No es " + strings.ToUpper(string(address)) + ", de Quiteria de la Urdiñola."
		a.Trouble = &provisioning.Trouble{Reason: "trouble.homonym", Entries: []provisioning.Entry{
			{ID: "object-2026-000001-0001", Address: address, DisplayName: "Quiteria de la Urdiñola Zubirán"},
		}}
	})
	w.update(func(tx provisioning.Tx) error {
		record := func(s provisioning.Stamp, name string, detail map[string]string) error {
			return tx.Record(provisioning.Entered{At: w.now, By: provisioning.Actor{ID: "ana", Name: name}, Act: "test", Folio: s.Folio(), Stamp: s, Detail: detail})
		}
		return errors.Join(
			record("2026-000001-0001", "Ana", map[string]string{"address": "quien sabe"}),
			record("2026-000002-0001", "Ana", map[string]string{"comment": "no es Urdiñola Zubirán"}),
			record("2026-000003-0001", "Ana", map[string]string{"address": string(address)}),
			record("2026-000002-0003", "Quiteria Urdiñola", nil),
			record("2026-000003-0001", "Ana", map[string]string{"comment": "se queda"}),
			tx.Post(provisioning.Notice{To: "ana", Kind: provisioning.NoticeReady, Folio: "2026-000001", Stamp: "2026-000001-0001"}),
			tx.Post(provisioning.Notice{To: "platform", Kind: provisioning.NoticeUnrecorded, Args: map[string]string{"address": string(address), "name": "Quiteria Urdiñola"}}),
			tx.Post(provisioning.Notice{To: "ana", Kind: provisioning.NoticeCompleted, Folio: "2026-000002"}),
			tx.Save("question", "director/rosa", map[string]any{"post": "request/2026-000002/director/1", "comment": "quiten a Quiteria Urdiñola"}),
			tx.Save("post", "request/2026-000002/director/1", map[string]any{"shown": "x"}),
			tx.Save("draft", "beto", map[string]any{"id": "x", "people": []any{
				map[string]any{"values": map[string]any{"givenNames": "Quiteria", "curp": quiteria.Person.CURP}, "holder": quiteria},
				map[string]any{"values": map[string]any{"givenNames": "Ximena"}},
			}, "typed": map[string]any{"firstSurname": "URDIÑOLA", "curp": strings.ToLower(string(quiteria.Person.CURP))}, "version": 9007199254740993}),
		)
	})
	return w
}

func TestEraseLeavesNoTrace(t *testing.T) {
	w := known(t)
	erased := w.erase()
	want := retention.Erased{
		Lines: []provisioning.Stamp{"2026-000001-0001", "2026-000002-0002"}, Accounts: []string{"object-2026-000001-0001"}, Entries: 4, Records: 5,
	}
	if diff := cmp.Diff(want, erased); diff != "" {
		t.Errorf("Erase (-want +got):\n%s", diff)
	}
	w.wantGone()
	if again := w.erase(); !cmp.Equal(again, retention.Erased{}) {
		t.Errorf("erased again: %+v", again)
	}
}

func TestEraseLeavesTheRest(t *testing.T) {
	w := known(t)
	w.erase()
	line := w.line("2026-000001-0001")
	if line.State != provisioning.AccountAnnounced || line.ObjectID != "object-2026-000001-0001" || !line.ErasedAt.Equal(w.now) {
		t.Errorf("of the line is left %+v", line)
	}
	if r := w.request("2026-000001"); r.Subject != retention.Blank || r.Area == "" || r.Requester.Name != "Solicitante ana" || !strings.Contains(r.Notes, "Es maestra nueva.") {
		t.Errorf("of the request is left %+v", r)
	}
	if got := w.line("2026-000002-0001").Holder; got != provisioningtest.Teacher(1) {
		t.Errorf("another's line is %+v", got)
	}
	stranger := w.line("2026-000003-0001")
	if stranger.Holder != provisioningtest.Teacher(3) || len(stranger.Passed) != 1 || stranger.Trouble.Entries[0].ID != "object-2026-000001-0001" {
		t.Errorf("a stranger's line is %+v", stranger)
	}
	w.update(func(tx provisioning.Tx) error {
		var draft struct {
			People  []any             `json:"people"`
			Typed   map[string]string `json:"typed"`
			Version int64             `json:"version"`
		}
		_, err := tx.Load("draft", "beto", &draft)
		if len(draft.People) != 1 || draft.Version != 9007199254740993 || draft.Typed["firstSurname"] != retention.Blank {
			t.Errorf("a stranger's form is %+v", draft)
		}
		return err
	})
	var kept, acts []string
	for _, e := range w.entries() {
		if e.Detail["comment"] == "se queda" && e.By.Name == "Ana" {
			kept = append(kept, e.Act)
		}
		if e.By.ID == by.By.ID {
			acts = append(acts, e.Act+" "+string(e.Stamp)+" "+e.Detail["reference"])
		}
	}
	wantActs := []string{"audit.redact  ARCO 12/2026", "person.erase 2026-000001-0001 ARCO 12/2026", "person.erase 2026-000002-0002 ARCO 12/2026"}
	if diff := cmp.Diff(wantActs, acts); diff != "" || len(kept) != 1 {
		t.Errorf("audit: kept %v; acts (-want +got):\n%s", kept, diff)
	}
}

// Cards are drawn anew, and nobody gets the address.
func TestEraseThenTheCardsAndTheAddress(t *testing.T) {
	w := known(t)
	w.erase()
	w.update(func(tx provisioning.Tx) error {
		if err := tx.Reserve(address, "2026-000003-0001"); problem.CodeOf(err) != problem.CodeConflict {
			t.Errorf("another line gets the address: %v", err)
		}
		return nil
	})
	due, err := w.db.Claim(context.Background(), provisioning.JobCards, w.now, time.Minute, job.Room{All: 10, Plain: 10})
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, j := range due {
		keys = append(keys, j.Key)
	}
	slices.Sort(keys)
	if diff := cmp.Diff([]string{"2026-000001", "2026-000002"}, keys); diff != "" {
		t.Errorf("cards (-want +got):\n%s", diff)
	}
}

// A namesake is another person, whose records stay as they are.
func TestANamesakeIsNotErased(t *testing.T) {
	w := newWorld(t)
	namesake := quiteria
	namesake.Person.CURP = "UIZQ900101MCLRBT02"
	w.put("2026-000001", provisioning.StateCompleted, quiteria)
	w.put("2026-000002", provisioning.StateCompleted, namesake)
	w.made("2026-000002-0001", "quiteria.urdinola2@docentecoahuila.gob.mx", false)
	w.made("2026-000001-0001", address, false)
	w.changeRequest("2026-000002", func(r *provisioning.Request) { r.Notes = "Para Quiteria de la Urdiñola." })
	w.changeRequest("2026-000002", func(r *provisioning.Request) { r.Requester.Name = "Zubirán de la Urdiñola, Quiteria Ñ." })
	w.put("2026-000003", provisioning.StateCompleted, identity.Holder{Type: identity.WorkCentre, Centre: identity.Centre{
		CCT: "05DPR0221C", Name: "Escuela", Responsible: quiteria.DisplayName(),
	}})
	before, requested := w.line("2026-000002-0001"), w.request("2026-000002")
	if got := w.erase().SameName; !cmp.Equal(got, []string{"2026-000003-0001", "2026-000002-0001", "2026-000002"}) {
		t.Errorf("of the same name are %v", got)
	}
	if diff := cmp.Diff(before, w.line("2026-000002-0001")); diff != "" {
		t.Errorf("her namesake's line (-before +after):\n%s", diff)
	}
	if diff := cmp.Diff(requested, w.request("2026-000002")); diff != "" {
		t.Errorf("her namesake's request (-before +after):\n%s", diff)
	}
}

func TestEraseRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		state provisioning.RequestState
		curp  identity.CURP
		ref   string
		want  error
	}{
		"an open request":             {provisioning.StateDirector, quiteria.Person.CURP, "", &retention.OwedError{Folio: "2026-000001"}},
		"one that is returned":        {provisioning.StateReturned, quiteria.Person.CURP, "", &retention.OwedError{Folio: "2026-000001"}},
		"a generic CURP":              {provisioning.StateCompleted, "XEXX010101HNEXXXA4", "", retention.ErrGeneric},
		"no CURP":                     {provisioning.StateCompleted, "", "", retention.ErrGeneric},
		"a reference with the name":   {provisioning.StateCompleted, quiteria.Person.CURP, "ARCO de Quiteria Urdiñola", retention.ErrReference},
		"a reference with her CURP":   {provisioning.StateCompleted, quiteria.Person.CURP, "de UIZQ850515MCLRBT08", retention.ErrReference},
		"a reference of another kind": {provisioning.StateCompleted, quiteria.Person.CURP, "ARCO 12/2026", nil},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.put("2026-000001", c.state, quiteria)
			_, err := w.Erase(context.Background(), retention.Subject{CURP: c.curp}, retention.Act{Reference: c.ref})
			if !cmp.Equal(err, c.want, cmp.Comparer(func(a, b error) bool { return a == nil && b == nil || a != nil && b != nil && a.Error() == b.Error() })) {
				t.Errorf("err = %v, want %v", err, c.want)
			}
			if got := w.line("2026-000001-0001"); c.want != nil && got.Holder != quiteria {
				t.Errorf("yet the line is %+v", got)
			}
		})
	}
}

// A letter that waits for its number would otherwise be issued without her.
func TestEraseWaitsForTheLetter(t *testing.T) {
	w := newWorld(t)
	w.put("2026-000001", provisioning.StateCompleted, quiteria)
	for state, owed := range map[letter.State]bool{letter.StateWaiting: true, letter.StateNumbered: true, letter.StateAnnulled: false} {
		w.update(func(tx provisioning.Tx) error {
			return tx.Save("letter", "2026-000001/001", letter.Letter{Folio: "2026-000001", Serial: 1, State: state})
		})
		_, err := w.Erase(context.Background(), retention.Subject{CURP: quiteria.Person.CURP}, by)
		var want *retention.OwedError
		if errors.As(err, &want) != owed || owed && !want.Letter {
			t.Errorf("with a letter that is %s: %v", state, err)
		}
		if !owed {
			w.update(func(tx provisioning.Tx) error {
				return errors.Join(tx.PutAccount(provisioningtest.Account("2026-000001", 1, quiteria))) // as before
			})
		}
	}
}

// A line without the CURP is hers if it is about her account; the row leads to one whose CURP was masked.
func TestLinesWithoutTheCURPAreHers(t *testing.T) {
	w := newWorld(t)
	w.put("2026-000001", provisioning.StateCompleted, quiteria)
	w.made("2026-000001-0001", address, true)
	unnamed := quiteria
	unnamed.Person.CURP = ""
	w.put("2026-000002", provisioning.StateCompleted, unnamed)
	w.change("2026-000002-0001", func(a *provisioning.Account) {
		a.State, a.Address, a.ObjectID = provisioning.AccountExists, address, "object-2026-000001-0001"
	})
	w.now = w.now.AddDate(9, 0, 0)
	if done, err := w.Mask(context.Background(), retention.Term{Tramite: 8}); err != nil || done.Lines != 2 {
		t.Fatalf("Mask = %+v, %v", done, err)
	}
	if erased := w.erase(); len(erased.Lines) != 2 {
		t.Errorf("erased %v", erased.Lines)
	}
	w.wantGone()
}

func TestAPersonIsShownWithAnAuditEntry(t *testing.T) {
	w := known(t)
	p, err := w.Person(context.Background(), retention.Subject{CURP: quiteria.Person.CURP}, by)
	if err != nil || p.Empty() || len(p.Lines) != 2 || len(p.Requests) != 2 || len(p.Rows) != 1 || len(p.Acts) != 1 {
		t.Fatalf("Person = %+v, %v", p, err)
	}
	shown := 0
	for _, e := range w.entries() {
		if e.Act == retention.ActShow && e.By.ID == by.By.ID {
			shown++
		}
	}
	if shown != 2 {
		t.Errorf("%d entries of %s, want one a line", shown, retention.ActShow)
	}
	nobody, err := w.Person(context.Background(), retention.Subject{CURP: provisioningtest.CURP(999)}, by)
	if err != nil || !nobody.Empty() {
		t.Errorf("of a stranger is kept %+v, %v", nobody, err)
	}
	w.rows.broken = errors.New("away")
	if _, err := w.Person(context.Background(), retention.Subject{CURP: quiteria.Person.CURP}, by); err == nil {
		t.Error("without the receipts a part is shown as all")
	}
}
