package cards

import "seducoahuila.gob.mx/altas/provisioning"

// What is said where somebody decides by words instead of pressing a card's button.

// Waits reports whether the stage still has the request to decide, in the round of the card.
func (a Approval) Waits() bool {
	_, decided := a.Request.Decision(a.Stage)
	return !decided && a.Request.State == provisioning.RequestState(a.Stage) && (a.Round == 0 || a.Round == a.Request.Round)
}

// Decided says how a stage decided, and who has the request now.
func (t *Texts) Decided(a Approval) string {
	r := a.Request
	now := t.md("typed.state", "state", t.RequestState(r.State))
	d, ok := r.Decision(a.Stage)
	if !ok || a.Round != 0 && a.Round < r.Round {
		return sentences(t.md("typed.folio", "folio", string(r.Folio)), now)
	}
	said := t.md("typed.decided", "folio", string(r.Folio), "verdict", t.unescapedVerdict(d, a.stages()), "moment", t.Moment(d.At))
	return sentences(said, t.leftOutText(a, d), now)
}

// leftOutText names whom a decision left out, of those that are shown.
func (t *Texts) leftOutText(a Approval, d provisioning.Decision) string {
	var said string
	for _, line := range a.shown() {
		for _, n := range d.Excluded {
			if n == line.Number {
				said = sentences(said, t.md("approval.left_out", "name", clip(line.Holder.DisplayName(), 120)))
			}
		}
	}
	return said
}

// Unchanged is Decided for whoever came too late, or said it twice.
func (t *Texts) Unchanged(a Approval) string {
	return sentences(t.fixed["typed.unchanged"], t.Decided(a))
}

// RejectAsked asks whether a rejection is meant, which cannot be undone.
func (t *Texts) RejectAsked(a Approval) string {
	return t.md("typed.reject", "folio", string(a.Request.Folio), "subject", t.subject(a.Request), "yes", t.fixed["typed.yes.reject"])
}

// Which asks for the whole folio of the request that a number may be short for. word is
// the command that was typed.
func (t *Texts) Which(d Dossier, word string) string {
	return t.md("typed.which", "folio", string(d.Request.Folio), "subject", t.subject(d.Request), "word", word)
}
