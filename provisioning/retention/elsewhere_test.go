package retention_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
	"seducoahuila.gob.mx/altas/provisioning/retention"
)

// Wherever somebody wrote of her, and however they wrote her CURP and her address.
func TestEraseFindsHerInTexts(t *testing.T) {
	notes := []string{
		"<quiteria.urdinola@docentecoahuila.gob.mx>", "correo:\nquiteria.urdinola@docentecoahuila.gob.mx", "'quiteria.urdinola@docentecoahuila.gob.mx'",
		"-quiteria.urdinola@docentecoahuila.gob.mx", "correo...quiteria.urdinola@docentecoahuila.gob.mx", "_Quiteria.Urdinola@docentecoahuila.gob.mx_",
		"quiteria.urdinola@docentecoahuila.gob.mx-Quiteria Urdiñola", "UIZQ 850515 M CL RBT 08", "UIZQ\u00a0850515\u00a0MCLRBT08", "ＵＩＺＱ８５０５１５ＭＣＬＲＢＴ０８",
		"U.I.Z.Q.8.5.0.5.1.5.M.C.L.R.B.T.0.8", "UIZQ85O515MCLRBT08", "CURPuizq850515mclrbt08",
		"No confundir con Quiteria de la Urdiñola Zubirán, UIZQ850515MCLRBT08", "Quiteria Ñ. Urdiñola: UIZQ············08",
	}
	w := newWorld(t)
	w.put("2026-000001", provisioning.StateCompleted, quiteria, provisioningtest.Teacher(1))
	w.made("2026-000001-0001", address, true)
	for i, note := range notes {
		f := provisioning.NewFolio(2026, 10+i)
		w.put(f, provisioning.StateDirector, provisioningtest.Teacher(20+i))
		w.changeRequest(f, func(r *provisioning.Request) { r.Notes, r.Decisions = note, []provisioning.Decision{{Comment: note}} })
		w.change(provisioning.NewStamp(f, 1), func(a *provisioning.Account) { a.Note = note })
		w.update(func(tx provisioning.Tx) error {
			return errors.Join(
				tx.Record(provisioning.Entered{At: w.now, By: provisioning.Actor{ID: "rosa", Name: "Rosa"}, Act: "approval.return", Folio: f, Detail: map[string]string{"comment": note}}),
				tx.Save("draft", string(f), map[string]any{"values": map[string]string{"notes": note, "givenNames": "Quiteria"}}),
				tx.Post(provisioning.Notice{To: "ana", Kind: "x", Args: map[string]string{"name": note}}),
			)
		})
	}
	w.erase()
	for i := range notes {
		if r := w.request(provisioning.NewFolio(2026, 10+i)); r.Subject != provisioningtest.Teacher(20+i).DisplayName() {
			t.Errorf("the subject of another's request is %q", r.Subject)
		}
	}
	w.wantGone()
}

// All that was typed in her own requests is read, also what was written of her lines' neighbours.
func TestEraseOfHerRequests(t *testing.T) {
	w := newWorld(t)
	w.put("2026-000001", provisioning.StateCompleted, quiteria, provisioningtest.Teacher(1))
	w.changeRequest("2026-000001", func(r *provisioning.Request) {
		r.Petition.Number, r.Area = "Correo de Quiteria Urdiñola, UIZQ850515MCLRBT08", "Casa de Quiteria de la Urdiñola Zubirán Ñ"
	})
	w.change("2026-000001-0002", func(a *provisioning.Account) {
		a.Note, a.OtherNames = "No es Urdiñola Zubirán.", []string{"Quiteria Urdiñola"}
		a.Trouble = &provisioning.Trouble{Reason: "trouble.curp", Args: map[string]string{"name": "Quiteria Zubirán"}}
		a.Warnings = []problem.Warning{{Reason: "x", Args: map[string]string{"name": "Quiteria Zubirán"}}}
	})
	w.update(func(tx provisioning.Tx) error {
		return tx.Post(provisioning.Notice{To: "ana", Kind: "x", Folio: "2026-000001", Args: map[string]string{"name": "Quiteria Urdiñola"}})
	})
	w.erase()
	if sibling := w.line("2026-000001-0002"); sibling.Holder != provisioningtest.Teacher(1) || !strings.HasPrefix(sibling.Note, "No es ") {
		t.Errorf("the other line is %+v", sibling)
	}
	w.wantGone()
}

