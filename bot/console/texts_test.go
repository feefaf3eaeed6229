package console

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// sources are the files that speak to those who run the program.
var sources = []string{"../cmd/altas/*.go", "../service/*.go", "../../manifest/*.go", "../sandbox/playground.go", "../sandbox/people.go"}

// says are the functions whose text is told, by the place of the text among their arguments; -1 is the last.
var says = map[string]int{
	"Errorf": 0, "say": 0, "note": 0, "warn": 0, "Text": 0, "Sprintf": 0, "fault": 0, "require": 1, "flags": 1, "choose": 2,
	"String": -1, "Bool": -1, "StringVar": -1, "BoolVar": -1, "IntVar": -1,
}

// notOurs are packages whose functions have these names and tell nothing to those who run the program.
var notOurs = map[string]bool{"fmt": true, "strings": true, "slog": true, "texts": true, "cards": true}

// told is the English texts in the source, and where each is.
func told(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, pattern := range sources {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			t.Fatalf("no source in %s: %v", pattern, err)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(n ast.Node) bool {
				for _, text := range textsIn(n) {
					all[text] = name
				}
				return true
			})
		}
	}
	return all
}

// textsIn returns the texts of one node: of a call, of a constant that is a usage or a Phrase, of a command,
// of an error, of a word of package flag, and of what a function returns as a Phrase.
func textsIn(n ast.Node) (texts []string) {
	switch n := n.(type) {
	case *ast.CallExpr:
		name, of := called(n.Fun)
		at, ours := says[name]
		if at < 0 {
			at = len(n.Args) - 1
		}
		if name == "New" && of == "errors" {
			at, ours = 0, true
		}
		if ours && !notOurs[of] && at >= 0 && at < len(n.Args) {
			texts = literals(n.Args[at])
		}
		if name == "require" && len(n.Args) == 3 { // with what to write
			texts = append(texts, literals(n.Args[2])...)
		}
	case *ast.ValueSpec:
		for i, id := range n.Names {
			name, _ := called(n.Type)
			if i < len(n.Values) && (strings.HasSuffix(id.Name, "Usage") || name == "Phrase" || id.Name == "flagWords") {
				texts = append(texts, literals(n.Values[i])...)
			}
		}
	case *ast.CompositeLit: // {"serve", "run the bot …", serve}
		if len(n.Elts) == 3 && n.Type == nil {
			if _, isFunc := n.Elts[2].(*ast.Ident); isFunc {
				texts = literals(n.Elts[1])
			}
		}
	case *ast.FuncDecl:
		if n.Name.Name == "wrongKind" {
			ast.Inspect(n, func(n ast.Node) bool {
				if r, ok := n.(*ast.ReturnStmt); ok && len(r.Results) == 2 {
					texts = append(texts, literals(r.Results[0])...)
				}
				return true
			})
		}
	}
	return texts
}

// called returns the name of a function or type, and of what it is a member.
func called(f ast.Expr) (name, of string) {
	switch f := f.(type) {
	case *ast.Ident:
		return f.Name, ""
	case *ast.SelectorExpr:
		_, of = "", ""
		if id, ok := f.X.(*ast.Ident); ok {
			of = id.Name
		}
		return f.Sel.Name, of
	}
	return "", ""
}

// literals returns the strings of an expression, those of a list each. A text without a letter is left out.
func literals(e ast.Expr) (texts []string) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		if err == nil && letters.MatchString(verb.ReplaceAllString(text, "")) {
			return []string{text}
		}
	case *ast.CompositeLit:
		for _, each := range e.Elts {
			texts = append(texts, literals(each)...)
		}
	case *ast.IndexExpr:
		return literals(e.X)
	}
	return texts
}

var (
	letters = regexp.MustCompile(`[A-Za-zÁ-ú]{2}`)
	verb    = regexp.MustCompile(`%(?:\[\d+\])?[-+# 0-9]*[a-zA-Z%]`)
)

// same are the texts that are the same in both languages: names of commands and of variables.
var same = regexp.MustCompile(`^([A-Z]+_[A-Z_]+|altas: %w|altas|version|serve|sandbox|demo|manifest|RECEIPTS_DSN: %w|BOT_FILE_HOSTS: %w|ALTAS_LISTEN: %w|%s_FILE: %w|[a-z]+\.(%[sw]|[a-z]+): %w|[a-z]+\.(numbering\.)?%w|%s\.[a-z]+: %w|head %s|-head: %v|usage|receipts\.table: %s: %s|bot/.*|data/.*)$`)

// Each text that is told has a Spanish one, and each Spanish one is told.
func TestEachTextIsInBothLanguages(t *testing.T) {
	t.Parallel()
	var pairs []struct{ En, Es string }
	decoder := yaml.NewDecoder(bytes.NewReader(file))
	decoder.KnownFields(true)
	if err := decoder.Decode(&pairs); err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for _, p := range pairs {
		if texts[p.En] != "" {
			t.Errorf("%q is there twice", p.En)
		}
		texts[p.En] = p.Es
		if !slices.Equal(verbs(p.En), verbs(p.Es)) {
			t.Errorf("%q and %q have other values in them", p.En, p.Es)
		}
	}
	source := told(t)
	var missing []string
	for text, name := range source {
		if texts[text] == "" && !same.MatchString(text) {
			missing = append(missing, name+": "+text)
		}
	}
	slices.Sort(missing)
	for _, m := range missing {
		t.Errorf("bot/console/texts.yaml has no Spanish for %s", m)
	}
	for text := range texts {
		if source[text] == "" && !ofOthers[text] {
			t.Errorf("nothing tells %q", text)
		}
	}
}

// verbs returns the values that a format takes, in the order of the arguments.
func verbs(format string) []string {
	found := verb.FindAllString(format, -1)
	for i, v := range found {
		if v == "%%" {
			continue
		}
		found[i] = strings.ReplaceAll(v, "w", "s")
	}
	if strings.Contains(format, "%[") {
		slices.Sort(found)
	}
	return found
}

// ofOthers are texts of the system and of packages that know nothing of those who run the program.
var ofOthers = map[string]bool{
	"file does not exist": true, "permission denied": true, "is a directory": true,
}
