package cards

import (
	"unicode"
	"unicode/utf8"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/input"
)

// RequestState returns the name of a request's state. A stage without a text in the catalogue has
// its own name.
func (t *Texts) RequestState(s provisioning.RequestState) string {
	return t.wordOr("state."+string(s), string(s))
}

// inSentence is a request's state within a sentence: "La solicitud está devuelta para corregir". A
// stage without a text in the catalogue is named as such.
func (t *Texts) inSentence(s provisioning.RequestState) string {
	if state := t.render("state."+string(s), nil, nil); state != "" {
		return lowerFirst(state)
	}
	return t.plain("state.elsewhere", "stage", flat(string(s)))
}

// lowerFirst returns a text that stands within a sentence instead of at its beginning.
func lowerFirst(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToLower(first)) + s[size:]
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

// title says what a request asks for: "Cuentas de docente para Lucía Ñáñez y 2 más". Its type is that
// of the accounts, not the gender or number of the holders.
func (t *Texts) title(r provisioning.Request) string {
	return t.render("request.title", map[string]string{"accounts": t.accountsAsked(r), "subject": t.holders(r)}, max(1, r.Lines))
}

// asked is title within a sentence.
func (t *Texts) asked(r provisioning.Request) string { return lowerFirst(t.title(r)) }

// accountsAsked names the accounts of a request by their type: "Cuenta de alumno", "Cuentas de docente".
func (t *Texts) accountsAsked(r provisioning.Request) string {
	if text := t.render("accounts."+string(r.Type), nil, max(1, r.Lines)); text != "" {
		return text
	}
	return t.render("accounts.other", map[string]string{"type": flat(string(r.Type))}, max(1, r.Lines))
}

// holders names the first holder of a request, and the number of the others.
func (t *Texts) holders(r provisioning.Request) string {
	name := clip(flat(r.Subject), 120)
	if r.Lines <= 1 {
		return name
	}
	return t.render("request.more", map[string]string{"count": thousands(r.Lines - 1), "name": name}, r.Lines-1)
}

// petition describes the petition's document: "Oficio SEDU/DTI/045/2025, lunes 7 de julio". A mail has
// a subject, or nothing.
func (t *Texts) petition(p provisioning.Petition) string {
	text := t.medium(p.Medium)
	switch mail := p.Medium == input.MediumMail; {
	case p.Number == "", mail && input.Placeholder(p.Number):
	case mail:
		text = t.plain("petition.mail", "medium", text, "subject", flat(p.Number))
	default:
		text = t.plain("petition.numbered", "medium", text, "number", flat(p.Number))
	}
	if !p.Date.IsZero() {
		text += ", " + t.Date(p.Date)
	}
	return text
}
