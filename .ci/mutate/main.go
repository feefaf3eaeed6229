// Command mutate asks which conditions and effects of some files no test looks at.
//
//	go run .ci/mutate/*.go [-tests ./provisioning,./bot,./bot/service] FILE.go ...
//
// Every guard is switched off, every condition's operand dropped, every assignment, call and
// joined write left out, one at a time; a mutant that all tests pass is printed as a survivor.
// All mutants are compiled into each test binary at once and switched on by an environment
// variable, and each is held only to the tests that reach it, so that a file takes minutes. Nothing
// in the checkout is changed: the mutated files go in by the compiler's -overlay.
package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"go/parser"
	"go/printer"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

func main() {
	tests := flag.String("tests", "./provisioning,./bot,./bot/service", "packages whose tests may kill a mutant, comma separated, the quick ones first")
	limit := flag.Duration("limit", 3*time.Minute, "of one test")
	flag.Parse()
	if err := run(flag.Args(), strings.Split(*tests, ","), *limit); err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
		os.Exit(1)
	}
}

// run mutates the files, finds out which tests reach which mutant, and holds each to them.
func run(files, packages []string, limit time.Duration) error {
	work, err := os.MkdirTemp("", "mutate")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	mutants, overlay, err := mutateAll(files, work)
	if err != nil {
		return err
	}
	all, err := build(packages, overlay, work, limit)
	if err != nil {
		return err
	}
	reaching := reach(all, work)
	survivors := 0
	for i, m := range mutants {
		tests := reaching[i]
		killer := kill(i, tests)
		switch {
		case killer != "":
			fmt.Printf("killed    %s by %s\n", m, killer)
		case len(tests) == 0:
			survivors++
			fmt.Printf("UNREACHED %s\n", m)
		default:
			survivors++
			fmt.Printf("SURVIVED  %s (%d tests)\n", m, len(tests))
		}
	}
	fmt.Printf("%d mutants, %d survivors\n", len(mutants), survivors)
	return nil
}

// mutateAll writes the mutated files and, into each of their packages, the switch; it returns
// the mutants by number and the path of the compiler's overlay.
func mutateAll(files []string, work string) ([]mutant, string, error) {
	replace := make(map[string]string)
	var all []mutant
	for n, name := range files {
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, name, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, "", err
		}
		m := &mutator{fset: fset, first: len(all)}
		m.file(file)
		all = append(all, m.mutants...)
		var text bytes.Buffer
		if err := printer.Fprint(&text, fset, file); err != nil {
			return nil, "", err
		}
		for real, content := range map[string]string{
			name: text.String(),
			filepath.Join(filepath.Dir(name), "zz_mutant_switch.go"): "package " + file.Name.Name + "\n" + mutantSwitch,
		} {
			path, err := filepath.Abs(real)
			if err != nil {
				return nil, "", err
			}
			replace[path] = filepath.Join(work, strconv.Itoa(n)+filepath.Base(real))
			if err := os.WriteFile(replace[path], []byte(content), 0o600); err != nil {
				return nil, "", err
			}
		}
	}
	raw, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return nil, "", err
	}
	overlay := filepath.Join(work, "overlay.json")
	return all, overlay, os.WriteFile(overlay, raw, 0o600)
}

// test is one top-level test of a package.
type test struct {
	dir, binary, name string
	took, limit       time.Duration
}

// build compiles the packages' tests and lists them.
func build(packages []string, overlay, work string, limit time.Duration) ([]test, error) {
	var all []test
	for i, p := range packages {
		binary := filepath.Join(work, strconv.Itoa(i)+".test")
		if out, err := exec.Command("go", "test", "-c", "-overlay", overlay, "-o", binary, p).CombinedOutput(); err != nil {
			return nil, fmt.Errorf("build the tests of %s: %w\n%s", p, err, out)
		}
		list := exec.Command(binary, "-test.list", "^(Test|Fuzz)")
		list.Dir = p
		out, err := list.Output()
		if err != nil {
			return nil, fmt.Errorf("list the tests of %s: %w", p, err)
		}
		for name := range strings.FieldsSeq(string(out)) {
			all = append(all, test{dir: p, binary: binary, name: name, limit: limit})
		}
	}
	return all, nil
}

// reach runs every test alone, without a mutant, and returns the tests that reach each
// mutant, the quickest first. One that fails without a mutant kills none.
func reach(all []test, work string) map[int][]test {
	reaching := make(map[int][]test)
	for i, t := range all {
		trace := filepath.Join(work, "reached"+strconv.Itoa(i))
		started := time.Now()
		if !t.passes("MUTANT_TRACE=" + trace) {
			fmt.Printf("left out  %s of %s: it fails by itself\n", t.name, t.dir)
			continue
		}
		t.took = time.Since(started)
		raw, _ := os.ReadFile(trace) // none: it reaches none
		for id := range strings.FieldsSeq(string(raw)) {
			if n, err := strconv.Atoi(id); err == nil && !slices.ContainsFunc(reaching[n], func(o test) bool { return o.name == t.name && o.dir == t.dir }) {
				reaching[n] = append(reaching[n], t)
			}
		}
	}
	for _, tests := range reaching {
		slices.SortStableFunc(tests, func(a, b test) int { return cmp.Compare(a.took, b.took) })
	}
	return reaching
}

// kill returns the first test that fails with the mutant, "" for none.
func kill(id int, tests []test) string {
	for _, t := range tests {
		if !t.passes("MUTANT=" + strconv.Itoa(id)) {
			return t.name
		}
	}
	return ""
}

func (t test) passes(env string) bool {
	limit := t.limit
	if t.took > 0 {
		limit = min(limit, 20*time.Second+5*t.took)
	}
	cmd := exec.Command(t.binary, "-test.run", "^"+t.name+"$", "-test.failfast", "-test.timeout", limit.String())
	cmd.Dir = t.dir
	cmd.Env = append(os.Environ(), env)
	return cmd.Run() == nil
}
