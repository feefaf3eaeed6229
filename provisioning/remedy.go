package provisioning

// Remedies says which ways out of a trouble make sense. Any line may be left out.
type Remedies struct{ Retry, Adopt, Rename, Restore, Disable bool }

// Remedies returns them by the reason for which the line waits. Most may be tried again;
// an account that was made and cannot be finished may be disabled.
func (a Account) Remedies() Remedies {
	if a.Trouble == nil {
		return Remedies{}
	}
	switch a.Trouble.Reason {
	case troubleHomonym:
		return Remedies{Adopt: true, Rename: true}
	case troubleDeleted:
		return Remedies{Restore: true, Rename: true}
	case "trouble.addresses", "trouble.unseen_holder", troubleChosen:
		return Remedies{Retry: true, Rename: true}
	}
	return Remedies{Retry: true, Disable: a.ObjectID != "" && a.DisabledAt.IsZero()}
}

// notOffered refuses a way out that the card of the line does not offer.
func notOffered(s Stamp) error {
	return Refuse(CodeConflict, "attention.not_offered", "stamp", string(s))
}
