package cards

import (
	"strings"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/bot/diagram"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/calendar"
	"seducoahuila.gob.mx/altas/provisioning/creation"
	"seducoahuila.gob.mx/altas/provisioning/flow"
	"seducoahuila.gob.mx/altas/provisioning/recovery"
)

// sampleFlows are the flows of both kinds under the usual rules.
func sampleFlows(t *testing.T) []flow.Flow {
	t.Helper()
	days, err := calendar.New(calendar.Config{})
	if err != nil {
		t.Fatal(err)
	}
	rules := &provisioning.Rules{
		Stages:   provisioning.Stages{{Name: provisioning.Director}, {Name: provisioning.Subdirector}},
		Calendar: days, Deadlines: provisioning.DefaultDeadlines(days),
	}
	settings := recovery.DefaultSettings()
	return []flow.Flow{
		flow.Of(rules, flow.Kind{Name: provisioning.Create, Moves: (&creation.Creation{}).Moves(), Letter: true}),
		flow.Of(rules, flow.Kind{Name: recovery.Kind, Stages: settings.Stages, Moves: (&recovery.Recovery{}).Moves(), Recent: settings.Recent}),
	}
}

// Each step and exit of the flows has its words, in both languages, and is in the description.
func TestAChartHasWordsForEachStep(t *testing.T) {
	t.Parallel()
	for _, locale := range Locales {
		for _, f := range sampleFlows(t) {
			c := In(locale).Chart(f)
			if c.Title == "" || c.End == "" || len(c.Steps) != len(f.Steps) || len(c.Notes) < 3 {
				t.Errorf("%s %s: %+v", locale, f.Kind, c)
			}
			for i, s := range c.Steps {
				if s.Text == "" || strings.HasPrefix(s.By, " ") || !strings.Contains(c.Description, s.By+": "+s.Text) {
					t.Errorf("%s %s: step %+v of %+v", locale, f.Kind, s, f.Steps[i])
				}
				for _, e := range s.Exits {
					if e.When == "" || !strings.Contains(c.Description, e.When+": "+e.Text) || len(e.Text) < 10 {
						t.Errorf("%s %s: exit %+v of %+v", locale, f.Kind, e, f.Steps[i])
					}
				}
			}
		}
	}
}

// The chart says who does what by the procedure's numbers, and the deadlines of the rules.
func TestAChartSaysTheRules(t *testing.T) {
	t.Parallel()
	flows := sampleFlows(t)
	c := In(Spanish).Chart(flows[0])
	if by := c.Steps[2].By; by != "Secretaria y Subdirector de Sistemas · actividades 3 y 4" {
		t.Errorf("the subdirector's step is by %q", by)
	}
	returned := c.Steps[1].Exits[0]
	if returned.To != diagram.ToStart || !strings.HasSuffix(returned.Text, "Tiene 20 días hábiles.") {
		t.Errorf("returned: %+v", returned)
	}
	attention := 0
	for _, s := range c.Steps {
		for _, e := range s.Exits {
			if e.To == diagram.ToStep {
				attention++
			}
		}
	}
	if attention != 1 {
		t.Errorf("the head of department is drawn %d times", attention)
	}
	hours := flows[0]
	hours.Expire, hours.Correct = flow.Wait{Hours: 5}, flow.Wait{}
	c = In(Spanish).Chart(hours)
	if notes := strings.Join(c.Notes, " "); !strings.Contains(notes, "5 horas hábiles") || strings.Contains(c.Steps[1].Exits[0].Text, "Tiene") {
		t.Errorf("notes %s, returned %+v", notes, c.Steps[1].Exits[0])
	}
	c = In(English).Chart(flows[1])
	if notes := strings.Join(c.Notes, " "); !strings.Contains(notes, "less than 7 days ago") || flows[1].Recent != 7*24*time.Hour {
		t.Errorf("a recovery's notes: %s", notes)
	}
}
