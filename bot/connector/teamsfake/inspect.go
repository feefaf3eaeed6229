package teamsfake

import "strings"

// inspect records what Teams would alter without an error. The lock is held.
func (f *Fake) inspect(activity object) {
	for _, name := range []string{"timestamp", "localTimestamp", "expiration"} {
		if strings.HasPrefix(text(activity, name), "0001-01-01") {
			f.complain("zero %s", name)
		}
	}
	for _, a := range list(activity, "attachments") {
		attachment, _ := a.(object)
		if text(attachment, "contentType") == adaptiveCard {
			f.inspectCard(child(attachment, "content"))
		}
	}
}

func (f *Fake) inspectCard(content object) {
	if text(content, "type") != "AdaptiveCard" {
		f.complain("attachment of type adaptive card without one")
		return
	}
	if v := text(content, "version"); v > "1.5" || v == "" {
		f.complain("card version %q: Teams renders up to 1.5", v)
	}
	if n := len(list(child(content, "refresh"), "userIds")); n > 60 {
		f.complain("a card refreshes for %d people: Teams takes 60", n)
	}
	card := Card{Content: content}
	f.inspectMentions(content)
	if n := len(list(content, "actions")); n > 6 {
		f.complain("%d buttons in one row: Teams shows 6", n)
	}
	for _, a := range card.Actions() {
		if a.Type == "Action.Execute" && text(child(a.Raw, "fallback"), "type") != "Action.Submit" {
			f.complain("Action.Execute %q has no Action.Submit as its fallback", a.Verb)
		}
	}
	seen := map[string]bool{}
	for _, in := range card.Inputs() {
		if in.ID == "" || seen[in.ID] {
			f.complain("input id %q is empty or used twice", in.ID)
		}
		seen[in.ID] = true
		if in.Label == "" {
			f.complain("input %q has no label", in.ID)
		}
		if (in.Required || in.Regex != "") && in.Error == "" {
			f.complain("input %q can be refused but has no errorMessage", in.ID)
		}
	}
}
