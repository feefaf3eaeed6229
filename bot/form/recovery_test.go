package form

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/bot/recipient"
	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/access"
	"seducoahuila.gob.mx/altas/provisioning/calendar"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/input"
	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
	"seducoahuila.gob.mx/altas/provisioning/recovery"
	"seducoahuila.gob.mx/altas/store/storetest"
)

// finder answers with what the test gives it, and notes what it was asked.
type finder struct {
	found     []recovery.Found
	err       error
	confirms  error
	slow      bool // answers only when its context ends
	asked     []recovery.Query
	confirmed []string // "address object id"
}

func (f *finder) Find(ctx context.Context, by provisioning.Actor, q recovery.Query) ([]recovery.Found, error) {
	if f.asked = append(f.asked, q); f.slow {
		<-ctx.Done()
	}
	return f.found, errors.Join(f.err, f.unanswered(ctx))
}

// unanswered is the error of a finder that has nothing to answer by the end of its context.
func (f *finder) unanswered(ctx context.Context) error {
	if f.found != nil {
		return nil
	}
	return ctx.Err()
}

func (f *finder) Confirm(ctx context.Context, by provisioning.Actor, address identity.Address, objectID string) error {
	if f.confirmed = append(f.confirmed, string(address)+" "+objectID); f.slow {
		<-ctx.Done()
		return ctx.Err()
	}
	return f.confirms
}

// members are the members of every group.
type members []string

func (m members) MemberOf(_ context.Context, person string, groups []string) ([]string, error) {
	if slices.Contains(m, person) {
		return groups, nil
	}
	return nil, nil
}

const typedAddress = "lucia.nanez@docente.mx"

// recoveryForm is the form, where silvia is in the group of requesters and ines is an administrator.
func recoveryForm(t testing.TB, f *finder) *recoveries {
	t.Helper()
	rules := &provisioning.Rules{
		Types: map[identity.AccountType]provisioning.TypeRule{
			identity.Teacher: {Domain: "docente.mx"}, identity.Student: {Domain: "alumno.mx"},
		},
		Administrators: []string{"ines"}, RequesterGroup: "requesters", Limits: provisioning.DefaultLimits(), Calendar: &calendar.Calendar{},
	}
	now := func() time.Time { return provisioningtest.Start }
	policy := &access.Policy{Rules: rules, Now: now, Memberships: members{"silvia"}}
	inquiries := &access.Inquiries{Store: storetest.Open(t), Access: policy}
	return &recoveries{Config{Rules: rules, Access: policy, Inquiries: inquiries, Now: now}, f}
}

func turnOf(id string) turn.Context {
	return turn.Context{
		By: provisioning.Actor{ID: id, Name: "Persona " + id}, Texts: cards.In(cards.Spanish),
		Person: recipient.Person{Area: "Supervisión", Phone: "8441234567", CCT: provisioningtest.CCT(12)},
	}
}

// typedWith is a form filled in, by address, with some inputs changed; "" takes one away.
func typedWith(changes map[string]string) map[string]string {
	typed := map[string]string{"address": typedAddress, "identityMedium": "persona", "identityDocument": "Credencial de elector"}
	maps.Copy(typed, changes)
	return nonEmpty(typed)
}

// byKey is typedWith for a form by the holder's key and name.
func byKey(key, name, kind string) map[string]string {
	return typedWith(map[string]string{"address": "", "holderKey": key, "holderName": name, "type": kind})
}

func foundOf(t identity.AccountType, id string) recovery.Found {
	return recovery.Found{
		Entry:  provisioning.Entry{ID: id, Address: typedAddress, Enabled: true},
		Holder: identity.Holder{Type: t, Person: identity.Person{GivenNames: "Lucía", FirstSurname: "Ñáñez"}},
	}
}

