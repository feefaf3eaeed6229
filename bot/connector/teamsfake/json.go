package teamsfake

import (
	"encoding/json"
	"maps"
)

func text(o object, name string) string {
	s, _ := o[name].(string)
	return s
}

func list(o object, name string) []any {
	l, _ := o[name].([]any)
	return l
}

func child(o object, name string) object {
	c, _ := o[name].(object)
	return c
}

// flag returns a boolean property, or a default if it is missing.
func flag(o object, name string, otherwise bool) bool {
	b, found := o[name].(bool)
	if !found {
		return otherwise
	}
	return b
}

func clone(o object) object { return maps.Clone(o) }

// deep returns a deep copy of a JSON object.
func deep(o object) object {
	c, _ := copied(o).(object)
	return c
}

// copied returns a deep copy of a value: of decoded JSON directly, of any other by encoding it as
// JSON.
func copied(value any) any {
	switch v := value.(type) {
	case nil, string, bool, float64:
		return v
	case object:
		if v == nil {
			return nil
		}
		c := make(object, len(v))
		for name, inner := range v {
			c[name] = copied(inner)
		}
		return c
	case []any:
		if v == nil {
			return nil
		}
		c := make([]any, len(v))
		for i, inner := range v {
			c[i] = copied(inner)
		}
		return c
	}
	var c any
	raw, err := json.Marshal(value)
	if err != nil || json.Unmarshal(raw, &c) != nil {
		return nil
	}
	return c
}
