package graphfake

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// expr is a parsed $filter. A comparison has a property and one or more values; and, or and not have
// operands; any has the condition on an element as its operand.
type expr struct {
	op       string // and or not eq ne in startswith endswith ge le gt lt any
	operands []*expr
	prop     string // onPremisesExtensionAttributes/extensionAttribute1 for nested ones
	values   []any  // string, bool, nil
}

const maxOrClauses = 15

// tooLong reports whether a value is longer than the 120 characters that eq can match.
// https://learn.microsoft.com/graph/known-issues#some-limitations-apply-to-query-parameters
func tooLong(value any) bool {
	text, isText := value.(string)
	return isText && utf8.RuneCountInString(text) > 120
}

// checkQuery returns the fault of a filter that Graph does not support, in a default or an advanced
// query.
func (e *expr) checkQuery(s *schema, advanced bool) *fault {
	if n := e.clauses("or"); n > maxOrClauses {
		return badRequest(fmt.Sprintf("Too many child clauses specified in search filter expression containing 'OR' operators: %d. Max allowed: %d.", n, maxOrClauses))
	}
	return e.checkNode(s, advanced)
}

func (e *expr) checkNode(s *schema, advanced bool) *fault {
	for _, operand := range e.operands {
		if f := operand.checkNode(s, advanced); f != nil {
			return f
		}
	}
	if e.prop != "" {
		if f := e.checkProperty(s); f != nil {
			return f
		}
	}
	if e.op == "eq" && !advanced && slices.ContainsFunc(e.values, tooLong) {
		return badRequest("Invalid filter clause: the value to match has more than 120 characters.")
	}
	if e.needsAdvanced(s) && !advanced {
		return unsupported("Operator or property is not supported by a default query: '" + e.op + " " + e.prop +
			"'. Try adding $count=true to the query parameters and the ConsistencyLevel:eventual header.")
	}
	return nil
}

func (e *expr) checkProperty(s *schema) *fault {
	root, child, nested := strings.Cut(e.prop, "/")
	p, known := s.types["user"].props[root]
	if !known {
		return badRequest("Invalid filter clause: Could not find a property named '" + root + "' on type 'microsoft.graph.user'.")
	}
	if s.neverFiltered[root] {
		return unsupported("Unsupported or invalid query filter clause specified for property '" + root + "' of resource 'User'.")
	}
	if nested {
		t := s.types[strings.TrimPrefix(p.kind, "graph.")]
		if t == nil || t.props[child] == (property{}) {
			return badRequest("Invalid filter clause: Could not find a property named '" + child + "'.")
		}
		return nil
	}
	if p.collection && e.op != "any" {
		return badRequest("A binary operator with incompatible types was detected. Found operand types 'Collection' for operator kind '" + e.op + "'.")
	}
	return nil
}

func (e *expr) needsAdvanced(s *schema) bool {
	switch e.op {
	case "ne", "not", "endswith":
		return true
	case "ge", "le", "gt", "lt":
		return e.prop != "createdDateTime" && e.prop != "displayName" && e.prop != "deletedDateTime"
	}
	return e.prop != "" && !s.filtered[e.prop]
}

func (e *expr) clauses(op string) int {
	if e.op != op {
		n := 0
		for _, operand := range e.operands {
			n = max(n, operand.clauses(op))
		}
		return n
	}
	n := 0
	for _, operand := range e.operands {
		n += max(1, operand.clauses(op))
	}
	return n
}

// match reports whether the filter matches the version of a user.
func (e *expr) match(u *user, v *version) bool {
	switch e.op {
	case "and":
		return e.operands[0].match(u, v) && e.operands[1].match(u, v)
	case "or":
		return e.operands[0].match(u, v) || e.operands[1].match(u, v)
	case "not":
		return !e.operands[0].match(u, v)
	case "any":
		return e.matchAny(v)
	}
	return e.compare(value(u, v, e.prop))
}

func (e *expr) matchAny(v *version) bool {
	root, child, _ := strings.Cut(e.prop, "/")
	list, _ := v.props[root].([]any)
	for _, item := range list {
		if object, ok := item.(map[string]any); ok && child != "" {
			item = object[child]
		}
		if len(e.operands) == 0 || e.operands[0].compare(item) {
			return true
		}
	}
	return false
}

func value(u *user, v *version, prop string) any {
	if prop == "id" {
		return u.id
	}
	root, child, nested := strings.Cut(prop, "/")
	if !nested {
		return v.props[root]
	}
	object, _ := v.props[root].(map[string]any)
	return object[child]
}

func (e *expr) compare(have any) bool {
	switch e.op {
	case "eq", "in":
		for _, want := range e.values {
			if same(have, want) {
				return true
			}
		}
		return false
	case "ne":
		return !same(have, e.values[0])
	}
	left, _ := have.(string)
	right, _ := e.values[0].(string)
	if have == nil {
		return false
	}
	switch e.op {
	case "startswith":
		return strings.HasPrefix(fold(left), fold(right))
	case "endswith":
		return strings.HasSuffix(fold(left), fold(right))
	}
	return ordered(e.op, left, right)
}

// same compares as Entra does: text is case-insensitive.
func same(have, want any) bool {
	left, isText := have.(string)
	right, wantText := want.(string)
	if isText && wantText {
		return strings.EqualFold(left, right)
	}
	return have == want
}

func ordered(op, left, right string) bool {
	order := strings.Compare(fold(left), fold(right))
	if a, err := time.Parse(time.RFC3339Nano, left); err == nil {
		if b, err := time.Parse(time.RFC3339Nano, right); err == nil {
			order = a.Compare(b)
		}
	}
	switch op {
	case "ge":
		return order >= 0
	case "le":
		return order <= 0
	case "gt":
		return order > 0
	}
	return order < 0
}

// candidates returns the users that may match, from the index; false if all users must be searched.
func (e *expr) candidates(t *Tenant) (found []*user, complete bool) {
	switch e.op {
	case "or":
		left, completeLeft := e.operands[0].candidates(t)
		right, completeRight := e.operands[1].candidates(t)
		return append(left, right...), completeLeft && completeRight
	case "and":
		if left, complete := e.operands[0].candidates(t); complete {
			return left, true
		}
		return e.operands[1].candidates(t)
	case "any":
		if e.prop == "proxyAddresses" && len(e.operands) == 1 && e.operands[0].op == "eq" {
			return t.lookup("proxyAddresses", e.operands[0].values), true
		}
	case "eq", "in":
		for _, name := range append(indexed(), "id") {
			if e.prop == name && allText(e.values) {
				return t.lookup(name, e.values), true
			}
		}
	}
	return nil, false
}

func (t *Tenant) lookup(name string, values []any) []*user {
	var found []*user
	for _, item := range values {
		wanted, _ := item.(string)
		if name == "id" {
			if u := t.users[fold(wanted)]; u != nil {
				found = append(found, u)
			}
			continue
		}
		found = append(found, t.index.find(name, wanted)...)
	}
	return found
}

func allText(values []any) bool {
	for _, item := range values {
		if s, ok := item.(string); !ok || s == "" {
			return false
		}
	}
	return true
}
