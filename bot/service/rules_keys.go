package service

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"seducoahuila.gob.mx/altas/bot/console"
)

// keys returns a fault for each unknown key and each value of the wrong kind in what was read
// from the YAML file. koanf stops at the first value of the wrong kind and describes it in Go's
// terms.
func keys(at string, value any, want reflect.Type) []error {
	if want.Kind() == reflect.Pointer {
		want = want.Elem()
	}
	if value == nil || want.Kind() == reflect.Interface {
		return nil
	}
	if words, wrong := wrongKind(value, want.Kind()); wrong {
		return []error{console.Errorf("%s: want %s, not %v", at, words, value)}
	}
	var faults []error
	switch v := value.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			inner, known := keyType(want, key)
			where := strings.TrimPrefix(at+"."+key, ".")
			if !known {
				faults = append(faults, console.Errorf("%s: no such key; altas.example.yaml has those there are", where))
				continue
			}
			faults = append(faults, keys(where, v[key], inner)...)
		}
	case []any:
		for i, one := range v {
			faults = append(faults, keys(fmt.Sprintf("%s[%d]", at, i), one, want.Elem())...)
		}
	}
	return faults
}

// keyType returns the type of the value of a key.
func keyType(in reflect.Type, key string) (reflect.Type, bool) {
	if in.Kind() == reflect.Map {
		return in.Elem(), true
	}
	for f := range in.Fields() {
		if f.Anonymous { // its keys stand beside the others
			if t, known := keyType(f.Type, key); known {
				return t, true
			}
		}
		if strings.EqualFold(f.Tag.Get("koanf"), key) {
			return f.Type, true
		}
	}
	return nil, false
}

// wrongKind reports whether a value is of the wrong kind; words describes the wanted one.
func wrongKind(value any, want reflect.Kind) (words console.Phrase, wrong bool) {
	have := reflect.TypeOf(value).Kind()
	switch want {
	case reflect.String:
		return "text in quotes", have != reflect.String
	case reflect.Bool:
		return "true or false", have != reflect.Bool
	case reflect.Int:
		return "a whole number", have != reflect.Int && have != reflect.Int64 && have != reflect.Uint64
	case reflect.Slice:
		return "a list", have != reflect.Slice
	case reflect.Map, reflect.Struct:
		return "keys with values", have != reflect.Map
	}
	return "", false
}
