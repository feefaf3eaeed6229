package letter_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/letter"
	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
)

func TestALetterIsIssuedOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, letter.FromSeries)
	w.end(folio, provisioning.StateCompleted, 3)
	first := w.issued(folio)
	if first.State != letter.StateIssued || first.Number != "SEDU/DGTI/0001/2026" || first.Lines != 3 || first.Serial != 1 {
		t.Errorf("issued %+v", first)
	}
	again := w.issued(folio)
	if again != first {
		t.Errorf("issued again: %+v, before %+v", again, first)
	}
	if w.engine.printed != 1 || w.acts("letter.issue") != 1 {
		t.Errorf("printed %d times, %d entries", w.engine.printed, w.acts("letter.issue"))
	}
	w.end(other, provisioning.StateCompleted, 1)
	if next := w.issued(other); next.Number != "SEDU/DGTI/0002/2026" {
		t.Errorf("the next has the number %s", next.Number)
	}
}

// The bytes that are kept are those that are given out, whatever the template says later.
func TestTheFileStaysAsItWas(t *testing.T) {
	t.Parallel()
	w := newWorld(t, letter.FromSeries)
	w.end(folio, provisioning.StateCompleted, 1)
	w.issued(folio)
	var before, after []byte
	read := func(into *[]byte) {
		w.view(func(tx provisioning.Tx) (err error) {
			l, _, err := letter.Last(tx, folio)
			if err == nil {
				*into, _, err = letter.PDF(tx, l)
			}
			return err
		})
	}
	read(&before)
	w.Settings.Template.Place = "Torreón"
	w.issued(folio)
	read(&after)
	if len(before) == 0 || !bytes.Equal(before, after) {
		t.Errorf("%d bytes, then %d others", len(before), len(after))
	}
}

func TestAnOpenRequestHasNoLetter(t *testing.T) {
	t.Parallel()
	w := newWorld(t, letter.FromSeries)
	for _, state := range []provisioning.RequestState{
		provisioning.StateDirector, provisioning.StateReturned, provisioning.StateProvisioning, provisioning.StateCancelled, provisioning.StateExpired,
	} {
		w.end(folio, state, 1)
		if l := w.issued(folio); l.Serial != 0 {
			t.Errorf("%s: a letter %+v", state, l)
		}
	}
	if err := w.issue("2026-000099"); err == nil {
		t.Error("a letter for a folio that does not exist")
	}
}

// A process that dies, or a printer that fails, after the number was given continues with it.
func TestANumberIsKeptUntilItIsPrinted(t *testing.T) {
	t.Parallel()
	w := newWorld(t, letter.FromSeries)
	w.end(folio, provisioning.StateCompleted, 1)
	w.engine.broken = errors.New("out of paper")
	if err := w.issue(folio); err == nil {
		t.Fatal("no error")
	}
	numbered := w.last(folio)
	if numbered.State != letter.StateNumbered || numbered.File != "" {
		t.Fatalf("not printed: %+v", numbered)
	}
	w.engine.broken = nil
	if l := w.issued(folio); l.Number != numbered.Number || l.Code != numbered.Code || l.State != letter.StateIssued {
		t.Errorf("printed %+v, numbered %+v", l, numbered)
	}
}

func TestTwoAtOnceGiveOneLetter(t *testing.T) {
	t.Parallel()
	w := newWorld(t, letter.FromSeries)
	w.end(folio, provisioning.StateCompleted, 1)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if err := w.issue(folio); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if l := w.last(folio); l.Serial != 1 || l.Number != "SEDU/DGTI/0001/2026" || w.acts("letter.issue") != 1 {
		t.Errorf("%+v, %d entries", l, w.acts("letter.issue"))
	}
	w.view(func(tx provisioning.Tx) error {
		l, found, err := letter.VerifyFile(tx, w.Keys, pdfOf(t, tx, folio))
		if !found || l.Serial != 1 {
			t.Errorf("the kept file is not the recorded one: %v", l)
		}
		return err
	})
}