// An account that was renamed had another address, by which others may have written of her.
func TestEraseKnowsHerFormerAddress(t *testing.T) {
	w := newWorld(t)
	w.put("2026-000001", provisioning.StateCompleted, quiteria)
	w.made("2026-000001-0001", "q.u@docentecoahuila.gob.mx", true)
	w.put("2026-000002", provisioning.StateDirector, provisioningtest.Teacher(1))
	w.change("2026-000002-0001", func(a *provisioning.Account) { a.Passed, a.Note = []identity.Address{address}, "no "+string(address) })
	w.update(func(tx provisioning.Tx) error {
		e := provisioning.Entered{At: w.now, By: provisioning.System, Act: "account.created", Folio: "2026-000001", Stamp: "2026-000001-0001", Detail: map[string]string{"address": string(address)}}
		return tx.Record(e)
	})
	w.erase()
	w.wantGone()
}

// The names of officials stay, though they share a surname with her.
func TestEraseLeavesOfficials(t *testing.T) {
	w := newWorld(t)
	w.put("2026-000001", provisioning.StateCompleted, quiteria)
	w.put("2026-000002", provisioning.StateCompleted, quiteria, provisioningtest.Teacher(1))
	w.update(func(tx provisioning.Tx) error {
		record := func(s provisioning.Stamp, name, comment string) error {
			return tx.Record(provisioning.Entered{
				At: w.now, By: provisioning.Actor{ID: "o", Name: name}, Act: "approval.approve", Folio: s.Folio(), Stamp: s, Detail: map[string]string{"comment": comment},
			})
		}
		return errors.Join(
			tx.Record(provisioning.Entered{At: w.now, By: provisioning.Actor{ID: "o", Name: "Óscar Urdiñola Treviño"}, Act: "approval.approve", Folio: "2026-000001", Detail: map[string]string{"comment": "Procede"}}),
			record("2026-000002-0002", "Rosa", "La profesora Zubirán firma"), // another's line: one word of a name is not hers
		)
	})
	w.erase()
	var names []string
	for _, e := range w.entries() {
		if e.By.ID == "o" {
			names = append(names, e.By.Name)
		}
	}
	if diff := cmp.Diff([]string{"Óscar Urdiñola Treviño", "Rosa"}, names); diff != "" {
		t.Errorf("officials (-want +got):\n%s", diff)
	}
}

// The CURP of a rejected request was masked, and no row leads to it: she is erased all the same, and shown.
func TestAMaskedLineIsHers(t *testing.T) {
	w := newWorld(t)
	w.put("2026-000001", provisioning.StateRejected, quiteria)
	namesake := quiteria
	namesake.Person.CURP = "UIZQ900101MCLRBT08"
	w.put("2026-000002", provisioning.StateRejected, namesake)
	w.now = w.now.AddDate(9, 0, 0)
	w.mask(retention.Masked{Requests: 2, Lines: 2})
	if p, err := w.Person(context.Background(), retention.Subject{CURP: quiteria.Person.CURP}, by); err != nil || len(p.Lines) != 1 {
		t.Errorf("shown are %d lines, %v", len(p.Lines), err)
	}
	if erased := w.erase(); len(erased.Lines) != 1 || erased.Lines[0] != "2026-000001-0001" {
		t.Errorf("erased %v", erased.Lines)
	}
	if a := w.line("2026-000001-0001"); a.HolderDigest != "" || a.Holder.DisplayName() != retention.Blank {
		t.Errorf("of the line is left %+v", a)
	}
	if a := w.line("2026-000002-0001"); a.Holder.DisplayName() != quiteria.DisplayName() {
		t.Errorf("the namesake's line is %+v", a)
	}
}

// A line without a CURP is erased by its stamp.
func TestALineWithoutACURPIsErased(t *testing.T) {
	w := newWorld(t)
	unnamed := quiteria
	unnamed.Person.CURP = ""
	w.put("2026-000001", provisioning.StateRejected, unnamed)
	erased, err := w.Erase(context.Background(), retention.Subject{Line: "2026-000001-0001"}, by)
	if err != nil || len(erased.Lines) != 1 {
		t.Fatalf("erased %+v, %v", erased, err)
	}
	w.wantGone()
	if _, err := w.Erase(context.Background(), retention.Subject{Line: "2026-000009-0001"}, by); !errors.Is(err, retention.ErrNoLine) {
		t.Errorf("an unknown line: %v", err)
	}
}

