package cards

import "seducoahuila.gob.mx/altas/provisioning"

// Mine is a page of a requester's own requests. Tapping one opens it.
func (t *Texts) Mine(l List) Card {
	if len(l.Rows) == 0 {
		return t.emptyList("mine")
	}
	body := []any{band(styleEmphasis, append([]any{heading(t.fixed["mine.title"])}, t.listCount(l)...)...)}
	for _, row := range l.Rows {
		body = append(body, t.mineRow(row))
	}
	return Card{
		lang:    t.locale,
		Summary: t.count("mine.summary", max(l.Total, len(l.Rows))), body: body, wide: true,
		actions: append(t.pager(l, Data{Verb: RequestMine}, "button.older", "button.newest"), t.execute(t.fixed["button.begin"], Data{Verb: RequestBegin})),
	}
}

func (t *Texts) mineRow(row Row) container {
	r := row.Request
	l := styleOf(r.State)
	c := t.row(r, small(dotted(string(r.Folio), t.Day(r.SubmittedAt))), coloured(marked(l.mark, t.RequestState(r.State)), l.colour))
	return t.opening(c, t.title(r), r, t.execute("", statusData(r)))
}

// Pending is a page of the requests at a stage, for its channel, the longest waiting first.
func (t *Texts) Pending(l List) Card {
	if len(l.Rows) == 0 {
		return t.emptyList("pending")
	}
	head := []any{heading(t.md("pending.title", "stage", t.Stage(l.Stage)))}
	if l.Rows[0].URL != "" {
		head = append(head, t.listCount(l)...)
	}
	body := []any{band(styleEmphasis, head...)}
	for _, row := range l.Rows {
		body = append(body, t.pendingRow(row))
	}
	return Card{
		lang:    t.locale,
		Summary: t.count("pending.summary", max(l.Total, len(l.Rows)), "stage", t.Stage(l.Stage)), body: body, wide: true,
		actions: t.pager(l, Data{Verb: RequestPending, Stage: l.Stage}, "button.following", "button.first"),
	}
}

func (t *Texts) pendingRow(row Row) container {
	r := row.Request
	c := t.row(r, small(dotted(string(r.Folio), escape(clip(flat(r.Requester.Name), 80)))), small(t.sinceLine(r.StageSince, row.Worked)))
	if row.URL != "" {
		return t.opening(c, t.title(r), r, openURL("", row.URL))
	}
	return c
}

// row is one request of a list.
func (t *Texts) row(r provisioning.Request, more ...any) container {
	name := next(escape(t.about(r.Kind).title(r)))
	name.Weight = "Bolder"
	c := box(append([]any{name}, more...)...)
	c.Separator, c.Spacing = true, "Medium"
	return c
}

// listCount says how many requests there are, and that tapping one opens it.
func (t *Texts) listCount(l List) []any {
	switch {
	case l.Total > len(l.Rows):
		return []any{small(t.count("list.of", l.Total))}
	case l.More || !l.First:
		return []any{small(t.fixed["list.some"])}
	}
	return []any{small(t.count("list.all", len(l.Rows)))}
}

// pager returns the buttons to the next page and back to the first.
func (t *Texts) pager(l List, d Data, more, first string) []action {
	var actions []action
	if l.More {
		nextPage := d
		nextPage.Folio = l.Rows[len(l.Rows)-1].Request.Folio
		actions = append(actions, t.execute(t.fixed[more], nextPage))
	}
	if !l.First {
		actions = append(actions, t.execute(t.fixed[first], d))
	}
	return actions
}

func (t *Texts) emptyList(list string) Card {
	c := Card{
		lang:    t.locale,
		Summary: t.fixed[list+".none"],
		body:    []any{band(styleEmphasis, heading(t.fixed[list+".none_title"])), paragraph(t.fixed[list+".none"])},
	}
	if list == "mine" {
		c.actions = []action{t.execute(t.fixed["button.begin"], Data{Verb: RequestBegin}).primary()}
	}
	return c
}
