package cards

import (
	"encoding/json"
	"strings"
	"testing"

	"seducoahuila.gob.mx/altas/provisioning/problem"
)

func TestTextsSendPeopleToTheContact(t *testing.T) {
	t.Parallel()
	office := problem.Refuse(problem.CodeForbidden, "authority.office")
	for _, c := range []struct {
		texts *Texts
		want  string
	}{
		{In(Spanish), "Usted no está entre quienes deciden aquí. Si debe estarlo, avise a la Plataforma Office 365."},
		{In(Spanish).WithContact(Contact{Phone: "8444118800 ext. 12", Mail: "a_b@x.mx"}), "Usted no está entre quienes deciden aquí. Si debe estarlo, avise a la Plataforma Office 365 (844 411 8800 ext. 12)."},
		{In(Spanish).WithContact(Contact{Mail: "a_b@x.mx"}), `Usted no está entre quienes deciden aquí. Si debe estarlo, avise a la Plataforma Office 365 (a\_b@x.mx).`},
		{In(English).WithContact(Contact{Phone: "8444118800"}), "You are not among those who decide here. If you should be, tell the Office 365 platform (844 411 8800)."},
	} {
		if got := c.texts.Reason(office); got != c.want {
			t.Errorf("Reason = %s\nwant     %s", got, c.want)
		}
	}
}

// Every text that names the contact names the platform, and tells how to reach it if that is known.
func TestEveryTextNamesTheContact(t *testing.T) {
	t.Parallel()
	n := 0
	for _, locale := range Locales {
		for key, f := range catalogue(t, locale) {
			if !strings.Contains(f["other"], "{{.contact}}") {
				continue
			}
			n++
			for _, c := range []Contact{{}, {Phone: "8444118800"}} {
				said := In(locale).WithContact(c).Say(key, nil)
				if !strings.Contains(said, "Office 365") || c.Phone != "" && !strings.Contains(said, "(844 411 8800)") {
					t.Errorf("%s %s with %+v: %s", locale, key, c, said)
				}
			}
		}
	}
	if n < 20 {
		t.Errorf("only %d texts name the contact", n)
	}
}

func TestTheContactIsAChat(t *testing.T) {
	t.Parallel()
	for name, card := range map[string]Card{
		"welcome": In(Spanish).WithContact(sampleContact).Welcome(), "help": In(Spanish).WithContact(sampleContact).Help("", Unread{}),
		"help in a channel": In(Spanish).WithContact(sampleContact).HelpChannel("", Unread{}),
	} {
		drawn, err := json.Marshal(card)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"https://teams.microsoft.com/l/chat/0/0?users=rocio.davila%40seducoahuila.gob.mx", "844 411 8800 ext. 3412", "Rocío Dávila Peña", "plataforma@seducoahuila.gob.mx"} {
			if !strings.Contains(string(drawn), want) {
				t.Errorf("%s has no %s", name, want)
			}
		}
	}
	bare, err := json.Marshal(In(Spanish).WithContact(Contact{Phone: "8444118800"}).Welcome())
	if err != nil || strings.Contains(string(bare), "l/chat") {
		t.Errorf("without a chat there is a button: %s, %v", bare, err)
	}
}