// Every input on both cards is stored.
func TestWhateverTheRecoveryAsksForIsKept(t *testing.T) {
	t.Parallel()
	rc := recoveryForm(t, &finder{})
	for step, wanted := range map[string]int{cards.StepIdentify: 6, cards.StepReview: 1} {
		for name, values := range map[string]map[string]string{"empty": nil, "filled in": byKey("X", "Y", "docente")} {
			d := draft{Kind: recovery.Kind, Step: step, Values: maps.Clone(values), People: []person{{Holder: foundOf("docente", "id").Holder}}}
			typed := map[string]string{}
			card := rc.card(t.Context(), cards.In(cards.Spanish), d)
			for _, id := range inputsOf(t, card) {
				typed[id] = "typed"
			}
			d.storeInputs(rc, typed)
			kept := maps.Clone(d.Values)
			maps.DeleteFunc(kept, func(_, v string) bool { return v != "typed" })
			if diff := cmp.Diff(typed, kept); diff != "" || len(typed) != wanted {
				t.Errorf("%s, %s: %d inputs, kept (-want +got):\n%s", step, name, len(typed), diff)
			}
			if raw, err := json.Marshal(card); err != nil || !strings.Contains(string(raw), `"kind":"recovery"`) {
				t.Errorf("%s, %s: its buttons do not say which form they are of (%v)", step, name, err)
			}
		}
	}
}

// Each fault is at its input, and nothing is looked up.
func TestFaultsOfIdentification(t *testing.T) {
	t.Parallel()
	curp := string(provisioningtest.CURP(11))
	wrongDigit := curp[:17] + string('0'+(curp[17]-'0'+1)%10)
	cct := string(provisioningtest.CCT(3))
	for name, tt := range map[string]struct {
		typed map[string]string
		want  map[string]string // reason by input
	}{
		"neither address nor key":     {typedWith(map[string]string{"address": ""}), map[string]string{"address": "recovery.who"}},
		"an address of spaces":        {typedWith(map[string]string{"address": "   "}), map[string]string{"address": "recovery.who"}},
		"a name alone":                {byKey("", "Lucía Ñáñez", ""), map[string]string{"address": "recovery.who"}},
		"an address without a domain": {typedWith(map[string]string{"address": "lucia.nanez"}), map[string]string{"address": "recovery.domain"}},
		"of another domain":           {typedWith(map[string]string{"address": "lucia@gmail.com"}), map[string]string{"address": "recovery.domain"}},
		"without a local part":        {typedWith(map[string]string{"address": "@docente.mx"}), map[string]string{"address": "recovery.domain"}},
		"of a domain below ours":      {typedWith(map[string]string{"address": "lucia@x.docente.mx"}), map[string]string{"address": "recovery.domain"}},
		"with a space inside":         {typedWith(map[string]string{"address": "lucia nanez@docente.mx"}), map[string]string{"address": "recovery.domain"}},
		"a key too short":             {byKey(curp[:17], "Lucía Ñáñez", ""), map[string]string{"holderKey": "curp.length"}},
		"a key too long":              {byKey(curp+"1", "Lucía Ñáñez", ""), map[string]string{"holderKey": "curp.length"}},
		"a CCT too short":             {byKey(cct[:9], "Escuela", ""), map[string]string{"holderKey": "curp.length"}},
		"a CCT of letters":            {byKey("ABCDEFGHIJ", "Escuela", ""), map[string]string{"holderKey": "cct.digit"}},
		"a wrong check digit":         {byKey(wrongDigit, "Lucía Ñáñez", ""), map[string]string{"holderKey": "curp.check_digit"}},
		"a generic CURP":              {byKey("XEXX010101HNEXXXA4", "Lucía Ñáñez", ""), map[string]string{"holderKey": "recovery.generic"}},
		"a CURP without a name":       {byKey(curp, "", ""), map[string]string{"holderName": "recovery.name"}},
		"a CCT without a name":        {byKey(cct, " ", ""), map[string]string{"holderName": "recovery.name"}},
		"a name too long":             {byKey(curp, strings.Repeat("a", 200), ""), map[string]string{"holderName": "text.length"}},
		"a name with a control mark":  {byKey(curp, "Lucía\u0007Ñáñez", ""), map[string]string{"holderName": "text.character"}},
		"no medium":                   {typedWith(map[string]string{"identityMedium": ""}), map[string]string{"identityMedium": "recovery.medium"}},
		"an unknown medium":           {typedWith(map[string]string{"identityMedium": "telepatía"}), map[string]string{"identityMedium": "recovery.medium"}},
		"a medium of new accounts":    {typedWith(map[string]string{"identityMedium": "correo"}), map[string]string{"identityMedium": "recovery.medium"}},
		"no document":                 {typedWith(map[string]string{"identityDocument": ""}), map[string]string{"identityDocument": "recovery.document"}},
		"a document of spaces":        {typedWith(map[string]string{"identityDocument": " \n "}), map[string]string{"identityDocument": "recovery.document"}},
		"a document too long":         {typedWith(map[string]string{"identityDocument": strings.Repeat("9", 200)}), map[string]string{"identityDocument": "text.length"}},
		"a document with the CURP":    {typedWith(map[string]string{"identityDocument": "Constancia de " + curp}), map[string]string{"identityDocument": "recovery.document_curp"}},
		"the CURP in small letters":   {typedWith(map[string]string{"identityDocument": strings.ToLower(curp)}), map[string]string{"identityDocument": "recovery.document_curp"}},
		"the CURP with separators":    {typedWith(map[string]string{"identityDocument": curp[:4] + " " + curp[4:10] + "-" + curp[10:]}), map[string]string{"identityDocument": "recovery.document_curp"}},
		"a CURP with Ñ":               {typedWith(map[string]string{"identityDocument": "ÑAÑG840131MCLXRC09"}), map[string]string{"identityDocument": "recovery.document_curp"}},
		"a CURP of nobody":            {typedWith(map[string]string{"identityDocument": wrongDigit}), map[string]string{"identityDocument": "recovery.document_curp"}},
		"nothing": {nil, map[string]string{
			"address": "recovery.who", "identityMedium": "recovery.medium", "identityDocument": "recovery.document",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := &finder{found: []recovery.Found{foundOf("docente", "id")}}
			rc := recoveryForm(t, f)
			d := draft{Kind: recovery.Kind, Step: cards.StepIdentify, Values: maps.Clone(tt.typed), People: []person{{}}}
			if err := rc.next(t.Context(), turnOf("silvia"), &d); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, reasons(t, d)); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
			if len(f.asked) > 0 || d.Step != cards.StepIdentify || len(d.People) > 0 {
				t.Errorf("asked %+v, at %s with %d people", f.asked, d.Step, len(d.People))
			}
			wantTyped(t, rc, d, tt.typed)
		})
	}
}

