package cards

import (
	"strconv"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/letter"
)

// Notice is the message of a notice: a text of at most three sentences, or a card where the person
// can act. It is not updated afterwards.
func (t *Texts) Notice(n News) Message {
	t = t.about(n.View.Request.Kind)
	switch n.Notice.Kind {
	case provisioning.NoticeReady:
		return Message{Card: t.Ready(n.Delivery)}
	case provisioning.NoticeReturned:
		return Message{Card: t.withAbsoluteDates().Status(n.View)}
	case provisioning.NoticeExists, provisioning.NoticeExcluded:
		return Message{Text: t.lineNotice(n)}
	case provisioning.NoticeReminder, provisioning.NoticeEscalated:
		return Message{Text: t.reminder(n)}
	case provisioning.NoticeDigest:
		return Message{Text: t.digest(n.Notice.Args)}
	case provisioning.NoticeUncorrected:
		return Message{Text: t.uncorrected(n)}
	case provisioning.NoticeUnreachable:
		stage := provisioning.StageName(n.Notice.Args["stage"])
		return Message{Text: t.md("notice.unreachable", "stage", t.theStage(stage), "name", t.wordOr("stage."+string(stage)+".word", string(stage)))}
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
	case letter.NoticeSent:
		return Message{Card: t.LetterSent(n.Letter)}
	case letter.NoticeAnnulled:
		return Message{Text: t.md("notice.letter_annulled", "number", clip(flat(n.Notice.Args["number"]), 60), "folio", string(n.Notice.Folio))}
	case provisioning.NoticeAuditHead:
		return Message{Text: t.auditHead(n.Notice.Args)}
	case provisioning.NoticeStockUnread:
		return Message{Text: t.md("notice.stock_unread", "permission", stockPermission, "ref", n.Notice.Args["ref"])}
	}
	return Message{Text: t.requestNotice(n)}
}

// auditHead says how many entries the audit has, and what its head is for.
func (t *Texts) auditHead(args map[string]string) string {
	entries, _ := strconv.Atoi(args["entries"]) // 0 if it is not a number
	return t.count("notice.audit_head", entries, "command", verifyCommand+" "+args["head"])
}

// verifyCommand, with a head, holds the audit to it.
const verifyCommand = "altas audit verify -head"

// stockPermission is Graph's permission for reading the number of free licences.
const stockPermission = "LicenseAssignment.Read.All"

// requestNotice is the text about a request's change of state, with the reason if one was given.
func (t *Texts) requestNotice(n News) string {
	r := n.View.Request
	var args []string
	for name, value := range n.Notice.Args {
		args = append(args, name, clip(flat(value), 190))
	}
	args = append(args, "folio", string(r.Folio), "holders", t.holders(r), "stage", t.theStage(provisioning.StageName(n.Notice.Args["stage"])))
	text := t.count("notice."+string(n.Notice.Kind), max(1, r.Lines), args...)
	last, ok := r.LastDecision()
	if n.Notice.Kind == provisioning.NoticeRejected && ok && last.Comment != "" {
		text = sentences(text, t.md("label.reason_is", "comment", clip(last.Comment, maxComment)))
	}
	return text
}

func (t *Texts) lineNotice(n News) string {
	a := n.Account
	text := t.md("notice."+string(n.Notice.Kind),
		"folio", string(a.Folio()), "name", clip(a.Holder.DisplayName(), 190), "address", string(a.Address))
	if n.Notice.Kind == provisioning.NoticeExcluded {
		text = sentences(text, t.note(a))
	}
	return text
}

func (t *Texts) waiting(n News) string {
	r := n.View.Request
	text := t.md("notice.waiting", "folio", string(r.Folio), "holders", t.holders(r))
	if n.View.Place > 0 {
		text = sentences(text, t.count("notice.place", n.View.Place))
	}
	return text
}

// lowStock says how many licences are left.
func (t *Texts) lowStock(args map[string]string) string {
	free, _ := strconv.Atoi(args["free"]) // 0 if it is not a number
	return t.count("notice.low_stock", free, "sku", args["sku"])
}

// resendCommand lists what was not delivered, and sends it again.
const resendCommand = "altas undelivered"

// undelivered says to whom a notice or card could not be delivered. It names the request but not
// the content.
func (t *Texts) undelivered(n provisioning.Notice) string {
	who := n.Args["name"]
	if stage := n.Args["stage"]; stage != "" {
		who = t.theStage(provisioning.StageName(stage))
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

// completed says how a request with several lines ended.
func (t *Texts) completed(n News, key string) string {
	d := n.View
	made := d.Tally[provisioning.AccountAnnounced]
	text := sentences(t.md(key, "folio", string(d.Request.Folio), "holders", t.holders(d.Request)), t.count("notice.made", made))
	return sentences(text, t.rest(d))
}

// Outcome is the reply in the thread of an authorised request's card: the accounts are ready, or
// are waiting for the head of department. It is "" in other states.
func (t *Texts) Outcome(d RequestView) string {
	r := d.Request
	t = t.about(r.Kind)
	switch {
	case r.State == provisioning.StateAttention:
		return t.count("outcome.attention", max(1, d.Tally[provisioning.AccountAttention]), "folio", string(r.Folio))
	case r.State != provisioning.StateCompleted:
		return ""
	case r.Lines == 1 && len(d.Accounts) == 1:
		return t.lineOutcome(d.Accounts[0])
	}
	return t.completed(News{View: d}, "outcome.completed")
}

func (t *Texts) lineOutcome(a provisioning.Account) string {
	key := "outcome." + string(a.State)
	if a.State == provisioning.AccountExcluded && a.Made() {
		key = "outcome.excluded_made"
	}
	text := t.md(key,
		"folio", string(a.Folio()), "name", clip(a.Holder.DisplayName(), 190), "address", string(a.Address))
	if a.State == provisioning.AccountExcluded {
		text = sentences(text, t.note(a))
	}
	return text
}
