package recovery

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
)

// genericCURP is what payrolls write for people without a CURP.
const genericCURP identity.CURP = "XEXX010101HNEXXXA4"

// wantFound has an administrator, who may recover every account, identify one.
func (w *world) wantFound(q Query, wanted ...string) {
	w.t.Helper()
	found, err := w.Find(w.t.Context(), actor("ines"), q)
	if len(wanted) == 0 {
		wantRefused(w.t, "Find", err, problem.CodeNotFound, "recovery.unknown")
		return
	}
	if err != nil {
		w.t.Errorf("Find: %v", err)
	}
	want(w.t, "found", ids(found), wanted)
}

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

// clear makes the line of lucia another holder's, of an address that the directory does not have.
func (w *world) clear() {
	w.t.Helper()
	w.update(func(tx provisioning.Tx) error { return tx.Release(luciaMail, provisioning.NewStamp(made, 1)) })
	w.line(made, provisioningtest.Teacher(40), func(a *provisioning.Account) {
		a.State, a.Address, a.ObjectID = provisioning.AccountAnnounced, "cuarenta@docente.mx", "40-id"
	})
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

// The holder is told by our own request, else by the receipts, else by the directory.
func TestWhoseAccountItIs(t *testing.T) {
	t.Parallel()
	inRow := lucia
	inRow.Person.GivenNames = "Lucía del Recibo"
	cct := provisioningtest.CCT(7)
	row := func(w *world) {
		w.rows.all = []provisioning.Receipt{{Address: luciaMail, Holder: inRow, ObjectID: luciaID}}
	}
	for name, tt := range map[string]struct {
		world func(testing.TB) *world
		given func(*world)
		want  identity.Holder
	}{
		"our line and the row": {open, row, lucia},
		"the row":              {fresh, row, inRow},
		"the directory, not a line that found it": {fresh, func(w *world) {
			w.request(made, "silvia", func(r *provisioning.Request) { r.Lines = 1 })
			w.line(made, lucia, func(a *provisioning.Account) {
				a.State, a.Address, a.ObjectID = provisioning.AccountExists, luciaMail, luciaID
			})
		}, identity.Holder{Type: identity.Teacher, Person: identity.Person{GivenNames: "Lucía Ñáñez Garza"}}},
		"the directory": {fresh, func(w *world) { w.dir.users[0].DisplayName, w.dir.users[0].Office = "LUCIA NAÑEZ", string(cct) },
			identity.Holder{Type: identity.Teacher, Person: identity.Person{GivenNames: "LUCIA NAÑEZ", CCT: cct}}},
		"the directory, of a centre whose address is its CCT": {fresh, func(w *world) {
			w.dir.users[0].Address, w.dir.users[0].Proxies = identity.Address(strings.ToLower(string(cct))+"@centro.mx"), []identity.Address{luciaMail}
			w.dir.users[0].DisplayName = "Jardín de Niños"
		}, identity.Holder{Type: identity.WorkCentre, Centre: identity.Centre{CCT: cct, Name: "Jardín de Niños"}}},
		"the directory, of another centre": {fresh, func(w *world) {
			w.dir.users[0].Address, w.dir.users[0].Proxies = "jardin@centro.mx", []identity.Address{luciaMail}
			w.dir.users[0].Department = string(cct)
		}, identity.Holder{Type: identity.WorkCentre, Centre: identity.Centre{CCT: cct, Name: "Lucía Ñáñez Garza"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := tt.world(t)
			tt.given(w)
			found, err := w.Find(t.Context(), actor("ines"), Query{Address: luciaMail})
			if err != nil || len(found) != 1 {
				t.Fatalf("found %+v, %v", found, err)
			}
			want(t, "holder", found[0].Holder, tt.want)
		})
	}
}

// While the receipts do not answer, who may recover an account by our own lines goes on, and an
// administrator. Everybody else is told so, whether or not there is an account, and it is no wrong
// identification.
func TestIdentifyWhileTheReceiptsAreAway(t *testing.T) {
	t.Parallel()
	byAddress, byCURP := Query{Address: luciaMail}, Query{CURP: lucia.Person.CURP, Name: "Lucía Ñáñez Garza"}
	nobodys := Query{Address: "nadie@docente.mx"}
	same := announcedTo("martha", inArea("Supervisión de zona 12"))
	for name, tt := range map[string]struct {
		world func(testing.TB) *world
		by    string
		given func(*world)
		query Query
		found bool
	}{
		"their own line's":                        {open, "silvia", nil, byAddress, true},
		"their own line's, by CURP":               {open, "silvia", nil, byCURP, true},
		"of the same area":                        {open, "martha", same, byAddress, true},
		"an administrator":                        {open, "ines", nil, byAddress, true},
		"an administrator, the directory's":       {fresh, "ines", nil, byAddress, true},
		"an administrator, nobody's":              {open, "ines", nil, nobodys, false},
		"an administrator, by CURP of no line":    {fresh, "ines", nil, byCURP, false},
		"a stranger, a line's":                    {open, "martha", nil, byAddress, false},
		"a stranger, a line's by CURP":            {open, "martha", nil, byCURP, false},
		"a stranger, the directory's":             {fresh, "martha", nil, byAddress, false},
		"a stranger, nobody's":                    {open, "martha", nil, nobodys, false},
		"a stranger, by CURP and another's name":  {open, "martha", nil, Query{CURP: lucia.Person.CURP, Name: "Martha Peña Ibarra"}, false},
		"a stranger, by CCT":                      {open, "martha", nil, Query{CCT: provisioningtest.CCT(21), Name: "Escuela"}, false},
		"the line's requester, an approver's now": {open, "silvia", func(w *world) { w.Rules.Stages[0].Approvers = []string{luciaID} }, byAddress, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := tt.world(t)
			if w.rows.err = away(); tt.given != nil {
				tt.given(w)
			}
			for range maxWrong + 1 {
				found, err := w.Find(t.Context(), actor(tt.by), tt.query)
				if tt.found {
					want(t, "found", ids(found), []string{luciaID})
					continue
				}
				wantRefused(t, "Find", err, problem.CodeUnavailable, "receipts.unavailable")
				want(t, "audit", w.acts(), nil)
			}
			err := w.Confirm(t.Context(), actor(tt.by), cmp.Or(tt.query.Address, luciaMail), luciaID)
			if tt.found && err != nil {
				t.Errorf("confirmed: %v", err)
			}
			w.wantTries(tt.by, 0)
		})
	}
}

// The cause of the outage is for the log; what a form stores of the error is its reason.
func TestTheCauseOfAnOutageIsNotStored(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.rows.err = fmt.Errorf("dial tcp 10.0.0.7:5432: %w", away())
	_, err := w.Find(t.Context(), actor("martha"), Query{Address: luciaMail})
	if err == nil || !strings.Contains(err.Error(), "dial tcp") {
		t.Errorf("the log has %v", err)
	}
	refused, _ := errors.AsType[*problem.Error](err)
	raw, err := json.Marshal(refused)
	if err != nil || strings.Contains(string(raw), "dial") {
		t.Errorf("stored: %s, %v", raw, err)
	}
}

// again is a store that runs each transaction twice, as provisioning.Store may.
type again struct{ provisioning.Store }

var errAgain = errors.New("again")

func (s again) View(ctx context.Context, fn func(provisioning.Tx) error) error {
	return errors.Join(s.Store.View(ctx, fn), s.Store.View(ctx, fn))
}

func (s again) Update(ctx context.Context, fn func(provisioning.Tx) error) error {
	err := s.Store.Update(ctx, func(tx provisioning.Tx) error { return errors.Join(fn(tx), errAgain) })
	if !errors.Is(err, errAgain) {
		return err
	}
	return s.Store.Update(ctx, fn)
}

// A transaction that the store repeats finds an account once, and counts a wrong identification
// once.
func TestIdentifyInRepeatedTransactions(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.Store = again{w.db}
	w.wantFound(Query{CURP: lucia.Person.CURP, Name: "Lucía Ñáñez Garza"}, luciaID)
	want(t, "audit", w.acts(), []string{"ines recovery.identified"})
	w.unknownTo("nobody's", "martha")
	w.wantTries("martha", 1)
}

// The audit has which accounts a person was shown.
func TestWhatWasFoundIsRecorded(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.wantFound(Query{Address: luciaMail}, luciaID)
	var last provisioning.Entered
	w.update(func(tx provisioning.Tx) error {
		for e, err := range tx.Entries("") {
			if last = e; err != nil {
				return err
			}
		}
		return nil
	})
	last.Seq = 0
	want(t, "entry", last, provisioning.Entered{
		At: today, By: actor("ines"), Act: "recovery.identified", Detail: map[string]string{"address": string(luciaMail)},
	})
}

// What the review showed must still be so when it is sent: the same account, and permitted.
func TestConfirm(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		by, objectID string
		given        func(*world)
		may          bool
	}{
		"as it was":          {by: "silvia", objectID: luciaID, may: true},
		"another object":     {by: "silvia", objectID: "another-id"},
		"no object":          {by: "silvia"},
		"another's by now":   {by: "silvia", objectID: luciaID, given: func(w *world) { w.dir.users[0].ID = "another-id" }},
		"deleted by now":     {by: "silvia", objectID: luciaID, given: func(w *world) { w.dir.users[0].Deleted = today }},
		"no longer theirs":   {by: "martha", objectID: luciaID},
		"an administrator's": {by: "ines", objectID: luciaID, may: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := open(t)
			if tt.given != nil {
				tt.given(w)
			}
			err := w.Confirm(t.Context(), actor(tt.by), luciaMail, tt.objectID)
			if tt.may && err != nil {
				t.Errorf("err = %v", err)
			}
			if !tt.may {
				wantRefused(t, "Confirm", err, problem.CodeNotFound, "recovery.unknown")
			}
			w.wantTries(tt.by, 0)
		})
	}
}
