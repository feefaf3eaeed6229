package provisioning

// Remedies says which ways out of a trouble make sense. Any line may be left out.
type Remedies struct{ Retry, Adopt, Rename, Restore, Disable bool }

// Remedies returns them by the reason for which the line waits. Most may be tried again;
// an account that was made and cannot be finished may be disabled. An account that bears
// the line's stamp, and is of somebody else's making, is nobody's to give.
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
	return Remedies{Retry: true, Disable: a.ObjectID != "" && a.DisabledAt.IsZero()}
}

// alive reports whether the trouble names accounts, and none in the recycle bin.
func (t Trouble) alive() bool {
	for _, e := range t.Entries {
		if !e.Deleted.IsZero() {
			return false
		}
	}
	return len(t.Entries) > 0
}

// notOffered refuses a way out that the card of the line does not offer.
func notOffered(s Stamp) error {
	return Refuse(CodeConflict, "attention.not_offered", "stamp", string(s))
}
