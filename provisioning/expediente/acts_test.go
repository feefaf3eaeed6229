package expediente

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Every act that the program records has its words, and no other has: the acts are read from the
// source. What cannot be told from it fails the test, rather than being passed over.
func TestEveryRecordedActHasItsWords(t *testing.T) {
	t.Parallel()
	s := readSource(t)
	recorded := s.acts(t)
	if diff := cmp.Diff(recorded, slices.Sorted(maps.Keys(acts))); diff != "" {
		t.Errorf("acts that the program records, and acts with words (-recorded +with words):\n%s", diff)
	}
	if len(recorded) < 35 || !slices.Contains(recorded, "approval.return") || !slices.Contains(recorded, "letter.send") || !slices.Contains(recorded, "account.created") {
		t.Errorf("not all acts were found: %q", recorded)
	}
}

// source is the program's code, without tests.
type source struct {
	functions []function
	constants map[string]ast.Expr          // by "package.Name"
	typed     map[string]map[string]string // the string constants of a type, by "package.Type": their names and values
}

// function is one function, and the name of its package.
type function struct {
	pkg  string
	decl *ast.FuncDecl
}

func readSource(t *testing.T) *source {
	t.Helper()
	s := &source{constants: map[string]ast.Expr{}, typed: map[string]map[string]string{}}
	root := os.DirFS("../..")
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || d.Name() == "node_modules" || d.Name() == "provisioningtest"):
			return fs.SkipDir
		case d.IsDir() || path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		text, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.SkipObjectResolution)
		if err == nil {
			s.read(file)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *source) read(file *ast.File) {
	pkg := file.Name.Name
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			s.functions = append(s.functions, function{pkg, d})
		case *ast.GenDecl:
			if d.Tok == token.CONST {
				s.readConstants(pkg, d)
			}
		}
	}
}

func (s *source) readConstants(pkg string, d *ast.GenDecl) {
	for _, spec := range d.Specs {
		v, ok := spec.(*ast.ValueSpec)
		if !ok {
			continue
		}
		for i, name := range v.Names {
			if i >= len(v.Values) {
				continue
			}
			s.constants[pkg+"."+name.Name] = v.Values[i]
			if of, ok := v.Type.(*ast.Ident); ok {
				if value, is := literal(v.Values[i]); is {
					key := pkg + "." + of.Name
					if s.typed[key] == nil {
						s.typed[key] = map[string]string{}
					}
					s.typed[key][name.Name] = value
				}
			}
		}
	}
}

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	value, err := strconv.Unquote(lit.Value)
	return value, err == nil
}

// acts returns the acts that are recorded: those of each Entered that is written, and of each that gets
// its act later.
func (s *source) acts(t *testing.T) []string {
	t.Helper()
	found := map[string]bool{}
	for _, f := range s.functions {
		if f.decl.Body == nil || f.pkg == "store" && f.decl.Name.Name == "entered" { // which reads a stored entry
			continue
		}
		ast.Inspect(f.decl.Body, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CompositeLit:
				if named(n.Type) == "Entered" {
					s.ofLiteral(t, f, n, found)
				}
			case *ast.AssignStmt:
				if at, ok := n.Lhs[0].(*ast.SelectorExpr); ok && at.Sel.Name == "Act" && f.pkg != "flow" { // whose steps have an Act of their own
					s.resolve(t, f, n.Rhs[0], found, 0)
				}
			}
			return true
		})
	}
	return slices.Sorted(maps.Keys(found))
}

func (s *source) ofLiteral(t *testing.T, f function, n *ast.CompositeLit, found map[string]bool) {
	t.Helper()
	for _, e := range n.Elts {
		field, ok := e.(*ast.KeyValueExpr)
		if !ok {
			t.Errorf("%s.%s: an Entered without the names of its fields", f.pkg, f.decl.Name.Name)
			return
		}
		if named(field.Key) == "Act" {
			s.resolve(t, f, field.Value, found, 0)
		}
	}
}

func named(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

// resolve adds the acts that an expression in a function may have as value.
func (s *source) resolve(t *testing.T, f function, e ast.Expr, found map[string]bool, depth int) {
	t.Helper()
	if value, ok := literal(e); ok {
		found[value] = true
		return
	}
	switch e := e.(type) {
	case *ast.Ident:
		if value, ok := s.constants[f.pkg+"."+e.Name]; ok {
			s.resolve(t, f, value, found, depth)
			return
		}
		if s.variable(t, f, e.Name, found, depth) || s.parameter(t, f, e.Name, found, depth) {
			return
		}
	case *ast.SelectorExpr:
		if value, ok := s.constants[named(e.X)+"."+e.Sel.Name]; ok {
			s.resolve(t, function{named(e.X), f.decl}, value, found, depth)
			return
		}
	case *ast.BinaryExpr: // "approval." and a verdict
		if prefix, ok := literal(e.X); ok && prefix == "approval." {
			for _, verdict := range s.typed["provisioning.Verdict"] {
				found[prefix+verdict] = true
			}
			return
		}
	}
	t.Errorf("%s.%s: which act is recorded cannot be told; name it by a constant, a text or a parameter", f.pkg, f.decl.Name.Name)
}

// variable resolves what is assigned to a variable of a function; false if nothing is.
func (s *source) variable(t *testing.T, f function, name string, found map[string]bool, depth int) bool {
	t.Helper()
	assigned := false
	ast.Inspect(f.decl.Body, func(n ast.Node) bool {
		a, ok := n.(*ast.AssignStmt)
		if !ok || len(a.Lhs) != len(a.Rhs) {
			return true
		}
		for i := range a.Lhs {
			if id, ok := a.Lhs[i].(*ast.Ident); ok && id.Name == name {
				assigned = true
				s.resolve(t, f, a.Rhs[i], found, depth)
			}
		}
		return true
	})
	return assigned
}

// parameter resolves what a parameter of a function gets in each call; false if the function has no
// such parameter.
func (s *source) parameter(t *testing.T, f function, name string, found map[string]bool, depth int) bool {
	t.Helper()
	at, n := -1, 0
	for _, field := range f.decl.Type.Params.List {
		for _, p := range field.Names {
			if p.Name == name {
				at = n
			}
			n++
		}
	}
	if at < 0 || depth > 5 {
		return false
	}
	called := false
	for _, caller := range s.functions {
		if caller.decl.Body == nil || !f.decl.Name.IsExported() && caller.pkg != f.pkg {
			continue
		}
		ast.Inspect(caller.decl.Body, func(node ast.Node) bool {
			if call, ok := node.(*ast.CallExpr); ok && named(call.Fun) == f.decl.Name.Name && len(call.Args) == n {
				called = true
				s.resolve(t, caller, call.Args[at], found, depth+1)
			}
			return true
		})
	}
	return called
}
