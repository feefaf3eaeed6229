package connector

import (
	"bytes"
	"encoding/json"
	"iter"
	"unicode/utf8"
)

// A body is validated once, by encoding/json, and then taken apart in place.
// Unmarshalling it level by level into maps of raw messages would validate and copy
// each part again, which was a sixth of what a message cost. Everything here takes
// JSON that is known to be valid.

// members yields what a JSON object says, in its order and as often as it says it;
// nothing where the JSON is no object.
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

// elements yields what a JSON list holds; nothing where the JSON is no list.
func elements(valid []byte) iter.Seq[[]byte] {
	if kind(valid) != '[' {
		return func(func([]byte) bool) {}
	}
	return split(valid)
}

// kind is the byte that tells an object, a list, a text and the rest apart.
func kind(valid []byte) byte {
	if len(valid) == 0 {
		return 0
	}
	return valid[0]
}

// split yields what the outermost commas of an object or a list part.
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

// textEnd returns where the text that the JSON begins with ends, its quotes included.
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

// textOf returns the text that the JSON is, "" for anything else.
func textOf(valid []byte) string {
	if kind(valid) != '"' {
		return ""
	}
	if inner := valid[1 : len(valid)-1]; bytes.IndexByte(inner, '\\') < 0 && utf8.Valid(inner) {
		return string(inner)
	}
	var text string
	_ = json.Unmarshal(valid, &text) // valid, as it was said
	return text
}
