package provisioning

import "seducoahuila.gob.mx/altas/provisioning/problem"

// Remedies are the decisions that a trouble allows. Any line may also be dropped.
type Remedies struct{ Retry, Adopt, Rename, Restore, Disable bool }

// Remedies returns the decisions allowed by the reason of the line's trouble. Most troubles allow a
// retry; an account that the line created and that cannot be completed may be disabled. An account that bears
// the line's stamp but was created by others cannot be adopted.
func (a Account) Remedies() Remedies {
	if a.Trouble == nil {
		return Remedies{}
	}
	switch a.Trouble.Reason {
	case TroubleHomonym:
		return Remedies{Adopt: true, Rename: true}
	case TroubleCURP:
		return Remedies{Adopt: a.Trouble.alive(), Rename: true}
	case TroubleDeleted:
		return Remedies{Restore: true, Rename: true}
	case "trouble.addresses", "trouble.unseen_holder", TroubleChosen:
		return Remedies{Retry: true, Rename: true}
	}
	return Remedies{Retry: true, Disable: a.Kind.Creates() && a.ObjectID != "" && a.DisabledAt.IsZero()}
}

// alive reports whether the trouble lists accounts, and none of them is in the recycle bin.
func (t Trouble) alive() bool {
	for _, e := range t.Entries {
		if !e.Deleted.IsZero() {
			return false
		}
	}
	return len(t.Entries) > 0
}

// notOffered is the error of a decision that the line's card does not offer.
func notOffered(s Stamp) error {
	return problem.Refuse(problem.CodeConflict, "attention.not_offered", "stamp", string(s))
}
