package recovery

import (
	"errors"
	"strings"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
)

func TestIdentifyByAddress(t *testing.T) {
	t.Parallel()
	user := func(change func(*provisioning.Entry)) func(*world) {
		return func(w *world) { change(&w.dir.users[0]) }
	}
	directory := func(code problem.Code, reason string) func(*world) {
		return func(w *world) { w.dir.err = job.RetryAfter(time.Minute, problem.Refuse(code, reason)) }
	}
	const unavailable = provisioning.DirectoryUnavailable
	for name, tt := range map[string]struct {
		typed   identity.Address
		given   func(*world)
		want    []string
		refused error
	}{
		"its principal name":                {typed: luciaMail, want: []string{luciaID}},
		"nobody's":                          {typed: "nadie@docente.mx"},
		"a proxy address":                   {typed: "lucia@docente.mx", given: user(func(e *provisioning.Entry) { e.Proxies = []identity.Address{"lucia@docente.mx"} }), want: []string{luciaID}},
		"a proxy address of another domain": {typed: "lucia@viejo.mx", given: user(func(e *provisioning.Entry) { e.Proxies = []identity.Address{"lucia@viejo.mx"} }), want: []string{luciaID}},
		"its nickname in another domain":    {typed: "lucia.nanez@alumno.mx"},
		"of a domain that is not ours":      {typed: "lucia@otra.mx", given: user(func(e *provisioning.Entry) { e.Address = "lucia@otra.mx" })},
		"of ours, its proxy is not":         {typed: luciaMail, given: user(func(e *provisioning.Entry) { e.Address, e.Proxies = "lucia@otra.mx", []identity.Address{luciaMail} })},
		"a deleted user's":                  {typed: luciaMail, given: user(func(e *provisioning.Entry) { e.Deleted = today })},
		"while deleted users are unread":    {typed: luciaMail, given: directory(problem.CodeUnavailable, provisioning.DirectoryUnread), want: []string{luciaID}},
		"nobody's, while they are unread":   {typed: "nadie@docente.mx", given: directory(problem.CodeUnavailable, provisioning.DirectoryUnread)},
		"a deleted user's, and its successor's": {typed: luciaMail, given: func(w *world) {
			w.dir.users[0].Deleted = today
			w.dir.users = append(w.dir.users, entryOf("another-id", luciaMail))
		}, want: []string{"another-id"}},
		"two users have it": {typed: luciaMail, given: func(w *world) {
			other := entryOf("another-id", "otra@docente.mx")
			other.Proxies = []identity.Address{luciaMail}
			w.dir.users = append(w.dir.users, other)
		}, want: []string{"another-id", luciaID}},
		"while the directory is away": {typed: luciaMail, given: directory(problem.CodeUnavailable, unavailable), refused: problem.Refuse(problem.CodeUnavailable, unavailable)},
		"while it throttles":          {typed: luciaMail, given: directory(problem.CodeUnavailable, provisioning.DirectoryThrottled), refused: problem.Refuse(problem.CodeUnavailable, provisioning.DirectoryThrottled)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := open(t)
			if tt.given != nil {
				tt.given(w)
			}
			if tt.refused == nil {
				w.wantFound(Query{Address: tt.typed}, tt.want...)
				return
			}
			found, err := w.Find(t.Context(), actor("ines"), Query{Address: tt.typed})
			if !errors.Is(err, tt.refused) || found != nil {
				t.Errorf("found %v, %v, want %v", ids(found), err, tt.refused)
			}
			if confirmed := w.Confirm(t.Context(), actor("ines"), tt.typed, luciaID); problem.CodeOf(confirmed) != problem.CodeUnavailable {
				t.Errorf("confirmed: %v", confirmed)
			}
			w.wantTries("ines", 0)
			want(t, "audit", w.acts(), nil)
		})
	}
}

