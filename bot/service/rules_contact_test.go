package service

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/cards"
)

func TestContactRules(t *testing.T) {
	t.Parallel()
	for section, want := range map[string]string{
		"contact: {name: Ana Ruiz, phone: 844 411 8800 ext. 12}":                  "",
		"contact: {mail: ana@secretaria.mx, chat: ana.ruiz@secretaria.mx}":        "",
		"contact: {name: Ana Ruiz}":                                               "contact: write phone or mail",
		"contact: {phone: 411 8800}":                                              "contact.phone: \"411 8800\" is not ten digits",
		"contact: {mail: ana}":                                                    "contact.mail: \"ana\" is no address",
		"contact: {mail: Ana <ana@secretaria.mx>}":                                "contact.mail",
		"contact: {mail: ana@secretaria.mx, chat: Ana Ruiz}":                      "contact.chat: \"Ana Ruiz\" is no address",
		"contact: {phone: '844 411 8800', name: " + strings.Repeat("a", 81) + "}": "contact.name: one line of at most 80",
		"contact: {phone: '844 411 8800', telephone: x}":                          "telephone",
	} {
		_, err := privacyRules(t, section+"\n")
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v, want %q", section, err, want)
		}
	}
}

func TestTheContactIsAsWritten(t *testing.T) {
	t.Parallel()
	r, err := privacyRules(t, "contact: {name: ' Ana Ruiz ', phone: (844) 411-8800 extensión 12, mail: a@s.mx, chat: b@s.mx}\n")
	want := cards.Contact{Name: "Ana Ruiz", Phone: "8444118800 ext. 12", Mail: "a@s.mx", Chat: "b@s.mx"}
	if diff := cmp.Diff(want, r.Contact.domain()); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if r.Contact.warnings() != nil || len((*ContactRules)(nil).warnings()) != 1 {
		t.Error("warned where there is a contact, or not where there is none")
	}
}
