package cards

import (
	"slices"
	"strconv"
	"strings"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// Approval is the card of a request at a stage: what the approver needs for the decision, and the
// buttons. After the decision, or when the stage no longer has the request, it shows that first and
// has no buttons.
func (t *Texts) Approval(a Approval) Card {
	c := t.withAbsoluteDates().about(a.Request.Kind).atStage(a)
	c.of = Data{Folio: a.Request.Folio, Mark: a.Request.Mark, Stage: a.Stage, Round: a.Round}
	return c
}

func (t *Texts) atStage(a Approval) Card {
	r := a.Request
	switch decision, ok := r.Decision(a.Stage); {
	case a.Round != 0 && a.Round < r.Round:
		return t.superseded(a)
	case ok:
		return t.stageDecided(a, decision)
	case r.State == provisioning.RequestState(a.Stage):
		return t.stageAsked(a)
	}
	return t.stagePassed(a)
}

func (t *Texts) stageAsked(a Approval) Card {
	r := a.Request
	body := []any{t.askedBand(a)}
	body = append(body, t.stockAlert(a)...)
	body = append(body, t.petitionFacts(a)...)
	if r.Notes != "" {
		body = append(body, paragraph(t.md("label.notes_are", "notes", clip(flat(r.Notes), maxComment))))
	}
	body = append(body, t.changedAlert(r)...)
	body = append(body, t.people(a)...)
	body = append(body, t.previous(a)...)
	body = append(body, t.errorSummary(nil, a.Errors)...)
	return Card{
		lang:    t.locale,
		spoken:  t.saysMasked(a.shown()...),
		Summary: t.plain("approval.summary", "stage", t.Stage(a.Stage), "subject", t.asked(r), "name", flat(r.Requester.Name)),
		body:    append(body, t.decisionButtons(a)...),
	}
}

// askedBand is the head of a card that awaits a decision, with the number of its warnings.
func (t *Texts) askedBand(a Approval) container {
	r := a.Request
	count := 0
	for _, line := range a.shown() {
		switch warnings := t.lineWarnings(line); {
		case line.State == provisioning.AccountExcluded:
		case r.Lines > mostDetailed:
			count += min(1, len(warnings)) // as many as it shows
		default:
			count += len(warnings)
		}
	}
	count += len(t.stockAlert(a)) + len(t.changedAlert(r))
	head := []any{heading(escape(t.title(r))), badges(t.withWarnings(count, t.stateBadge(r.State))...), t.folioLine(r.Folio)}
	return band(styleEmphasis, append(head, t.stageActivity(a)...)...)
}

// petitionFacts shows the requester, the petition's document and, to the stage that authorises, the
// free licences.
func (t *Texts) petitionFacts(a Approval) []any {
	r := a.Request
	return wideFacts(
		t.fixed["label.requester"], escape(clip(flat(r.Requester.Name), 100)),
		t.fixed["label.area"], escape(clip(flat(r.Area), 120)),
		t.fixed["label.phone"], escape(phone(r.Phone)),
		t.fixed["label.petition"], escape(t.petition(r.Petition)),
		t.fixed["label.received"], t.Moment(r.SubmittedAt),
		t.fixed["label.due"], t.dueDay(a.Due),
		t.fixed["label.stock"], t.stock(a),
	)
}

// stock shows the number of free licences and of accounts that need one; "" if it is unknown, if
// they are too few, or if the stage does not authorise.
func (t *Texts) stock(a Approval) string {
	free, needed := a.licences()
	if a.Stock == nil || free < needed || !a.Last(a.Stage) {
		return ""
	}
	return t.count("approval.stock", needed, "free", thousands(free))
}

// stockAlert warns that there are fewer free licences than accounts that need one.
func (t *Texts) stockAlert(a Approval) []any {
	free, needed := a.licences()
	if a.Stock == nil || free >= needed {
		return nil
	}
	if free <= 0 {
		return []any{alert(t.count("approval.stock_none", needed))}
	}
	short := t.count("approval.stock_short", free, "needed", thousands(needed))
	return []any{alert(sentences(short, t.count("approval.stock_rest", needed-free)))}
}

// licences returns the numbers of free licences and of accounts that need one.
func (a Approval) licences() (free, needed int) {
	for _, l := range a.Stock {
		free += l.Free
	}
	if a.Tally != nil {
		return free, a.Tally[provisioning.AccountPending]
	}
	return free, a.Request.Lines
}

// changedAlert says which inputs a correction changed.
func (t *Texts) changedAlert(r provisioning.Request) []any {
	if len(r.Changed) == 0 {
		return nil
	}
	return []any{alert(t.md("approval.changed", "inputs", t.inputs(r.Changed)))}
}

// inputs returns the labels of the inputs that a correction changed.
func (t *Texts) inputs(names []string) string {
	var labels []string
	for _, name := range names[:min(len(names), 8)] {
		if label := t.fixed["changed."+name]; label != "" {
			labels = append(labels, label)
		}
	}
	return strings.Join(labels, ", ")
}

// sampleOfList is how many people of a list of more than MaxPeople the approval card shows.
const sampleOfList = 3

// people shows each person or, of a long list, the first ones.
func (t *Texts) people(a Approval) []any {
	var items []any
	shown := a.shown()
	if a.Request.Lines > MaxPeople {
		shown = shown[:min(len(shown), sampleOfList)]
	}
	for _, line := range shown {
		if a.Request.Lines > mostDetailed {
			items = append(items, t.compactApplicant(line)...)
			continue
		}
		items = append(items, t.applicant(line, a.Request.Lines))
	}
	if more := a.Request.Lines - len(shown); more > 0 && len(items) > 0 {
		items = append(items, small(t.count("approval.more", more)))
	}
	return items
}

// applicant shows one person or work centre. CURPs are masked: everybody in the channel can read
// the card.
func (t *Texts) applicant(a provisioning.Account, of int) container {
	var items []any
	if of > 1 || isWorkCentre(a.Holder.Type) && a.Holder.Centre.Name == "" { // the card's title names a single one
		items = append(items, subheading(t.numbered(a.Number, of, a.Holder)))
	}
	if a.State != provisioning.AccountExcluded {
		items = append(items, alerts(t.lineWarnings(a)...)...)
	}
	items = append(items, below(small(t.details(a.Holder, false)), items))
	switch {
	case a.State == provisioning.AccountExcluded:
		items = append(items, small(sentences(marked(accountMark(a.State), t.AccountState(a.State))+".", t.note(a))))
	case a.Address != "" && a.State != provisioning.AccountExists && !slices.ContainsFunc(a.Warnings, saysAccountExists):
		items = append(items, t.proposed(a.Address))
	}
	c := box(items...)
	c.Separator, c.Spacing = true, "Medium"
	return c
}

// lineWarnings returns what an approver is warned of about a line.
func (t *Texts) lineWarnings(a provisioning.Account) []string {
	texts := t.warnings(a.Warnings)
	if a.State == provisioning.AccountExists {
		return append([]string{t.md("warning.exists", "address", string(a.Address))}, texts...)
	}
	return texts
}

// saysAccountExists reports whether a warning says that the holder has an account already.
func saysAccountExists(w problem.Warning) bool { return w.Reason == "exists" }

// previous shows the last decisions of other stages, and of this one in earlier rounds.
func (t *Texts) previous(a Approval) []any {
	var items []any
	decisions, last := a.Request.Decisions, 4
	if a.Request.Lines > mostDetailed {
		last = 2
	}
	for _, d := range decisions[max(0, len(decisions)-last):] {
		items = append(items, t.decided(d, a.RequestView)...)
	}
	if len(items) == 0 {
		return nil
	}
	return append([]any{subheading(t.fixed["approval.previous"])}, items...)
}

// The parts of an approval card that its buttons show, one at a time.
const (
	partExclude = "exclude-part"
	partComment = "comment-part"
	partApprove = "approve-part"
	partReturn  = "return-part"
	partReject  = "reject-part"
)

// decisionButtons returns the buttons of a stage: the first one approves at once, the others show
// the comment, and reject asks for a confirmation. All share one comment input, because ids must be
// unique in a card.
func (t *Texts) decisionButtons(a Approval) []any {
	data := a.data("")
	data.Stage = a.Stage
	in := filledIn{a.Values, a.Errors}
	parts := []container{
		hidden(partComment, t.field(in, "comment")...),
		hidden(partApprove, buttons(t.execute(t.fixed[a.approveKey()+"_with"], data.with(ApprovalApprove)).primary())),
		hidden(partReturn, small(t.fixed["approval.return"]), buttons(t.execute(t.fixed["button.return_yes"], data.with(ApprovalReturn)))),
		hidden(partReject, small(t.fixed["approval.reject"]), buttons(t.execute(t.fixed["button.reject_yes"], data.with(ApprovalReject)).destructive())),
	}
	with := "button.approve_with"
	if exclude := t.exclude(a, in); exclude != nil {
		with = "button.approve_some"
		parts = append([]container{hidden(partExclude, exclude...)}, parts...)
	}
	if len(a.Errors) > 0 {
		parts = makeVisible(parts, a.openParts()...)
	}
	items := rows(
		t.execute(t.fixed[a.approveKey()], data.with(ApprovalApprove)).withoutInputs().primary(),
		toggle(t.fixed[with], showOnly(parts, partExclude, partComment, partApprove)...),
		toggle(t.fixed["button.return"], showOnly(parts, partComment, partReturn)...),
	)
	items = append(items, apart(toggle(t.fixed["button.reject"], showOnly(parts, partComment, partReject)...))...)
	for _, p := range parts {
		items = append(items, p)
	}
	return items
}

// openParts returns the ids of the parts that were visible when the decision was refused.
func (a Approval) openParts() []string {
	switch a.Tried {
	case provisioning.Approve:
		return []string{partExclude, partComment, partApprove}
	case provisioning.Return:
		return []string{partComment, partReturn}
	case provisioning.Reject:
		return []string{partComment, partReject}
	}
	return []string{partExclude, partComment}
}

// showOnly returns targets that show the parts with these ids and hide the others.
func showOnly(parts []container, ids ...string) []target {
	var targets []target
	for _, p := range parts {
		targets = append(targets, target{p.ID, slices.Contains(ids, p.ID)})
	}
	return targets
}

// makeVisible returns the parts, those with these ids visible.
func makeVisible(parts []container, ids ...string) []container {
	visible := slices.Clone(parts)
	for i := range visible {
		if slices.Contains(ids, visible[i].ID) {
			visible[i].Visible = nil
		}
	}
	return visible
}

// approveKey returns the key of the approve button's title: the last stage authorises, the others
// turn the request over.
func (a Approval) approveKey() string {
	if a.Last(a.Stage) {
		return "button.authorize"
	}
	return "button.turn"
}

// exclude returns the input for excluding some of the lines; nil where not all of them are shown.
func (t *Texts) exclude(a Approval, in filledIn) []any {
	var open []choice
	if a.Request.Lines > MaxPeople {
		return nil
	}
	for _, line := range a.shown() {
		if line.State == provisioning.AccountPending {
			n := strconv.Itoa(line.Number)
			open = append(open, choice{clip(flat(line.Holder.DisplayName()), 40) + " (" + n + ")", n})
		}
	}
	if len(open) < 2 {
		return nil
	}
	set := t.choice(in, exclude, "expanded", false, open...)
	set.Multiple = true
	return t.withError(in, set)
}

// stageDecided is the card after its stage's decision: the decision first, then the request's
// present state.
func (t *Texts) stageDecided(a Approval, d provisioning.Decision) Card {
	r := a.Request
	verdict := t.verdict(d, a.RequestView)
	mark := markDone
	if d.Verdict != provisioning.Approve {
		mark = styleOf(stateAfter(d.Verdict)).mark
	}
	head := []any{heading(escape(t.title(r))), next(dotted(marked(mark, verdict), t.Moment(d.At)))}
	if d.Comment != "" {
		head = append(head, next(t.md("label.quoted", "comment", clip(d.Comment, maxComment))))
	}
	head = append(append(head, badges(t.stateBadge(r.State)), t.folioLine(r.Folio)), t.stageActivity(a)...)
	body := []any{band(t.decidedStyle(r, d), head...)}
	body = append(body, t.excludedLines(a, d)...)
	body = append(body, t.closedFacts(a)...)
	return Card{lang: t.locale, Summary: dotted(string(r.Folio), t.unescapedVerdict(d, a.RequestView)), body: body}
}

// decidedStyle is the band's style after a stage's decision: that of the verdict, or of the end of
// the request.
func (t *Texts) decidedStyle(r provisioning.Request, d provisioning.Decision) string {
	if d.Verdict != provisioning.Approve {
		return styleOf(stateAfter(d.Verdict)).band
	}
	if r.State.Final() {
		return styleOf(r.State).band
	}
	return styleGood
}

// unescapedVerdict is verdict as plain text, for a summary.
func (t *Texts) unescapedVerdict(d provisioning.Decision, of RequestView) string {
	return t.plain(verdictKey(d, of), "stage", t.theStage(d.Stage), "name", d.By.Name)
}

// excludedLines names the lines that the decision excluded.
func (t *Texts) excludedLines(a Approval, d provisioning.Decision) []any {
	var items []any
	for _, line := range a.shown() {
		for _, n := range d.Excluded {
			if n == line.Number {
				items = append(items, small(marked(accountMark(provisioning.AccountExcluded),
					t.md("approval.left_out", "name", clip(line.Holder.DisplayName(), 120)))))
			}
		}
	}
	return items
}

func (t *Texts) closedFacts(a Approval) []any {
	r := a.Request
	body := wideFacts(
		t.fixed["label.requester"], escape(dotted(clip(flat(r.Requester.Name), 100), clip(flat(r.Area), 120))),
		t.fixed["label.petition"], escape(t.petition(r.Petition)),
	)
	return append(body, t.lines(a.RequestView)...)
}

// stagePassed is the card of a request that left the stage without its decision: cancelled,
// expired, or returned by another stage.
func (t *Texts) stagePassed(a Approval) Card {
	r := a.Request
	body := append(t.requestHead(r), small(t.Moment(r.StageSince)))
	if text := t.render("passed."+stateKey(r), map[string]string{"day": t.Day(r.EndedAt)}, nil); text != "" {
		body = append(body, paragraph(text))
	}
	return Card{lang: t.locale, Summary: t.statusText(a.RequestView), body: append(body, t.closedFacts(a)...)}
}

// superseded is the card of an earlier round.
func (t *Texts) superseded(a Approval) Card {
	body := append(t.requestHead(a.Request), paragraph(t.fixed["approval.superseded"]))
	return Card{lang: t.locale, Summary: t.statusText(a.RequestView), body: append(body, t.previous(a)...)}
}
