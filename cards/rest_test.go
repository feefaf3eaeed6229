package cards

import (
	"testing"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
)

// Who got no account is named, with the reason; those of one reason together.
func TestRest(t *testing.T) {
	t.Parallel()
	person := func(name string, state provisioning.AccountState, note string) provisioning.Account {
		return provisioning.Account{
			Holder: identity.Holder{Type: identity.Teacher, Person: identity.Person{GivenNames: name, FirstSurname: "Gil"}}, State: state, Note: note,
		}
	}
	const made, had, out = provisioning.AccountAnnounced, provisioning.AccountExists, provisioning.AccountExcluded
	guarded := person("Olga", out, "2026-000007")
	guarded.Guarded = true
	for _, c := range []struct {
		of     []provisioning.Account
		es, en string
	}{
		{[]provisioning.Account{person("Ana", made, "")}, "", ""},
		{[]provisioning.Account{person("Ana", had, "")}, "Ya tenía cuenta Ana Gil.", "Ana Gil had an account already."},
		{
			[]provisioning.Account{person("Ana", had, ""), person("Irma", had, ""), person("Luis", out, "Ya no labora ahí.")},
			"Ya tenían cuenta Ana Gil e Irma Gil; quedó fuera Luis Gil: Ya no labora ahí.",
			"Ana Gil and Irma Gil had accounts already; Luis Gil was left out: Ya no labora ahí.",
		},
		{
			[]provisioning.Account{person("Ana", out, "Está de permiso."), person("Luis", out, "CURP repetida"), person("Eva", out, "Está de permiso.")},
			"Quedaron fuera Ana Gil y Eva Gil: Está de permiso; quedó fuera Luis Gil: CURP repetida.",
			"Ana Gil and Eva Gil were left out: Está de permiso; Luis Gil was left out: CURP repetida.",
		},
		{[]provisioning.Account{person("Ana", out, "2026-000007")}, "Quedó fuera Ana Gil: ya se solicitó con el folio 2026-000007.", "Ana Gil was left out: already requested under number 2026-000007."},
		{[]provisioning.Account{guarded}, "Quedó fuera Olga Gil: ya la solicitó otra persona.", "Olga Gil was left out: somebody else requested it already."},
		{[]provisioning.Account{person("Ana", out, "corrected")}, "", ""},
		{[]provisioning.Account{person("Ana", out, "")}, "Quedó fuera Ana Gil.", "Ana Gil was left out."},
		{[]provisioning.Account{person("Ana", out, "[aquí](http://mal)")}, `Quedó fuera Ana Gil: \[aquí\](http://mal).`, `Ana Gil was left out: \[aquí\](http://mal).`},
	} {
		d := RequestView{Request: provisioning.Request{Lines: len(c.of)}, Accounts: c.of}
		if got := In(Spanish).rest(d); got != c.es {
			t.Errorf("rest = %q, want %q", got, c.es)
		}
		if got := In(English).rest(d); got != c.en {
			t.Errorf("rest = %q, want %q", got, c.en)
		}
	}
	list := RequestView{Request: provisioning.Request{Lines: MaxPeople + 1}, Tally: provisioning.Tally{had: 1, out: 1}, Accounts: []provisioning.Account{person("Ana", had, "")}}
	if got, want := In(Spanish).rest(list), "Otras 2 ya existían o quedaron fuera."; got != want {
		t.Errorf("rest of a list = %q, want %q", got, want)
	}
}

func TestEnumerate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		names []string
		want  string
	}{
		{nil, ""}, {[]string{"Ana"}, "Ana"}, {[]string{"Ana", "Luis"}, "Ana y Luis"}, {[]string{"Ana", "Luis", "Íñigo"}, "Ana, Luis e Íñigo"},
		{[]string{"Ana", "Hilda"}, "Ana e Hilda"}, {[]string{"Ana", "Hiedra"}, "Ana y Hiedra"}, {[]string{"Ana", "Yolanda"}, "Ana y Yolanda"},
		{[]string{"Ana", "Ian"}, "Ana y Ian"},
	} {
		if got := In(Spanish).enumerate(c.names); got != c.want {
			t.Errorf("enumerate(%q) = %q, want %q", c.names, got, c.want)
		}
	}
}
