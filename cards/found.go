package cards

import "seducoahuila.gob.mx/altas/provisioning"

// Hit is a line that a search found, with its request.
type Hit struct {
	Account provisioning.Account
	Request provisioning.Request
	Office  bool // found by somebody who decides on the request, or administers: nothing is masked as for its requester
}

// Hits is a page of a search's results, newest first.
type Hits struct {
	Query string // as typed
	Hits  []Hit
	More  bool
	First bool
}

// accounts returns the lines found.
func (h Hits) accounts() []provisioning.Account {
	var all []provisioning.Account
	for _, hit := range h.Hits {
		all = append(all, hit.Account)
	}
	return all
}

// Found is a page of the lines that a search found. Tapping one opens its request.
func (t *Texts) Found(h Hits) Card {
	query := clip(flat(h.Query), 60)
	if len(h.Hits) == 0 {
		return Card{
			lang:    t.locale,
			Summary: t.plain("find.none", "query", query),
			body: []any{
				band(styleEmphasis, heading(t.fixed["find.none_title"])),
				paragraph(t.md("find.none", "query", query)), small(t.fixed["find.how"]),
			},
			actions: []action{t.execute(t.fixed["button.mine"], Data{Verb: RequestMine})},
		}
	}
	body := []any{band(styleEmphasis, heading(t.md("find.title", "query", query)), small(t.fixed["list.some"]))}
	for _, hit := range h.Hits {
		body = append(body, t.hit(hit, RequestStatus))
	}
	return Card{
		lang:    t.locale,
		spoken:  t.saysMasked(h.accounts()...),
		Summary: t.plain("find.summary", "query", query), body: body, wide: true, actions: t.hitsPager(h),
	}
}

// hit is one line found: its holder, its request and its account. The CURP is masked, because lists
// can be read over somebody's shoulder. opens is the verb of tapping it.
func (t *Texts) hit(h Hit, opens string) container {
	a, r := h.Account, h.Request
	t = t.about(r.Kind)
	name := next(escape(t.plain("request.row", "subject", clip(flat(a.Holder.DisplayName()), 120))))
	name.Weight = "Bolder"
	requester := ""
	if h.Office {
		requester = escape(clip(flat(r.Requester.Name), 80))
	}
	items := []any{name, small(t.details(a.Holder, false)), small(dotted(string(r.Folio), t.Day(r.SubmittedAt), requester))}
	l := styleOf(r.State)
	state := marked(l.mark, t.RequestState(r.State))
	if !r.State.Final() || a.State.Final() {
		account := addressText(a.Address)
		account.Text = marked(accountMark(a.State), t.AccountState(a.State))
		if a.Address != "" && a.State != provisioning.AccountExcluded {
			account.Text += ": " + escape(addressFor(a, r, h.Office))
		}
		items = append(items, account)
	}
	c := box(append(items, coloured(state, l.colour))...)
	c.Separator, c.Spacing = true, "Medium"
	return t.opening(c, a.Holder.DisplayName(), r, t.execute("", statusData(r).with(opens)))
}

// hitsPager returns the buttons to older hits and back to the newest.
func (t *Texts) hitsPager(h Hits) []action {
	var actions []action
	d := Data{Verb: RequestFind, Query: clip(flat(h.Query), maxQuery)}
	if h.More {
		older := d
		older.Stamp = h.Hits[len(h.Hits)-1].Account.Stamp
		actions = append(actions, t.execute(t.fixed["button.older"], older))
	}
	if !h.First {
		actions = append(actions, t.execute(t.fixed["button.newest"], d))
	}
	return actions
}

// maxQuery is the maximum length, in characters, of the query in a button's data.
const maxQuery = 200
