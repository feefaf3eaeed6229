package bot_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// namedThing matches what a page names of a package: "job.Runner", "Executor.Wake" is not one.
var namedThing = regexp.MustCompile("`([a-z]+)\\.([A-Z]\\w*)(?:\\.([A-Z]\\w*))?[`({]")

// A type or function that a page names by its package exists, and so does the method or field
// behind it.
func TestWhatAPageNamesOfAPackageIsThere(t *testing.T) {
	t.Parallel()
	there := exportedNames(t)
	root := os.DirFS("..")
	checked := 0
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != "." && name != ".github" && notOurs(d.Name()):
			return fs.SkipDir
		case path.Ext(name) != ".md":
			return nil
		}
		text, err := fs.ReadFile(root, name)
		for _, found := range namedThing.FindAllStringSubmatch(string(text), -1) {
			names, ours := there[found[1]]
			if !ours {
				continue // a package of others
			}
			checked++
			if !names[found[2]] || found[3] != "" && !names[found[2]+"."+found[3]] {
				t.Errorf("%s names %s, which is not there", name, strings.Trim(found[0], "`({"))
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if checked < 10 {
		t.Errorf("only %d names are found: the test looks in the wrong place", checked)
	}
}

// exportedNames returns what each package of ours exports, by its name: "Runner", "Runner.Run",
// "Runner.Queue". Packages of one name are taken together.
func exportedNames(t *testing.T) map[string]map[string]bool {
	t.Helper()
	all := map[string]map[string]bool{}
	for room, sources := range readPackages(t) {
		names := all[path.Base(room)]
		if names == nil {
			names = map[string]bool{}
			all[path.Base(room)] = names
		}
		for _, s := range sources {
			file, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", room, s.name), nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			for _, decl := range file.Decls {
				addNames(names, decl)
			}
		}
	}
	return all
}

// addNames adds what a declaration declares.
func addNames(names map[string]bool, decl ast.Decl) {
	switch decl := decl.(type) {
	case *ast.FuncDecl:
		name := decl.Name.Name
		if decl.Recv != nil {
			name = receiver(decl.Recv.List[0].Type) + "." + name
		}
		names[name] = true
	case *ast.GenDecl:
		for _, spec := range decl.Specs {
			switch spec := spec.(type) {
			case *ast.ValueSpec:
				for _, id := range spec.Names {
					names[id.Name] = true
				}
			case *ast.TypeSpec:
				names[spec.Name.Name] = true
				addMembers(names, spec)
			}
		}
	}
}

// addMembers adds the fields of a struct, and the methods of an interface.
func addMembers(names map[string]bool, spec *ast.TypeSpec) {
	var members *ast.FieldList
	switch of := spec.Type.(type) {
	case *ast.StructType:
		members = of.Fields
	case *ast.InterfaceType:
		members = of.Methods
	default:
		return
	}
	for _, member := range members.List {
		for _, id := range member.Names {
			names[spec.Name.Name+"."+id.Name] = true
		}
	}
}

// receiver returns the name of a method's type.
func receiver(of ast.Expr) string {
	switch of := of.(type) {
	case *ast.StarExpr:
		return receiver(of.X)
	case *ast.IndexExpr:
		return receiver(of.X)
	case *ast.Ident:
		return of.Name
	}
	return ""
}
