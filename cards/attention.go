package cards

import (
	"strconv"
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
)

// Attention is the card of a line that the head of department has to decide: the cause, what was
// requested beside what the directory has, and the remedies. After the decision it says so and has
// no buttons.
func (t *Texts) Attention(v Attention) Card {
	c := t.withAbsoluteDates().about(v.Account.Kind).inAttention(v)
	c.of = Data{Stamp: v.Account.Stamp, Mark: v.Request.Mark, Stage: provisioning.Platform}
	return c
}

func (t *Texts) inAttention(v Attention) Card {
	a := v.Account
	if a.Trouble == nil || v.settledSince(a.Trouble.Since) {
		return t.settled(v)
	}
	body := append(t.attentionHead(v, "attention.title"), t.trouble(*a.Trouble)...)
	body = append(body, t.compared(v)...)
	body = append(body, t.indications(v.Request)...)
	body = append(body, t.errorSummary(v.decisionError(), nil)...)
	return Card{
		lang:    t.locale,
		spoken:  t.saysMasked(a),
		Summary: t.plain("attention.summary", "folio", string(v.Request.Folio), "name", flat(a.Holder.DisplayName())),
		body:    body, actions: t.remedies(v), apart: []action{t.drop(v)},
	}
}

func (t *Texts) attentionHead(v Attention, title string) []any {
	a := v.Account
	line := ""
	if v.Request.Lines > 1 {
		line = t.count("attention.line", a.Number)
	}
	where := dotted(t.md("label.folio_is", "folio", string(v.Request.Folio)), line, t.Type(a.Holder.Type))
	items := []any{heading(t.md(title, "name", clip(a.Holder.DisplayName(), 120)))}
	if a.Trouble == nil {
		return []any{band(styleEmphasis, append(items, small(where))...)}
	}
	state := badged(styleWarning, t.AccountState(provisioning.AccountAttention), markAlarm)
	asks := dotted(clip(flat(v.Request.Requester.Name), 100), phone(v.Request.Phone)) // who can say who the person is
	items = append(items, badges(state), small(where), small(t.md("label.requester_is", "name", asks)),
		small(t.since(a.Trouble.Since, t.Moment(a.Trouble.Since))))
	return []any{band(styleWarning, append(items, t.lineActivity(a)...)...)}
}

// trouble shows the cause and, where the log has more about it, the reference. Entries of persons
// are not logged.
func (t *Texts) trouble(tr provisioning.Trouble) []any {
	text := t.render("error."+tr.Reason, escaped(t.withStateNames(tr.Args)), nil)
	if text == "" {
		text = t.fixed["error.trouble.internal"]
	}
	if tr.Ref == "" || len(tr.Entries) > 0 {
		return []any{paragraph(text)}
	}
	return []any{paragraph(text), small(t.md("label.reference_is", "reference", tr.Ref))}
}

// compared shows what was requested beside the directory's entry or, where it found several, above
// them.
func (t *Texts) compared(v Attention) []any {
	a := v.Account
	entries := a.Trouble.Shown()
	items := t.requestedHolder(a)
	if len(entries) == 1 {
		e := entries[0]
		found := append(append([]any{subheading(t.fixed["attention.found"])}, t.entryLines(e, a.Holder.CCT())...), smallLines(t.recordedHolder(*a.Trouble))...)
		both := []any{columns(items, found)}
		if a.Address != e.Address {
			both = append(both, paragraph(t.fixed["attention.asked_address"]), addressText(a.Address))
		}
		return append(both, paragraph(t.fixed["attention.found_address"]), addressText(e.Address))
	}
	if len(entries) > 0 {
		items = []any{t.comparison(a, entries)}
	} else {
		items = append(items, addressText(a.Address))
	}
	items = append(items, smallLines(t.recordedHolder(*a.Trouble))...)
	if more := len(a.Trouble.Entries) - len(entries); more > 0 {
		items = append(items, paragraph(t.count("attention.more", more)))
	}
	return items
}

// requestedHolder shows whom the account is for.
func (t *Texts) requestedHolder(a provisioning.Account) []any {
	h := a.Holder
	items := []any{subheading(t.fixed["attention.asked"]), next(escape(clip(h.DisplayName(), 190)))}
	return append(items, t.requestedLines(a)...)
}

