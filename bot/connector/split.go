package connector

import (
	"bytes"
	"encoding/json"
	"iter"
	"unicode/utf8"
)

// A body is validated once, by encoding/json, and then split in place.
// Unmarshalling it level by level into maps of raw messages would validate and copy
// each part again, which was a sixth of what a message cost. Everything here takes
// JSON that is known to be valid.

// members yields the names and values of a JSON object, in order and with repetitions; nothing
// if the JSON is no object.
func members(valid []byte) iter.Seq2[string, json.RawMessage] {
	return func(yield func(string, json.RawMessage) bool) {
		if kind(valid) != '{' {
			return
		}
		for part := range split(valid) {
			end := textEnd(part)
			_, value, _ := bytes.Cut(part[end:], []byte(":"))
			if !yield(textOf(part[:end]), bytes.TrimSpace(value)) {
				return
			}
		}
	}
}

// elements yields the elements of a JSON array; nothing if the JSON is no array.
func elements(valid []byte) iter.Seq[[]byte] {
	if kind(valid) != '[' {
		return func(func([]byte) bool) {}
	}
	return split(valid)
}

// kind is the byte that distinguishes an object, an array, a string and the rest.
func kind(valid []byte) byte {
	if len(valid) == 0 {
		return 0
	}
	return valid[0]
}

// split yields the parts between the outermost commas of an object or array.
func split(valid []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		inner := valid[1 : len(valid)-1]
		depth, start := 0, 0
		for i := 0; i < len(inner); i++ {
			switch inner[i] {
			case '"':
				i += textEnd(inner[i:]) - 1
			case '{', '[':
				depth++
			case '}', ']':
				depth--
			case ',':
				if depth > 0 {
					continue
				}
				if !yield(bytes.TrimSpace(inner[start:i])) {
					return
				}
				start = i + 1
			}
		}
		if last := bytes.TrimSpace(inner[start:]); len(last) > 0 {
			yield(last)
		}
	}
}

// textEnd returns the end of the string that the JSON begins with, with its quotes.
func textEnd(valid []byte) int {
	for i := 1; i < len(valid); i++ {
		switch valid[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(valid)
}

// textOf returns the JSON string's text; "" for anything else.
func textOf(valid []byte) string {
	if kind(valid) != '"' {
		return ""
	}
	if inner := valid[1 : len(valid)-1]; bytes.IndexByte(inner, '\\') < 0 && utf8.Valid(inner) {
		return string(inner)
	}
	var text string
	_ = json.Unmarshal(valid, &text) // known to be valid
	return text
}
