package recovery

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
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

// clear makes the line of lucia another holder's, of an address that the directory does not have.
func (w *world) clear() {
	w.t.Helper()
	w.update(func(tx provisioning.Tx) error { return tx.Release(luciaMail, provisioning.NewStamp(made, 1)) })
	w.line(made, provisioningtest.Teacher(40), func(a *provisioning.Account) {
		a.State, a.Address, a.ObjectID = provisioning.AccountAnnounced, "cuarenta@docente.mx", "40-id"
	})
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
