package letter_test

import (
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/letter"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

func TestWhoMaySendAndRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t, letter.FromSeries)
	auth, _ := w.authority(nil)
	r := provisioning.Request{Folio: folio, Requester: provisioning.Actor{ID: ana}}
	r.Decisions = []provisioning.Decision{{Stage: provisioning.Director, By: provisioning.Actor{ID: "former director"}, Round: 1}}
	for _, c := range []struct {
		person  string
		channel provisioning.StageName
		sends   bool
		reads   bool
	}{
		{rosa, subchannel, true, true}, {secretary, subchannel, true, true}, {head, subchannel, true, true},
		{rosa, "", false, true}, {secretary, "", false, true}, {head, "", false, true},
		{rosa, provisioning.Director, false, true}, {head, provisioning.Platform, false, true},
		{director, subchannel, false, true}, {director, provisioning.Director, false, true},
		{ana, "", false, true}, {ana, subchannel, false, true},
		{"former director", "", false, true},
		{bystander, subchannel, false, false}, {bystander, "", false, false}, {"", subchannel, false, false}, {"", "", false, false},
	} {
		if err := auth.MaySend(click(c.person, c.channel)); (err == nil) != c.sends {
			t.Errorf("%q in %q sends: %v", c.person, c.channel, err)
		}
		err := auth.MayRead(r, click(c.person, c.channel))
		if (err == nil) != c.reads || err != nil && problem.CodeOf(err) != problem.CodeNotFound {
			t.Errorf("%q in %q reads: %v", c.person, c.channel, err)
		}
	}
}

// granted returns a token for the letter of folio.
func (w *world) granted(person string, lasts time.Duration) (token string, err error) {
	err = w.db.Update(w.t.Context(), func(tx provisioning.Tx) error {
		auth, err := w.authority(tx)
		if err != nil {
			return err
		}
		token, _, err = w.Grant(tx, auth, folio, click(person, ""), lasts)
		return err
	})
	return token, err
}

func TestAGrantIsForOnePersonOnceAndInTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t, letter.FromSeries)
	w.end(folio, provisioning.StateCompleted, 1)
	w.issued(folio)
	fetch := func(token, person string) error {
		_, data, err := w.Fetch(t.Context(), letter.GrantID(token), provisioning.Actor{ID: person})
		if (err == nil) != (len(data) > 0) {
			t.Errorf("%d bytes with error %v", len(data), err)
		}
		return err
	}
	token, err := w.granted(ana, letter.LinkFor)
	if err != nil || token == "" {
		t.Fatal(token, err)
	}
	if err := fetch(token, bystander); problem.CodeOf(err) != problem.CodeForbidden {
		t.Errorf("another person: %v", err)
	}
	if err := fetch(token, ""); problem.CodeOf(err) != problem.CodeForbidden {
		t.Errorf("nobody: %v", err)
	}
	if err := fetch(token, ana); err != nil {
		t.Errorf("whoever asked, after another tried: %v", err)
	}
	if err := fetch(token, ana); problem.ReasonOf(err) != "letter.link_used" {
		t.Errorf("twice: %v", err)
	}
	if token, err = w.granted(ana, letter.LinkFor); err != nil {
		t.Fatal(err)
	}
	w.now = w.now.Add(letter.LinkFor)
	if err := fetch(token, ana); problem.ReasonOf(err) != "letter.link_late" {
		t.Errorf("after 15 minutes: %v", err)
	}
	if err := fetch("made up", ana); problem.ReasonOf(err) != "letter.link_unknown" {
		t.Errorf("an unknown token: %v", err)
	}
	if n := w.acts("letter.fetch"); n != 1 {
		t.Errorf("%d entries of who fetched it", n)
	}
	if _, err := w.granted(bystander, letter.LinkFor); problem.CodeOf(err) != problem.CodeNotFound {
		t.Errorf("granted to anybody: %v", err)
	}
}

// A letter that was annulled after it was offered is not given any more.
func TestAnAnnulledLetterIsNotGiven(t *testing.T) {
	t.Parallel()
	w := newWorld(t, letter.FromSeries)
	w.end(folio, provisioning.StateCompleted, 1)
	w.issued(folio)
	token, err := w.granted(ana, letter.OfferFor)
	if err != nil {
		t.Fatal(err)
	}
	err = w.do(func(tx provisioning.Tx, auth letter.Authority) error {
		return w.Annul(tx, auth, by(rosa, folio), "Está mal")
	})
	if err != nil {
		t.Fatal(err)
	}
	_, data, err := w.Fetch(t.Context(), letter.GrantID(token), provisioning.Actor{ID: ana})
	if problem.ReasonOf(err) != "letter.annulled" || len(data) > 0 {
		t.Errorf("given: %d bytes, %v", len(data), err)
	}
}

// The store has no token: whoever reads a backup of it cannot use a grant.
func TestTokensAreNotKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t, letter.FromSeries)
	w.end(folio, provisioning.StateCompleted, 1)
	w.issued(folio)
	token, err := w.granted(ana, letter.LinkFor)
	if err != nil {
		t.Fatal(err)
	}
	w.view(func(tx provisioning.Tx) error {
		for key, err := range tx.Keys("letter.grant", "") {
			if err != nil {
				return err
			}
			if key == token || key != letter.GrantID(token) {
				t.Errorf("kept under %q", key)
			}
		}
		return nil
	})
	if letter.Nonce(token) == letter.GrantID(token) {
		t.Error("what Entra sees of a token is the id of its grant")
	}
}

func TestGrantsAreTidied(t *testing.T) {
	t.Parallel()
	w := newWorld(t, letter.FromSeries)
	w.end(folio, provisioning.StateCompleted, 1)
	w.issued(folio)
	if _, err := w.granted(ana, letter.LinkFor); err != nil {
		t.Fatal(err)
	}
	left := func() (n int) {
		w.view(func(tx provisioning.Tx) error {
			n = 0
			for _, err := range tx.Keys("letter.grant", "") {
				if err != nil {
					return err
				}
				n++
			}
			return nil
		})
		return n
	}
	for _, c := range []struct {
		later time.Duration
		left  int
	}{{time.Hour, 1}, {25 * time.Hour, 0}} {
		w.now = w.now.Add(c.later)
		if err := w.Tidy(t.Context()); err != nil || left() != c.left {
			t.Errorf("%v later %d are left, want %d: %v", c.later, left(), c.left, err)
		}
	}
}

func TestARequestWithoutALetterAsksForOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t, letter.FromSeries)
	w.end(folio, provisioning.StateCompleted, 1)
	token, err := w.granted(ana, letter.LinkFor)
	if err != nil || token != "" {
		t.Errorf("%q, %v", token, err)
	}
	w.issued(folio)
	if token, err = w.granted(ana, letter.LinkFor); err != nil || token == "" {
		t.Errorf("after it was made: %q, %v", token, err)
	}
	w.end(folio, provisioning.StateProvisioning, 1)
	w.end(other, provisioning.StateDirector, 1)
	err = w.do(func(tx provisioning.Tx, auth letter.Authority) error {
		_, _, err := w.Grant(tx, auth, other, click(ana, ""), letter.LinkFor)
		return err
	})
	if problem.ReasonOf(err) != "letter.open" {
		t.Errorf("of an open request: %v", err)
	}
}
