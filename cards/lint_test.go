package cards

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// node is any object of a card's JSON.
type node map[string]any

func (n node) text(key string) string { s, _ := n[key].(string); return s }

func decoded(t *testing.T, c Card) node {
	t.Helper()
	raw, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	var n node
	if err := json.Unmarshal(raw, &n); err != nil {
		t.Fatal(err)
	}
	return n
}

// walk visits every object with a type, also in a closed ShowCard.
func walk(v any, visit func(node)) {
	switch x := v.(type) {
	case node:
		walk(map[string]any(x), visit)
	case map[string]any:
		if _, typed := x["type"]; typed {
			visit(x)
		}
		for key, child := range x {
			if key != "data" {
				walk(child, visit)
			}
		}
	case []any:
		for _, child := range x {
			walk(child, visit)
		}
	}
}

func eachCard(t *testing.T, check func(t *testing.T, g GalleryCard, card node)) {
	t.Helper()
	t.Parallel()
	for _, g := range Gallery(tuesday) {
		t.Run(g.Locale+"/"+g.Name, func(t *testing.T) {
			t.Parallel()
			check(t, g, decoded(t, g.Card))
		})
	}
}

func TestGalleryNamesAreUnique(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, g := range Gallery(tuesday) {
		if seen[g.Locale+g.Name] {
			t.Errorf("%s twice in %s", g.Name, g.Locale)
		}
		seen[g.Locale+g.Name] = true
	}
}

func TestEveryCardIsSound(t *testing.T) {
	eachCard(t, func(t *testing.T, g GalleryCard, card node) {
		if card.text("version") != "1.5" || card.text("type") != "AdaptiveCard" {
			t.Errorf("%s %s", card.text("type"), card.text("version"))
		}
		said := strings.TrimSpace(g.Card.Summary + " " + spokenOfMasked(g.Locale, card))
		if g.Card.Summary == "" || card.text("speak") != said || card.text("fallbackText") != g.Card.Summary {
			t.Errorf("summary %q, speak %q, fallbackText %q", g.Card.Summary, card.text("speak"), card.text("fallbackText"))
		}
		if lang := card.text("lang"); len(lang) != 2 || !strings.HasPrefix(g.Locale, lang) {
			t.Errorf("lang %q of a card in %s", lang, g.Locale)
		}
		walk(card, func(n node) {
			for _, fault := range faultsOf(n) {
				t.Errorf("%s %s %s: %s", n.text("type"), n.text("id"), n.text("title"), fault)
			}
		})
	})
}

// allMarks are the marks that repeat what a colour says.
const allMarks = markDone + markNow + markToCome + markStopped + markAlarm + "↩"

func faultsOf(n node) []string {
	var found []string
	kind := n.text("type")
	switch {
	case kind == "TextBlock":
		if n["wrap"] != true || strings.TrimSpace(n.text("text")) == "" {
			found = append(found, "does not wrap, or is empty")
		}
		if n.text("color") != "" && !strings.ContainsAny(n.text("text"), allMarks) {
			found = append(found, "means something by its colour alone")
		}
	case kind == "FactSet":
		for _, f := range n["facts"].([]any) {
			if f := node(f.(map[string]any)); f.text("title") == "" || f.text("value") == "" {
				found = append(found, "has an empty fact")
			}
		}
	case strings.HasPrefix(kind, "Chart."):
		found = append(found, faultsOfChart(n)...)
	case strings.HasPrefix(kind, "Input."):
		found = append(found, faultsOfInput(n)...)
	case strings.HasPrefix(kind, "Action."):
		found = append(found, faultsOfAction(n)...)
	}
	raw, _ := json.Marshal(n)
	if strings.Contains(string(raw), "no value") || strings.Contains(string(raw), "{{.") {
		found = append(found, "a text lacks an argument")
	}
	return found
}

// chartColoursOfTeams are the colours that Teams knows by name.
var chartColoursOfTeams = strings.Fields(`good warning attention neutral categoricalRed categoricalPurple categoricalLavender categoricalBlue
	categoricalLightBlue categoricalTeal categoricalGreen categoricalLime categoricalMarigold`)

