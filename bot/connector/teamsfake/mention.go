package teamsfake

import (
	"net/http"
	"regexp"
	"strings"
)

// mentionedID matches an Entra object id or a user principal name, by which a card of a bot mentions.
// https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-format#mention-support-within-adaptive-cards
var mentionedID = regexp.MustCompile(`^([0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[^@\s:]+@[^@\s:]+\.[^@\s:]+)$`)

// atTag matches a mention in a text.
var atTag = regexp.MustCompile(`<at>[^<]*</at>`)

// mentionFaults says what is wrong with the mentions of a card: an entity whose text no TextBlock has,
// whom Teams cannot find by the id, or that lacks a name; a tag in a text that no entity has, which Teams
// shows as it stands.
func mentionFaults(content object) (faults []string) {
	texts := strings.Join(textsOf(content), "\n")
	known := map[string]bool{}
	for _, e := range list(child(content, "msteams"), "entities") {
		entity, _ := e.(object)
		tag, who := text(entity, "text"), child(entity, "mentioned")
		known[tag] = true
		switch {
		case text(entity, "type") != "mention":
			faults = append(faults, "an entity of a card that is no mention")
		case !atTag.MatchString(tag) || !strings.Contains(texts, tag):
			faults = append(faults, "the card has no text "+tag)
		case !mentionedID.MatchString(text(who, "id")):
			faults = append(faults, "mentions "+text(who, "id")+": no object id, and no user principal name")
		case text(who, "name") == "":
			faults = append(faults, "mentions "+text(who, "id")+" without a name")
		}
	}
	for _, tag := range atTag.FindAllString(texts, -1) {
		if !known[tag] {
			faults = append(faults, "no entity for "+tag)
		}
	}
	return faults
}

// textsOf returns the texts of all TextBlocks of a card.
func textsOf(element any) (texts []string) {
	switch e := element.(type) {
	case object:
		if text(e, "type") == "TextBlock" {
			texts = append(texts, text(e, "text"))
		}
		for _, value := range e {
			texts = append(texts, textsOf(value)...)
		}
	case []any:
		for _, value := range e {
			texts = append(texts, textsOf(value)...)
		}
	}
	return texts
}

// inspectMentions records faulty mentions of a card in an answer to a click, where no status tells.
func (f *Fake) inspectMentions(content object) {
	for _, fault := range mentionFaults(content) {
		f.complain("%s", fault)
	}
}

// refusesMentions refuses an activity whose mentions, in its text or in a card, are faulty, as Teams does.
func refusesMentions(activity object) *answer {
	for _, e := range list(activity, "entities") {
		entity, _ := e.(object)
		if text(entity, "type") == "mention" && !strings.Contains(text(activity, "text"), text(entity, "text")) {
			bad := refused(http.StatusBadRequest, "BadRequest", "Bad mention: the text has no "+text(entity, "text"))
			return &bad
		}
	}
	for _, a := range list(activity, "attachments") {
		attachment, _ := a.(object)
		if text(attachment, "contentType") != adaptiveCard {
			continue
		}
		if faults := mentionFaults(child(attachment, "content")); len(faults) > 0 {
			bad := refused(http.StatusBadRequest, "BadRequest", "Bad mention: "+strings.Join(faults, "; "))
			return &bad
		}
	}
	return nil
}

// Mentioned returns the object ids of the people that the card mentions, in order.
func (c *Card) Mentioned() (ids []string) {
	for _, e := range list(child(c.Content, "msteams"), "entities") {
		entity, _ := e.(object)
		ids = append(ids, text(child(entity, "mentioned"), "id"))
	}
	return ids
}
