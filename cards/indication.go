package cards

import "seducoahuila.gob.mx/altas/provisioning"

// indications shows what the stages wrote when they approved the request in its present round: the
// head of department carries it out.
func (t *Texts) indications(r provisioning.Request) []any {
	var items []any
	for _, d := range r.Decisions {
		if d.Round == r.Round && d.Verdict == provisioning.Approve && d.Comment != "" {
			items = append(items,
				next(escape(dotted(t.Stage(d.Stage), clip(flat(d.By.Name), 100)))),
				small(t.md("label.quoted", "comment", clip(d.Comment, maxComment))))
		}
	}
	if len(items) == 0 {
		return nil
	}
	return append([]any{subheading(t.fixed["attention.indications"])}, items...)
}
