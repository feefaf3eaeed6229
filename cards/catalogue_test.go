package cards

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/input"
)

// forms are the texts of a key: one, or one for each plural form.
type forms map[string]string

func catalogue(t *testing.T, locale string) map[string]forms {
	t.Helper()
	paths, err := fs.Glob(files, "texts/*."+locale+".yaml")
	if err != nil || len(paths) == 0 {
		t.Fatalf("catalogues of %s: %v, %v", locale, paths, err)
	}
	all := make(map[string]forms)
	for _, path := range paths {
		raw, err := files.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var messages map[string]yaml.Node
		if err := yaml.Unmarshal(raw, &messages); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		for key, node := range messages {
			if _, twice := all[key]; twice {
				t.Errorf("%s: %s stands twice", path, key)
			}
			all[key] = formsOf(t, node)
		}
	}
	return all
}

func formsOf(t *testing.T, node yaml.Node) forms {
	t.Helper()
	f := forms{}
	if node.Kind == yaml.ScalarNode {
		f["other"] = node.Value
		return f
	}
	if err := node.Decode(&f); err != nil {
		t.Fatal(err)
	}
	return f
}

func TestCataloguesParse(t *testing.T) {
	t.Parallel()
	if _, err := load(files); err != nil {
		t.Fatal(err)
	}
	for _, locale := range Locales {
		if n := len(In(locale).months); n != 12 {
			t.Errorf("%s: %d months", locale, n)
		}
		if n := len(In(locale).weekdays); n != 7 {
			t.Errorf("%s: %d weekdays", locale, n)
		}
	}
}

func TestBothLanguagesSayTheSame(t *testing.T) {
	t.Parallel()
	spanish, english := catalogue(t, Spanish), catalogue(t, English)
	if diff := cmp.Diff(slices.Sorted(maps.Keys(spanish)), slices.Sorted(maps.Keys(english))); diff != "" {
		t.Fatalf("keys (-%s +%s):\n%s", Spanish, English, diff)
	}
	for key, es := range spanish {
		en := english[key]
		if diff := cmp.Diff(slices.Sorted(maps.Keys(es)), slices.Sorted(maps.Keys(en))); diff != "" {
			t.Errorf("%s: plural forms:\n%s", key, diff)
		}
		if diff := cmp.Diff(arguments(es), arguments(en)); diff != "" {
			t.Errorf("%s: arguments:\n%s", key, diff)
		}
	}
}

var argument = regexp.MustCompile(`{{[^}]*}}`)

// arguments returns the arguments of all forms; "count" may be written as a word.
func arguments(f forms) []string {
	seen := map[string]bool{}
	for _, text := range f {
		for _, a := range argument.FindAllString(text, -1) {
			seen[a] = a != "{{.count}}"
		}
	}
	maps.DeleteFunc(seen, func(_ string, keep bool) bool { return !keep })
	return slices.Sorted(maps.Keys(seen))
}

func TestEveryReasonHasASentence(t *testing.T) {
	t.Parallel()
	keys := catalogue(t, Spanish)
	for _, reason := range writtenReasons(t) {
		_, refused := keys["error."+reason]
		_, warned := keys["warning."+reason]
		if !refused && !warned {
			t.Errorf("no sentence for %s", reason)
		}
	}
}

var reasonShapes = []*regexp.Regexp{
	regexp.MustCompile(`Refuse\(\w*\.?Code\w+, "([a-z_.]+)"`),
	regexp.MustCompile(`Invalid\("\w*", "([a-z_.]+)"`),
	regexp.MustCompile(`(?m)^\s+reason\w+ += "([a-z_.]+)"`),
	regexp.MustCompile(`"((?:trouble|directory|receipts|password)\.[a-z_]+)"`),
}

// notReasons look like reasons: an act of the audit, a text, a file.
var notReasons = []string{PasswordReveal, "receipts.db"}

// writtenReasons finds the reasons in the project's sources.
func writtenReasons(t *testing.T) []string {
	t.Helper()
	var reasons []string
	for _, source := range sources(t, "../provisioning", "../bot", "../store") {
		for _, shape := range reasonShapes {
			for _, m := range shape.FindAllStringSubmatch(source, -1) {
				if !slices.Contains(notReasons, m[1]) {
					reasons = append(reasons, m[1])
				}
			}
		}
	}
	slices.Sort(reasons)
	return slices.Compact(reasons)
}

