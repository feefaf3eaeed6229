package form

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/bot/recipient"
	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/access"
	"seducoahuila.gob.mx/altas/provisioning/calendar"
	"seducoahuila.gob.mx/altas/provisioning/identity"
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
