package cards

import (
	"cmp"
	"strconv"
	"strings"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
)

// The replies to decisions that are typed as commands instead of made with a card's buttons.

// Waits reports whether the request still awaits the stage's decision, in the card's round.
func (a Approval) Waits() bool {
	_, decided := a.Request.Decision(a.Stage)
	return !decided && a.Request.State == provisioning.RequestState(a.Stage) && (a.Round == 0 || a.Round == a.Request.Round)
}

// Decided says how a stage decided, and the request's present state.
func (t *Texts) Decided(a Approval) string {
	r := a.Request
	t = t.about(r.Kind)
	now := t.md("typed.state", "state", t.inSentence(r.State))
	d, ok := r.Decision(a.Stage)
	if !ok || a.Round != 0 && a.Round < r.Round {
		return sentences(t.md("typed.folio", "folio", string(r.Folio), "for", t.holders(r)), now)
	}
	text := t.md("typed.decided", "folio", string(r.Folio), "for", t.holders(r), "verdict", t.unescapedVerdict(d, a.RequestView), "moment", t.Moment(d.At))
	return sentences(text, t.excludedText(a, d), now, t.commentText(d))
}

// commentText repeats the decision's reason or instructions; "" without a comment.
func (t *Texts) commentText(d provisioning.Decision) string {
	key := "label.reason_is"
	if d.Verdict == provisioning.Approve && len(d.Excluded) == 0 {
		key = "label.instructions_are"
	}
	if d.Comment == "" {
		return ""
	}
	return t.md(key, "comment", clip(flat(d.Comment), maxComment))
}

// withReason puts the reason that was typed before the confirmation question.
func (t *Texts) withReason(reason, question string) string {
	if reason == "" {
		return question
	}
	reason = strings.TrimRight(clip(flat(reason), maxComment), " .")
	return sentences(t.md("label.reason_is", "comment", reason)+".", question)
}

// excludedText names the excluded lines, of those that are shown.
func (t *Texts) excludedText(a Approval, d provisioning.Decision) string {
	var text string
	for _, line := range a.shown() {
		for _, n := range d.Excluded {
			if n == line.Number {
				text = sentences(text, t.md("approval.left_out", "name", clip(line.Holder.DisplayName(), 120)))
			}
		}
	}
	return text
}

// Unchanged is Decided for a repeated command, or one that came too late.
func (t *Texts) Unchanged(a Approval) string {
	return sentences(t.fixed["typed.unchanged"], t.Decided(a))
}

// RejectAsked asks for the confirmation of a rejection, which cannot be undone, and repeats its
// reason.
func (t *Texts) RejectAsked(a Approval, reason string) string {
	t = t.about(a.Request.Kind)
	return t.withReason(reason, t.md("typed.reject", "folio", string(a.Request.Folio), "subject", t.asked(a.Request), "yes", t.fixed["typed.yes.reject"]))
}

// Which asks for the complete folio of the request that a short number may mean. word is the
// command that was typed.
func (t *Texts) Which(d RequestView, word string) string {
	t = t.about(d.Request.Kind)
	return t.md("typed.which", "folio", string(d.Request.Folio), "subject", t.asked(d.Request), "word", word)
}

// Waits reports whether the line still awaits a decision.
func (v Attention) Waits() bool {
	return v.Account.State == provisioning.AccountAttention && v.Account.Trouble != nil
}

// Offers reports whether the line's card has the button of an attention verb.
func (v Attention) Offers(verb string) bool {
	if !v.Waits() {
		return false
	}
	offered := v.Account.Remedies()
	switch verb {
	case AttentionRetry:
		return offered.Retry
	case AttentionRetryAlike:
		return offered.Retry && v.Alike > 1
	case AttentionAdopt:
		return offered.Adopt
	case AttentionRestore:
		return offered.Restore
	case AttentionRename:
		return offered.Rename
	case AttentionDisable:
		return offered.Disable
	}
	return verb == AttentionDrop
}

// SettledLine says what was decided about a line, or about all lines with the same trouble, and by
// whom.
func (t *Texts) SettledLine(v Attention, verb string, by provisioning.Actor) string {
	t = t.about(v.Account.Kind)
	if verb == AttentionRetryAlike {
		return t.md("typed.settled_alike", "folio", string(v.Account.Folio()), "count", thousands(v.Alike), "name", by.Name)
	}
	s := provisioning.Settlement{Verb: verb, By: by}
	if v.Settled != nil && v.Settled.Verb == verb && v.Settled.By.ID == by.ID {
		s = *v.Settled // with the chosen address
	}
	return t.md("typed.settled", "line", t.lineName(v), "said", t.settledBy(s))
}

// UnchangedLine says that a line was decided before, and how.
func (t *Texts) UnchangedLine(v Attention) string {
	text := t.fixed["attention.settled"]
	if s := v.Settled; s != nil {
		text = t.SettledLine(v, s.Verb, s.By)
		if s.Verb == provisioning.AttentionChanged {
			return text // there was no decision
		}
	}
	return sentences(t.fixed["typed.unchanged"], text)
}

// RemedyAsked asks for the confirmation of a remedy that cannot be undone: excluding the line,
// disabling its account, or creating another account, with the typed address or, if it is "", one
// of the patterns. It repeats the reason.
func (t *Texts) RemedyAsked(v Attention, verb string, address identity.Address, reason string) string {
	t = t.about(v.Account.Kind)
	what, yes := t.fixed[v.dropTextKey()], "typed.yes.drop"
	switch {
	case verb == AttentionDisable:
		what, yes = t.fixed["attention.disable"], "typed.yes.disable"
	case verb == AttentionRename && address == "":
		what, yes = t.fixed["typed.rename_any"], "typed.yes.rename"
	case verb == AttentionRename:
		what, yes = t.plain("typed.rename", "address", string(address)), "typed.yes.rename"
	}
	return t.withReason(reason, t.md("typed.remedy_asked", "line", t.lineName(v), "what", what, "yes", t.fixed[yes]))
}

// AskedAgain repeats a question after an unclear answer.
func (t *Texts) AskedAgain(question string) string {
	return sentences(t.fixed["typed.yes.unclear"], question)
}

// lineName is a line in a sentence: its folio, its number if there are several, and its holder.
func (t *Texts) lineName(v Attention) string {
	line := ""
	if v.Request.Lines > 1 {
		line = t.plain("typed.line_number", "number", strconv.Itoa(v.Account.Number))
	}
	folio := cmp.Or(v.Request.Folio, v.Account.Folio())
	return join(", ", string(folio), line, clip(flat(v.Account.Holder.DisplayName()), 120))
}
