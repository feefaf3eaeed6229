package connector

import (
	"bytes"
	"encoding/json"
	"maps"
	"time"
)

// fields is a JSON object read by name; a value of another type than asked for counts as
// missing. Names are compared exactly, unlike encoding/json's structs; of a repeated name the
// last counts.
type fields map[string]json.RawMessage

// asFields returns nil for what is not a JSON object.
func asFields(raw []byte) fields {
	if !json.Valid(raw) {
		return nil
	}
	return object(bytes.TrimSpace(raw))
}

// object is asFields for JSON that is known to be valid.
func object(valid []byte) fields {
	if kind(valid) != '{' {
		return nil
	}
	f := make(fields, 8)
	maps.Insert(f, members(valid))
	return f
}

func (f fields) object(name string) fields { return object(f[name]) }

func (f fields) list(name string) []json.RawMessage {
	var list []json.RawMessage
	for element := range elements(f[name]) {
		list = append(list, element)
	}
	return list
}

func (f fields) text(name string) string { return textOf(f[name]) }

func (f fields) flag(name string) bool { return string(f[name]) == "true" }

func (f fields) time(name string) time.Time {
	text := f.text(name)
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t
		}
	}
	return time.Time{}
}
