package connector

import (
	"encoding/json"
	"time"
)

// fields is a JSON object read by name, where whatever has another shape than asked
// for counts as missing. Names are compared exactly, unlike encoding/json's structs.
type fields map[string]json.RawMessage

func asFields(raw json.RawMessage) fields {
	var f fields
	if json.Unmarshal(raw, &f) != nil {
		return nil
	}
	return f
}

func (f fields) object(name string) fields {
	if raw, ok := f[name]; ok {
		return asFields(raw)
	}
	return nil
}

func (f fields) list(name string) []json.RawMessage {
	var list []json.RawMessage
	if raw, ok := f[name]; !ok || json.Unmarshal(raw, &list) != nil {
		return nil
	}
	return list
}

func (f fields) text(name string) string {
	var text string
	if raw, ok := f[name]; !ok || json.Unmarshal(raw, &text) != nil {
		return ""
	}
	return text
}

func (f fields) flag(name string) bool {
	var flag bool
	raw, ok := f[name]
	return ok && json.Unmarshal(raw, &flag) == nil && flag
}

func (f fields) time(name string) time.Time {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999"} {
		if t, err := time.Parse(layout, f.text(name)); err == nil {
			return t
		}
	}
	return time.Time{}
}
