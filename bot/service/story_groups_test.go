package service_test

import (
	"strings"
	"testing"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
)

const officeGroup = "55555555-5555-4555-8555-555555555555"

// withGroup gives the tenant a group that nobody belongs to yet.
func withGroup(o *office, tenant *tenantConfig) {
	tenant.Groups = append(tenant.Groups, graphfake.Group{ID: officeGroup, Name: "Altas"})
}

// joins puts people into the office's group.
func (o *office) joins(people ...teamsfake.Person) {
	o.t.Helper()
	for _, p := range people {
		o.must(o.tenant.Join(officeGroup, p.ID))
	}
}

// Only members of a group may ask. Silvia, who is in it, asks; Martha is told that she
// may not, has no form, and the click of one that she saw elsewhere gets her none either.
func TestOnlyTheGroupMayAsk(t *testing.T) {
	t.Parallel()
	o := openOffice(t, withGroup, func(o *office, _ *tenantConfig) { o.rules(officeRules + "\nrequesterGroup: " + officeGroup + "\n") })
	o.joins(o.silvia)
	o.approval("director", o.sends(o.silvia, lucia))
	o.says(o.martha, "solicitar")
	o.told(o.martha, "grupo de solicitantes")
	welcome := o.card(o.chats[o.martha.ID], o.martha, "request.begin", "bienvenida")
	o.refused(o.presses(o.martha, welcome, "request.begin", nil), "authority.asking")
	if n := o.count(o.chats[o.martha.ID], o.martha, "Paso 1 de 3"); n != 0 {
		t.Errorf("Martha has %d forms", n)
	}
}

// Whoever is in the stage's group decides, though no rule names them; whoever is in
// none, and named nowhere, does not.
func TestTheApproversOfAGroup(t *testing.T) {
	t.Parallel()
	o := openOffice(t, withGroup, withRules(`approvers: ["{rosa}"]`, `approvers: [], approverGroup: `+officeGroup))
	o.joins(o.gabriela)
	folio := o.sends(o.silvia, lucia)
	card := o.approval("director", folio)
	for _, p := range []teamsfake.Person{o.rosa, o.oscar} {
		o.refused(o.presses(p, card, "approval.approve", nil), "authority.office")
	}
	o.undecided(folio)
	o.approves(o.gabriela, "director", folio)
	if text := o.approval("subdirector", folio).Text(); !strings.Contains(text, o.gabriela.Name) {
		t.Errorf("the next stage does not see who turned it over:\n%s", text)
	}
}
