package cards

import (
	"strconv"
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/bot/diagram"
	"seducoahuila.gob.mx/altas/provisioning/flow"
)

// Chart returns the flow chart of a kind of request.
func (t *Texts) Chart(f flow.Flow) diagram.Chart {
	t = t.about(f.Kind)
	c := diagram.Chart{Language: t.locale, Title: t.fixed["flow.title"], End: t.fixed["flow.end"], Notes: t.flowNotes(f)}
	shown := map[flow.Event]bool{} // an exit of several steps of the software is drawn once
	for _, s := range f.Steps {
		step := diagram.Step{By: dotted(t.fixed["flow.role."+string(s.Role)], t.activities(s.Activities)), Text: t.fixed["flow.act."+string(s.Act)]}
		step.Decision = s.Act == flow.Turn || s.Act == flow.Authorize
		if s.Role == flow.Software {
			step.Tone = diagram.Machine
		}
		for _, e := range s.Exits {
			if s.Role != flow.Software || !shown[e] {
				step.Exits = append(step.Exits, t.exit(f, e))
			}
			shown[e] = true
		}
		c.Steps = append(c.Steps, step)
	}
	c.Description = described(c)
	return c
}

// exit returns what leads away from a step on an event.
func (t *Texts) exit(f flow.Flow, e flow.Event) diagram.Exit {
	exit := diagram.Exit{When: t.fixed["flow.when."+string(e)], Text: t.fixed["flow.then."+string(e)], To: diagram.ToEnd}
	switch e {
	case flow.Returned:
		exit.To = diagram.ToStart
		exit.Text = sentences(exit.Text, t.wait("flow.correct", f.Correct))
	case flow.Attention:
		exit.To = diagram.ToStep
		if n := stepsWith(f, flow.Attention); n > 1 {
			exit.Text = sentences(exit.Text, t.fixed["flow.later"])
		}
	}
	return exit
}

// stepsWith returns how many steps have an exit on the event.
func stepsWith(f flow.Flow, e flow.Event) (n int) {
	for _, s := range f.Steps {
		for _, exit := range s.Exits {
			if exit == e {
				n++
			}
		}
	}
	return n
}

// activities names activities of the procedure; "" for none.
func (t *Texts) activities(numbers []int) string {
	if len(numbers) == 0 {
		return ""
	}
	words := make([]string, len(numbers))
	for i, n := range numbers {
		words[i] = strconv.Itoa(n)
	}
	key := "flow.activity"
	if len(numbers) > 1 {
		key = "flow.activities"
	}
	return t.plain(key, "numbers", strings.Join(words, t.fixed["flow.and"]))
}

// flowNotes returns what holds for several steps.
func (t *Texts) flowNotes(f flow.Flow) (notes []string) {
	if f.Kind.Creates() {
		notes = append(notes, t.fixed["flow.software"])
	}
	if f.Cancels {
		notes = append(notes, t.fixed["flow.cancel"])
	}
	if expire := t.wait("flow.expire", f.Expire); expire != "" {
		notes = append(notes, expire)
	}
	if f.Recent > 0 {
		notes = append(notes, t.count("flow.recent", int(f.Recent/(24*time.Hour))))
	}
	return notes
}

// wait says a time limit; "" for none. The text of hours has ".hours" after its key.
func (t *Texts) wait(key string, w flow.Wait) string {
	switch {
	case w.Days > 0:
		return t.count(key, w.Days)
	case w.Hours > 0:
		return t.count(key+".hours", w.Hours)
	}
	return ""
}

// described says a chart in words.
func described(c diagram.Chart) string {
	said := []string{c.Title + "."}
	for i, s := range c.Steps {
		said = append(said, strconv.Itoa(i+1)+". "+s.By+": "+s.Text)
		for _, e := range s.Exits {
			said = append(said, e.When+": "+e.Text)
		}
	}
	return sentences(append(append(said, c.End+"."), c.Notes...)...)
}

// FlowPicture is a flow chart as a card shows it.
type FlowPicture struct {
	Chart diagram.Chart
	PNG   string // its address, https: or data:
	Page  string // the address where it is seen in full; "" for none
}

// Flow shows the flow chart of a kind of request. Its alternative text is the whole chart in words.
// Teams shows pictures of up to 1,024 by 1,024 pixels and 1 MB, as PNG, JPEG or GIF, and no SVG.
// https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-format
func (t *Texts) Flow(f flow.Flow, p FlowPicture) Card {
	t = t.about(f.Kind)
	shown := picture{Type: "Image", URL: p.PNG, Alt: p.Chart.Description, Size: "Stretch", Teams: &pictureInTeams{Expand: true}}
	c := Card{lang: t.locale, Summary: t.fixed["flow.summary"], body: []any{band(styleEmphasis, heading(t.fixed["flow.heading"])), shown, small(t.fixed["flow.other"])}}
	if p.Page != "" {
		c.actions = append(c.actions, openURL(t.fixed["button.flow_page"], p.Page))
	}
	return c
}
