package cards

import (
	"regexp"
	"strings"
	"testing"

	"seducoahuila.gob.mx/altas/provisioning/identity"
)

// maskedOnCard is a masked CURP as cards show it.
var maskedOnCard = regexp.MustCompile(`\b[A-ZÑ]{4}…[0-9A-Z]{2}\b`)

// spokenOfMasked is what a screen reader has to say of a card with a masked CURP; "" without one.
func spokenOfMasked(locale string, card node) string {
	masked := false
	walk(card, func(n node) { masked = masked || maskedOnCard.MatchString(n.text("text")) })
	if !masked {
		return ""
	}
	return In(locale).fixed["speak.masked"]
}

func TestMaskedShort(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		of   identity.CURP
		want string
	}{
		{"XAGL910703MCLXRC00", "XAGL…00"},
		{"XAGL············00", "XAGL…00"}, // only the masked form was kept
		{"", ""},
	} {
		if got := maskedShort(c.of); got != c.want {
			t.Errorf("maskedShort(%q) = %q, want %q", c.of, got, c.want)
		}
	}
}

// awaits reports whether a card has a button with the verb.
func awaits(card node, verb string) bool {
	found := false
	walk(card, func(n node) { found = found || n.text("verb") == verb })
	return found
}

// On a card that is to be decided or sent, each warning is in a box that Teams colours; where it is
// to be decided, the badge in the head counts them.
func TestWarningsAreCountedAndBoxed(t *testing.T) {
	eachCard(t, func(t *testing.T, g GalleryCard, card node) {
		boxed, loose, counted := 0, 0, ""
		texts := In(g.Locale)
		walk(card, func(n node) {
			if n.text("type") == "Badge" && n.text("style") == styleWarning {
				counted = n.text("text")
			}
			items, _ := n["items"].([]any)
			for _, item := range items {
				b, _ := item.(map[string]any)
				text := node(b).text("text")
				switch {
				case !strings.HasPrefix(text, markAlarm) || node(b).text("color") != "":
				case n.text("style") == styleWarning:
					boxed++
				default:
					loose++
				}
			}
		})
		decide, send := awaits(card, ApprovalApprove), awaits(card, RequestSubmit)
		if (decide || send) && loose > 0 {
			t.Errorf("%d warnings outside a box", loose)
		}
		if want := texts.count("label.warnings", boxed); decide && boxed > 0 && counted != want {
			t.Errorf("the badge says %q of %d warnings", counted, boxed)
		}
	})
}

// A badge has a fallback with the same word, because it is newer than version 1.5.
func TestBadgesFallBack(t *testing.T) {
	eachCard(t, func(t *testing.T, g GalleryCard, card node) {
		walk(card, func(n node) {
			if n.text("type") != "Badge" {
				return
			}
			older, _ := n["fallback"].(map[string]any)
			if text := node(older).text("text"); n.text("text") == "" || !strings.HasSuffix(text, escape(n.text("text"))) {
				t.Errorf("badge %q falls back to %q", n.text("text"), text)
			}
		})
	})
}

// The band is a card's first element, from edge to edge, and begins with its heading.
func TestCardsBeginWithTheirBand(t *testing.T) {
	eachCard(t, func(t *testing.T, g GalleryCard, card node) {
		first := node(card["body"].([]any)[0].(map[string]any))
		items, _ := first["items"].([]any)
		if g.Name == "card-newer" || strings.HasPrefix(g.Name, "sentence-") {
			return // one line, which points to the card below or answers what was said
		}
		if first["bleed"] != true || len(items) == 0 || node(items[0].(map[string]any)).text("style") != "heading" {
			t.Errorf("begins with %v", first)
		}
	})
}
