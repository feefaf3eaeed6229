package cards

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
)

// MaxMentioned is how many people a card or reminder mentions: an office is one to three people and
// a substitute; a message that rings for more than five rings for people who need not act.
const MaxMentioned = 5

// mention makes Teams notify a person of a card. Its text must stand in a TextBlock of the card exactly
// as it is here; the id is an Entra object id.
// https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-format#mention-support-within-adaptive-cards
type mention struct {
	Type      string    `json:"type"`
	Text      string    `json:"text"`
	Mentioned mentioned `json:"mentioned"`
}

type mentioned struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Mentioning returns the card with a line that names the people it waits for, the first MaxMentioned of
// those with an id and a name. Only the card's Ringing form notifies them.
func (t *Texts) Mentioning(c Card, people ...provisioning.Actor) Card {
	if c.waitsFor = mentions(people); len(c.waitsFor) > 0 {
		c.waits = t.fixed["mention.for"]
	}
	return c
}

// Ringing returns the card as it is first sent: Teams notifies those whom it waits for. An update shows
// the same names without mentioning anybody, so that it does not ring again.
func (c Card) Ringing() Card {
	c.rings = true
	return c
}

// mentionLine is the line of Mentioning.
func (c Card) mentionLine() textBlock {
	names := make([]string, len(c.waitsFor))
	for i, m := range c.waitsFor {
		if names[i] = escape(m.Mentioned.Name); c.rings {
			names[i] = m.Text
		}
	}
	line := small(c.waits + " " + strings.Join(names, ", "))
	line.Spacing = "Medium" // below the band
	return line
}

// mentions returns the entities of the people, each person and each text once.
func mentions(people []provisioning.Actor) (all []mention) {
	for _, p := range people {
		name := mentionName(p.Name)
		known := slices.ContainsFunc(all, func(m mention) bool { return m.Mentioned.ID == p.ID || m.Mentioned.Name == name })
		if p.ID != "" && name != "" && !known && len(all) < MaxMentioned {
			all = append(all, mention{"mention", "<at>" + name + "</at>", mentioned{p.ID, name}})
		}
	}
	return all
}

// Called returns a chat message's text with a line that mentions people, and their ids and names in the
// tags of the text.
func (t *Texts) Called(text string, people ...provisioning.Actor) (string, []provisioning.Actor) {
	found := mentions(people)
	if len(found) == 0 {
		return text, nil
	}
	tags := make([]string, len(found))
	called := make([]provisioning.Actor, len(found))
	for i, m := range found {
		tags[i], called[i] = m.Text, provisioning.Actor{ID: m.Mentioned.ID, Name: m.Mentioned.Name}
	}
	return sentences(text, t.fixed["mention.for"], strings.Join(tags, ", ")), called
}

// mentionName returns a name as it may stand between the tags of a mention: without the characters
// that Markdown or the tags would take. It is not escaped, because the entity must repeat it exactly.
func mentionName(name string) string {
	return clip(flat(strings.Map(func(r rune) rune {
		if strings.ContainsRune("<>&*_[]`\\~{}#", r) {
			return -1
		}
		return r
	}, name)), 80)
}

// dueDay is the day by which a decision is due; "" for the zero time.
func (t *Texts) dueDay(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return t.Date(at.In(t.now.Location()))
}

// digest says how many requests wait for a stage, and since when the longest does.
func (t *Texts) digest(args map[string]string) string {
	waiting, _ := strconv.Atoi(args["waiting"]) // 0 if it is not a number
	since, err := time.Parse(time.RFC3339, args["since"])
	if err != nil {
		return ""
	}
	return t.count("notice.digest", waiting, "stage", t.theStage(provisioning.StageName(args["stage"])), "since", t.since(since, t.Day(since)))
}
