package identity

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Pattern is a template of the part of an address before the @, such as "{nombre1}.{apellido1}".
// ParsePattern creates it; the zero value fills nothing.
type Pattern struct {
	text string
}

// patternFields are the fields of a pattern. nombre1 and nombre2 are the first two
// given names, nombres all of them, inicial1 the first letter.
const patternFields = "apellido1 apellido2 cct inicial1 nombre1 nombre2 nombres"

// inputOf returns the form input that a pattern's field comes from.
func inputOf(field string) string {
	switch field {
	case "apellido1":
		return "firstSurname"
	case "apellido2":
		return "secondSurname"
	case "cct":
		return "cct"
	default:
		return "givenNames"
	}
}

var patternField = regexp.MustCompile(`\{([^{}]*)\}`)

// DefaultPatterns returns the patterns used if the configuration has none.
func DefaultPatterns(t AccountType) []Pattern {
	if t == WorkCentre {
		return []Pattern{{"{cct}"}}
	}
	return []Pattern{{"{nombre1}.{apellido1}"}, {"{nombre1}.{apellido1}.{apellido2}"}, {"{nombre1}.{nombre2}.{apellido1}"}}
}

// ParsePatterns returns the patterns of an account type, in order, or all faults, joined. A work
// centre's address is made from its CCT, a person's from names.
func ParsePatterns(t AccountType, texts []string) ([]Pattern, error) {
	if len(texts) == 0 {
		return nil, fmt.Errorf("address patterns of %s: at least one is needed", t)
	}
	patterns := make([]Pattern, 0, len(texts))
	var faults []error
	for _, text := range texts {
		p, err := ParsePattern(text)
		if err == nil && (t == WorkCentre) != slices.Equal(p.fields(), []string{"cct"}) {
			err = fmt.Errorf("address pattern %q: {cct} is for %s, and only it", text, WorkCentre)
		}
		patterns, faults = append(patterns, p), append(faults, err)
	}
	return patterns, errors.Join(faults...)
}

// ParsePattern returns the pattern written in text: fields in braces, and between them a–z, 0–9 and
// single . - _. The error is meant for the configuration's author.
func ParsePattern(text string) (Pattern, error) {
	p := Pattern{text}
	fields := p.fields()
	if len(fields) == 0 {
		return Pattern{}, fmt.Errorf("address pattern %q: holds no field such as {nombre1}", text)
	}
	for _, f := range fields {
		if !slices.Contains(strings.Fields(patternFields), f) {
			return Pattern{}, fmt.Errorf("address pattern %q: unknown field {%s}; known are %s", text, f, patternFields)
		}
	}
	if !localShape.MatchString(patternField.ReplaceAllString(text, "x")) {
		return Pattern{}, fmt.Errorf("address pattern %q: beside fields only a-z, 0-9 and single . - _ between them", text)
	}
	return p, nil
}

// String returns the pattern as written.
func (p Pattern) String() string { return p.text }

// fields returns the names of the pattern's fields, in order.
func (p Pattern) fields() []string {
	var names []string
	for _, m := range patternField.FindAllStringSubmatch(p.text, -1) {
		names = append(names, m[1])
	}
	return names
}

// fill replaces the fields by the parts; ok is false if one is missing.
func (p Pattern) fill(parts map[string]string) (local string, ok bool) {
	ok = p.text != ""
	local = patternField.ReplaceAllStringFunc(p.text, func(field string) string {
		part := parts[strings.Trim(field, "{}")]
		ok = ok && part != ""
		return part
	})
	return local, ok
}
