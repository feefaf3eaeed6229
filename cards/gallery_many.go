package cards

import (
	"fmt"
	"strings"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/provisioning/secret"
)

// pasting is the step for several people.
func (g *gallery) pasting() {
	t := g.t
	teachers := g.s.form(0)
	g.add("holder-paste-teachers", t.Paste(teachers))
	pupils := g.s.form(0).typed(map[string]string{"type": "alumno", "cct": "05DES0040M", "level": "secundaria", "grade": "3", "group": "B"})
	g.add("holder-paste", t.Paste(pupils))
	pupils.Accepted = 27
	pupils.Rows = []RowFault{
		{3, "Valeria Soto Molina", "curp", problem.Invalid("curp", "curp.check_digit")},
		{12, "Iker 2 Ruelas Solís", "givenNames", problem.Invalid("givenNames", "name.digit", "character", "2")},
		{28, "Ana Luna", "", problem.Invalid("", "rows.room", "most", "30")},
	}
	pupils.typed(map[string]string{"rows": "Valeria\tSoto\tMolina\tSOMV120309MCLLRLA2\nIker 2\tRuelas\tSolís\tRUSI120309HCLLRLA1\nAna\tLuna\t\tLUXA120309MCLLRLA1"})
	g.add("holder-paste-faults", t.Paste(pupils))
	empty := g.s.form(0)
	empty.Catalogue, empty.Errors = true, map[string]error{"rows": problem.Invalid("rows", "rows.empty")}
	g.add("holder-paste-empty", t.Paste(empty))
}

// handovers are the cards by which several accounts are handed over at once.
func (g *gallery) handovers() {
	t := g.t
	undelivered := g.s.requestView(g.s.holders(3), provisioning.StateCompleted, provisioning.AccountAnnounced)
	undelivered.Open = 2
	g.add("status-to-hand-over", t.Status(undelivered))
	together := g.delivery()
	together.Together = true
	g.add("ready-of-several", t.Ready(together))
	h := g.handover(3)
	g.add("handover", t.Handover(h))
	h.Coming = 2
	g.add("handover-some-coming", t.Handover(h))
	g.add("handover-one", t.Handover(g.handover(1)))
	g.add("handover-none", t.Handover(Handover{Request: h.Request}))
	g.add("handover-phone", t.With(SubmitButtons).Handover(g.handover(3)))
	computer := g.handover(3)
	computer.OnComputer = true
	g.add("handover-on-computer", t.With(SubmitButtons).Handover(computer))
	refused := g.handover(3)
	refused.Refused = problem.Refuse(problem.CodeUnavailable, provisioning.DirectoryUnavailable)
	g.add("handover-refused", t.Handover(refused))
	g.add("passwords", t.Passwords(g.handover(3), g.revealed(3), 0, ""))
	some := g.revealed(3)
	some[1] = provisioning.Revealed{Account: some[1].Account, Err: problem.Refuse(problem.CodeConflict, "password.used")}
	g.add("passwords-some", t.Passwords(h, some, 4, ""))
	g.add("passwords-thirty", t.Passwords(g.handover(provisioning.MostTogether), g.revealed(provisioning.MostTogether), 0, ""))
}

// handover is a request with that many accounts to hand over.
func (g *gallery) handover(n int) Handover {
	h := Handover{Request: g.s.request(n, provisioning.StateCompleted)}
	for _, one := range g.revealed(n) {
		d := g.delivery()
		d.Account = one.Account
		h.Open = append(h.Open, d)
	}
	return h
}

func (g *gallery) revealed(n int) []provisioning.Revealed {
	var all []provisioning.Revealed
	for i := range n {
		source := strings.NewReader(strings.Repeat(fmt.Sprintf("a sample, not a secret %d ", i), 40)) // the reader does not end
		p, _ := secret.NewPassword(source, "Lucía Ñáñez")
		all = append(all, provisioning.Revealed{Account: g.s.account(i+1, teacher(i%3), provisioning.AccountAnnounced), Password: p})
	}
	return all
}
