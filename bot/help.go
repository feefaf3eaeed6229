package bot

import (
	"slices"

	"seducoahuila.gob.mx/altas/bot/guide"
	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
)

// help is the card that lists what may be typed, with links to the pages of the guide.
type help struct {
	pages guide.Site
	rules *provisioning.Rules
}

// pageText returns a text for the pages of the guide.
func pageText(locale, key string) string { return cards.In(locale).Say(key, nil) }

// channel is the help of a channel, with the page for those who decide there.
func (h help) channel(t turn.Context, u cards.Unread) cards.Message {
	card := t.Texts.HelpChannel(t.Stage, u)
	switch t.Stage {
	case provisioning.Director, provisioning.Subdirector:
		card = t.Texts.WithGuide(card, h.pages.URL(guide.Approving, t.Texts.Locale()))
	case provisioning.Platform:
		card = t.Texts.WithPlatformGuide(card, h.pages.URL(guide.Platform, t.Texts.Locale()))
	}
	return cards.Message{Card: card}
}

// personal is the help of a personal chat. Approvers and administrators whom the rules name also get
// the pages for them; members of an approver group and substitutes have theirs in the channel.
func (h help) personal(t turn.Context, u cards.Unread) cards.Message {
	card := t.Texts.Help(h.pages.URL(guide.Filling, t.Texts.Locale()), u)
	if slices.ContainsFunc(h.rules.Stages, func(s provisioning.Stage) bool { return slices.Contains(s.Approvers, t.By.ID) }) {
		card = t.Texts.WithGuide(card, h.pages.URL(guide.Approving, t.Texts.Locale()))
	}
	if slices.Contains(h.rules.Administrators, t.By.ID) {
		card = t.Texts.WithPlatformGuide(card, h.pages.URL(guide.Platform, t.Texts.Locale()))
	}
	return cards.Message{Card: card}
}
