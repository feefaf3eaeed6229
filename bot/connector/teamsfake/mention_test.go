package teamsfake

import (
	"encoding/json"
	"strings"
	"testing"
)

// A card whose mention has no text in it, or names nobody that Teams finds, is refused.
func TestFaultyMentionsAreRefused(t *testing.T) {
	t.Parallel()
	const id = "7d1c1d3c-0a5b-4c57-9d52-3f1f2f7f1a01"
	for name, c := range map[string]struct{ text, tag, id, who, want string }{
		"by object id":             {"Para <at>Ana</at>", "<at>Ana</at>", id, "Ana", ""},
		"by user principal name":   {"Para <at>Ana</at>", "<at>Ana</at>", "ana@sedu.gob.mx", "Ana", ""},
		"the text is not there":    {"Para Ana", "<at>Ana</at>", id, "Ana", "no text <at>Ana</at>"},
		"the text is another":      {"Para <at>Ana Ruiz</at>", "<at>Ana</at>", id, "Ana", "no text <at>Ana</at>"},
		"a bot-specific id":        {"Para <at>Ana</at>", "<at>Ana</at>", "29:1abc", "Ana", "no object id"},
		"no id":                    {"Para <at>Ana</at>", "<at>Ana</at>", "", "Ana", "no object id"},
		"no name":                  {"Para <at>Ana</at>", "<at>Ana</at>", id, "", "without a name"},
		"a tag without its entity": {"Para <at>Ana</at> y <at>Eva</at>", "<at>Ana</at>", id, "Ana", "no entity for <at>Eva</at>"},
	} {
		raw, err := json.Marshal(object{"type": "message", "attachments": []any{object{"contentType": adaptiveCard, "content": object{
			"type": "AdaptiveCard", "body": []any{object{"type": "TextBlock", "text": c.text}},
			"msteams": object{"entities": []any{object{"type": "mention", "text": c.tag, "mentioned": object{"id": c.id, "name": c.who}}}},
		}}}})
		if err != nil {
			t.Fatal(err)
		}
		_, bad := readActivity(raw)
		if (bad == nil) != (c.want == "") {
			t.Errorf("%s: refused %v", name, bad)
		}
		if bad != nil {
			if body, _ := json.Marshal(bad.body); !strings.Contains(strings.NewReplacer(`\u003c`, "<", `\u003e`, ">").Replace(string(body)), c.want) || bad.status != 400 {
				t.Errorf("%s: refused with %d %s", name, bad.status, body)
			}
		}
	}
}