// The name must be that of the holder whose CURP it is.
func TestIdentifyByCURPAndName(t *testing.T) {
	t.Parallel()
	for name, found := range map[string]bool{
		"Lucía Ñáñez Garza":       true,
		"lucia nanez garza":       true,
		"LUCIA NAÑEZ GARZA":       true,
		"Ñáñez Garza Lucía":       true,
		"Ñáñez Garza, Lucía":      true,
		"Garza Lucía Ñáñez":       true,
		"  Lucía   Ñáñez  Garza ": true,
		"Lucía Ñáñez":             true, // no second surname
		"Lucía Elena Ñáñez Garza": true, // a given name that is not on record
		"Lucía":                   false,
		"Lucía G.":                false,
		"Lucía Lucía":             false,
		"Lucía de la":             false,
		"Lucía Ñáñez Gómez":       false,
		"Luisa Ñáñez Garza":       false,
		"Martha Peña Ibarra":      false,
		"":                        false,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := open(t)
			q := Query{CURP: lucia.Person.CURP, Name: name}
			if found {
				w.wantFound(q, luciaID)
				return
			}
			w.wantFound(q)
		})
	}
}

// Whoever has no second surname on record is found with one, and without.
func TestIdentifyWithoutASecondSurname(t *testing.T) {
	t.Parallel()
	for name, found := range map[string]bool{"Lucía Ñáñez": true, "Lucía Ñáñez Garza": true, "Lucía Garza": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := fresh(t)
			h := lucia
			h.Person.SecondSurname = ""
			w.rows.all = []provisioning.Receipt{{Address: luciaMail, Holder: h}}
			q := Query{CURP: lucia.Person.CURP, Name: name}
			if found {
				w.wantFound(q, luciaID)
				return
			}
			w.wantFound(q)
		})
	}
}

// A key leads to the account of our line or of the row, only while the directory's is the same.
func TestIdentifyByKey(t *testing.T) {
	t.Parallel()
	byCURP := Query{CURP: lucia.Person.CURP, Name: "Lucía Ñáñez Garza"}
	row := func(r provisioning.Receipt) func(*world) {
		return func(w *world) {
			w.clear()
			w.rows.all = []provisioning.Receipt{r}
		}
	}
	generic := lucia
	generic.Person.CURP = genericCURP
	for name, tt := range map[string]struct {
		given func(*world)
		query Query
		want  []string
	}{
		"our line's":                            {query: byCURP, want: []string{luciaID}},
		"another person's key":                  {query: Query{CURP: provisioningtest.CURP(12), Name: "Lucía Ñáñez Garza"}},
		"of another type":                       {query: Query{CURP: lucia.Person.CURP, Name: "Lucía Ñáñez Garza", Type: identity.Student}},
		"of its type":                           {query: Query{CURP: lucia.Person.CURP, Name: "Lucía Ñáñez Garza", Type: identity.Teacher}, want: []string{luciaID}},
		"no key at all":                         {query: Query{Name: "Lucía Ñáñez Garza"}},
		"the row's":                             {row(provisioning.Receipt{Address: luciaMail, Holder: lucia, ObjectID: luciaID}), byCURP, []string{luciaID}},
		"a row's that names no object":          {row(provisioning.Receipt{Address: luciaMail, Holder: lucia}), byCURP, []string{luciaID}},
		"a row's whose address is another's":    {row(provisioning.Receipt{Address: luciaMail, Holder: lucia, ObjectID: "former-id"}), byCURP, nil},
		"a row's whose account is gone":         {row(provisioning.Receipt{Address: "otra@docente.mx", Holder: lucia}), byCURP, nil},
		"a row's without an address":            {row(provisioning.Receipt{Holder: lucia}), byCURP, nil},
		"a generic one of a row":                {row(provisioning.Receipt{Address: luciaMail, Holder: generic}), Query{CURP: genericCURP, Name: "Lucía Ñáñez Garza"}, nil},
		"our line's whose address is another's": {func(w *world) { w.dir.users[0].ID = "another-id" }, byCURP, nil},
		"our line's whose account is gone":      {func(w *world) { w.dir.users = nil }, byCURP, nil},
		"our line's, and the row's of the same account": {func(w *world) {
			w.rows.all = []provisioning.Receipt{{Address: luciaMail, Holder: lucia, ObjectID: luciaID}}
		}, byCURP, []string{luciaID}},
		"our line's, and a row's of its former address": {func(w *world) {
			w.dir.users[0].Proxies = []identity.Address{"lucia@docente.mx"}
			w.rows.all = []provisioning.Receipt{{Address: "lucia@docente.mx", Holder: lucia}}
		}, byCURP, []string{luciaID}},
		"a line that found it": {func(w *world) {
			w.line(made, lucia, func(a *provisioning.Account) {
				a.State, a.Address, a.ObjectID = provisioning.AccountExists, luciaMail, luciaID
			})
		}, byCURP, nil},
		"a line without an account": {func(w *world) {
			w.line(made, lucia, func(a *provisioning.Account) { a.Address = luciaMail })
		}, byCURP, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := open(t)
			if tt.given != nil {
				tt.given(w)
			}
			w.wantFound(tt.query, tt.want...)
		})
	}
}

