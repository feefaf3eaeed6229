package cards

import (
	"strconv"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
)

// Notice is what a person is told: a text of at most three sentences, or a card
// where there is something to do. The bot redraws nothing in it.
func (t *Texts) Notice(n News) Message {
	t = t.about(n.View.Request.Kind)
	switch n.Notice.Kind {
	case provisioning.NoticeReady:
		return Message{Card: t.Ready(n.Delivery)}
	case provisioning.NoticeReturned:
		return Message{Card: t.standing().Status(n.View)}
	case provisioning.NoticeExists, provisioning.NoticeExcluded:
		return Message{Text: t.ofLine(n)}
	case provisioning.NoticeReminder, provisioning.NoticeEscalated:
		return Message{Text: t.reminder(n)}
	case provisioning.NoticeUncorrected:
		return Message{Text: t.uncorrected(n)}
	case provisioning.NoticeUnreachable:
		stage := provisioning.StageName(n.Notice.Args["stage"])
		return Message{Text: t.md("notice.unreachable", "stage", t.the(stage), "name", t.wordOr("stage."+string(stage)+".word", string(stage)))}
	case provisioning.NoticeWaiting:
		return Message{Text: t.waiting(n)}
	case provisioning.NoticeCompleted:
		return Message{Text: t.completed(n, "notice.completed")}
	case provisioning.NoticeShortage:
		return Message{Text: t.md("notice.shortage", "type", t.Type(identity.AccountType(n.Notice.Args["type"])))}
	case provisioning.NoticeInquiries:
		return Message{Text: t.md("notice.inquiries", "name", clip(flat(n.Notice.Args["name"]), 100), "most", n.Notice.Args["most"])}
	case provisioning.NoticeUnrecorded:
		return Message{Text: t.md("notice.unrecorded", "folio", string(n.Notice.Folio), "address", n.Notice.Args["address"],
			"name", clip(flat(n.Notice.Args["name"]), 190))}
	case provisioning.NoticeLowStock:
		return Message{Text: t.lowStock(n.Notice.Args)}
	case provisioning.NoticeUndelivered:
		return Message{Text: t.undelivered(n.Notice)}
	case provisioning.NoticeStockUnread:
		return Message{Text: t.md("notice.stock_unread", "permission", stockPermission, "ref", n.Notice.Args["ref"])}
	}
	return Message{Text: t.ofRequest(n)}
}

// stockPermission is Graph's, to read how many licences are left.
const stockPermission = "LicenseAssignment.Read.All"

// ofRequest tells a change of a request, with the reason where somebody gave one.
func (t *Texts) ofRequest(n News) string {
	r := n.View.Request
	var args []string
	for name, value := range n.Notice.Args {
		args = append(args, name, clip(flat(value), 190))
	}
	args = append(args, "folio", string(r.Folio), "holders", t.holders(r), "stage", t.the(provisioning.StageName(n.Notice.Args["stage"])))
	said := t.count("notice."+string(n.Notice.Kind), max(1, r.Lines), args...)
	last, ok := r.LastDecision()
	if n.Notice.Kind == provisioning.NoticeRejected && ok && last.Comment != "" {
		said = sentences(said, t.md("label.reason_is", "comment", clip(last.Comment, maxComment)))
	}
	return said
}

func (t *Texts) ofLine(n News) string {
	a := n.Account
	said := t.md("notice."+string(n.Notice.Kind),
		"folio", string(a.Folio()), "name", clip(a.Holder.DisplayName(), 190), "address", string(a.Address))
	if n.Notice.Kind == provisioning.NoticeExcluded {
		said = sentences(said, t.note(a))
	}
	return said
}

func (t *Texts) waiting(n News) string {
	r := n.View.Request
	said := t.md("notice.waiting", "folio", string(r.Folio), "holders", t.holders(r))
	if n.View.Place > 0 {
		said = sentences(said, t.count("notice.place", n.View.Place))
	}
	return said
}

// lowStock tells how many licences are left.
func (t *Texts) lowStock(args map[string]string) string {
	free, _ := strconv.Atoi(args["free"]) // what is no number is none
	return t.count("notice.low_stock", free, "sku", args["sku"])
}

// resendCommand lists what was not delivered, and sends it again.
const resendCommand = "altas undelivered"

// undelivered tells whom a notice, or a card, does not reach. It names the request, and
// nothing of what they say.
func (t *Texts) undelivered(n provisioning.Notice) string {
	who := n.Args["name"]
	if stage := n.Args["stage"]; stage != "" {
		who = t.the(provisioning.StageName(stage))
	}
	key, folio := "notice.undelivered", string(n.Folio)
	if n.Args["kind"] == "" {
		key = "notice.undelivered_card"
	}
	if folio == "" {
		folio = t.fixed["notice.no_folio"]
	}
	return t.md(key, "who", clip(who, 100), "folio", folio, "command", resendCommand)
}

// completed tells how a request with several lines ended.
func (t *Texts) completed(n News, key string) string {
	d := n.View
	made := d.Tally[provisioning.AccountAnnounced]
	said := sentences(t.md(key, "folio", string(d.Request.Folio), "holders", t.holders(d.Request)), t.count("notice.made", made))
	if rest := d.Tally[provisioning.AccountExists] + d.Tally[provisioning.AccountExcluded]; rest > 0 {
		said = sentences(said, t.count("notice.rest", rest))
	}
	return said
}

// Outcome is the answer in the thread of an authorised request's card: that the
// accounts are ready, or wait for the head of department. It is "" in any other
// state.
func (t *Texts) Outcome(d RequestView) string {
	r := d.Request
	t = t.about(r.Kind)
	switch {
	case r.State == provisioning.StateAttention:
		return t.count("outcome.attention", max(1, d.Tally[provisioning.AccountAttention]), "folio", string(r.Folio))
	case r.State != provisioning.StateCompleted:
		return ""
	case r.Lines == 1 && len(d.Accounts) == 1:
		return t.outcomeOf(d.Accounts[0])
	}
	return t.completed(News{View: d}, "outcome.completed")
}

func (t *Texts) outcomeOf(a provisioning.Account) string {
	key := "outcome." + string(a.State)
	if a.State == provisioning.AccountExcluded && a.Made() {
		key = "outcome.excluded_made"
	}
	said := t.md(key,
		"folio", string(a.Folio()), "name", clip(a.Holder.DisplayName(), 190), "address", string(a.Address))
	if a.State == provisioning.AccountExcluded {
		said = sentences(said, t.note(a))
	}
	return said
}
