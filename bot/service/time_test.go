package service

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning"
)

// written reads the example's rules with the part from "calendar:" to the stamp's replaced.
func written(t *testing.T, time string) (Rules, error) {
	t.Helper()
	example, err := os.ReadFile("altas.example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	before, rest, _ := strings.Cut(string(example), "calendar:\n")
	_, after, found := strings.Cut(rest, "stampProperty:")
	if !found {
		t.Fatal("the example has no calendar before its stampProperty")
	}
	path := filepath.Join(t.TempDir(), "altas.yaml")
	if err := os.WriteFile(path, []byte(before+time+"\nstampProperty:"+after), 0o600); err != nil {
		t.Fatal(err)
	}
	return LoadRules(path)
}

func TestWorkingTimeIsConfigured(t *testing.T) {
	t.Parallel()
	const hour = time.Hour
	for name, c := range map[string]struct {
		yaml string
		want provisioning.Deadlines
		open string // an hour that is worked; "" for none
	}{
		"left out": {"", provisioning.Deadlines{
			Remind: []time.Duration{8 * hour, 16 * hour}, Escalate: 24 * hour, Expire: 80 * hour, Correct: 160 * hour}, "2022-09-15 15:00"},
		"of days of six hours": {"calendar:\n  hours: 9:00-15:00", provisioning.Deadlines{
			Remind: []time.Duration{6 * hour, 12 * hour}, Escalate: 18 * hour, Expire: 60 * hour, Correct: 120 * hour}, "2022-09-15 14:00"},
		"without reminders": {"deadlines: {remind: [], escalate: 0d, expire: 30d}", provisioning.Deadlines{}, ""},
		"never":             {"deadlines: {remind: [], escalate: 0, expire: \"0\", correct: 0}", provisioning.Deadlines{Remind: []time.Duration{}}, "2022-09-15 15:00"},
		"a Saturday": {"calendar:\n  weekdays: [Sábado]\n  daysOff: [2022-09-24, \"2022-10-01..2022-10-08\"]\ndeadlines: {remind: [4h]}", provisioning.Deadlines{
			Remind: []time.Duration{4 * hour}, Escalate: 24 * hour, Expire: 80 * hour, Correct: 160 * hour}, "2022-09-17 15:00"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rules, err := written(t, c.yaml)
			if c.open == "" {
				if err == nil {
					t.Error("not refused")
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			got := rules.domain(time.UTC)
			if diff := cmp.Diff(c.want, got.Deadlines); diff != "" {
				t.Errorf("Deadlines (-want +got):\n%s", diff)
			}
			open, err := time.Parse("2006-01-02 15:04", c.open)
			if err != nil {
				t.Fatal(err)
			}
			if !got.Calendar.Open(open) || got.Calendar.Open(open.Add(12*hour)) {
				t.Errorf("the calendar does not open at %s alone", c.open)
			}
		})
	}
}

func TestWorkingTimeNamesEveryFault(t *testing.T) {
	t.Parallel()
	_, err := written(t, `
calendar: {hours: 16-8, weekdays: [monday], daysOff: [mañana], workDays: {x: ""}}
deadlines: {remind: [2d, 1d], escalate: 3, expire: -1d, correct: 5dd}`)
	for _, fault := range []string{`"16-8"`, `"monday"`, `"mañana"`, `"x"`, "each reminder", `escalate`, `expire`, `correct`} {
		if err == nil || !strings.Contains(err.Error(), fault) {
			t.Errorf("%s is not named: %v", fault, err)
		}
	}
}