// reasons returns the reasons of the draft's faults, each of which names the input it is at.
func reasons(t *testing.T, d draft) map[string]string {
	t.Helper()
	all := map[string]string{}
	for name, f := range d.Faults {
		if all[name] = f.Reason; f.Field != name {
			t.Errorf("the fault at %q names %q", name, f.Field)
		}
	}
	return all
}

// wantTyped fails unless the draft keeps what was typed and its card shows it, and the faults.
func wantTyped(t *testing.T, rc *recoveries, d draft, typed map[string]string) {
	t.Helper()
	if diff := cmp.Diff(typed, d.Values); diff != "" {
		t.Errorf("kept (-want +got):\n%s", diff)
	}
	raw, err := json.Marshal(rc.card(t.Context(), cards.In(cards.Spanish), d))
	if err != nil {
		t.Fatal(err)
	}
	shown := inputValues(t, raw)
	for name, v := range typed {
		if shown[name] != v && !strings.ContainsFunc(v, func(r rune) bool { return r < ' ' }) {
			t.Errorf("the card shows %q at %s, want %q", shown[name], name, v)
		}
	}
	for in, f := range d.Faults {
		if text := cards.In(cards.Spanish).Reason(f); text == "" || !strings.Contains(string(raw), quoted(t, text)) {
			t.Errorf("the card has no %q for %s", text, in)
		}
	}
}

// quoted returns a text as it is within JSON.
func quoted(t *testing.T, text string) string {
	t.Helper()
	raw, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Trim(string(raw), `"`)
}

// inputValues returns the values of a card's inputs.
func inputValues(t *testing.T, raw []byte) map[string]string {
	t.Helper()
	values := map[string]string{}
	eachInput(t, raw, func(input map[string]any) {
		id, _ := input["id"].(string)
		values[id], _ = input["value"].(string)
	})
	return values
}

