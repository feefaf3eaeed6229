package cards

import (
	"strings"
	"testing"
)

// The notice in force is never cut, and what people wrote in it is no Markdown.
func TestTheNoticeIsShownWhole(t *testing.T) {
	t.Parallel()
	longest := longestNotice()
	written := longest.Texts[Spanish]
	card := string(pretty(t, In(Spanish).At(tuesday).Privacy(Privacy{Notice: longest, Why: WhyBegin})))
	whole := escape(flat(written.Responsible + " · " + written.Address))
	if !strings.Contains(card, whole) || strings.Contains(card, "…") {
		t.Errorf("the longest notice is cut:\n%s", card)
	}
	marked := sampleNotice()
	text := marked.Texts[Spanish]
	text.Refuse = "**Acuda** a [la unidad](http://mal)"
	marked.Texts[Spanish] = text
	if card := string(pretty(t, In(Spanish).At(tuesday).Privacy(Privacy{Notice: marked}))); !strings.Contains(card, `\\*\\*Acuda\\*\\* a \\[la unidad\\]`) {
		t.Errorf("Markdown is not escaped:\n%s", card)
	}
}

// The button names the version that the card shows and the form that it opens; a notice that was
// acknowledged has none.
func TestTheButtonOfTheNotice(t *testing.T) {
	t.Parallel()
	texts := In(Spanish).At(tuesday)
	opens := Data{Folio: "2026-000123", Mark: sampleMark}
	asks := texts.Privacy(Privacy{Notice: sampleNotice(), Why: WhyBegin, Opens: opens})
	want := Data{Verb: PrivacyAcknowledge, Notice: "2.1", Folio: "2026-000123", Mark: sampleMark}
	if got := asks.actions[0]; got.Verb != PrivacyAcknowledge || *got.Data != want || *got.Fallback.Data != want {
		t.Errorf("the button sends %+v, want %+v", got.Data, want)
	}
	for _, c := range []Card{
		texts.Privacy(Privacy{Notice: sampleNotice(), At: tuesday}), texts.PrivacyAcknowledged(Privacy{Notice: sampleNotice(), At: tuesday, Opens: opens}),
	} {
		for _, a := range c.actions {
			if a.Verb != "" {
				t.Errorf("after the acknowledgement there is a button %s", a.Verb)
			}
		}
	}
}