// sources reads the Go files of folders and their subfolders, except tests, their support packages
// and fakes.
func sources(t *testing.T, folders ...string) []string {
	t.Helper()
	var texts []string
	for _, folder := range folders {
		err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case d.IsDir() && (d.Name() == "node_modules" || d.Name() == "testdata" || strings.HasSuffix(d.Name(), "test") || strings.HasSuffix(d.Name(), "fake")):
				return fs.SkipDir
			case d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
				return nil
			}
			raw, err := os.ReadFile(path)
			texts = append(texts, string(raw))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return texts
}

// made are the keys that cards build from names of provisioning.
var made = []string{
	"error.", "warning.", "state.", "account.", "stage.", "type.", "medium.", "level.", "verdict.", "settled.",
	"meaning.", "passed.", "substitutes.", "notice.", "outcome.", "changed.", "input.", "form.holder.", "form.step", "command.", "button.", "mine.", "pending.",
	"form.discarded", "form.lapsed", "form.outdated", "flow.role.", "flow.act.", "flow.when.", "flow.then.", "flow.correct", "flow.expire",
	"report.kind.", "report.request.", "accounts.", "timeline.handed", "sentence.",
}

func TestEveryKeyIsUsed(t *testing.T) {
	t.Parallel()
	all := strings.Join(sources(t, ".", "../bot"), "\n")
	for key := range catalogue(t, Spanish) {
		key, _, _ = strings.Cut(key, "@")
		if strings.Contains(all, `"`+key+`"`) || slices.ContainsFunc(made, func(prefix string) bool { return strings.HasPrefix(key, prefix) }) {
			continue
		}
		t.Errorf("%s is used nowhere", key)
	}
}

// TestEveryKeySaidExists checks that the texts requested by key, here and in the bot, are in the
// catalogue.
func TestEveryKeySaidExists(t *testing.T) {
	t.Parallel()
	keys := catalogue(t, Spanish)
	usedKey := regexp.MustCompile(`(?:fixed\[|\bmd\(|plain\(|count\(|Say\()"([a-z_A-Z0-9.]+[a-z0-9_])"[\],)]`)
	n := 0
	for _, source := range sources(t, ".", "../bot") {
		for _, m := range usedKey.FindAllStringSubmatch(source, -1) {
			n++
			if _, ok := keys[m[1]]; !ok {
				t.Errorf("%s is in no catalogue", m[1])
			}
		}
	}
	if n < 100 {
		t.Errorf("found only %d texts in the sources: the pattern has gone stale", n)
	}
}

// TestEveryNameHasAWord checks that the names of provisioning have texts.
func TestEveryNameHasAWord(t *testing.T) {
	t.Parallel()
	keys := catalogue(t, Spanish)
	var want []string
	for _, s := range []provisioning.RequestState{
		provisioning.StateDirector, provisioning.StateSubdirector, provisioning.StateReturned, provisioning.StateProvisioning,
		provisioning.StateAttention, provisioning.StateCompleted, provisioning.StateRejected, provisioning.StateCancelled, provisioning.StateExpired,
	} {
		want = append(want, "state."+string(s))
	}
	for _, s := range tallyOrder {
		want = append(want, "account."+string(s))
	}
	for _, k := range noticeKinds(t) {
		if k != provisioning.NoticeReady && k != provisioning.NoticeReturned { // these are cards
			want = append(want, "notice."+string(k))
		}
	}
	for _, a := range identity.AccountTypes {
		want = append(want, "type."+string(a), "type."+string(a)+".choice", "form.holder."+string(a))
	}
	for _, m := range input.Media() {
		want = append(want, "medium."+string(m))
	}
	for _, l := range levels {
		want = append(want, "level."+l)
	}
	for name, r := range rules {
		want = append(want, "input."+name)
		if r.example {
			want = append(want, "input."+name+".example")
		}
		if r.help {
			want = append(want, "input."+name+".help")
		}
		if r.required || r.pattern != "" {
			want = append(want, "input."+name+".error")
		}
	}
	ofNoForm := []string{"cctTyped", "comment", "address", "exclude", "number", "rows", "rangeFrom", "rangeTo"}
	for _, name := range inputIDs {
		if !slices.Contains(ofNoForm, name) { // a correction of it is shown to the approvers
			want = append(want, "changed."+name)
		}
	}
	for _, key := range want {
		if _, ok := keys[key]; !ok {
			t.Errorf("%s is missing", key)
		}
	}
}
