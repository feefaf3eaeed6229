package bot_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Patterns of the register of risks, bot/guide/riesgos.md.
var (
	riskHead  = regexp.MustCompile(`(?m)^### (R-\d+)\. .+$`)
	riskTest  = regexp.MustCompile("`([a-z/]+): (Test\\w+)`")
	noTest    = regexp.MustCompile(`ninguna: \S+ \S+ \S+`)
	riskParts = []string{"Probabilidad e impacto", "Control", "Queda", "Prueba"}
)

// riskFaults returns what is wrong with a register of risks: a number that is not the next, a part
// that is missing or empty, a test that does not exist, and a risk with neither a test nor the reason
// why it has none. exists reports whether a package has a test.
func riskFaults(register string, exists func(room, test string) bool) (faults []string) {
	heads := riskHead.FindAllStringSubmatchIndex(register, -1)
	for i, at := range heads {
		end := len(register)
		if i+1 < len(heads) {
			end = heads[i+1][0]
		}
		name, text := register[at[2]:at[3]], register[at[1]:end]
		if want := fmt.Sprintf("R-%02d", i+1); name != want {
			faults = append(faults, name+" stands where "+want+" belongs")
		}
		for _, part := range riskParts {
			if regexp.MustCompile(`(?m)^- \*\*`+part+`:\*\* \S`).FindString(text) == "" {
				faults = append(faults, name+" has no "+part)
			}
		}
		_, proof, _ := strings.Cut(text, "**Prueba:**")
		proof, _, _ = strings.Cut(proof, "\n")
		tests := riskTest.FindAllStringSubmatch(proof, -1)
		for _, named := range tests {
			if !exists(named[1], named[2]) {
				faults = append(faults, fmt.Sprintf("%s names %s of %s, which is not there", name, named[2], named[1]))
			}
		}
		if len(tests) == 0 && !noTest.MatchString(proof) {
			faults = append(faults, name+" has no test, and does not say why")
		}
		if n := strings.Count(proof, "`"); n != 2*len(tests) {
			faults = append(faults, name+" names a test in a way that is not understood")
		}
	}
	return faults
}

// hasTest reports whether a package has a test of that name.
func hasTest(t *testing.T) func(room, test string) bool {
	t.Helper()
	return func(room, test string) bool {
		names, err := filepath.Glob(filepath.Join("..", filepath.FromSlash(room), "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		return slices.ContainsFunc(names, func(name string) bool {
			source, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			return strings.Contains(string(source), "\nfunc "+test+"(t *testing.T)")
		})
	}
}

// Each risk of the register (annex F-009) has its control, what remains, and tests that exist.
func TestTheRegisterOfRisks(t *testing.T) {
	t.Parallel()
	register, err := os.ReadFile("guide/riesgos.md")
	if err != nil {
		t.Fatal(err)
	}
	if n := len(riskHead.FindAllString(string(register), -1)); n < 20 || !strings.Contains(string(register), "**F-009**") {
		t.Errorf("%d risks are found: the test reads the register wrongly", n)
	}
	for _, fault := range riskFaults(string(register), hasTest(t)) {
		t.Error(fault)
	}
}

func TestAFaultyRegisterIsFound(t *testing.T) {
	t.Parallel()
	const good = "\n- **Probabilidad e impacto:** alta, alto.\n- **Control:** uno.\n- **Queda:** nada.\n- **Prueba:** "
	for name, c := range map[string]struct{ register, want string }{
		"sound":             {"### R-01. Uno" + good + "`bot: TestFloors`", ""},
		"a reason":          {"### R-01. Uno" + good + "ninguna: es del servidor.", ""},
		"no such test":      {"### R-01. Uno" + good + "`bot: TestNothing`", "R-01 names TestNothing of bot, which is not there"},
		"no such package":   {"### R-01. Uno" + good + "`bot/nothing: TestFloors`", "R-01 names TestFloors of bot/nothing, which is not there"},
		"part of a name":    {"### R-01. Uno" + good + "`bot: TestFloor`", "R-01 names TestFloor of bot, which is not there"},
		"no test":           {"### R-01. Uno" + good + "ninguna.", "R-01 has no test, and does not say why"},
		"misspelt":          {"### R-01. Uno" + good + "`bot: TestFloors`, `bot TestFloors`", "R-01 names a test in a way that is not understood"},
		"no control":        {"### R-01. Uno" + strings.Replace(good, "uno.", "", 1) + "`bot: TestFloors`", "R-01 has no Control"},
		"a number left out": {"### R-02. Dos" + good + "`bot: TestFloors`", "R-02 stands where R-01 belongs"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, strings.Join(riskFaults(c.register, hasTest(t)), "; ")); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}
