package sentence

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/bot/words"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/store/storetest"
)

// monday is 7 September 2026, 09:00 in Saltillo.
var monday = time.Date(2026, time.September, 7, 15, 0, 0, 0, time.UTC)

func sentences(t *testing.T, now Clock) *Sentences {
	t.Helper()
	return New(Config{Store: storetest.Open(t), Rules: &provisioning.Rules{Deadlines: provisioning.DefaultDeadlines(nil)}, Now: now})
}

func in(locale, place string) turn.Context {
	on := turn.Context{Activity: &connector.Activity{}, Texts: cards.In(locale)}
	on.Conversation.Type = place
	return on
}

// Every intent that no command answers has a text, in both languages, in a chat and in a channel.
func TestEveryIntentIsAnswered(t *testing.T) {
	t.Parallel()
	ss := sentences(t, time.Now)
	for _, locale := range cards.Locales {
		for _, intent := range words.Intents() {
			if intent.Command() != "" || intent == words.EnglishNow || intent == words.SpanishNow {
				continue
			}
			for _, place := range []string{connector.Personal, "channel"} {
				m, err := ss.Answer(t.Context(), in(locale, place), intent)
				if err != nil || m.Text == "" && m.Card.Summary == "" {
					t.Errorf("%s %s in a %s: %+v, %v", locale, intent, place, m, err)
				}
			}
		}
	}
}

// conclude stores concluded requests that were sent on that Monday and took some working days.
func (ss *Sentences) conclude(t *testing.T, took ...int) {
	t.Helper()
	err := ss.Store.Update(t.Context(), func(tx provisioning.Tx) error {
		for _, days := range took {
			folio, err := tx.NextFolio(2026)
			if err != nil {
				return err
			}
			r := provisioning.Request{
				Folio: folio, Type: identity.Teacher, State: provisioning.StateCompleted, Round: 1, Lines: 1,
				Requester: provisioning.Actor{ID: "rosa"}, SubmittedAt: monday, StageSince: monday,
				EndedAt: ss.Rules.Calendar.Add(monday, ss.Rules.Calendar.Days(days)),
			}
			if err := tx.PutRequest(r); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// How long it takes is the median of what concluded; with too little to tell, when it expires.
func TestHowLongItTakes(t *testing.T) {
	t.Parallel()
	now := monday.AddDate(0, 1, 0)
	ss := sentences(t, func() time.Time { return now })
	asks := func(want string) {
		t.Helper()
		m, err := ss.Answer(t.Context(), in(cards.Spanish, connector.Personal), words.Wait)
		if err != nil || !strings.HasPrefix(m.Card.Summary, want) {
			t.Errorf("said %q, %v, want %q", m.Card.Summary, err, want)
		}
	}
	ss.conclude(t, 1, 1, 2, 3)
	asks("Aún no hay solicitudes con que calcularlo. Si nadie decide la suya en 10 días hábiles")
	ss.conclude(t, 9)
	asks("Aún no hay") // read less than ten minutes before
	now = now.Add(keptFor)
	asks(fmt.Sprintf("Suele tardar %d días hábiles", 2))
	ss.Rules.Deadlines.Expire = 0
	now = now.Add(-time.Hour) // a clock that was set back
	asks("Suele tardar 2 días hábiles")
}
