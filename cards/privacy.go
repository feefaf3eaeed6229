package cards

import (
	"cmp"
	"time"

	"seducoahuila.gob.mx/altas/provisioning/privacy"
)

// maxNoticeText is the most characters of a text of the organisation's notice; the configuration
// refuses longer ones. maxNoticePart bounds a part of the card, of two texts at most: what is in force
// is never cut.
const (
	maxNoticeText = 600
	maxNoticePart = 2*maxNoticeText + 10
)

// Why is the occasion on which the privacy notice is shown: its key in the catalogue.
type Why string

// The occasions.
const (
	WhyAsked   Why = ""                // the person asked to see it
	WhyBegin   Why = "privacy.before"  // before a form
	WhyRefused Why = "privacy.refused" // instead of a step, whose inputs were not stored
	WhyTyped   Why = "privacy.typed"   // instead of an answer to a text with a CURP
)

// Privacy is the privacy notice for one person.
type Privacy struct {
	Notice privacy.Notice
	At     time.Time // when the person acknowledged this version; zero if they have not
	Why    Why
	Opens  Data // Kind, or Folio and Mark, of the form that the button opens; zero for none
}

// Privacy is the short privacy notice, with the button that acknowledges it unless that was done.
func (t *Texts) Privacy(p Privacy) Card {
	c := Card{lang: t.locale, Summary: t.fixed["privacy.summary"], body: t.privacyHead(p)}
	in := p.Notice.In(t.locale, Spanish)
	if p.At.IsZero() {
		c.actions = []action{t.execute(t.fixed["button.acknowledge"], p.data()).primary()}
	} else {
		c.Summary = t.fixed["privacy.summary_read"]
	}
	if in.URL != "" {
		c.actions = append(c.actions, openURL(t.fixed["button.full_notice"], in.URL))
	}
	for _, part := range []struct{ title, usual, written string }{
		{"privacy.responsible", "privacy.responsible.text", join(" · ", in.Responsible, in.Address)},
		{"privacy.data", "privacy.data.text", in.Data},
		{"privacy.purposes", "privacy.purposes.text", in.Purposes},
		{"privacy.transfers", "privacy.transfers.text", in.Transfers},
		{"privacy.refuse", "privacy.refuse.text", in.Refuse},
		{"privacy.contact", "", in.Contact},
		{"privacy.full", "privacy.full.text", in.URL},
	} {
		c.body = append(c.body, noticePart(t.fixed[part.title], t.fixed[part.usual], part.written)...)
	}
	return c
}

// privacyHead is the title, the version, and why the notice is shown or when it was acknowledged.
func (t *Texts) privacyHead(p Privacy) []any {
	dated := t.At(time.Time{}).Date(p.Notice.Date) // with its year
	version := dotted(t.md("privacy.version", "version", p.Notice.Version), dated)
	head := []any{band(styleEmphasis, heading(t.fixed["privacy.title"]), small(version))}
	switch {
	case !p.At.IsZero():
		head = append(head, paragraph(marked(markDone, t.md("privacy.confirmed", "moment", t.withAbsoluteDates().Moment(p.At)))))
	case p.Why != WhyAsked:
		head = append(head, paragraph(t.fixed[string(p.Why)]))
	}
	return head
}

// noticePart is a part of the notice under its title: as the organisation wrote it, else as usual;
// nothing if there is neither.
func noticePart(title, usual, written string) []any {
	text := cmp.Or(escape(clip(flat(written), maxNoticePart)), usual)
	if text == "" {
		return nil
	}
	return []any{subheading(title), next(text)}
}

// data is what the button sends: the version that was shown, and the form that it opens.
func (p Privacy) data() Data {
	d := p.Opens
	d.Verb, d.Notice = PrivacyAcknowledge, p.Notice.Version
	return d
}

// PrivacyAcknowledged replaces the notice after its button was pressed.
func (t *Texts) PrivacyAcknowledged(p Privacy) Card {
	c := Card{lang: t.locale, Summary: t.fixed["privacy.summary_read"], body: t.privacyHead(p)}
	if p.Opens != (Data{}) {
		c.body = append(c.body, paragraph(t.fixed["answer.form"]))
	}
	c.body = append(c.body, subtle(t.fixed["privacy.again"]))
	return c
}

// curpPurpose says, beneath the input for a CURP, what it serves for.
func (t *Texts) curpPurpose() textBlock { return small(t.fixed["privacy.curp"]) }
