package letter

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/provisioning/pdf"
)

// The most characters that a letter prints of what people typed.
const (
	maxLine   = 160 // a name, an area, a number
	maxReason = 600 // the reason of a rejection
	maxNote   = 200 // the reason of one line, within the table
)

// line returns a typed text as one line of at most limit characters, without what cannot be printed.
func line(s string, limit int) string {
	s = strings.Join(strings.Fields(pdf.Clean(s)), " ")
	if runes := []rune(s); len(runes) > limit {
		return strings.TrimRight(string(runes[:limit-1]), " ") + "…"
	}
	return s
}

// innerQuotes are the quotation marks within a quotation.
var innerQuotes = strings.NewReplacer("«", "“", "»", "”")

// reason returns a typed reason, to stand between « and ».
func reason(s string, limit int) string { return innerQuotes.Replace(line(s, limit)) }

var months = [...]string{
	"enero", "febrero", "marzo", "abril", "mayo", "junio",
	"julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
}

// DateInWords returns the day in Spanish, "30 de noviembre de 2026", in the time's own location.
func DateInWords(t time.Time) string {
	return fmt.Sprintf("%d de %s de %d", t.Day(), months[t.Month()-1], t.Year())
}

// Count returns a number in digits, "3,000".
func Count(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// plural returns the key's text for one or for many.
func plural(key string, n int) string {
	if n == 1 {
		return key + ".one"
	}
	return key + ".many"
}
