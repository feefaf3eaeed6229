package service_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
)

var (
	lucia = teamsfake.Inputs{"type": "docente", "givenNames": "Lucía", "firstSurname": "Ñáñez", "secondSurname": "Garza",
		"curp": string(provisioningtest.CURP(11)), "cct": "05DPR0221C", "employeeNumber": "104523"}
	iker = teamsfake.Inputs{"type": "alumno", "givenNames": "Iker", "firstSurname": "Ruelas", "secondSurname": "Solís",
		"curp": string(provisioningtest.ChildCURP(12)), "cct": "05DPR0221C", "level": "primaria", "grade": "6", "group": "B"}
	juarez = teamsfake.Inputs{"type": "centro", "cct": "05DPR0221C", "centerName": "Escuela Primaria Benito Juárez", "responsible": "Martha Ibarra Soto"}
)

var luis = teamsfake.Inputs{"type": "docente", "givenNames": "Luis", "firstSurname": "Ibarra", "secondSurname": "Peña",
	"curp": string(provisioningtest.CURP(21)), "cct": "05DPR0221C"}

const luciaMail = "lucia.nanez@docentecoahuila.gob.mx"

// Silvia asks, Rosa and Ernesto decide, and Silvia hands over an account that works.
func TestTheMainJob(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		who     teamsfake.Inputs
		address string
	}{
		"a teacher":     {lucia, luciaMail},
		"a student":     {iker, "iker.ruelas@alumnocoahuila.gob.mx"},
		"a work centre": {juarez, "05dpr0221c@seducoahuila.gob.mx"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := openOffice(t)
			folio := o.sends(o.silvia, c.who)
			o.approves(o.rosa, "director", folio)
			o.approves(o.ernesto, "subdirector", folio)
			o.announced(o.silvia, c.address)
			o.account(c.address, folio)
			o.signsIn(c.address, o.reveals(o.silvia, c.address))
			o.presses(o.silvia, o.card(o.chats[o.silvia.ID], o.silvia, "password.done", c.address), "password.done", nil)
			o.waits("closed card", func() bool { return o.teams.NewestCard(o.chats[o.silvia.ID], o.silvia.ID, "password.reveal") == nil })
			o.stop()
			o.oneEach()
			want := []string{"request.submit", "approval.approve", "approval.approve", "account.created",
				"account.licensed", "account.recorded", "account.announced", "password.reveal", "password.done"}
			if diff := cmp.Diff(want, o.acts(folio)); diff != "" {
				t.Errorf("audit (-want +got):\n%s", diff)
			}
		})
	}
}

// Every card is up to date after the decisions, for everybody.
func TestCardsStayTrue(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	folio := o.sends(o.silvia, lucia)
	o.approves(o.rosa, "director", folio)
	o.waits("decided card in the director's channel", func() bool {
		return o.count(o.channels["director"], o.oscar, folio, o.rosa.Name) == 1
	})
	o.approves(o.ernesto, "subdirector", folio)
	o.announced(o.silvia, luciaMail)
	for _, stage := range []string{"director", "subdirector"} {
		o.waits("card without buttons for "+stage, func() bool {
			return o.count(o.channels[stage], o.oscar, "Cuenta de docente para", folio, "Solicita Silvia") == 1 && o.teams.NewestCard(o.channels[stage], o.oscar.ID, "approval.approve") == nil
		})
	}
	o.waits("completed request in Silvia's chat", func() bool { return o.count(o.chats[o.silvia.ID], o.silvia, folio, "Se avisó a quien solicita") > 0 })
}

// Two people in one request; the director leaves one out, with a reason.
func TestOneOfTwoIsLeftOut(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	folio := o.sends(o.silvia, lucia, luis)
	open := o.approval("director", folio).Toggle("Con indicaciones o exclusiones")
	o.shows(o.rosa, open, "Turnar con lo indicado", teamsfake.Inputs{"exclude": "2", "comment": "Luis ya no trabaja ahí."})
	o.approves(o.ernesto, "subdirector", folio)
	o.announced(o.silvia, luciaMail)
	o.told(o.silvia, "Luis Ibarra Peña", "Luis ya no trabaja ahí.")
	o.stop()
	o.oneEach()
	if made := o.stamped(); len(made) != 1 || made[0].UserPrincipalName != luciaMail {
		t.Errorf("accounts made: %+v", made)
	}
}