// requestedLines shows what the request says of a holder, in the order of entryData.
func (t *Texts) requestedLines(a provisioning.Account) []any {
	h := a.Holder
	return smallLines(
		t.md("label.cct_is", "cct", string(h.CCT())),
		t.fixed["type."+string(h.Type)+".choice"],
		maskedCURP(t, h.Person.CURP),
		escape(clip(h.Centre.Responsible, 120)),
		t.disabledNote(a),
	)
}

// disabledNote says that the account created for the line is disabled; "" if it is not.
func (t *Texts) disabledNote(a provisioning.Account) string {
	if a.DisabledAt.IsZero() {
		return ""
	}
	return t.md("attention.kept", "day", t.Day(a.DisabledAt))
}

func maskedCURP(t *Texts, c identity.CURP) string {
	if c == "" {
		return ""
	}
	return t.md("label.curp_is", "curp", maskedShort(c))
}

// entryLines shows the directory's data of an account.
func (t *Texts) entryLines(e provisioning.Entry, asked identity.CCT) []any {
	return append([]any{next(escape(clip(e.DisplayName, 190)))}, t.entryData(e, asked)...)
}

// entryData shows what the directory says of an account; a work centre that is not the one asked
// for is marked.
func (t *Texts) entryData(e provisioning.Entry, asked identity.CCT) []any {
	use := t.fixed["attention.enabled"]
	switch {
	case !e.Deleted.IsZero():
		use = t.md("attention.deleted", "since", t.since(e.Deleted, t.Day(e.Deleted)))
	case !e.Enabled:
		use = t.fixed["attention.disabled"]
	}
	return append(t.entryCentre(e, asked), smallLines(
		escape(clip(e.JobTitle, 120)),
		use,
		t.dated("label.created", e.Created),
		t.dated("label.last_sign_in", e.LastSignIn),
		t.stamped(e.Stamp),
	)...)
}

// entryCentre shows the work centre of an account, with the mark of a difference if the directory
// has one and it is not the one asked for.
func (t *Texts) entryCentre(e provisioning.Entry, asked identity.CCT) []any {
	centre := clip(dotted(e.Department, e.Office), 120)
	switch {
	case centre == "":
		return nil
	case strings.Contains(strings.ToUpper(centre), string(asked)):
		return smallLines(t.md("label.cct_is", "cct", centre))
	}
	differs := small(marked(markDiffers, t.md("label.cct_is", "cct", centre)))
	differs.Subtle, differs.Weight = false, "Bolder"
	return []any{differs}
}

// markDiffers is before what is not as requested.
const markDiffers = "≠"

// recordedHolder shows for whom the receipts have the account, if for another person.
func (t *Texts) recordedHolder(tr provisioning.Trouble) string {
	if tr.Args["holder"] == "" {
		return ""
	}
	return t.md("label.recorded_for", "holder", clip(tr.Args["holder"], 120))
}

func (t *Texts) dated(key string, at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return t.md(key, "day", t.Day(at))
}

func (t *Texts) stamped(s provisioning.Stamp) string {
	if s == "" {
		return ""
	}
	return t.md("label.stamp", "stamp", string(s))
}

// smallLines returns a small line for each text that is not empty.
func smallLines(texts ...string) []any {
	var items []any
	for _, text := range texts {
		if text != "" {
			items = append(items, small(text))
		}
	}
	return items
}

// remedies returns the buttons for a trouble, without the one that excludes the line.
func (t *Texts) remedies(v Attention) []action {
	var actions []action
	offered := v.Account.Remedies()
	retry := t.execute(t.fixed["button.retry"], v.data(AttentionRetry)).withoutInputs()
	switch {
	case offered.Retry && offered.Rename:
		actions = append(actions, t.renameRequired(v), retry)
	case offered.Retry:
		actions = append(actions, retry.primary())
	}
	if offered.Retry && v.Alike > 1 {
		actions = append(actions, t.execute(t.count("button.retry_alike", v.Alike), v.data(AttentionRetryAlike)).withoutInputs())
	}
	if offered.Adopt {
		actions = append(actions, t.perEntry(v, AttentionAdopt, "button.adopt")...)
	}
	if offered.Restore {
		actions = append(actions, t.perEntry(v, AttentionRestore, "button.restore")...)
	}
	if offered.Rename && !offered.Retry {
		actions = append(actions, t.rename(v))
	}
	if offered.Disable {
		actions = append(actions, t.disable(v))
	}
	return actions
}

