package cards

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The limits of a text: at most three sentences of at most twenty words, in its own language.
const (
	maxSentences = 3
	maxWords     = 20
)

var (
	fullStop    = regexp.MustCompile(`[.!?](\s|$)`)
	sentenceEnd = regexp.MustCompile(`[.!?;](\s|$)`)
	wordShape   = regexp.MustCompile(`[\pL]+`)
)

// foreign are words that show that a text is in the other language, besides those that only its
// catalogue has.
var foreign = map[string]*regexp.Regexp{
	Spanish: regexp.MustCompile(`(?i)\b(the|and|of|your|you|is|was|request|account|password|address|error|click|user|teacher|student|please|not|ticket|e-mail|email|login|link|platform|unexpected)\b`),
	English: regexp.MustCompile(`(?i)(\b(el|los|las|del|una|por|para|que|cuenta|solicitud|correo|docente|alumno|folio|nombre|usted)\b|contraseña|[¿¡«»])`),
}

// faultsOfTone returns the faults of a text that people read.
func faultsOfTone(locale, name, text string) []string {
	var found []string
	if n := len(fullStop.FindAllString(text, -1)); n > maxSentences {
		found = append(found, fmt.Sprintf("%s %s: %d sentences in %q", locale, name, n, text))
	}
	for _, sentence := range sentenceEnd.Split(text, -1) {
		if n := len(strings.Fields(sentence)); n > maxWords {
			found = append(found, fmt.Sprintf("%s %s: %d words in %q", locale, name, n, sentence))
		}
	}
	return found
}

func TestFaultsOfToneAreFound(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"Una. Dos. Tres.":              0,
		"Una. Dos. ¿Tres? ¡Cuatro!":    1,
		strings.Repeat("palabra ", 20): 0,
		strings.Repeat("palabra ", 21): 1,
		strings.Repeat("palabra ", 20) + "; " + strings.Repeat("palabra ", 21) + ".": 1,
		"Folio 2026-000123. Escriba a x.y@z.mx.":                                     0,
	} {
		if got := faultsOfTone(Spanish, "planted", text); len(got) != want {
			t.Errorf("%d faults in %q: %v", len(got), text, got)
		}
	}
}

func TestTextsAreShort(t *testing.T) {
	t.Parallel()
	for _, locale := range Locales {
		for key, f := range catalogue(t, locale) {
			for _, text := range f {
				if strings.HasPrefix(key, "when.") {
					continue // lists of months and weekdays
				}
				for _, fault := range faultsOfTone(locale, key, text) {
					t.Error(fault)
				}
			}
		}
	}
}

func TestNoForeignWord(t *testing.T) {
	t.Parallel()
	for _, locale := range Locales {
		for key, f := range catalogue(t, locale) {
			if strings.HasSuffix(key, ".example") {
				continue // names of Mexican documents
			}
			for _, text := range f {
				if word := foreign[locale].FindString(argument.ReplaceAllString(text, "")); word != "" {
					t.Errorf("%s %s: %q in %q", locale, key, word, text)
				}
			}
		}
	}
}

// alike are the words that are the same in both languages: names, terms of the procedure, and a few
// others.
var alike = strings.Fields(`f coahuila dgti altas microsoft entra office teams onedrive cct curp lucía ñáñez director subdirector h m x s n
	excel a e chat compare decide final general no use web`)

// TestLanguagesShareNoWord finds untranslated texts in either catalogue: only a few words are in
// both.
func TestLanguagesShareNoWord(t *testing.T) {
	t.Parallel()
	spanish, english := vocabulary(t, Spanish), vocabulary(t, English)
	if len(spanish) < 500 || len(english) < 500 {
		t.Fatalf("%d and %d words: the catalogues are not read", len(spanish), len(english))
	}
	for word, key := range spanish {
		if other, both := english[word]; both && !slices.Contains(alike, word) {
			t.Errorf("%q stands in %s of %s and in %s of %s", word, key, Spanish, other, English)
		}
	}
}

// vocabulary returns the words of a catalogue, in lower case, each with a key that has it.
func vocabulary(t *testing.T, locale string) map[string]string {
	t.Helper()
	words := make(map[string]string)
	for key, f := range catalogue(t, locale) {
		if base, _, _ := strings.Cut(key, "@"); strings.HasSuffix(base, ".example") || key == "language.name" {
			continue
		}
		for _, text := range f {
			for _, word := range wordsIn(argument.ReplaceAllString(text, "")) {
				words[word] = key
			}
		}
	}
	return words
}

func wordsIn(text string) []string { return wordShape.FindAllString(strings.ToLower(text), -1) }

// onlyIn returns the words that only the catalogue of one language has.
func onlyIn(t *testing.T, locale, other string) map[string]string {
	t.Helper()
	words, others := vocabulary(t, locale), vocabulary(t, other)
	maps.DeleteFunc(words, func(word, _ string) bool { _, both := others[word]; return both })
	return words
}

// TestNoForeignWordOnACard reads all texts of a Spanish card: labels, hints, buttons, choices,
// facts, and what screen readers say. On an English one it skips what people typed.
func TestNoForeignWordOnACard(t *testing.T) {
	english, spanish := onlyIn(t, English, Spanish), onlyIn(t, Spanish, English)
	eachCard(t, func(t *testing.T, g GalleryCard, card node) {
		read := 0
		readable(map[string]any(card), func(key, text string) {
			read++
			strange, own := english, g.Locale == Spanish
			if !own {
				strange = spanish
			}
			if !own && key != "label" && key != "errorMessage" || text == "English" {
				return // names and what people typed are Spanish in both
			}
			for _, word := range wordsIn(text) {
				if in, found := strange[word]; found {
					t.Errorf("%q, as in %s, in %s %q", word, in, key, text)
				}
			}
			if word := foreign[g.Locale].FindString(text); word != "" {
				t.Errorf("%q in %s %q", word, key, text)
			}
		})
		if read < 3 {
			t.Errorf("read only %d texts: the keys have gone stale", read)
		}
	})
}

// readable visits every text of a card that people read or hear.
func readable(v any, visit func(key, text string)) {
	switch x := v.(type) {
	case []any:
		for _, child := range x {
			readable(child, visit)
		}
	case map[string]any:
		for key, child := range x {
			text, isText := child.(string)
			spoken := slices.Contains([]string{"text", "title", "label", "errorMessage", "placeholder", "speak", "fallbackText"}, key)
			fact := key == "value" && x["title"] != nil && x["type"] == nil && strings.Contains(text, " ") // a choice's value is not shown
			switch {
			case isText && (spoken || fact):
				visit(key, text)
			case key != "data":
				readable(child, visit)
			}
		}
	}
}