func pdfOf(t *testing.T, tx provisioning.Tx, f provisioning.Folio) []byte {
	t.Helper()
	l, _, err := letter.Last(tx, f)
	if err != nil {
		t.Fatal(err)
	}
	data, _, err := letter.PDF(tx, l)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// What a letter says has no CURP, and no address of an account that was not made.
func TestContentHasNoMoreThanTheLetterNeeds(t *testing.T) {
	t.Parallel()
	for _, state := range []provisioning.RequestState{provisioning.StateCompleted, provisioning.StateRejected} {
		w := newWorld(t, letter.FromSeries)
		w.end(folio, state, 3)
		w.engine.broken = errors.New("stop before it is printed")
		_ = w.issue(folio)
		var kept string
		w.view(func(tx provisioning.Tx) error {
			var c letter.Content
			found, err := tx.Load("letter.content", string(folio)+"/001", &c)
			if !found || len(c.Lines) != 3 || c.File != "SEDU/2026/2026-000001" || c.Addressee.Centre != "" || c.Addressee.Area == "" || len(c.Decisions) != 2 {
				t.Errorf("content %+v", c)
			}
			data, _ := json.Marshal(c)
			kept = string(data)
			return err
		})
		if has := strings.Contains(kept, "@"); has != (state == provisioning.StateCompleted) {
			t.Errorf("%s: addresses are told: %v", state, has)
		}
		for n := 1; n <= 3; n++ {
			if strings.Contains(kept, string(provisioningtest.CURP(n))) {
				t.Error("a CURP is kept")
			}
		}
		w.engine.broken = nil
		w.issued(folio)
		w.view(func(tx provisioning.Tx) error {
			var c letter.Content
			if found, _ := tx.Load("letter.content", string(folio)+"/001", &c); found {
				t.Error("the content is kept after it was printed")
			}
			return nil
		})
	}
}

// People type CURPs where they should not: the letter masks them.
func TestCURPsThatPeopleTypedAreMasked(t *testing.T) {
	t.Parallel()
	w := newWorld(t, letter.FromSeries)
	w.end(folio, provisioning.StateRejected, 1)
	curp := string(provisioningtest.CURP(7))
	w.update(func(tx provisioning.Tx) error {
		r, err := tx.Request(folio)
		a, unread := tx.Account(provisioning.NewStamp(folio, 1))
		r.Area, r.Petition.Number, a.Note = "Zona "+curp, curp, "Es de "+curp
		r.Decisions[1].Comment = "La CURP " + strings.ToLower(curp) + " no corresponde"
		return errors.Join(err, unread, tx.PutRequest(r), tx.PutAccount(a))
	})
	w.engine.broken = errors.New("stop before it is printed")
	_ = w.issue(folio)
	w.view(func(tx provisioning.Tx) error {
		var c letter.Content
		_, err := tx.Load("letter.content", string(folio)+"/001", &c)
		data, _ := json.Marshal(c)
		if strings.Contains(strings.ToUpper(string(data)), curp) || !strings.Contains(string(data), "no corresponde") {
			t.Errorf("content %s", data)
		}
		return err
	})
}

// The requester is told when a letter is annulled that was sent to them.
func TestTheRequesterIsToldOfAnAnnulment(t *testing.T) {
	t.Parallel()
	for _, sent := range []bool{false, true} {
		w := newWorld(t, letter.FromSeries)
		w.end(folio, provisioning.StateCompleted, 1)
		w.issued(folio)
		err := w.do(func(tx provisioning.Tx, auth letter.Authority) error {
			var err error
			if sent {
				err = w.Sent(tx, auth, by(rosa, folio))
			}
			return errors.Join(err, w.Annul(tx, auth, by(rosa, folio), "Está mal"))
		})
		if err != nil {
			t.Fatal(err)
		}
		told := 0
		w.view(func(tx provisioning.Tx) error {
			told = 0
			for n, err := range tx.Pending(ana) {
				if err != nil {
					return err
				}
				if n.Kind == letter.NoticeAnnulled && n.Args["number"] == "SEDU/DGTI/0001/2026" {
					told++
				}
			}
			return nil
		})
		if (told == 1) != sent {
			t.Errorf("sent before: %v; told %d times", sent, told)
		}
	}
}

// A work centre that asks for its own account is named; the school of a teacher is not the requester's.
func TestWhoseCentreTheLetterNames(t *testing.T) {
	t.Parallel()
	w := newWorld(t, letter.FromSeries)
	w.end(folio, provisioning.StateCompleted, 1)
	w.update(func(tx provisioning.Tx) error {
		r, err := tx.Request(folio)
		r.Type = identity.WorkCentre
		return errors.Join(err, tx.PutRequest(r))
	})
	w.engine.broken = errors.New("stop before it is printed")
	_ = w.issue(folio)
	w.view(func(tx provisioning.Tx) error {
		var c letter.Content
		_, err := tx.Load("letter.content", string(folio)+"/001", &c)
		if c.Addressee.Centre != "Supervisión Escolar 12" || c.Addressee.CCT != provisioningtest.CCT(12) {
			t.Errorf("addressee %+v", c.Addressee)
		}
		return err
	})
}

func TestTheOfficeSendsOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, letter.FromSeries)
	w.end(folio, provisioning.StateCompleted, 1)
	w.issued(folio)
	for range 2 {
		if err := w.do(func(tx provisioning.Tx, auth letter.Authority) error { return w.Sent(tx, auth, by(secretary, folio)) }); err != nil {
			t.Fatal(err)
		}
		w.now = w.now.Add(time.Hour)
	}
	if l := w.last(folio); !l.SentAt.Equal(provisioningtest.Start) || l.SentBy.ID != secretary {
		t.Errorf("sent %v by %v", l.SentAt, l.SentBy)
	}
	var told []provisioning.Notice
	w.view(func(tx provisioning.Tx) error {
		told = nil
		for n, err := range tx.Pending(ana) {
			if err != nil {
				return err
			}
			told = append(told, n)
		}
		return nil
	})
	if len(told) != 1 || told[0].Kind != letter.NoticeSent || w.acts("letter.send") != 1 {
		t.Errorf("told %v, %d entries", told, w.acts("letter.send"))
	}
}

