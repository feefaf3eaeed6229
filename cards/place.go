package cards

import "seducoahuila.gob.mx/altas/provisioning"

// PlaceRow is a request in a list of the personal tab, in plain text.
type PlaceRow struct {
	Title string // "Cuenta para Lucía Ñáñez · docente"
	State string // its name
	Tone  string // "now", "done", "alarm" or "stopped": only says again what State says
	Day   string // when it was sent
	Since string // "desde hoy, 10:32"; "" once it has ended
}

// PlaceRow returns a request as the personal tab shows it.
func (t *Texts) PlaceRow(r provisioning.Request) PlaceRow {
	row := PlaceRow{
		Title: t.about(r.Kind).plain("request.row", "subject", t.title(r)), State: t.RequestState(r.State),
		Tone: placeTones[styleOf(r.State).mark], Day: t.Day(r.SubmittedAt),
	}
	if !r.State.Final() && !r.StageSince.IsZero() {
		row.Since = t.since(r.StageSince, t.Moment(r.StageSince))
	}
	return row
}

// placeTones are the tones of a state by its mark on cards.
var placeTones = map[string]string{markNow: "now", markDone: "done", markAlarm: "alarm", markStopped: "stopped", "↩": "alarm"}

// Place returns the text of a key in plain text, for the personal tab, which escapes it for HTML. args are
// name, value pairs.
func (t *Texts) Place(key string, args ...string) string { return t.plain(key, args...) }