// perEntry returns one button for each entry found, numbered if there are several.
func (t *Texts) perEntry(v Attention, verb, title string) []action {
	var actions []action
	entries := v.Account.Trouble.Shown()
	for i, e := range entries {
		data := v.data(verb)
		data.Entry = e.ID
		text := t.fixed[title]
		if len(entries) > 1 {
			text = t.plain(title+"_which", "number", strconv.Itoa(i+1))
		}
		actions = append(actions, t.execute(text, data).withoutInputs())
	}
	return actions
}

func (t *Texts) rename(v Attention) action {
	in := filledIn{values: v.Values, errors: v.Errors}
	body := append([]any{paragraph(t.fixed["attention.rename"])}, t.field(in, "address")...)
	return showCard(t.fixed["button.rename"], body, t.execute(t.fixed["button.rename_yes"], v.data(AttentionRename)))
}

// renameRequired is rename where no other account was found, so that the address is required.
func (t *Texts) renameRequired(v Attention) action {
	in := filledIn{values: v.Values, errors: v.Errors}
	address, _ := t.field(in, "address")[0].(inputElement)
	address.Label, address.Required, address.ErrorMessage = t.fixed["input.address.needed"], true, t.fixed["input.address.error"]
	return showCard(t.fixed["button.readdress"], t.withError(in, address), t.execute(t.fixed["button.rename_yes"], v.data(AttentionRename)))
}

func (t *Texts) disable(v Attention) action {
	yes := t.execute(t.fixed["button.disable_yes"], v.data(AttentionDisable)).withoutInputs().destructive()
	return showCard(t.fixed["button.disable"], []any{paragraph(t.fixed["attention.disable"])}, yes)
}

func (t *Texts) drop(v Attention) action {
	in := filledIn{values: v.Values, errors: v.Errors}
	body := append([]any{paragraph(t.fixed[v.dropTextKey()])}, t.field(in, "comment")...)
	return showCard(t.fixed["button.drop"], body, t.execute(t.fixed["button.drop_yes"], v.data(AttentionDrop)).destructive())
}

// dropTextKey is the key of the text about the effect of excluding the line: an account that was
// created is kept.
func (v Attention) dropTextKey() string {
	switch a := v.Account; {
	case !a.Made():
		return "attention.drop"
	case !a.DisabledAt.IsZero():
		return "attention.drop_disabled"
	}
	return "attention.drop_made"
}

func (v Attention) data(verb string) Data {
	a := v.Account
	return Data{Verb: verb, Folio: a.Folio(), Mark: v.Request.Mark, Stamp: a.Stamp, Number: a.Number, Version: v.Request.Version}
}

// decisionError is the error of the last decision. The card shows it at the top, because its input
// is in a closed ShowCard.
func (v Attention) decisionError() error {
	for _, name := range []string{"address", "comment"} {
		if err := v.Errors[name]; err != nil && v.Refused == nil {
			return err
		}
	}
	return v.Refused
}

// settledSince reports whether the line was decided after it came to attention: a retried line may
// come back.
func (v Attention) settledSince(at time.Time) bool {
	return v.Settled != nil && !v.Settled.At.Before(at)
}

// settled is the card after the decision.
func (t *Texts) settled(v Attention) Card {
	a := v.Account
	body := t.attentionHead(v, "attention.settled_title")
	if s := v.Settled; s != nil {
		body = append(body, paragraph(dotted(marked(markDone, t.settledBy(*s)), t.Moment(s.At))))
	} else {
		body = append(body, paragraph(t.fixed["attention.settled"]))
	}
	return Card{
		lang:    t.locale,
		Summary: t.plain("attention.settled_summary", "folio", string(v.Request.Folio), "name", flat(a.Holder.DisplayName())),
		body:    append(body, t.line(a, RequestView{Request: v.Request})...),
	}
}

// settledBy says what was decided, and by whom.
func (t *Texts) settledBy(s provisioning.Settlement) string {
	if s.Address != "" {
		return t.md("settled.attention.rename_as", "name", s.By.Name, "address", string(s.Address))
	}
	return t.md("settled."+s.Verb, "name", s.By.Name)
}