func TestAnAnnulledLetterHasASuccessor(t *testing.T) {
	t.Parallel()
	w := newWorld(t, letter.FromSeries)
	w.end(folio, provisioning.StateCompleted, 1)
	first := w.issued(folio)
	annul := func(why string) error {
		return w.do(func(tx provisioning.Tx, auth letter.Authority) error { return w.Annul(tx, auth, by(rosa, folio), why) })
	}
	if err := annul("  "); problem.CodeOf(err) != problem.CodeInvalid {
		t.Errorf("without a reason: %v", err)
	}
	if err := annul("El nombre está mal"); err != nil {
		t.Fatal(err)
	}
	if err := annul("otra vez"); problem.CodeOf(err) != problem.CodeConflict {
		t.Errorf("twice: %v", err)
	}
	second := w.issued(folio)
	if second.Serial != 2 || second.Number == first.Number || second.Code == first.Code || !second.Valid() {
		t.Errorf("the successor is %+v", second)
	}
	w.view(func(tx provisioning.Tx) error {
		old, found, err := letter.VerifyCode(tx, w.Keys, first.Code)
		if !found || old.Valid() || old.Reason != "El nombre está mal" || old.AnnulledBy.ID != rosa {
			t.Errorf("the former code leads to %+v, %v", old, found)
		}
		return err
	})
	stale := by(rosa, folio)
	stale.Serial = 1
	err := w.do(func(tx provisioning.Tx, auth letter.Authority) error { return w.Sent(tx, auth, stale) })
	if problem.CodeOf(err) != problem.CodeConflict {
		t.Errorf("marked as sent on the card of the annulled one: %v", err)
	}
}
