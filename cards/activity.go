package cards

import (
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/flow"
)

// procedure is the code of the procedure whose activities the cards stand for.
const procedure = "PE-DS-DGTI-011"

// activity says, small, which activity of the procedure a card stands for: "Actividad 2 ·
// PE-DS-DGTI-011". It returns nothing for a step outside the procedure, as of a recovery.
func (t *Texts) activity(kind provisioning.RequestKind, by flow.Role, act flow.Act) []any {
	numbers := flow.Activities(by, act)
	if !kind.Creates() || len(numbers) == 0 {
		return nil
	}
	return []any{small(dotted(upperFirst(t.activities(numbers)), procedure))}
}

// stageActivity is the activity of a stage's card.
func (t *Texts) stageActivity(a Approval) []any {
	act := flow.Turn
	if a.Last(a.Stage) {
		act = flow.Authorize
	}
	return t.activity(a.Request.Kind, flow.Role(a.Stage), act)
}

// lineActivity is the activity in which a line stopped for the head of department.
func (t *Texts) lineActivity(a provisioning.Account) []any {
	if a.Trouble == nil {
		return nil
	}
	return t.activity(a.Kind, flow.Platform, flow.Act(a.Trouble.Resume))
}