// What is typed, however it is spaced and in whatever case, becomes the query.
func TestQueryOfTheForm(t *testing.T) {
	t.Parallel()
	curp, cct := provisioningtest.CURP(11), provisioningtest.CCT(3)
	spaced := string(curp[:4]) + " " + string(curp[4:10]) + "-" + string(curp[10:])
	for name, tt := range map[string]struct {
		typed map[string]string
		want  recovery.Query
	}{
		"an address":                   {typedWith(nil), recovery.Query{Address: typedAddress}},
		"in capitals, with spaces":     {typedWith(map[string]string{"address": " Lucia.Nanez@DOCENTE.mx "}), recovery.Query{Address: typedAddress}},
		"a CURP":                       {byKey(string(curp), "Lucía Ñáñez", ""), recovery.Query{CURP: curp, Name: "Lucía Ñáñez"}},
		"a CURP in small letters":      {byKey(strings.ToLower(string(curp)), " lucía   ñáñez ", ""), recovery.Query{CURP: curp, Name: "lucía ñáñez"}},
		"a CURP with separators":       {byKey(spaced, "Lucía Ñáñez", ""), recovery.Query{CURP: curp, Name: "Lucía Ñáñez"}},
		"a CURP, of a teacher":         {byKey(string(curp), "Lucía Ñáñez", "docente"), recovery.Query{CURP: curp, Name: "Lucía Ñáñez", Type: identity.Teacher}},
		"a CURP, of no type of ours":   {byKey(string(curp), "Lucía Ñáñez", "director"), recovery.Query{CURP: curp, Name: "Lucía Ñáñez"}},
		"a CCT":                        {byKey(string(cct), "Escuela No. 3", ""), recovery.Query{CCT: cct, Name: "Escuela No. 3"}},
		"a CCT with separators":        {byKey(strings.ToLower(string(cct[:2]))+" "+string(cct[2:5])+"-"+string(cct[5:]), "Escuela", ""), recovery.Query{CCT: cct, Name: "Escuela"}},
		"a CCT copied from a page":     {byKey("\u00a0"+string(cct)+"\u200b", "Escuela", ""), recovery.Query{CCT: cct, Name: "Escuela"}},
		"a CCT with a dash":            {byKey(string(cct[:9])+"–"+string(cct[9:]), "Escuela", ""), recovery.Query{CCT: cct, Name: "Escuela"}},
		"a CCT, of a centre's account": {byKey(string(cct), "Escuela", "centro"), recovery.Query{CCT: cct, Name: "Escuela", Type: identity.WorkCentre}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, faults := recoveryForm(t, &finder{}).query(tt.typed)
			if diff := cmp.Diff(tt.want, got); diff != "" || len(faults) > 0 {
				t.Errorf("faults %v, query (-want +got):\n%s", faults, diff)
			}
		})
	}
}

// One account is shown at the review; of several, the fault is at what tells them apart.
func TestWhatWasIdentified(t *testing.T) {
	t.Parallel()
	why := problem.Warning{Reason: "recovery.area", Args: map[string]string{"name": "Silvia"}}
	synced, others := foundOf("docente", "a"), foundOf("docente", "a")
	synced.Entry.Synced, synced.Warnings, others.Warnings = true, []problem.Warning{why}, []problem.Warning{why}
	for name, tt := range map[string]struct {
		found []recovery.Found
		want  map[string]string // reason by input; nil for the review
		warns []problem.Warning
	}{
		"one":                 {found: []recovery.Found{foundOf("docente", "a")}},
		"one, synchronised":   {found: []recovery.Found{synced}, warns: []problem.Warning{why, {Reason: "recovery.synchronised"}}},
		"one of another's":    {found: []recovery.Found{others}, warns: []problem.Warning{why}},
		"two of two types":    {found: []recovery.Found{foundOf("docente", "a"), foundOf("alumno", "b")}, want: map[string]string{"type": "recovery.several_types"}},
		"two of one type":     {found: []recovery.Found{foundOf("docente", "a"), foundOf("docente", "b")}, want: map[string]string{"address": "recovery.several"}},
		"three, one of which": {found: []recovery.Found{foundOf("docente", "a"), foundOf("docente", "b"), foundOf("alumno", "c")}, want: map[string]string{"type": "recovery.several_types"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rc := recoveryForm(t, &finder{found: tt.found})
			typed := byKey(string(provisioningtest.CURP(11)), "Lucía Ñáñez", "")
			d := draft{Kind: recovery.Kind, Step: cards.StepIdentify, Values: maps.Clone(typed)}
			if err := rc.next(t.Context(), turnOf("silvia"), &d); err != nil {
				t.Fatal(err)
			}
			if tt.want != nil {
				if diff := cmp.Diff(tt.want, reasons(t, d)); diff != "" || d.Step != cards.StepIdentify || d.People != nil {
					t.Errorf("at %s with %+v, faults (-want +got):\n%s", d.Step, d.People, diff)
				}
				wantTyped(t, rc, d, typed)
				return
			}
			want := []person{{Holder: tt.found[0].Holder, Proposal: provisioning.Proposal{
				Address: typedAddress, ObjectID: "a", Exists: true, Checked: true, Warnings: tt.warns,
			}}}
			if diff := cmp.Diff(want, d.People); diff != "" || d.Step != cards.StepReview || len(d.Faults) > 0 {
				t.Errorf("at %s, faults %v, people (-want +got):\n%s", d.Step, d.Faults, diff)
			}
		})
	}
}

