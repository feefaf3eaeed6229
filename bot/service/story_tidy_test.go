package service_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/store"
)

// documents are the store's records of a kind, by key; the service must have been stopped.
func (o *office) documents(kind string) map[string]string {
	o.t.Helper()
	all := make(map[string]string)
	o.ledger(func(tx provisioning.Tx) error {
		for key, err := range tx.Keys(kind, "") {
			var raw json.RawMessage
			if _, load := tx.Load(kind, key, &raw); err != nil || load != nil {
				return errors.Join(err, load)
			}
			all[key] = string(raw)
		}
		return nil
	})
	return all
}

// noCURPs fails if a form's record has a CURP, or anything else that was typed.
func (o *office) noCURPs(forms map[string]string) {
	o.t.Helper()
	for key, record := range forms {
		for _, typed := range []string{"Lucía", "Luis", petitionTyped["oficio"]} {
			if curpInLog.MatchString(record) || strings.Contains(record, typed) {
				o.t.Errorf("the form %s still has what was typed: %s", key, record)
			}
		}
	}
}

// Silvia sends one form and Martha discards hers: of both only what the cards need is kept, and
// later nothing.
func TestWhatWasTypedGoesWithItsForm(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	folio := o.sends(o.silvia, lucia)
	review := o.asks(o.martha, luis)
	o.shows(o.martha, review, "request.discard", nil)
	o.stop()
	forms := o.documents("draft")
	if o.noCURPs(forms); len(forms) != 2 {
		t.Errorf("%d forms, want both: %v", len(forms), forms)
	}
	o.start()
	if after := o.shows(o.martha, review, "request.submit", nil); !strings.Contains(after.Text(), "Formulario descartado") {
		t.Errorf("a discarded form shows:\n%s", after.Text())
	}
	o.later(31)
	o.stop()
	if left := o.documents("draft"); len(left) != 0 {
		t.Errorf("after a month of the forms is left: %v", left)
	}
	id := strings.Trim(o.documents("requester-card")[folio], `"`)
	var cards []string
	for key := range o.documents("post") {
		if strings.HasPrefix(key, "draft/") {
			cards = append(cards, key)
		}
	}
	if len(cards) != 1 || cards[0] != "draft/"+id {
		t.Errorf("the cards of forms that are kept are %v; that of %s is draft/%s", cards, folio, id)
	}
}

// later advances the clock by a number of days, restarts the service and runs its daily deletion.
func (o *office) later(days int) {
	o.t.Helper()
	if o.stop != nil {
		o.stop()
	}
	o.ahead += time.Duration(days) * 24 * time.Hour
	tidied := func() int { return strings.Count(o.log.String(), `"msg":"tidied"`) }
	before := tidied()
	o.start()
	o.eventually("tidied", func() bool { return tidied() > before })
}

// Silvia does not send a form. After a month its card in the chat says that it was closed, and so
// does a click on her card; what she typed is deleted.
func TestAFormLeftLyingIsClosed(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	review := o.asks(o.silvia, lucia, luis)
	o.later(29)
	kept := o.shows(o.silvia, review, "request.remove", map[string]string{"number": "2"})
	o.later(29)
	if still := o.shows(o.silvia, kept, "request.add", nil); !still.Offers("request.next") {
		t.Fatalf("a form that she went on with is closed:\n%s", still.Text())
	}
	o.later(31)
	o.told(o.silvia, "Este formulario se cerró")
	if after := o.shows(o.silvia, kept, "request.submit", nil); !strings.Contains(after.Text(), "Este formulario se cerró") {
		t.Errorf("a form that was closed shows:\n%s", after.Text())
	}
	o.stop()
	o.noCURPs(o.documents("draft"))
	if n := len(o.requested()); n != 0 {
		t.Errorf("%d requests of a form that was closed", n)
	}
}

// Silvia opens a returned request as a form, and cancels the request: a day later the form says
// that it was closed, and nothing of its content is kept.
func TestAFormOfAnEndedRequestIsClosed(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	folio := o.sends(o.silvia, lucia)
	o.returns(o.rosa, "director", folio, "Falta el oficio.")
	form := o.corrects(o.silvia, folio, "Lucía")
	o.shows(o.silvia, o.card(o.chats[o.silvia.ID], o.silvia, "request.cancel", folio), "request.cancel", nil)
	o.later(1)
	o.told(o.silvia, "Este formulario se cerró")
	if after := o.shows(o.silvia, form, "request.submit", nil); !strings.Contains(after.Text(), "Este formulario se cerró") {
		t.Errorf("a form that was closed shows:\n%s", after.Text())
	}
	o.stop()
	o.noCURPs(o.documents("draft"))
}

// The forms that an earlier version never deleted, sent and open ones, are read unchanged; of a
// sent one only the folio is kept.
func TestFormsOfEarlierVersionsAreTidied(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	folio := o.sends(o.silvia, lucia)
	open := o.asks(o.martha, luis)
	o.stop()
	db, err := store.Open(o.env["STORE_PATH"], store.Options{})
	o.must(err)
	o.must(db.Update(context.Background(), func(tx provisioning.Tx) error {
		var sent, lying map[string]any
		_, errSent := tx.Load("draft", o.silvia.ID, &sent)
		_, errLying := tx.Load("draft", o.martha.ID, &lying)
		delete(sent, "at")
		delete(lying, "at")
		sent["people"], sent["values"] = lying["people"], lying["values"]
		return errors.Join(errSent, errLying, tx.Save("draft", o.silvia.ID, sent), tx.Save("draft", o.martha.ID, lying))
	}))
	o.must(db.Close())
	o.later(0)
	o.shows(o.martha, open, "request.add", nil)
	o.stop()
	forms := o.documents("draft")
	o.noCURPs(map[string]string{"sent": forms[o.silvia.ID]})
	if !strings.Contains(forms[o.silvia.ID], folio) || !strings.Contains(forms[o.martha.ID], "Luis") {
		t.Errorf("of the forms is left: %v", forms)
	}
}
