package cards

import (
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/input"
)

// RequestState returns the name of a request's state. A stage without a text in the catalogue has
// its own name.
func (t *Texts) RequestState(s provisioning.RequestState) string {
	return t.wordOr("state."+string(s), string(s))
}

// AccountState returns the name of a line's state.
func (t *Texts) AccountState(s provisioning.AccountState) string {
	return t.wordOr("account."+string(s), string(s))
}

// Stage returns the name of a stage's office.
func (t *Texts) Stage(s provisioning.StageName) string {
	return t.wordOr("stage."+string(s), string(s))
}

// theStage returns the name of a stage's office, with its article.
func (t *Texts) theStage(s provisioning.StageName) string {
	return t.wordOr("stage."+string(s)+".the", string(s))
}

// Type returns the name of an account type, in lower case.
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

// stateStyle is a state's mark and colour beside its name, and the styles of its badge and of the
// card's band. None is needed to understand it.
type stateStyle struct{ mark, colour, badge, band string }

var requestStyles = map[provisioning.RequestState]stateStyle{
	provisioning.StateReturned:     {"↩", "", styleWarning, styleWarning},
	provisioning.StateProvisioning: {markNow, "Accent", styleInformative, styleEmphasis},
	provisioning.StateAttention:    {markAlarm, "", styleWarning, styleEmphasis},
	provisioning.StateCompleted:    {markDone, "", styleGood, styleGood},
	provisioning.StateRejected:     {markStopped, "", styleAttention, styleAttention},
	provisioning.StateCancelled:    {markStopped, "", styleSubtle, styleEmphasis},
	provisioning.StateExpired:      {markStopped, "", styleSubtle, styleEmphasis},
}

func styleOf(s provisioning.RequestState) stateStyle {
	if l, ok := requestStyles[s]; ok {
		return l
	}
	return stateStyle{markNow, "Accent", styleInformative, styleEmphasis} // at a stage
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
	return markNow // in progress
}

// subject names a request's holders and type: "Lucía Ñáñez · docente", or the first holder and the
// number of the others.
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

// petition describes the petition's document: "Oficio SEDU/DTI/045/2025, lunes 7 de julio".
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