// An identification that is refused is told on the form, with what was typed. What is no refusal
// is not hidden there.
func TestARefusedIdentification(t *testing.T) {
	t.Parallel()
	locked := problem.Refuse(problem.CodeLimited, "recovery.locked", "minutes", "60")
	broken := errors.New("broken")
	for name, tt := range map[string]struct {
		err  error
		want *fault
		fail error
	}{
		"their own":          {problem.Refuse(problem.CodeForbidden, "recovery.own"), problem.Refuse(problem.CodeForbidden, "recovery.own"), nil},
		"no account":         {problem.Refuse(problem.CodeNotFound, "recovery.unknown"), problem.Refuse(problem.CodeNotFound, "recovery.unknown"), nil},
		"locked out":         {locked, locked, nil},
		"receipts away":      {errors.Join(problem.Refuse(problem.CodeUnavailable, "receipts.unavailable")), problem.Refuse(problem.CodeUnavailable, "receipts.unavailable"), nil},
		"directory away":     {problem.Refuse(problem.CodeUnavailable, provisioning.DirectoryUnavailable), problem.Refuse(problem.CodeUnavailable, provisioning.DirectoryUnavailable), nil},
		"a fault of ours":    {broken, nil, broken},
		"at an input itself": {problem.Invalid("holderName", "recovery.name"), problem.Invalid("holderName", "recovery.name"), nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rc := recoveryForm(t, &finder{err: tt.err})
			typed := typedWith(nil)
			d := draft{Kind: recovery.Kind, Step: cards.StepIdentify, Values: maps.Clone(typed), People: []person{{}}}
			if err := rc.next(t.Context(), turnOf("silvia"), &d); !errors.Is(err, tt.fail) || tt.fail == nil && err != nil {
				t.Errorf("err = %v", err)
			}
			if d.Step != cards.StepIdentify || len(d.People) > 0 {
				t.Errorf("at %s with %d people", d.Step, len(d.People))
			}
			if tt.want == nil {
				return
			}
			if diff := cmp.Diff(map[string]*fault{tt.want.Field: tt.want}, d.Faults); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
			wantTyped(t, rc, d, typed)
		})
	}
}

