package graphfake

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"
)

var guidPattern = regexp.MustCompile(`^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$`)

func isGUID(s string) bool { return len(s) == 36 && guidPattern.MatchString(s) }

// decodeObject parses a JSON object. Numbers are json.Number, to distinguish integers.
func decodeObject(body []byte) (map[string]any, *fault) {
	var object map[string]any
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	if err := decoder.Decode(&object); err != nil || object == nil {
		return nil, badRequest("Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.")
	}
	return object, nil
}

// checkUserBody checks the body of a creation or an update against the metadata.
func (s *schema) checkUserBody(object map[string]any) *fault {
	alone := 0
	for name := range object {
		if strings.HasPrefix(name, "@odata.") {
			continue
		}
		if s.readOnly[name] {
			return invalidProperty(name, "Property '"+name+"' is read-only and cannot be set.")
		}
		if s.aloneOnly[name] {
			alone++
		}
	}
	if alone > 0 && alone < len(object) {
		return badRequest("The request contains properties that must be updated on their own.")
	}
	return s.check(s.types["user"], object, "")
}

// check checks an object against its type. Unknown properties are refused.
func (s *schema) check(t *entityType, object map[string]any, path string) *fault {
	for name, value := range object {
		if strings.HasPrefix(name, "@odata.") {
			continue
		}
		p, known := t.props[name]
		if !known {
			return invalidProperty(path+name, fmt.Sprintf("Invalid property '%s'.", path+name))
		}
		if f := s.checkProperty(p, path+name, value); f != nil {
			return f
		}
	}
	return nil
}

func (s *schema) checkProperty(p property, path string, value any) *fault {
	if !p.collection {
		return s.checkValue(p.kind, p.nullable, path, value)
	}
	list, ok := value.([]any)
	if !ok {
		return invalidValue(path)
	}
	for _, item := range list {
		if f := s.checkValue(p.kind, false, path, item); f != nil {
			return f
		}
	}
	return nil
}

func (s *schema) checkValue(kind string, nullable bool, path string, value any) *fault {
	if value == nil {
		if nullable {
			return nil
		}
		return invalidValue(path)
	}
	if name, ok := strings.CutPrefix(kind, "graph."); ok {
		return s.checkNamed(name, path, value)
	}
	if !scalarFits(kind, value) {
		return invalidValue(path)
	}
	if text, ok := value.(string); ok && kind == "Edm.String" {
		return s.checkText(path, text)
	}
	return nil
}

func (s *schema) checkNamed(name, path string, value any) *fault {
	if members, ok := s.enums[name]; ok {
		text, isText := value.(string)
		if !isText || !members[text] {
			return invalidValue(path)
		}
		return nil
	}
	object, ok := value.(map[string]any)
	if !ok || s.types[name] == nil {
		return invalidValue(path)
	}
	return s.check(s.types[name], object, path+".")
}

func scalarFits(kind string, value any) bool {
	switch v := value.(type) {
	case bool:
		return kind == "Edm.Boolean"
	case json.Number:
		_, err := v.Int64()
		return strings.HasPrefix(kind, "Edm.Int") && err == nil || kind == "Edm.Double"
	case string:
		switch kind {
		case "Edm.Guid":
			return isGUID(v)
		case "Edm.DateTimeOffset":
			_, err := time.Parse(time.RFC3339Nano, v)
			return err == nil
		}
		return kind == "Edm.String" || kind == "Edm.Binary" || kind == "Edm.TimeOfDay"
	}
	return false
}

func (s *schema) checkText(path, text string) *fault {
	limit := s.maxLength[path]
	if strings.HasPrefix(path, "onPremisesExtensionAttributes.") {
		limit = 1024
	}
	if limit > 0 && utf8.RuneCountInString(text) > limit {
		return invalidLength(path, limit)
	}
	if values := s.closedValues[path]; values != nil && !values[text] {
		return invalidValue(path)
	}
	if pattern := s.valuePattern[path]; pattern != nil && !pattern.MatchString(text) {
		return invalidValue(path)
	}
	// Graph refuses an empty string; null removes a value.
	if text == "" && path != "passwordProfile.password" && !strings.Contains(path, "odata") {
		return invalidValue(path)
	}
	return nil
}

// setOf returns a set of the items.
func setOf(items ...string) map[string]bool {
	set := make(map[string]bool, len(items))
	for _, item := range items {
		set[item] = true
	}
	return set
}
