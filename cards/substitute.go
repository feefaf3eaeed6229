package cards

import (
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
)

// reminder says to a channel what is pending, since when, and who else may decide it; to the
// platform's channel, what is pending elsewhere.
func (t *Texts) reminder(n News) string {
	r := n.View.Request
	key := "notice." + string(n.Notice.Kind)
	if r.State == provisioning.StateAttention {
		key = "notice.reminder_attention"
	}
	text := t.md(key, "folio", string(r.Folio), "subject", t.asked(r),
		"stage", t.theStage(provisioning.StageName(r.State)), "since", t.sinceWorked(r.StageSince, n.View.Worked))
	if n.URL != "" {
		text = sentences(text, "["+escape(t.fixed["button.open_card"])+"]("+n.URL+")")
	}
	switch {
	case len(n.Substitutes) > 0:
		return sentences(text, t.count("notice.substitutes", len(n.Substitutes), "names", names(n.Substitutes)))
	case n.Notice.Kind == provisioning.NoticeEscalated:
		return sentences(text, t.fixed["notice.no_substitute"])
	case n.URL != "":
		return text
	}
	return sentences(text, t.fixed["notice.reminder_how"])
}

// names lists the substitutes: "Marta Solís, Rosa Ibarra".
func names(list []provisioning.Substitute) string {
	all := make([]string, 0, len(list))
	for _, s := range list {
		all = append(all, clip(flat(s.To.Name), 80))
	}
	return strings.Join(all, ", ")
}

// uncorrected reminds the requester of a returned request, with the date on which it expires.
func (t *Texts) uncorrected(n News) string {
	text := t.md("notice.uncorrected", "folio", string(n.Notice.Folio), "holders", t.holders(n.View.Request))
	ends, err := time.Parse(time.RFC3339, n.Notice.Args["ends"])
	if err != nil {
		return text
	}
	return sentences(text, t.md("notice.ends", "day", t.Date(ends.In(t.now.Location()))))
}

// Substitutes lists the substitutes, their stages and their days.
func (t *Texts) Substitutes(list []provisioning.Substitute) Card {
	if len(list) == 0 {
		return Card{
			lang:    t.locale,
			Summary: t.fixed["substitutes.none"],
			body:    []any{band(styleEmphasis, heading(t.fixed["substitutes.none_title"])), paragraph(t.fixed["substitutes.none"])},
		}
	}
	body := []any{band(styleEmphasis, heading(t.fixed["substitutes.title"]))}
	for _, s := range list {
		body = append(body, subheading(escape(clip(flat(s.To.Name), 80))), small(dotted(escape(t.Stage(s.Stage)), t.period(s))))
	}
	return Card{lang: t.locale, Summary: t.count("substitutes.summary", len(list)), body: body}
}

// Substitute confirms the naming of a substitute.
func (t *Texts) Substitute(s provisioning.Substitute) string {
	return t.md("substitutes.named", "name", clip(flat(s.To.Name), 80), "stage", t.theStage(s.Stage), "period", t.period(s))
}

// period shows the first and the last day of a substitution.
func (t *Texts) period(s provisioning.Substitute) string {
	zone := t.now.Location()
	first, last := s.From.In(zone), s.Until.In(zone).AddDate(0, 0, -1)
	if days(first, last) <= 0 {
		return t.plain("substitutes.day", "day", t.Date(last))
	}
	return t.plain("substitutes.days", "first", t.Date(first), "last", t.Date(last))
}