// The cause of an outage does not keep the form from being stored and read; it is not stored.
func TestAFormThatMetAnOutageIsRead(t *testing.T) {
	t.Parallel()
	cause := fmt.Errorf("find: %w", &problem.Error{
		Code: problem.CodeUnavailable, Reason: provisioning.DirectoryUnavailable, Err: errors.New("503 of graph.microsoft.com"),
	})
	rc, typed := recoveryForm(t, &finder{err: cause}), typedWith(nil)
	d := draft{ID: "1", Person: "silvia", Kind: recovery.Kind, Step: cards.StepIdentify, Values: maps.Clone(typed)}
	if err := rc.next(t.Context(), turnOf("silvia"), &d); err != nil {
		t.Fatal(err)
	}
	var read draft
	db := storetest.Open(t)
	err := db.Update(t.Context(), func(tx provisioning.Tx) (err error) {
		if err = drafts.Put(tx, d.key(), d); err == nil {
			read, _, err = drafts.Get(tx, d.key())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]*fault{"": problem.Refuse(problem.CodeUnavailable, provisioning.DirectoryUnavailable)}
	if diff := cmp.Diff(want, read.Faults); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
	wantTyped(t, rc, read, typed)
}

// Identifications count as inquiries of a form, each once a day. Beyond the limit nothing is looked
// up, but by an administrator.
func TestIdentificationsAreCounted(t *testing.T) {
	t.Parallel()
	f := &finder{err: problem.Refuse(problem.CodeNotFound, "recovery.unknown")}
	rc := recoveryForm(t, f)
	rc.Rules.Limits.Inquiries = 1
	for _, tt := range []struct{ by, address, want string }{
		{"silvia", "a@docente.mx", "recovery.unknown"},
		{"silvia", "a@docente.mx", "recovery.unknown"},
		{"silvia", "b@docente.mx", "inquiry.limit_form"},
		{"ines", "b@docente.mx", "recovery.unknown"},
		{"ines", "c@docente.mx", "recovery.unknown"},
	} {
		before := len(f.asked)
		d := draft{Kind: recovery.Kind, Step: cards.StepIdentify, Values: typedWith(map[string]string{"address": tt.address})}
		if err := rc.next(t.Context(), turnOf(tt.by), &d); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(map[string]string{"": tt.want}, reasons(t, d)); diff != "" {
			t.Errorf("%s of %s, faults (-want +got):\n%s", tt.by, tt.address, diff)
		}
		if looked := len(f.asked) > before; looked == (tt.want == "inquiry.limit_form") {
			t.Errorf("%s of %s is looked up: %t", tt.by, tt.address, looked)
		}
	}
}

// A directory that does not answer within the form's time is told as away. An answer that comes
// with its end counts, and a caller who left is told nothing.
func TestASlowIdentification(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		finder finder
		want   map[string]string
		step   string
	}{
		"no answer":            {finder{}, map[string]string{"": provisioning.DirectoryUnavailable}, cards.StepIdentify},
		"a refusal at the end": {finder{err: problem.Refuse(problem.CodeNotFound, "recovery.unknown")}, map[string]string{"": "recovery.unknown"}, cards.StepIdentify},
		"an error at the end":  {finder{err: errors.New("connection reset")}, map[string]string{"": provisioning.DirectoryUnavailable}, cards.StepIdentify},
		"an account at it":     {finder{found: []recovery.Found{foundOf("docente", "a")}}, map[string]string{}, cards.StepReview},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tt.finder.slow = true
			rc := recoveryForm(t, &tt.finder)
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				d := draft{Kind: recovery.Kind, Step: cards.StepIdentify, Values: typedWith(nil)}
				if err := rc.next(t.Context(), turnOf("silvia"), &d); err != nil || time.Since(began) != previewTimeout {
					t.Errorf("err = %v after %s", err, time.Since(began))
				}
				if diff := cmp.Diff(tt.want, reasons(t, d)); diff != "" || d.Step != tt.step {
					t.Errorf("at %s, faults (-want +got):\n%s", d.Step, diff)
				}
			})
		})
	}
	rc := recoveryForm(t, &finder{slow: true})
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	d := draft{Kind: recovery.Kind, Step: cards.StepIdentify, Values: typedWith(nil)}
	if err := rc.next(gone, turnOf("silvia"), &d); !errors.Is(err, context.Canceled) || len(d.Faults) > 0 {
		t.Errorf("err = %v, faults %v", err, d.Faults)
	}
}

