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

// flag reads a boolean that has a default.
func flag(o object, name string, otherwise bool) bool {
	b, found := o[name].(bool)
	if !found {
		return otherwise
	}
	return b
}

func clone(o object) object { return maps.Clone(o) }

// deep copies JSON to any depth.
func deep(o object) object {
	raw, err := json.Marshal(o)
	if err != nil {
		return nil
	}
	var c object
	if json.Unmarshal(raw, &c) != nil {
		return nil
	}
	return c
}
