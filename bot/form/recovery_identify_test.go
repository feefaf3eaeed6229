package form

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
	"seducoahuila.gob.mx/altas/provisioning/recovery"
	"seducoahuila.gob.mx/altas/store/storetest"
)

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
