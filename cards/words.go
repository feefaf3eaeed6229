package cards

import (
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/input"
)

// RequestState returns the word for a request's state, the same everywhere. A
// stage of the configuration that has no text of its own is told by its name.
func (t *Texts) RequestState(s provisioning.RequestState) string {
	return t.wordOr("state."+string(s), string(s))
}

// AccountState returns the word for a line's state, the same everywhere.
func (t *Texts) AccountState(s provisioning.AccountState) string {
	return t.wordOr("account."+string(s), string(s))
}

// Stage returns the name of the office that holds a stage.
func (t *Texts) Stage(s provisioning.StageName) string {
	return t.wordOr("stage."+string(s), string(s))
}

// the returns the name of the office that holds a stage, with its article.
func (t *Texts) the(s provisioning.StageName) string {
	return t.wordOr("stage."+string(s)+".the", string(s))
}

// Type returns the word for an account type, lower case.
func (t *Texts) Type(a identity.AccountType) string {
	return t.wordOr("type."+string(a), string(a))
}

func (t *Texts) medium(m input.Medium) string {
	return t.wordOr("medium."+string(m), string(m))
}

func (t *Texts) wordOr(key, other string) string {
	if word := t.render(key, nil, nil); word != "" {
		return word
	}
	return flat(other)
}

// look is how a state shows beside its word: a mark and a colour, neither of
// which is needed to understand it.
type look struct{ mark, colour string }

var requestLooks = map[provisioning.RequestState]look{
	provisioning.StateReturned:     {"↩", "Attention"},
	provisioning.StateProvisioning: {markNow, "Accent"},
	provisioning.StateAttention:    {markAlarm, "Attention"},
	provisioning.StateCompleted:    {markDone, ""},
	provisioning.StateRejected:     {markStopped, "Attention"},
	provisioning.StateCancelled:    {markStopped, ""},
	provisioning.StateExpired:      {markStopped, ""},
}

func lookOf(s provisioning.RequestState) look {
	if l, ok := requestLooks[s]; ok {
		return l
	}
	return look{markNow, "Accent"} // with a stage
}

var accountMarks = map[provisioning.AccountState]string{
	provisioning.AccountPending:   markToCome,
	provisioning.AccountReserved:  markToCome,
	provisioning.AccountLicensed:  markDone,
	provisioning.AccountRecorded:  markDone,
	provisioning.AccountAnnounced: markDone,
	provisioning.AccountExists:    markDone,
	provisioning.AccountAttention: markAlarm,
	provisioning.AccountExcluded:  markStopped,
}

func accountMark(s provisioning.AccountState) string {
	if mark, ok := accountMarks[s]; ok {
		return mark
	}
	return markNow // on its way
}

// subject tells who a request is for: "Lucía Ñáñez · docente", or the first and
// how many more.
func (t *Texts) subject(r provisioning.Request) string {
	return t.holders(r) + " · " + t.Type(r.Type)
}

// holders is subject without the type.
func (t *Texts) holders(r provisioning.Request) string {
	name := clip(flat(r.Subject), 120)
	if r.Lines <= 1 {
		return name
	}
	return t.render("request.more", map[string]string{"count": thousands(r.Lines - 1), "name": name}, r.Lines-1)
}

// petition tells the document that asks: "Oficio SEDU/DTI/045/2025, lunes 7 de julio".
func (t *Texts) petition(p provisioning.Petition) string {
	text := t.medium(p.Medium)
	if p.Number != "" {
		text = t.plain("petition.numbered", "medium", text, "number", flat(p.Number))
	}
	if !p.Date.IsZero() {
		text += ", " + t.Date(p.Date)
	}
	return text
}
