package bot_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"testing"
)

// Each kind of stored document is declared once: no other package has the records of a room by
// writing down their kind.
func TestAKindOfDocumentIsDeclaredOnce(t *testing.T) {
	t.Parallel()
	declared := map[string]string{}
	for room, sources := range readPackages(t) {
		for _, s := range sources {
			name := room + "/" + s.name
			for _, kind := range documentsIn(t, name) {
				if other, twice := declared[kind]; twice {
					t.Errorf("documents of the kind %q are declared in %s and in %s", kind, other, name)
				}
				declared[kind] = name
			}
		}
	}
	if declared["draft"] != "bot/form/draft.go" || declared["substitute"] == "" {
		t.Errorf("the declarations are not found: %v", declared)
	}
}

// documentsIn returns the kinds of the Document literals in a file.
func documentsIn(t *testing.T, name string) (kinds []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", filepath.FromSlash(name)), nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		lit, ok := n.(*ast.CompositeLit)
		if !ok || !isDocument(lit.Type) || len(lit.Elts) != 1 {
			return true
		}
		value, ok := lit.Elts[0].(*ast.KeyValueExpr)
		if !ok {
			return true
		}
		if kind, ok := value.Value.(*ast.BasicLit); ok {
			unquoted, err := strconv.Unquote(kind.Value)
			if err != nil {
				t.Fatal(err)
			}
			kinds = append(kinds, unquoted)
		}
		return true
	})
	return kinds
}

// isDocument reports whether a type is Document[…] or provisioning.Document[…].
func isDocument(of ast.Expr) bool {
	index, ok := of.(*ast.IndexExpr)
	if !ok {
		return false
	}
	switch x := index.X.(type) {
	case *ast.Ident:
		return x.Name == "Document"
	case *ast.SelectorExpr:
		return x.Sel.Name == "Document"
	}
	return false
}