// A person who is a student and a teacher has two accounts; the type tells them apart.
func TestIdentifyTwoAccountsOfAPerson(t *testing.T) {
	t.Parallel()
	student := lucia
	student.Type = identity.Student
	for kind, ids := range map[identity.AccountType][]string{
		"": {luciaID, "student-id"}, identity.Teacher: {luciaID}, identity.Student: {"student-id"}, identity.WorkCentre: nil,
	} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			w := open(t)
			w.dir.users = append(w.dir.users, entryOf("student-id", "lucia.nanez@alumno.mx"))
			w.rows.all = []provisioning.Receipt{{Address: "lucia.nanez@alumno.mx", Holder: student}}
			w.wantFound(Query{CURP: lucia.Person.CURP, Name: "Lucía Ñáñez Garza", Type: kind}, ids...)
		})
	}
}

// The address of a work centre follows from its CCT; its name need only share a word.
func TestIdentifyByCCT(t *testing.T) {
	t.Parallel()
	cct := provisioningtest.CCT(21)
	address := identity.Address(strings.ToLower(string(cct)) + "@centro.mx")
	school := identity.Holder{Type: identity.WorkCentre, Centre: identity.Centre{CCT: cct, Name: "Escuela Primaria Benito Juárez"}}
	for name, tt := range map[string]struct {
		given func(*world)
		query Query
		want  []string
	}{
		"its name":                    {query: Query{CCT: cct, Name: "Escuela Primaria Benito Juárez"}, want: []string{"centre-id"}},
		"its name, shortened":         {query: Query{CCT: cct, Name: "prim. benito juarez"}, want: []string{"centre-id"}},
		"another's name":              {query: Query{CCT: cct, Name: "Secundaria Técnica Federal"}},
		"a word of another's name":    {query: Query{CCT: cct, Name: "Técnica"}},
		"a word of its name":          {query: Query{CCT: cct, Name: "Juárez"}, want: []string{"centre-id"}},
		"another CCT":                 {query: Query{CCT: provisioningtest.CCT(22), Name: "Escuela Primaria Benito Juárez"}},
		"of a person's type":          {query: Query{CCT: cct, Name: "Escuela Primaria Benito Juárez", Type: identity.Teacher}},
		"not the accounts of its own": {query: Query{CCT: lucia.Person.CCT, Name: "Lucía Ñáñez Garza"}},
		"an account whose row has another address": {func(w *world) {
			w.dir.users[1].Address = "juarez@centro.mx"
			w.rows.all = []provisioning.Receipt{{Address: "juarez@centro.mx", Holder: school}}
		}, Query{CCT: cct, Name: "Escuela Primaria Benito Juárez"}, []string{"centre-id"}},
		"where there are no centres": {func(w *world) { delete(w.Rules.Types, identity.WorkCentre) },
			Query{CCT: cct, Name: "Escuela Primaria Benito Juárez"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := open(t)
			centre := entryOf("centre-id", address)
			centre.DisplayName = "Escuela Primaria Benito Juárez"
			w.dir.users = append(w.dir.users, centre)
			if tt.given != nil {
				tt.given(w)
			}
			w.wantFound(tt.query, tt.want...)
		})
	}
}
