package service_test

import (
	"slices"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// Two teachers with the same name, each with a CURP of her own, wait for one account with that
// name. The head of department gives it to the first, and then to the second: the second is
// refused. After a new search the account is the first's, and the second gets one of her own.
func TestOneAccountIsNotAdoptedForTwo(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, nil)
	id := p.seed("aruiz70@"+teachersMail, "Ana Sofía Ruiz Peña")
	first := p.provision(ana())
	second := p.submitBy(neighbour, "", person(identity.Teacher, "Ana Sofía", "Ruiz", "Peña", 8))
	p.approve(second)
	p.settle()
	p.wantTrouble(first, 1, "trouble.homonym")
	a := p.wantTrouble(second, 1, "trouble.homonym")
	adopt := func(f provisioning.Folio) error {
		return p.db.Update(t.Context(), func(tx provisioning.Tx) error {
			return p.workflow.Adopt(tx, p.authority(), provisioning.NewStamp(f, 1), id, head)
		})
	}
	if err := adopt(first); err != nil {
		t.Fatal(err)
	}
	if err := adopt(second); problem.ReasonOf(err) != provisioning.AttentionChanged {
		t.Errorf("adopted for the second: %v", err)
	}
	p.wantTrouble(second, 1, "trouble.homonym")
	if err := p.creation.Confirm(t.Context(), a, id); problem.ReasonOf(err) != provisioning.AttentionChanged {
		t.Errorf("asked whether it may be the second's: %v", err)
	}
	p.asHead("retry", func(tx provisioning.Tx, auth provisioning.Authority) error {
		return p.workflow.Retry(tx, auth, a.Stamp, head)
	})
	p.settle()
	p.want(first, 1, provisioning.AccountExists, "aruiz70@"+teachersMail)
	if made := p.want(second, 1, provisioning.AccountAnnounced, ""); made.ObjectID == id {
		t.Errorf("the second has the first's account: %+v", made)
	}
	if told := p.notices(neighbour.ID); slices.Contains(told, "exists "+string(a.Stamp)) {
		t.Errorf("the second's requester is told %v", told)
	}
	if rows := p.rowsOf(ana()); len(rows) != 1 || rows[0].Address != "aruiz70@"+teachersMail {
		t.Errorf("the first's rows: %+v", rows)
	}
	if told := p.notices(string(provisioning.Platform)); slices.Contains(told, "unrecorded "+string(a.Stamp)) {
		t.Errorf("the platform is told %v", told)
	}
}

// An account on a card is read again before it is adopted: it may be deleted, or belong to somebody
// else now.
func TestAnAccountIsConfirmedBeforeItIsAdopted(t *testing.T) {
	t.Parallel()
	const upn = "aruiz70@" + teachersMail
	bruno := person(identity.Teacher, "Bruno", "Paz", "León", 7)
	for name, c := range map[string]struct {
		since func(p *pipeline, id string)
		want  string // reason; "" for none
	}{
		"as it was":                {func(*pipeline, string) {}, ""},
		"it is in the recycle bin": {func(p *pipeline, id string) { p.remove(id) }, provisioning.AttentionChanged},
		"it is gone for good":      {func(p *pipeline, id string) { p.purge(id) }, provisioning.AttentionChanged},
		"it has another address": {func(p *pipeline, id string) {
			p.alter(id, map[string]any{"userPrincipalName": "aruiz71@" + teachersMail})
		}, provisioning.AttentionChanged},
		"it has another name":       {func(p *pipeline, id string) { p.alter(id, map[string]any{"displayName": "Bruno Paz León"}) }, provisioning.AttentionChanged},
		"it bears somebody's stamp": {func(p *pipeline, id string) { p.alter(id, map[string]any{"employeeId": "2026-000900-0001"}) }, provisioning.AttentionChanged},
		"the receipts have it for another": {func(p *pipeline, _ string) {
			p.importRow(provisioning.Receipt{Address: upn, Holder: bruno})
		}, provisioning.AttentionChanged},
		"the receipts have it for her": {func(p *pipeline, _ string) { p.importRow(provisioning.Receipt{Address: upn, Holder: ana()}) }, ""},
		"the directory is away": {func(p *pipeline, _ string) {
			p.tenant.OnRequest(func(op string) (graphfake.Fault, bool) { return graphfake.Fault{Status: 503}, op == "users.list" })
		}, provisioning.DirectoryUnavailable},
		"the receipts are away": {func(p *pipeline, _ string) { _ = p.rows.Close() }, "attention.receipts_away"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, f, id := namesake(t, upn)
			c.since(p, id)
			p.clock.advance(2 * time.Minute) // longer than deleted users are cached
			err := p.creation.Confirm(t.Context(), p.line(f, 1), id)
			if refused := err != nil; refused != (c.want != "") || refused && problem.ReasonOf(err) != c.want {
				t.Errorf("asked whether it may be hers: %v, want %q", err, c.want)
			}
			p.wantTrouble(f, 1, "trouble.homonym")
		})
	}
}

// The account that was given to the first of two namesakes is renamed. It is still the first's: the
// second gets one of her own.
func TestARenamedAccountIsNotGivenTwice(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, nil)
	id := p.seed("aruiz70@"+teachersMail, ana().DisplayName())
	first := p.provision(ana())
	p.wantTrouble(first, 1, "trouble.homonym")
	p.asHead("adopt", func(tx provisioning.Tx, auth provisioning.Authority) error {
		return p.workflow.Adopt(tx, auth, provisioning.NewStamp(first, 1), id, head)
	})
	p.settle()
	p.alter(id, map[string]any{"userPrincipalName": "aruiz71@" + teachersMail, "mailNickname": "aruiz71"})
	p.clock.advance(3 * time.Minute)
	second := p.submitBy(neighbour, "", person(identity.Teacher, "Ana Sofía", "Ruiz", "Peña", 8))
	p.approve(second)
	p.settle()
	if made := p.want(second, 1, provisioning.AccountAnnounced, anaMail); made.ObjectID == id {
		t.Errorf("the second has the first's account: %+v", made)
	}
	if had := p.want(first, 1, provisioning.AccountExists, ""); had.ObjectID != id {
		t.Errorf("the first has %q, want %q", had.ObjectID, id)
	}
}