// faultsOfChart checks that a chart has a title, that a client without charts shows a table of as
// many figures, and that each colour is known and has a legend of its own.
func faultsOfChart(n node) []string {
	var found []string
	if n.text("title") == "" {
		found = append(found, "has no title")
	}
	shown := 0
	walk(n["fallback"], func(f node) {
		if f.text("type") == "FactSet" {
			shown += len(f["facts"].([]any))
		}
	})
	points, legends := chartPoints(n)
	if shown == 0 || shown != points {
		found = append(found, fmt.Sprintf("shows %d bars, and %d figures instead of them", points, shown))
	}
	colours := map[string]string{}
	for _, l := range legends {
		switch other, known := colours[l.color]; {
		case l.legend == "" || !slices.Contains(chartColoursOfTeams, l.color):
			found = append(found, fmt.Sprintf("colour %q with the legend %q", l.color, l.legend))
		case known && other != l.legend:
			found = append(found, fmt.Sprintf("%q and %q have one colour", other, l.legend))
		}
		colours[l.color] = l.legend
	}
	return found
}

type chartLegend struct{ legend, color string }

// chartPoints returns how many bars, or groups of bars, a chart has, and the legends of its colours.
func chartPoints(n node) (points int, legends []chartLegend) {
	for _, d := range n["data"].([]any) {
		d := node(d.(map[string]any))
		if values, ok := d["values"].([]any); ok { // one series of a grouped chart
			points, legends = len(values), append(legends, chartLegend{d.text("legend"), d.text("color")})
			continue
		}
		points++
		for _, p := range d["data"].([]any) {
			p := node(p.(map[string]any))
			legends = append(legends, chartLegend{p.text("legend"), p.text("color")})
		}
	}
	return points, legends
}

// inputIDs are the stable names of inputs.
var inputIDs = strings.Fields(`type medium oficio oficioDate area phone cct givenNames firstSurname secondSurname curp employeeNumber
	cctTyped rangeFrom rangeTo level grade group centerName responsible notes comment address exclude number rows holderKey holderName identityMedium identityDocument`)

func faultsOfInput(n node) []string {
	var found []string
	if !slices.Contains(inputIDs, n.text("id")) {
		found = append(found, "is no stable name")
	}
	if n.text("label") == "" {
		found = append(found, "has no label")
	}
	ruled := n["isRequired"] == true || n.text("regex") != ""
	if ruled && n.text("errorMessage") == "" {
		found = append(found, "has a rule and no message")
	}
	if n.text("type") == "Input.Text" && n["maxLength"] == nil {
		found = append(found, "has no limit")
	}
	return found
}

func faultsOfAction(n node) []string {
	var found []string
	if n.text("title") == "" {
		found = append(found, "has no title")
	}
	if n.text("type") != "Action.Execute" {
		return found
	}
	fallback, _ := n["fallback"].(map[string]any)
	data, _ := n["data"].(map[string]any)
	if n.text("verb") == "" || data["verb"] != n["verb"] {
		found = append(found, "data without the verb")
	}
	if fallback["type"] != "Action.Submit" || fmt.Sprint(fallback["data"]) != fmt.Sprint(n["data"]) {
		found = append(found, "falls back to something else")
	}
	if fmt.Sprint(fallback["associatedInputs"]) != fmt.Sprint(n["associatedInputs"]) {
		found = append(found, "falls back with other inputs")
	}
	return found
}

func TestInputsAndPartsHaveIDsOfTheirOwn(t *testing.T) {
	eachCard(t, func(t *testing.T, _ GalleryCard, card node) {
		seen := map[string]bool{}
		walk(card, func(n node) {
			id := n.text("id")
			if id != "" && seen[id] {
				t.Errorf("two of %s", id)
			}
			seen[id] = true
		})
		walk(card, func(n node) {
			targets, _ := n["targetElements"].([]any)
			for _, target := range targets {
				if id := target.(map[string]any)["elementId"].(string); !seen[id] {
					t.Errorf("shows %s, which is not there", id)
				}
			}
		})
	})
}