// Of a person who is only in the receipts the audit says that they were shown, and erased.
func TestAPersonOfTheReceiptsAloneIsInTheAudit(t *testing.T) {
	w := newWorld(t)
	w.rows.rows = []provisioning.Receipt{{Address: address, Holder: quiteria}}
	if _, err := w.Person(context.Background(), retention.Subject{CURP: quiteria.Person.CURP}, by); err != nil {
		t.Fatal(err)
	}
	w.erase()
	var acts []string
	for _, e := range w.entries() {
		acts = append(acts, e.Act+e.Detail["reference"])
	}
	if diff := cmp.Diff([]string{"person.showARCO 12/2026", "person.eraseARCO 12/2026"}, acts); diff != "" {
		t.Errorf("acts (-want +got):\n%s", diff)
	}
}

// What is owed to her would be lost: the row of an account that was made.
func TestEraseWaitsForTheRow(t *testing.T) {
	w := newWorld(t)
	w.put("2026-000001", provisioning.StateCompleted, quiteria)
	w.made("2026-000001-0001", address, false)
	w.change("2026-000001-0001", func(a *provisioning.Account) { a.RecordedAt = time.Time{} })
	_, err := w.Erase(context.Background(), retention.Subject{CURP: quiteria.Person.CURP}, by)
	var owed *retention.OwedError
	if !errors.As(err, &owed) || !owed.Row {
		t.Errorf("err = %v", err)
	}
}

func TestReferences(t *testing.T) {
	w := known(t)
	for reference, good := range map[string]bool{
		"": true, "ARCO 12/2026": true, "UT-045-2026": true, "330026526000123": true,
		"ARCO 12 Urdiñola": false, "ARCO-Quiteria/2026": false, "ARCO 778899": false, "quiteriaurdinola 7": false, "UIZQ 850515 M CLRBT08": false,
		"GAPG850515MCLRXD08": false, "sin número": false, "ARCO 12/2026, de quien lo pidió por escrito en marzo": false,
	} {
		_, err := w.Erasable(context.Background(), retention.Subject{CURP: quiteria.Person.CURP}, retention.Act{Reference: reference})
		if good != (err == nil) || !good && !errors.Is(err, retention.ErrReference) {
			t.Errorf("%q: %v", reference, err)
		}
	}
	if a := w.line("2026-000001-0001"); a.Holder != quiteria {
		t.Errorf("Erasable erased: %+v", a)
	}
}

// A form from which she is removed is not edited further by a number that is another's by now.
func TestAFormIsNotEditedByAFormerNumber(t *testing.T) {
	w := newWorld(t)
	w.put("2026-000001", provisioning.StateCompleted, quiteria)
	w.update(func(tx provisioning.Tx) error {
		return tx.Save("draft", "beto", map[string]any{"editing": 2, "people": []any{
			map[string]any{"values": map[string]any{"curp": quiteria.Person.CURP}}, map[string]any{"values": map[string]any{"givenNames": "Ximena"}},
		}})
	})
	w.erase()
	w.update(func(tx provisioning.Tx) error {
		form := struct {
			Editing int   `json:"editing"`
			People  []any `json:"people"`
		}{}
		_, err := tx.Load("draft", "beto", &form)
		if form.Editing != 0 || len(form.People) != 1 {
			t.Errorf("the form is %+v", form)
		}
		return err
	})
}

// A line names its holder: by its CURP, and if that was masked by that of its row.
func TestTheSubjectOfALine(t *testing.T) {
	w := newWorld(t)
	w.put("2026-000001", provisioning.StateCompleted, quiteria)
	w.made("2026-000001-0001", address, true)
	wants := func() {
		t.Helper()
		if s, err := w.Erasable(context.Background(), retention.Subject{Line: "2026-000001-0001"}, by); err != nil || s.CURP != quiteria.Person.CURP {
			t.Errorf("the subject is %#v, %v", s, err)
		}
	}
	wants()
	w.now = w.now.AddDate(9, 0, 0)
	w.mask(retention.Masked{Requests: 1, Lines: 1})
	wants()
}

// The entry that she was shown says to whom and by which request, and names her not: it stays.
func TestWhoWasShownStaysInTheAudit(t *testing.T) {
	w := newWorld(t)
	w.put("2026-000001", provisioning.StateCompleted, quiteria)
	if _, err := w.Person(context.Background(), retention.Subject{CURP: quiteria.Person.CURP}, by); err != nil {
		t.Fatal(err)
	}
	w.erase()
	if e := w.entries()[0]; e.Act != retention.ActShow || e.By.Name != "root" || e.Detail["reference"] != by.Reference {
		t.Errorf("the entry is %+v", e)
	}
}
