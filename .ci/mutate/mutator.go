package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/printer"
	"go/token"
	"strconv"
	"strings"
)

// mutantSwitch is put into each mutated package. mutantOn notes once that a mutant was
// reached, and reports whether it is the one that is switched on.
const mutantSwitch = `
import (
	"fmt"
	"os"
	"strconv"
	"sync"
)

var (
	mutantActive  = func() int { n, err := strconv.Atoi(os.Getenv("MUTANT")); if err != nil { return -1 }; return n }()
	mutantTrace   = os.Getenv("MUTANT_TRACE")
	mutantReached sync.Map
)

func mutantOn(id int) bool {
	if mutantTrace != "" {
		if _, before := mutantReached.LoadOrStore(id, true); !before {
			if f, err := os.OpenFile(mutantTrace, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600); err == nil {
				fmt.Fprintf(f, "%d\n", id)
				f.Close()
			}
		}
	}
	return mutantActive == id
}

func mutantErr(id int, do func() error) error {
	if mutantOn(id) {
		return nil
	}
	return do()
}

var _, _ = mutantOn, mutantErr
`

// mutant is one change of the code that a test should notice.
type mutant struct {
	pos  token.Position
	what string
}

func (m mutant) String() string { return fmt.Sprintf("%s:%d: %s", m.pos.Filename, m.pos.Line, m.what) }

// mutator puts the mutants into one file, numbered from first.
type mutator struct {
	fset    *token.FileSet
	first   int
	mutants []mutant
}

// add notes a mutant and returns the expression that switches it on.
func (m *mutator) add(at token.Pos, what string) ast.Expr {
	m.mutants = append(m.mutants, mutant{m.fset.Position(at), what})
	return &ast.CallExpr{Fun: ast.NewIdent("mutantOn"), Args: []ast.Expr{m.number()}}
}

func (m *mutator) number() ast.Expr {
	return &ast.BasicLit{Kind: token.INT, Value: strconv.Itoa(m.first + len(m.mutants) - 1)}
}

// file mutates each function of the file.
func (m *mutator) file(f *ast.File) {
	for _, d := range f.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil {
			m.block(fn.Body.List, isBool(fn.Type))
		}
	}
}

func isBool(t *ast.FuncType) bool {
	if t.Results == nil || len(t.Results.List) != 1 {
		return false
	}
	id, ok := t.Results.List[0].Type.(*ast.Ident)
	return ok && id.Name == "bool"
}

func (m *mutator) block(list []ast.Stmt, boolean bool) {
	for i, s := range list {
		list[i] = m.stmt(s, boolean)
	}
}

// stmt mutates a statement and all within it, and returns what stands in its place.
func (m *mutator) stmt(s ast.Stmt, boolean bool) ast.Stmt {
	switch s := s.(type) {
	case *ast.BlockStmt:
		m.block(s.List, boolean)
	case *ast.IfStmt:
		m.block(s.Body.List, boolean)
		s.Cond = m.guard(s.Cond)
		if s.Else != nil {
			s.Else = m.stmt(s.Else, boolean)
		}
	case *ast.ForStmt:
		m.block(s.Body.List, boolean)
	case *ast.RangeStmt:
		m.block(s.Body.List, boolean)
	case *ast.SwitchStmt:
		m.cases(s, boolean)
	case *ast.TypeSwitchStmt, *ast.SelectStmt, *ast.LabeledStmt, *ast.DeferStmt, *ast.GoStmt, *ast.DeclStmt:
	case *ast.ReturnStmt:
		m.returned(s, boolean)
	case *ast.AssignStmt:
		m.functions(s.Rhs)
		if s.Tok != token.DEFINE && !isBlank(s) {
			return m.omitted(s)
		}
	case *ast.IncDecStmt:
		return m.omitted(s)
	case *ast.ExprStmt:
		m.functions([]ast.Expr{s.X})
		return m.omitted(s)
	}
	return s
}

func isBlank(s *ast.AssignStmt) bool {
	for _, l := range s.Lhs {
		if id, ok := l.(*ast.Ident); !ok || id.Name != "_" {
			return false
		}
	}
	return true
}

// cases mutates the clauses of a switch; the conditions of one without a tag are guards.
func (m *mutator) cases(s *ast.SwitchStmt, boolean bool) {
	for _, c := range s.Body.List {
		clause, ok := c.(*ast.CaseClause)
		if !ok {
			continue
		}
		m.block(clause.Body, boolean)
		for i := range clause.List {
			if s.Tag == nil {
				clause.List[i] = m.guard(clause.List[i])
			}
		}
	}
}

