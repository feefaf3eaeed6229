package bot_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/bot"
	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
	"seducoahuila.gob.mx/altas/provisioning"
)

// Every sentence of the corpus is typed while a request waits for the director's office: each is
// answered, nobody who was understood is told the contrary, and the request stays as it was.
func TestNoSentenceActs(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "2022-09-05 09:00")
	folio := o.submit(2)
	before := o.request(folio)
	deciders := map[provisioning.StageName]teamsfake.Person{
		provisioning.Director: o.elena, provisioning.Subdirector: o.saul, provisioning.Platform: o.ines,
	}
	for _, s := range bot.Sentences(t) {
		said := strings.Join(o.answers(func() {
			if s.Stage() == "" {
				o.write(s.Text)
				return
			}
			o.say(deciders[s.Stage()], s.Stage(), s.Text)
		}), "\n")
		if said == "" {
			t.Errorf("%q is not answered", s.Text)
		}
		for _, unread := range []string{"No entendimos", "did not understand"} {
			if s.Asks != "-" && !s.Held && strings.Contains(said, unread) {
				t.Errorf("%q is answered %q", s.Text, said)
			}
		}
	}
	if diff := cmp.Diff(before, o.request(folio)); diff != "" {
		t.Errorf("the request changed:\n%s", diff)
	}
	err := o.db.View(t.Context(), func(tx provisioning.Tx) error {
		n := 0
		for _, err := range tx.ListRequests(provisioning.RequestFilter{}) {
			if n++; err != nil {
				return err
			}
		}
		if n != 1 {
			t.Errorf("there are %d requests", n)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
