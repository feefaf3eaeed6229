package service_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
	"seducoahuila.gob.mx/altas/bot/service"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/input"
	"seducoahuila.gob.mx/altas/provisioning/retention"
	"seducoahuila.gob.mx/altas/store"
)

// eraser is who erases, as the audit has it.
var eraser = retention.Act{By: provisioning.Actor{ID: "os:jefatura", Name: "jefatura", Conversation: "os:servidor"}, Reference: "ARCO 7/2026"}

// archive opens what the service keeps, which must have been stopped.
func (o *office) archive() *service.Archive {
	o.t.Helper()
	config, _, err := service.LoadReceipts(func(name string) string { return o.env[name] })
	if err != nil {
		o.t.Fatal(err)
	}
	a, err := service.OpenArchive(context.Background(), o.env["STORE_PATH"], config)
	if err != nil {
		o.t.Fatal(err)
	}
	return a
}

// erases erases a person of the form, as altas person erase does.
func (o *office) erases(who teamsfake.Inputs) service.Erasure {
	o.t.Helper()
	a := o.archive()
	done, err := a.Erase(context.Background(), eraser, retention.Subject{CURP: identity.CURP(who["curp"])})
	if err != nil {
		o.t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		o.t.Error(err)
	}
	return done
}

// holdsNothingOf fails for each file of the service, and for a backup made now, that has one of the texts, in
// whichever case and with or without accents.
func (o *office) holdsNothingOf(texts ...string) {
	o.t.Helper()
	if err := os.WriteFile(filepath.Join(o.dir, "backup.db"), o.backup(), 0o600); err != nil {
		o.t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(o.dir, "*"))
	if err != nil {
		o.t.Fatal(err)
	}
	plain := func(s string) string { return strings.ReplaceAll(input.Fold(s), "ñ", "n") }
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			o.t.Fatal(err)
		}
		content := plain(string(data))
		for _, text := range texts {
			if at := strings.Index(content, plain(text)); at >= 0 {
				o.t.Errorf("%s has %q: …%q…", filepath.Base(path), text, content[max(0, at-100):min(len(content), at+100)])
			}
		}
	}
}

func (o *office) backup() []byte {
	o.t.Helper()
	db, err := store.Open(o.env["STORE_PATH"], store.Options{ReadOnly: true})
	if err != nil {
		o.t.Fatal(err)
	}
	var out strings.Builder
	if _, err := db.Backup(context.Background(), &out); err != nil {
		o.t.Error(err)
	}
	if err := db.Close(); err != nil {
		o.t.Error(err)
	}
	return []byte(out.String())
}

// line reads a line; the service must have been stopped.
func (o *office) line(s provisioning.Stamp) (line provisioning.Account) {
	o.t.Helper()
	o.ledger(func(tx provisioning.Tx) (err error) {
		line, err = tx.Account(s)
		return err
	})
	return line
}

// provisions has an account made for each, the letter issued, and waits until the rows are written.
func (o *office) provisions(p teamsfake.Person, holders ...teamsfake.Inputs) (folio string) {
	o.t.Helper()
	had := len(o.rows())
	folio = o.sends(p, holders...)
	o.authorises(folio)
	o.letterCard(folio, "letter.sent")
	o.eventually("the rows", func() bool { return len(o.rows()) == had+len(holders) })
	return folio
}

