package service_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
)

// gate holds requests to the tenant whose URL contains a word, once it is closed.
type gate struct {
	word    string
	shut    atomic.Bool
	waiting atomic.Int64 // number of held requests
	opened  chan struct{}
}

// withGate allows only the office's group to request, and puts a gate before the tenant.
func withGate(g *gate) func(*office, *tenantConfig) {
	return func(o *office, tenant *tenantConfig) {
		withGroup(o, tenant)
		o.rules(officeRules + "\nrequesterGroup: " + officeGroup + "\n")
		g.opened = make(chan struct{})
		o.between = func(h http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, err := io.ReadAll(r.Body)
				if err != nil {
					return
				}
				r.Body = io.NopCloser(bytes.NewReader(body))
				asked := strings.Count(r.URL.Path+string(body), g.word)
				if g.shut.Load() && asked > 0 {
					g.waiting.Add(int64(asked))
					<-g.opened
				}
				h.ServeHTTP(w, r)
			})
		}
	}
}

// click presses a button concurrently and sends the result to the channel.
func (o *office) click(p teamsfake.Person, card *teamsfake.Card, button string, typed teamsfake.Inputs) <-chan *teamsfake.Turn {
	done := make(chan *teamsfake.Turn, 1)
	ctx := o.within()
	go func() {
		turn, err := o.teams.Click(ctx, p.ID, card, button, typed)
		if err != nil {
			o.t.Errorf("%s presses %s: %v", p.Name, button, err)
		}
		done <- turn
	}()
	return done
}

// requested are the folios of the cards in the director's channel; the service must have been
// stopped, so that all cards are posted.
func (o *office) requested() map[string]bool {
	folios := make(map[string]bool)
	for _, m := range o.teams.Messages(o.channels["director"], o.oscar.ID) {
		if m.Card != nil {
			folios[folioShape.FindString(m.Card.Text())] = true
		}
	}
	return folios
}

// Silvia presses "send" on her computer and on her phone at the same instant: both have read the
// form before either is processed. One request is created, and both responses have its folio.
func TestSentTwiceAtOnce(t *testing.T) {
	t.Parallel()
	g := gate{word: "checkMemberGroups"}
	o := openOffice(t, withGate(&g))
	o.joins(o.silvia)
	review := o.asks(o.silvia, lucia)
	g.shut.Store(true)
	computer, telephone := o.click(o.silvia, review, "request.submit", nil), o.click(o.silvia, review, "request.submit", nil)
	o.eventually("both have read the form", func() bool { return g.waiting.Load() == 2 })
	close(g.opened)
	first, second := <-computer, <-telephone
	folio := folioShape.FindString(first.Card.Text())
	if folio == "" || folioShape.FindString(second.Card.Text()) != folio {
		t.Errorf("the computer is told:\n%s\nthe telephone:\n%s", first.Card.Text(), second.Card.Text())
	}
	o.approval("director", folio)
	o.told(o.silvia, "Solicitud enviada", folio)
	o.stop()
	if all := o.requested(); len(all) != 1 {
		t.Errorf("requests %v, want one", all)
	}
}

// Silvia removes Luis while a "send" pressed before is being processed: it sends nobody, and shows
// the form without him.
func TestSentWhileSomebodyIsTakenOut(t *testing.T) {
	t.Parallel()
	g := gate{word: "checkMemberGroups"}
	o := openOffice(t, withGate(&g))
	o.joins(o.silvia)
	review := o.asks(o.silvia, lucia, luis)
	g.shut.Store(true)
	sending := o.click(o.silvia, review, "request.submit", nil)
	o.eventually("the form is read", func() bool { return g.waiting.Load() == 1 })
	o.shows(o.silvia, review, "request.remove", teamsfake.Inputs{"number": "2"})
	g.shut.Store(false)
	close(g.opened)
	shown := (<-sending).Card
	if text := shown.Text(); !shown.Offers("request.submit") || strings.Contains(text, "Luis") || !strings.Contains(text, "Lucía") {
		t.Errorf("after Luis was taken out, sending shows:\n%s", text)
	}
	o.sentAlone(shown)
}

// Her phone still shows the old form: "send" there sends nobody that she removed at her computer,
// and neither does "discard" delete, or "continue" overwrite, what she typed since.
func TestAnOldCardOfTheFormChangesNothing(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	review := o.asks(o.silvia, lucia, luis)
	o.shows(o.silvia, review, "request.remove", teamsfake.Inputs{"number": "2"})
	for _, button := range []string{"request.submit", "request.discard"} {
		still := o.shows(o.silvia, review, button, nil)
		if text := still.Text(); !still.Offers("request.submit") || strings.Contains(text, "Luis") || !strings.Contains(text, "Lucía") {
			t.Errorf("an old %s shows:\n%s", button, text)
		}
		review = o.shows(o.silvia, still, "request.add", nil)
		review = o.shows(o.silvia, review, "request.next", without(luis, "type"))
		o.shows(o.silvia, review, "request.remove", teamsfake.Inputs{"number": "2"})
	}
	petition := o.shows(o.silvia, o.newest(o.silvia, "request.submit"), "request.back", nil)
	o.shows(o.silvia, petition, "request.next", teamsfake.Inputs{"area": "Primarias"})
	back := o.shows(o.silvia, o.newest(o.silvia, "request.submit"), "request.back", nil)
	if still := o.shows(o.silvia, petition, "request.next", teamsfake.Inputs{"area": "Secundarias"}); still.Input("area").Value != "Primarias" {
		t.Errorf("an old petition wrote %q over what was newer", still.Input("area").Value)
	}
	o.sentAlone(o.shows(o.silvia, back, "request.next", nil))
}

// The tenant is slow to answer about Luis. Silvia goes back meanwhile, and that counts: the late
// "continue" does not undo it.
func TestTheQuickerClickCounts(t *testing.T) {
	t.Parallel()
	g := gate{word: "displayName"}
	o := openOffice(t, withGate(&g))
	o.joins(o.silvia)
	form := o.shows(o.silvia, o.asks(o.silvia, lucia), "request.add", nil)
	g.shut.Store(true)
	entering := o.click(o.silvia, form, "request.next", without(luis, "type"))
	o.eventually("Luis is looked for", func() bool { return g.waiting.Load() > 0 })
	o.shows(o.silvia, form, "request.back", nil)
	g.shut.Store(false)
	close(g.opened)
	shown := (<-entering).Card
	if text := shown.Text(); !shown.Offers("request.submit") || strings.Contains(text, "Luis") {
		t.Errorf("after going back the form shows:\n%s", text)
	}
	o.sentAlone(shown)
}

// newest is the person's newest card that offers a button.
func (o *office) newest(p teamsfake.Person, verb string) *teamsfake.Card {
	o.t.Helper()
	return o.card(o.chats[p.ID], p, verb, "")
}

// sentAlone sends Silvia's review and fails unless that is the only request, with Lucía's line
// only.
func (o *office) sentAlone(review *teamsfake.Card) {
	o.t.Helper()
	folio := folioShape.FindString(o.shows(o.silvia, review, "request.submit", nil).Text())
	if text := o.approval("director", folio).Text(); strings.Contains(text, "Luis") || !strings.Contains(text, "Lucía") {
		o.t.Errorf("the director sees:\n%s", text)
	}
	o.stop()
	if all := o.requested(); len(all) != 1 || !all[folio] {
		o.t.Errorf("requests %v, want %s alone", all, folio)
	}
}