// omitted returns the statement behind a switch that leaves it out.
func (m *mutator) omitted(s ast.Stmt) ast.Stmt {
	on := m.add(s.Pos(), "left out: "+m.text(s))
	return &ast.IfStmt{Cond: &ast.UnaryExpr{Op: token.NOT, X: on}, Body: &ast.BlockStmt{List: []ast.Stmt{s}}}
}

// returned mutates what is returned: a bool is turned round, each error that is joined left out.
func (m *mutator) returned(s *ast.ReturnStmt, boolean bool) {
	what := m.text(s)
	m.functions(s.Results)
	if boolean && len(s.Results) == 1 {
		e := m.operands(s.Results[0])
		on := m.add(s.Pos(), "turned round: "+what)
		s.Results[0] = &ast.BinaryExpr{X: paren(e), Op: token.NEQ, Y: on}
	}
}

// functions looks into function literals and errors.Join among expressions.
func (m *mutator) functions(all []ast.Expr) {
	for _, e := range all {
		ast.Inspect(e, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncLit:
				m.block(n.Body.List, isBool(n.Type))
				return false
			case *ast.CallExpr:
				m.joined(n)
			}
			return true
		})
	}
}

// joined lets each call among the arguments of errors.Join be left out.
func (m *mutator) joined(c *ast.CallExpr) {
	if m.text(c.Fun) != "errors.Join" || c.Ellipsis.IsValid() {
		return
	}
	for i, a := range c.Args {
		if call, ok := a.(*ast.CallExpr); ok {
			m.add(call.Pos(), "not joined: "+m.text(call))
			body := &ast.BlockStmt{List: []ast.Stmt{&ast.ReturnStmt{Results: []ast.Expr{call}}}}
			do := &ast.FuncLit{Type: &ast.FuncType{Params: &ast.FieldList{}, Results: &ast.FieldList{List: []*ast.Field{{Type: ast.NewIdent("error")}}}}, Body: body}
			c.Args[i] = &ast.CallExpr{Fun: ast.NewIdent("mutantErr"), Args: []ast.Expr{m.number(), do}}
		}
	}
}

// guard lets a condition be false where it is true, and its operands be dropped. One that only
// passes an error on is no guard of ours.
func (m *mutator) guard(e ast.Expr) ast.Expr {
	if text := m.text(e); text == "err != nil" || text == "err == nil" {
		return e
	}
	what, at := m.text(e), e.Pos()
	inner := m.operands(e)
	on := m.add(at, "never: "+what)
	off := &ast.BinaryExpr{X: paren(inner), Op: token.LAND, Y: &ast.UnaryExpr{Op: token.NOT, X: on}}
	on = m.add(at, "always: "+what)
	return &ast.BinaryExpr{X: paren(off), Op: token.LOR, Y: on}
}

// operands drops each operand of && and || in turn.
func (m *mutator) operands(e ast.Expr) ast.Expr {
	switch e := e.(type) {
	case *ast.ParenExpr:
		e.X = m.operands(e.X)
	case *ast.BinaryExpr:
		switch e.Op {
		case token.LAND:
			e.X, e.Y = m.dropped(e.X, token.LAND), m.dropped(e.Y, token.LAND)
		case token.LOR:
			e.X, e.Y = m.dropped(e.X, token.LOR), m.dropped(e.Y, token.LOR)
		}
	}
	return e
}

func (m *mutator) dropped(e ast.Expr, op token.Token) ast.Expr {
	if b, ok := e.(*ast.BinaryExpr); ok && b.Op == op {
		return m.operands(e) // a longer chain: its own operands are dropped
	}
	what, at := m.text(e), e.Pos()
	inner := m.operands(e)
	on := m.add(at, "dropped: "+what)
	if op == token.LAND {
		return paren(&ast.BinaryExpr{X: paren(inner), Op: token.LOR, Y: on})
	}
	return paren(&ast.BinaryExpr{X: paren(inner), Op: token.LAND, Y: &ast.UnaryExpr{Op: token.NOT, X: on}})
}

func paren(e ast.Expr) ast.Expr { return &ast.ParenExpr{X: e} }

// text returns a node as it reads in the source, in one line.
func (m *mutator) text(n ast.Node) string {
	var b bytes.Buffer
	if err := printer.Fprint(&b, token.NewFileSet(), n); err != nil {
		return err.Error()
	}
	line := strings.Join(strings.Fields(b.String()), " ")
	if len(line) > 90 {
		line = line[:90] + "…"
	}
	return line
}