// Lucía has herself erased: no file of ours has her CURP or her name, the chain holds, her card says so, and
// of the other person of her request everything is as it was.
func TestAPersonIsErased(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	folio := o.provisions(o.silvia, lucia, luis)
	o.reveals(o.silvia, luciaMail)
	o.stop()
	done := o.erases(lucia)
	if len(done.People) != 1 || len(done.People[0].Lines) != 1 || len(done.People[0].Accounts) != 1 || done.Rows != 1 || len(done.Left) != 0 || done.After >= done.Before {
		t.Errorf("erased %+v", done)
	}
	o.holdsNothingOf(lucia["curp"], lucia["givenNames"], lucia["firstSurname"], lucia["secondSurname"], luciaMail)
	o.checksAudit()
	o.start()
	o.waits("cards that do not name her", func() bool {
		for _, m := range slices.Concat(o.teams.Messages(o.chats[o.silvia.ID], o.oscar.ID), o.teams.Messages(o.channels["director"], o.oscar.ID), o.teams.Messages(o.channels["subdirector"], o.oscar.ID)) {
			if m.Card != nil && (strings.Contains(m.Card.Text(), lucia["firstSurname"]) || strings.Contains(m.Card.Text(), luciaMail)) {
				return false
			}
		}
		return true
	})
	o.says(o.silvia, "estado "+folio)
	o.told(o.silvia, retention.Blank, luis["firstSurname"], "Concluida")
	o.says(o.silvia, "oficio "+folio)
	o.told(o.silvia, "El archivo del oficio", "se retiró")
}

// A backup of before is restored: the log says that somebody who was erased is back, and they are erased
// again; whoever asks for an account after the erasure stays.
func TestAnErasedPersonComesBackWithABackup(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.provisions(o.silvia, lucia)
	o.stop()
	before := o.files("altas.db", "receipts.db")
	o.erases(lucia)
	o.putBack(before)
	o.start()
	o.must(o.log.says(o.within(), "people who were erased are kept again"))
	o.stop()
	a := o.archive()
	people, err := a.Returned(context.Background())
	if err != nil || len(people) != 1 || string(people[0].CURP) != lucia["curp"] {
		t.Fatalf("returned are %d people, %v", len(people), err)
	}
	if _, err := a.Erase(context.Background(), eraser, people...); err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Error(err)
	}
	o.holdsNothingOf(lucia["curp"], lucia["firstSurname"], luciaMail)
	o.start()
	o.authorises(o.sends(o.martha, lucia))
	unclear := o.card(o.channels["platform"], o.gabriela, "attention.adopt", luciaMail) // nothing says any more whose the account in the tenant is
	o.presses(o.gabriela, unclear, "attention.adopt", nil)
	o.eventually("the row of the account that was adopted", func() bool {
		return slices.ContainsFunc(o.rows(), func(r provisioning.Receipt) bool { return string(r.Holder.Person.CURP) == lucia["curp"] })
	})
	o.stop()
	a = o.archive()
	if people, err := a.Returned(context.Background()); err != nil || len(people) != 0 {
		t.Errorf("who asks anew counts as returned: %d, %v", len(people), err)
	}
	if err := a.Close(); err != nil {
		t.Error(err)
	}
}

// After the term of the catalogue the CURP is masked, and Lucía is known by the receipts all the same: who asks
// for her again is told that she has an account.
func TestTheCURPIsMaskedAfterItsTerm(t *testing.T) {
	t.Parallel()
	o := openOffice(t, withRules("administrators:", "archive: {serie: 10C.3, tramite: 1, concentracion: 2}\nadministrators:"))
	folio := o.provisions(o.silvia, lucia)
	o.later(3*365 - 3)
	o.stop()
	if line := o.line(provisioning.NewStamp(provisioning.Folio(folio), 1)); string(line.Holder.Person.CURP) != lucia["curp"] {
		t.Errorf("before the term the line is of %#v", line.Holder.Person)
	}
	o.later(10)
	o.must(o.log.says(o.within(), "CURPs masked of requests whose term has ended"))
	o.stop()
	line := o.line(provisioning.NewStamp(provisioning.Folio(folio), 1))
	if line.MaskedAt.IsZero() || line.Holder.Known() || line.Holder.Person.FirstSurname == "" {
		t.Errorf("after the term the line is %+v", line)
	}
	if row := o.rows()[0]; string(row.Holder.Person.CURP) != lucia["curp"] {
		t.Error("the row has no CURP any more")
	}
	o.start()
	review := o.asks(o.martha, lucia)
	if text := review.Text(); !strings.Contains(text, luciaMail) {
		t.Errorf("who asks for her again is shown:\n%s", text)
	}
}
