package letter

import (
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"
)

func TestNumbersAndDaysInSpanish(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{0: "0", 7: "7", 999: "999", 1000: "1,000", 3000: "3,000", 1234567: "1,234,567"} {
		if got := Count(n); got != want {
			t.Errorf("Count(%d) = %q, want %q", n, got, want)
		}
	}
	for day, want := range map[string]string{"2026-01-01": "1 de enero de 2026", "2026-09-30": "30 de septiembre de 2026", "2027-12-05": "5 de diciembre de 2027"} {
		at, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		if got := DateInWords(at); got != want {
			t.Errorf("DateInWords(%s) = %q, want %q", day, got, want)
		}
	}
}

// Every text that only one kind of request has takes the place of a text of all.
func TestTextsOfAKindHaveATextOfAll(t *testing.T) {
	t.Parallel()
	for key := range texts {
		if base, _, ok := strings.Cut(key, "@"); ok {
			if _, ok := texts[base]; !ok {
				t.Errorf("%s has no %s", key, base)
			}
		}
	}
}

func FuzzLine(f *testing.F) {
	for _, s := range []string{"", "José  Ñáñez ", "a\n\nb", "\u202ex", strings.Repeat("á", 300), "«»", "\xff"} {
		f.Add(s, 20)
	}
	f.Fuzz(func(t *testing.T, s string, limit int) {
		limit = max(1, limit%1000)
		got := reason(s, limit)
		if n := utf8.RuneCountInString(got); n > limit {
			t.Errorf("reason(%q, %d) has %d characters", s, limit, n)
		}
		if strings.ContainsAny(got, "«»\n") || strings.TrimSpace(got) != got || strings.Contains(got, "  ") {
			t.Errorf("reason(%q, %d) = %q", s, limit, got)
		}
		if i := strings.IndexFunc(got, func(r rune) bool { return unicode.Is(unicode.C, r) }); i >= 0 || !utf8.ValidString(got) {
			t.Errorf("reason(%q, %d) = %q keeps what cannot be printed", s, limit, got)
		}
	})
}