// The review's click submits the account that was found, by what its holder was identified, and who
// asks.
func TestSubmissionOfARecovery(t *testing.T) {
	t.Parallel()
	f := &finder{}
	rc := recoveryForm(t, f)
	found := foundOf("docente", "a")
	d := reviewed(typedWith(map[string]string{"identityDocument": "  INE   0123 ", "notes": " Urge. "}), found)
	got, ready, err := rc.submission(t.Context(), turnOf("silvia"), &d)
	if err != nil || !ready {
		t.Fatalf("ready: %t, %v, faults %v", ready, err, d.Faults)
	}
	want := provisioning.Submission{
		Kind: recovery.Kind, Type: identity.Teacher, Requester: provisioning.Actor{ID: "silvia", Name: "Persona silvia"}, Locale: "es-MX",
		Area: "Supervisión", Phone: "8441234567", CCT: provisioningtest.CCT(12),
		Petition: provisioning.Petition{Medium: "persona", Number: "INE 0123"}, Notes: "Urge.",
		Holders: []identity.Holder{found.Holder},
		Exist:   map[identity.Holder]provisioning.Proposal{found.Holder: proposalOf(found)},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("submission (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{typedAddress + " a"}, f.confirmed); diff != "" {
		t.Errorf("confirmed (-want +got):\n%s", diff)
	}
}

// reviewed is a draft at the review of an account.
func reviewed(typed map[string]string, found recovery.Found) draft {
	return draft{
		Kind: recovery.Kind, Step: cards.StepReview, Locale: "es-MX", Values: typed,
		People: []person{{Holder: found.Holder, Proposal: proposalOf(found)}},
	}
}

// A review that may not be submitted goes back to the step of the fault.
func TestARefusedSubmission(t *testing.T) {
	t.Parallel()
	unknown := problem.Refuse(problem.CodeNotFound, "recovery.unknown")
	broken := errors.New("broken")
	for name, tt := range map[string]struct {
		values   map[string]string
		people   int
		confirms error
		want     map[string]string
		step     string
		fail     error
	}{
		"no medium":          {typedWith(map[string]string{"identityMedium": ""}), 1, nil, map[string]string{"identityMedium": "recovery.medium"}, cards.StepIdentify, nil},
		"the CURP":           {typedWith(map[string]string{"identityDocument": string(provisioningtest.CURP(11))}), 1, nil, map[string]string{"identityDocument": "recovery.document_curp"}, cards.StepIdentify, nil},
		"their own":          {typedWith(nil), 1, problem.Refuse(problem.CodeForbidden, "recovery.own"), map[string]string{"": "recovery.own"}, cards.StepIdentify, nil},
		"no document":        {typedWith(map[string]string{"identityDocument": ""}), 1, nil, map[string]string{"identityDocument": "recovery.document"}, cards.StepIdentify, nil},
		"no account":         {typedWith(nil), 0, nil, map[string]string{"address": "recovery.who"}, cards.StepIdentify, nil},
		"two accounts":       {typedWith(nil), 2, nil, map[string]string{"address": "recovery.who"}, cards.StepIdentify, nil},
		"notes too long":     {typedWith(map[string]string{"notes": strings.Repeat("a", input.MaxNotes+1)}), 1, nil, map[string]string{"notes": "text.length"}, cards.StepReview, nil},
		"no longer theirs":   {typedWith(nil), 1, unknown, map[string]string{"": "recovery.unknown"}, cards.StepIdentify, nil},
		"directory away":     {typedWith(nil), 1, problem.Refuse(problem.CodeUnavailable, provisioning.DirectoryUnavailable), map[string]string{"": provisioning.DirectoryUnavailable}, cards.StepIdentify, nil},
		"a fault of our own": {typedWith(nil), 1, broken, map[string]string{}, cards.StepReview, broken},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := &finder{confirms: tt.confirms}
			rc := recoveryForm(t, f)
			d := reviewed(maps.Clone(tt.values), foundOf("docente", "a"))
			d.People = slices.Repeat(d.People, tt.people)
			_, ready, err := rc.submission(t.Context(), turnOf("silvia"), &d)
			if ready || !errors.Is(err, tt.fail) || tt.fail == nil && err != nil {
				t.Errorf("ready: %t, %v", ready, err)
			}
			if diff := cmp.Diff(tt.want, reasons(t, d)); diff != "" || d.Step != tt.step {
				t.Errorf("at %s, faults (-want +got):\n%s", d.Step, diff)
			}
			if diff := cmp.Diff(tt.values, d.Values); diff != "" {
				t.Errorf("kept (-want +got):\n%s", diff)
			}
			if len(f.confirmed) > 0 != (tt.confirms != nil) {
				t.Errorf("confirmed %q", f.confirmed)
			}
		})
	}
}

// A directory that does not confirm the account within the form's time is told as away.
func TestASlowConfirmation(t *testing.T) {
	t.Parallel()
	rc := recoveryForm(t, &finder{slow: true})
	synctest.Test(t, func(t *testing.T) {
		d := reviewed(typedWith(nil), foundOf("docente", "a"))
		_, ready, err := rc.submission(t.Context(), turnOf("silvia"), &d)
		if diff := cmp.Diff(map[string]string{"": provisioning.DirectoryUnavailable}, reasons(t, d)); diff != "" || ready || err != nil {
			t.Errorf("ready: %t, %v, faults (-want +got):\n%s", ready, err, diff)
		}
	})
}

