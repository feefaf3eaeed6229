package cards

// StageFound is Found in the channel of a stage. Everybody there reads it, so it does not repeat
// what was typed, which may be a CURP, nor has a button with it.
func (t *Texts) StageFound(h Hits) Card {
	if len(h.Hits) == 0 {
		return Card{
			lang:    t.locale,
			Summary: t.fixed["find.here_none"],
			body:    []any{band(styleEmphasis, heading(t.fixed["find.none_title"])), paragraph(t.fixed["find.here_none"]), small(t.fixed["find.how"])},
		}
	}
	body := []any{band(styleEmphasis, heading(t.fixed["find.here"]), small(t.fixed["list.some"]))}
	for _, hit := range h.Hits {
		body = append(body, t.hit(hit, StageStatus))
	}
	if h.More {
		body = append(body, small(t.fixed["find.here_more"]))
	}
	return Card{lang: t.locale, Summary: t.fixed["find.here"], spoken: t.saysMasked(h.accounts()...), body: body, wide: true}
}

// StageStatus shows a request in the channel of a stage that it reached. It is not kept up to date,
// and has no buttons but one that leads to the card with which the stage decides; url is "" if it does not wait there.
func (t *Texts) StageStatus(d RequestView, url string) Card {
	d.Others = true
	c := t.StandingStatus(d)
	c.of = Data{}
	if url != "" {
		c.actions = []action{openURL(t.fixed["button.open_card"], url)}
	}
	return c
}

// Waiting is a page of the requests that wait for a person at any of their stages, the longest
// waiting first, for their own chat.
func (t *Texts) Waiting(l List) Card {
	if len(l.Rows) == 0 {
		return Card{lang: t.locale, Summary: t.fixed["waiting.none"], body: []any{band(styleEmphasis, heading(t.fixed["pending.none_title"])), paragraph(t.fixed["waiting.none"])}}
	}
	body := []any{band(styleEmphasis, append([]any{heading(t.fixed["waiting.title"])}, t.listCount(l)...)...)}
	for _, row := range l.Rows {
		body = append(body, t.waitingRow(row))
	}
	return Card{
		lang:    t.locale,
		Summary: t.count("waiting.summary", max(l.Total, len(l.Rows))), body: body, wide: true,
		actions: t.pager(l, Data{Verb: RequestWaiting}, "button.following", "button.first"),
	}
}

func (t *Texts) waitingRow(row Row) container {
	r := row.Request
	l := styleOf(r.State)
	c := t.row(r,
		small(dotted(string(r.Folio), escape(clip(flat(r.Requester.Name), 80)))),
		coloured(marked(l.mark, t.RequestState(r.State)), l.colour), small(t.sinceWorked(r.StageSince, row.Worked)))
	opens := t.execute("", statusData(r))
	if row.URL != "" {
		opens = openURL("", row.URL)
	}
	return t.opening(c, t.title(r), r, opens)
}
