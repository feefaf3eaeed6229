package graphfake

import (
	"fmt"
	"strings"
)

// parseFilter parses the subset of OData's $filter that directory objects support.
func parseFilter(source string) (*expr, *fault) {
	p := &parser{source: source}
	p.next()
	e := p.or("")
	if p.err == nil && p.token != "" {
		p.fail("unexpected '" + p.token + "'")
	}
	if p.err != nil {
		return nil, badRequest("Invalid filter clause: " + p.err.Error())
	}
	return e, nil
}

type parser struct {
	source string
	at     int
	token  string // the current token; text literals start with a quote
	err    error
}

func (p *parser) fail(what string) {
	if p.err == nil {
		p.err = fmt.Errorf("syntax error: %s at position %d in '%s'", what, p.at, p.source)
	}
	p.token = ""
}

func (p *parser) next() {
	for p.at < len(p.source) && p.source[p.at] == ' ' {
		p.at++
	}
	if p.at >= len(p.source) {
		p.token = ""
		return
	}
	start := p.at
	switch p.source[p.at] {
	case '\'':
		p.quoted()
		return
	case '(', ')', ',', ':':
		p.at++
	default:
		for p.at < len(p.source) && !strings.ContainsRune(" (),'", rune(p.source[p.at])) &&
			(p.source[p.at] != ':' || isDigit(p.source[start])) {
			p.at++
		}
	}
	p.token = p.source[start:p.at]
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

// quoted reads 'text', where ” stands for one apostrophe.
func (p *parser) quoted() {
	var text strings.Builder
	for p.at++; p.at < len(p.source); p.at++ {
		if p.source[p.at] != '\'' {
			text.WriteByte(p.source[p.at])
			continue
		}
		if p.at+1 < len(p.source) && p.source[p.at+1] == '\'' {
			text.WriteByte('\'')
			p.at++
			continue
		}
		p.at++
		p.token = "'" + text.String()
		return
	}
	p.fail("unterminated string literal")
}

func (p *parser) expect(token string) {
	if p.err == nil && p.token != token {
		p.fail("expected '" + token + "'")
		return
	}
	p.next()
}

// or, and, unary parse by recursive descent. lambda is the variable of an enclosing any().
func (p *parser) or(lambda string) *expr {
	left := p.and(lambda)
	for p.err == nil && strings.EqualFold(p.token, "or") {
		p.next()
		left = &expr{op: "or", operands: []*expr{left, p.and(lambda)}}
	}
	return left
}

func (p *parser) and(lambda string) *expr {
	left := p.unary(lambda)
	for p.err == nil && strings.EqualFold(p.token, "and") {
		p.next()
		left = &expr{op: "and", operands: []*expr{left, p.unary(lambda)}}
	}
	return left
}

func (p *parser) unary(lambda string) *expr {
	if p.err != nil {
		return &expr{}
	}
	switch {
	case strings.EqualFold(p.token, "not"):
		p.next()
		return &expr{op: "not", operands: []*expr{p.unary(lambda)}}
	case p.token == "(":
		p.next()
		inner := p.or(lambda)
		p.expect(")")
		return inner
	case strings.EqualFold(p.token, "startswith") || strings.EqualFold(p.token, "endswith"):
		return p.function(lambda)
	case strings.HasSuffix(p.token, "/any"):
		return p.any()
	}
	return p.comparison(lambda)
}

func (p *parser) function(lambda string) *expr {
	e := &expr{op: strings.ToLower(p.token)}
	p.next()
	p.expect("(")
	e.prop = p.path(lambda)
	p.expect(",")
	e.values = []any{p.literal()}
	p.expect(")")
	return e
}

func (p *parser) any() *expr {
	e := &expr{op: "any", prop: strings.TrimSuffix(p.token, "/any")}
	p.next()
	p.expect("(")
	if p.token == ")" {
		p.next()
		return e
	}
	variable := p.token
	p.next()
	p.expect(":")
	inner := p.or(variable)
	p.expect(")")
	if inner.prop != "" {
		e.prop += "/" + inner.prop
		inner.prop = ""
	}
	e.operands = []*expr{inner}
	return e
}

// path parses a property; inside any(x: …) the variable itself is no property.
func (p *parser) path(lambda string) string {
	name := p.token
	if name == "" || strings.ContainsAny(name, "'(),") {
		p.fail("expected a property")
		return ""
	}
	p.next()
	if lambda == "" {
		return name
	}
	if name == lambda {
		return ""
	}
	rest, isVariable := strings.CutPrefix(name, lambda+"/")
	if !isVariable {
		p.fail("expected the variable '" + lambda + "'")
	}
	return rest
}

func (p *parser) comparison(lambda string) *expr {
	e := &expr{prop: p.path(lambda), op: strings.ToLower(p.token)}
	switch e.op {
	case "eq", "ne", "ge", "le", "gt", "lt":
		p.next()
		e.values = []any{p.literal()}
	case "in":
		p.next()
		p.expect("(")
		e.values = []any{p.literal()}
		for p.err == nil && p.token == "," {
			p.next()
			e.values = append(e.values, p.literal())
		}
		p.expect(")")
	default:
		p.fail("'" + p.token + "' is not an operator")
	}
	return e
}

func (p *parser) literal() any {
	token := p.token
	if p.err != nil {
		return nil
	}
	if text, isText := strings.CutPrefix(token, "'"); isText {
		p.next()
		return text
	}
	switch token {
	case "", "(", ")", ",", ":":
		p.fail("expected a literal")
		return nil
	}
	p.next()
	switch token {
	case "true":
		return true
	case "false":
		return false
	case "null":
		return nil
	}
	if isDigit(token[0]) || isGUID(token) {
		return token // a number, a time or a GUID, compared as text
	}
	p.fail("'" + token + "' is not a literal; text goes in apostrophes")
	return nil
}
