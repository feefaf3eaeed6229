package service

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/recovery"
)

// recoveryBlock is the key "recovery" of the example.
var recoveryBlock = regexp.MustCompile(`(?m)^recovery:\n(?:  .*\n)+`)

// recoveryRules loads the example with another text in place of its key "recovery".
func recoveryRules(t *testing.T, text string) (RecoveryRules, error) {
	t.Helper()
	example, err := os.ReadFile("altas.example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if n := len(recoveryBlock.FindAll(example, -1)); n != 1 {
		t.Fatalf("the example has %d keys \"recovery\"", n)
	}
	path := filepath.Join(t.TempDir(), "altas.yaml")
	if err := os.WriteFile(path, recoveryBlock.ReplaceAll(example, []byte(text)), 0o600); err != nil {
		t.Fatal(err)
	}
	rules, err := LoadRules(path)
	return rules.Recovery, err
}

// What is written becomes the settings; what is not is the default.
func TestRecoveryRules(t *testing.T) {
	t.Parallel()
	stages := func(names ...provisioning.StageName) func(*recovery.Settings) {
		return func(s *recovery.Settings) { s.Stages = append([]provisioning.StageName{}, names...) }
	}
	const director, subdirector = provisioning.Director, provisioning.Subdirector
	for name, tt := range map[string]struct {
		text   string
		change func(*recovery.Settings) // of the defaults
	}{
		"nothing":          {"", nil},
		"the key alone":    {"recovery:\n", nil},
		"no keys in it":    {"recovery: {}\n", nil},
		"stages unsaid":    {"recovery:\n  stages:\n", nil},
		"no stage":         {"recovery:\n  stages: []\n", stages()},
		"the subdirector":  {"recovery: {stages: [subdirector]}\n", stages(subdirector)},
		"the director":     {"recovery: {stages: [director]}\n", stages(director)},
		"both":             {"recovery:\n  stages:\n    - director\n    - subdirector\n", stages(director, subdirector)},
		"never recent":     {"recovery: {recentDays: 0}\n", func(s *recovery.Settings) { s.Recent = 0 }},
		"recent for long":  {"recovery: {recentDays: 30}\n", func(s *recovery.Settings) { s.Recent = 30 * 24 * time.Hour }},
		"days unsaid":      {"recovery:\n  recentDays:\n", nil},
		"other limits":     {"recovery: {perAccount: 1, perRequester: 50}\n", func(s *recovery.Settings) { s.PerAccount, s.PerRequester = 1, 50 }},
		"the usual limits": {"recovery: {perAccount: 0, perRequester: 0}\n", nil},
		"a limit alone":    {"recovery: {perRequester: 5}\n", func(s *recovery.Settings) { s.PerRequester = 5 }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rules, err := recoveryRules(t, tt.text)
			if err != nil {
				t.Fatal(err)
			}
			want := recovery.DefaultSettings()
			if tt.change != nil {
				tt.change(&want)
			}
			if diff := cmp.Diff(want, rules.domain()); diff != "" {
				t.Errorf("settings (-want +got):\n%s", diff)
			}
		})
	}
}

// The example says what the defaults are.
func TestTheExampleHasTheDefaultsOfRecoveries(t *testing.T) {
	t.Parallel()
	rules, err := LoadRules("altas.example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if rules.Recovery.Stages == nil || rules.Recovery.RecentDays == nil {
		t.Errorf("the example does not say all: %+v", rules.Recovery)
	}
	if diff := cmp.Diff(recovery.DefaultSettings(), rules.Recovery.domain()); diff != "" {
		t.Errorf("settings (-default +example):\n%s", diff)
	}
}

// A fault names the key, and is the only one.
func TestFaultsOfRecoveryRules(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ text, want string }{
		"an unknown stage":        {"recovery: {stages: [subdirector, jefe]}\n", `recovery.stages[1]: "jefe" is neither director nor subdirector`},
		"a stage in capitals":     {"recovery: {stages: [Subdirector]}\n", `recovery.stages[0]: "Subdirector" is neither`},
		"the platform":            {"recovery: {stages: [platform]}\n", `recovery.stages[0]: "platform" is neither`},
		"an empty stage":          {"recovery: {stages: [\"\"]}\n", `recovery.stages[0]: "" is neither`},
		"a stage for a list":      {"recovery: {stages: subdirector}\n", "recovery.stages: want a list"},
		"a number for a stage":    {"recovery: {stages: [1]}\n", "recovery.stages[0]: want text in quotes"},
		"days less than nothing":  {"recovery: {recentDays: -1}\n", "recovery.recentDays: -1 is less than nothing"},
		"days in words":           {"recovery: {recentDays: siete}\n", "recovery.recentDays: want a whole number"},
		"half a day":              {"recovery: {recentDays: 0.5}\n", "recovery.recentDays: want a whole number"},
		"less than no recoveries": {"recovery: {perAccount: -3}\n", "recovery.perAccount: -3 is less than nothing"},
		"less than no requests":   {"recovery: {perRequester: -20}\n", "recovery.perRequester: -20 is less than nothing"},
		"a key nobody knows":      {"recovery: {perPerson: 3}\n", "recovery.perPerson: no such key"},
		"a list of keys":          {"recovery: [subdirector]\n", "recovery: want keys with values"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := recoveryRules(t, tt.text)
			if err == nil || !strings.Contains(err.Error(), "altas.yaml: "+tt.want) || strings.Count(err.Error(), "\n") > 0 {
				t.Errorf("err = %v, want one with %q", err, tt.want)
			}
		})
	}
}

// Every fault is told at once.
func TestEveryFaultOfRecoveryRules(t *testing.T) {
	t.Parallel()
	_, err := recoveryRules(t, "recovery: {stages: [a, b], recentDays: -1, perAccount: -1, perRequester: -1}\n")
	for _, key := range []string{"stages[0]", "stages[1]", "recentDays", "perAccount", "perRequester"} {
		if err == nil || !strings.Contains(err.Error(), "recovery."+key+": ") {
			t.Errorf("nothing is said of %s in:\n%v", key, err)
		}
	}
}