func TestAtMostSixActionsAreInSight(t *testing.T) {
	eachCard(t, func(t *testing.T, _ GalleryCard, card node) {
		n := visible(card)
		if n > 6 {
			t.Errorf("%d actions", n)
		}
		walk(card, func(c node) {
			if c.text("type") == "Container" && c["isVisible"] == false && n+visible(c) > 6 {
				t.Errorf("%d actions once %s is open", n+visible(c), c.text("id"))
			}
		})
	})
}

// visible counts the buttons in a container that are not hidden.
func visible(n node) int {
	count := 0
	if actions, ok := n["actions"].([]any); ok {
		count = len(actions)
	}
	for _, key := range []string{"body", "items", "columns"} {
		children, _ := n[key].([]any)
		for _, child := range children {
			if c := node(child.(map[string]any)); c["isVisible"] != false {
				count += visible(c)
			}
		}
	}
	return count
}

func TestCardsAreSmall(t *testing.T) {
	eachCard(t, func(t *testing.T, g GalleryCard, _ node) {
		raw, err := json.Marshal(g.Card)
		if err != nil {
			t.Fatal(err)
		}
		most := 20_000
		if strings.HasSuffix(g.Name, "-thirty-longest") { // the most people of a form, each with the longest name and address
			most = 28_000
		}
		if len(raw) > most {
			t.Errorf("%d bytes", len(raw))
		}
	})
}

// TestOnlyTheFormShowsAWholeCURP: everybody in a channel can read its cards.
func TestOnlyTheFormShowsAWholeCURP(t *testing.T) {
	whole := regexp.MustCompile(`[A-Z]{4}\d{6}[HMX][A-Z]{5}[0-9A-Z]\d`)
	eachCard(t, func(t *testing.T, g GalleryCard, card node) {
		form := strings.HasPrefix(g.Name, "petition") || strings.HasPrefix(g.Name, "holder") || strings.HasPrefix(g.Name, "review") || slices.Contains([]string{"recovery-new", "recovery-errors", "recovery-unknown"}, g.Name)
		raw, _ := json.Marshal(card)
		if found := whole.Find(raw); found != nil && !form {
			t.Errorf("shows %s", found)
		}
	})
}

// TestPatternsAreLenient: the client must accept whatever the parsers correct. JavaScript's syntax
// and Go's are the same for these patterns.
func TestPatternsAreLenient(t *testing.T) {
	t.Parallel()
	for name, typed := range map[string][]string{
		"curp":          {"GAPM120515MCLRRRA4", "gapm120515mclrrra4", " GAPM 120515 MCLRRR A4 ", "GAPM-120515-MCLRRR-A4", "ÑAPM120515MCLRRRA4"},
		"cct":           {"05DPR0221C", "05dpr0221c", "05 DPR 0221 C", "05-DPR-0221-C "},
		"givenNames":    {"María Fernanda", "MA. DE LOS ÁNGELES", "D'Angelo", "Ana–Luisa", "Zoë"},
		"secondSurname": {"", "-", ".", "De la O"},
		"phone":         {"8444118800", "(844) 411-88-00 ext. 1234", "+52 844 411 8800", "844.411.8800 x12"},
		"oficio":        {"S/N", "SEDU/DTI/045/2026", "123/2024-2025"},
	} {
		for _, s := range typed {
			if p := rules[name].pattern; s != "" && !regexp.MustCompile(p).MatchString(s) {
				t.Errorf("%s refuses %q", name, s)
			}
		}
	}
	for name, typed := range map[string][]string{
		"curp": {"GAPM120515", "GAPM120515MCLRRRA45"}, "cct": {"05DPR0221"}, "givenNames": {"Ana 2", "<b>"}, "phone": {"no tengo"}, "oficio": {"  "},
	} {
		for _, s := range typed {
			if regexp.MustCompile(rules[name].pattern).MatchString(s) {
				t.Errorf("%s takes %q", name, s)
			}
		}
	}
}
