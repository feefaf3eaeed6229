package words

import (
	"strings"
	"unicode"

	"seducoahuila.gob.mx/altas/provisioning/input"
)

// LongestSentence bounds the text that is read as a sentence, in characters.
const LongestSentence = 400

// spelled returns the words of a sentence as they sound: folded, abbreviations written out, and
// letters that are mistaken for one another made one.
func spelled(text string) []string {
	var all []string
	fields := strings.FieldsFunc(input.Fold(Clip(text, LongestSentence)), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for _, word := range fields {
		for part := range strings.FieldsSeq(writtenOut(word)) {
			if heard := sound(part); heard != "" {
				all = append(all, heard)
			}
		}
	}
	return all
}

// abbreviations are what people type on a phone, written out.
var abbreviations = map[string]string{
	"q": "que", "k": "que", "ke": "que", "qe": "que", "x": "por", "xq": "por que", "pq": "por que", "porq": "por que", "porque": "por que",
	"xfa": "por favor", "xfavor": "por favor", "porfa": "por favor", "porfis": "por favor", "pls": "please", "plz": "please",
	"d": "de", "m": "me", "aki": "aqui", "xke": "por que", "pa": "para", "tmb": "tambien", "kmo": "como", "cmo": "como", "km": "como", "ps": "pues", "toy": "estoy", "ta": "esta",
	"bnas": "buenas", "bns": "buenos", "bn": "bien", "wenas": "buenas", "muxo": "mucho", "muxas": "muchas", "grax": "gracias", "grcs": "gracias",
	"profra": "profesora", "profa": "profesora", "profr": "profesor", "mtra": "maestra", "mtro": "maestro", "dir": "director",
	"cel": "celular", "tel": "telefono", "num": "numero", "pass": "password", "pwd": "password", "acct": "account", "cta": "cuenta", "ctas": "cuentas",
	"sol": "solicitud", "lic": "licencia", "ing": "ingles", "u": "you", "ur": "your",
}

func writtenOut(word string) string {
	word = unstretched(word)
	if whole, ok := abbreviations[word]; ok {
		return whole
	}
	return word
}

// unstretched returns a word with three or more of a letter as one: "ayudaaaa".
func unstretched(word string) string {
	var b strings.Builder
	runes := []rune(word)
	for i := 0; i < len(runes); {
		end := i
		for end < len(runes) && runes[end] == runes[i] {
			end++
		}
		b.WriteRune(runes[i])
		if end-i == 2 {
			b.WriteRune(runes[i])
		}
		i = end
	}
	return b.String()
}

// sounds replaces, from left to right, spellings of one sound in Mexican Spanish by one of them.
var sounds = strings.NewReplacer(
	"que", "ke", "qui", "ki", "ce", "se", "ci", "si", "ch", "ch", "c", "k", "q", "k", "z", "s", "v", "b", "ll", "y", "sh", "sh", "h", "",
	"aa", "a", "ee", "e", "oo", "o", "nn", "n", "ss", "s", "tt", "t", "mm", "m", "pp", "p", "ff", "f", "dd", "d", "gg", "g",
)

func sound(word string) string { return sounds.Replace(word) }