// A returned request opens as a form with what was typed, and what is changed in it is named.
func TestCorrectionOfARecovery(t *testing.T) {
	t.Parallel()
	rc := recoveryForm(t, &finder{})
	d := draft{Kind: recovery.Kind, Folio: "2026-000007"}
	refillFrom(t, rc, &d)
	want := map[string]string{"address": typedAddress, "identityMedium": "videollamada", "identityDocument": "INE 0123", "notes": "Urge."}
	if diff := cmp.Diff(want, d.Values); diff != "" || d.Step != cards.StepIdentify {
		t.Errorf("at %s, refilled (-want +got):\n%s", d.Step, diff)
	}
	shown := draft{Kind: recovery.Kind, Folio: d.Folio, Step: d.Step, Values: maps.Clone(want)}
	delete(shown.Values, "notes") // of the next step
	wantTyped(t, rc, shown, maps.Clone(shown.Values))
	for name, tt := range map[string]struct {
		typed map[string]string
		want  []string
	}{
		"nothing":                {nil, []string{}},
		"the address":            {map[string]string{"address": "otra@docente.mx"}, []string{"address"}},
		"the key instead of it":  {map[string]string{"address": "", "holderKey": "X"}, []string{"address"}},
		"the document":           {map[string]string{"identityDocument": "INE 9"}, []string{"identityDocument"}},
		"the medium and notes":   {map[string]string{"notes": "", "identityMedium": "persona"}, []string{"identityMedium", "notes"}},
		"all":                    {map[string]string{"address": "a", "identityMedium": "b", "identityDocument": "c", "notes": "d"}, []string{"address", "identityMedium", "identityDocument", "notes"}},
		"as it was, typed again": {maps.Clone(want), []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			changed := draft{Before: d.Before, Values: maps.Clone(d.Values)}
			maps.Copy(changed.Values, tt.typed)
			if diff := cmp.Diff(tt.want, rc.changes(&changed)); diff != "" {
				t.Errorf("changed (-want +got):\n%s", diff)
			}
		})
	}
	if got := rc.changes(&draft{Values: typedWith(nil)}); got != nil {
		t.Errorf("a new form changes %q", got)
	}
}

// refillFrom fills a draft from a stored request with an excluded line of an earlier round.
func refillFrom(t *testing.T, rc *recoveries, d *draft) {
	t.Helper()
	db := storetest.Open(t)
	r := provisioningtest.Request(d.Folio, "silvia", 1)
	r.Kind, r.State, r.Notes = recovery.Kind, provisioning.StateReturned, "Urge."
	r.Petition = provisioning.Petition{Medium: "videollamada", Number: "INE 0123"}
	line, out := provisioningtest.Account(r.Folio, 1, provisioningtest.Teacher(1)), provisioningtest.Account(r.Folio, 2, provisioningtest.Teacher(2))
	line.Kind, line.Address, line.ObjectID = recovery.Kind, typedAddress, "a"
	out.Kind, out.State, out.Address = recovery.Kind, provisioning.AccountExcluded, "otra@docente.mx"
	err := db.Update(t.Context(), func(tx provisioning.Tx) error {
		return errors.Join(provisioningtest.PutRequest(tx, r), tx.PutAccount(line), tx.PutAccount(out), rc.refill(tx, d, r))
	})
	if err != nil {
		t.Fatal(err)
	}
}

// The steps of the form: back leads to the first, and any other button changes nothing.
func TestBackToTheIdentification(t *testing.T) {
	t.Parallel()
	rc := recoveryForm(t, &finder{})
	for verb, want := range map[string]string{cards.RequestBack: cards.StepIdentify, cards.RequestEdit: cards.StepReview, cards.RequestRemove: cards.StepReview} {
		d := reviewed(typedWith(nil), foundOf("docente", "a"))
		if rc.press(&d, cards.Click{Data: cards.Data{Verb: verb}}); d.Step != want {
			t.Errorf("%s leads to %s, want %s", verb, d.Step, want)
		}
	}
	var d draft
	if rc.fill(&d, turnOf("silvia")); d.Step != cards.StepIdentify {
		t.Errorf("a new form is at %s", d.Step)
	}
}

// Requesters may ask, and administrators who are none.
func TestWhoMayAskForARecovery(t *testing.T) {
	t.Parallel()
	rc := recoveryForm(t, &finder{})
	for by, may := range map[string]bool{"silvia": true, "ines": true, "martha": false, "": false} {
		err := rc.mayAsk(t.Context(), provisioning.Actor{ID: by})
		if may && err != nil || !may && !errors.Is(err, problem.Refuse(problem.CodeForbidden, "authority.asking")) {
			t.Errorf("%q: %v", by, err)
		}
	}
}
