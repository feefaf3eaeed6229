package secret

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	mathrand "math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

var passwordShape = regexp.MustCompile(`^[BDFGKMNPRSTC][a-z]{7,11}[-+*=#@%?][BDFGKMNPRSTC][a-z]{7,11}[2-9]{4}$`)

// The directory's rules: 8–256 ASCII characters, three of the four classes, no part of the name.
// Ours: no characters that look alike.
func TestNewPassword(t *testing.T) {
	t.Parallel()
	avoid := []string{"María Fernanda", "de la Cruz", "Tamariz", "maria.delacruz@docentecoahuila.gob.mx"}
	for range 2000 {
		p, err := NewPassword(rand.Reader, avoid...)
		if err != nil {
			t.Fatal(err)
		}
		s := p.Reveal()
		if !passwordShape.MatchString(s) || len(s) < 8 || len(s) > 256 {
			t.Fatalf("%q is not of the promised shape", s)
		}
		if strings.ContainsAny(s, "0O1lI") {
			t.Fatalf("%q holds an ambiguous glyph", s)
		}
		for _, piece := range []string{"mar", "ari", "fer", "ern", "nan", "and", "nda", "cru", "ruz", "tam", "riz", "del", "doc", "coa", "gob"} {
			if strings.Contains(strings.ToLower(s), piece) {
				t.Fatalf("%q holds %q of the name", s, piece)
			}
		}
		for word := range strings.FieldsSeq(rude) {
			if strings.Contains(strings.ToLower(s), word) {
				t.Fatalf("%q holds %q", s, word)
			}
		}
	}
}

// The entropy in the doc comment, and what is left of it for the names of the table: it is reduced
// by the logarithm of the share of refused draws.
func TestPasswordEntropy(t *testing.T) {
	t.Parallel()
	if unique := slices.Compact(slices.Sorted(slices.Values(strings.Fields(syllables)))); len(unique) != 58 {
		t.Errorf("%d different syllables, want 58", len(unique))
	}
	drawn := 8*math.Log2(float64(len(strings.Fields(syllables)))) + math.Log2(float64(len(passwordSymbols))) + 4*math.Log2(float64(len(passwordDigits)))
	if drawn < 61.8 {
		t.Errorf("a draw has %.1f bits, want 61.8", drawn)
	}
	random := mathrand.NewChaCha8([32]byte{1})
	for _, avoid := range [][]string{
		{"Ana", "Ruiz", "Paz"},
		{"María Fernanda", "de la Cruz", "Tamariz", "maria.delacruz@docentecoahuila.gob.mx"},
		{"Maximiliano Alejandro Sebastián", "Hinojosa de los Santos Coy", "Villarreal", "maximiliano.hinojosadelossantoscoy@docentecoahuila.gob.mx"},
	} {
		const draws = 2000
		kept := 0
		for range draws {
			secret, err := drawPassword(random)
			if err != nil {
				t.Fatal(err)
			}
			if !holdsAny(secret, append(piecesOf(avoid), strings.Fields(rude)...)) {
				kept++
			}
		}
		left := drawn + math.Log2(float64(kept)/draws)
		t.Logf("%v: %d of %d draws kept, %.1f bits", avoid[:2], kept, draws, left)
		if left < 60 {
			t.Errorf("%v: %.1f bits left, want 60", avoid, left)
		}
	}
}

// Each choice has the same probability: there is no modulo bias.
func TestDiceAreEven(t *testing.T) {
	t.Parallel()
	every := make([]byte, 256)
	for i := range every {
		every[i] = byte(i)
	}
	d, sounds := dice{random: bytes.NewReader(every)}, strings.Fields(syllables)
	counts := map[string]int{}
	for s := d.pick(sounds); d.err == nil; s = d.pick(sounds) {
		counts[s]++
	}
	if len(counts) != len(sounds) {
		t.Errorf("%d of %d syllables drawn", len(counts), len(sounds))
	}
	for s, n := range counts {
		if n != 256/len(sounds) {
			t.Errorf("%s came %d times, want %d", s, n, 256/len(sounds))
		}
	}
}

func TestRudeWordsCanCome(t *testing.T) {
	t.Parallel()
	spelled := regexp.MustCompile(`^(` + strings.Join(strings.Fields(syllables), "|") + `)+$`)
	for word := range strings.FieldsSeq(rude) {
		if !spelled.MatchString(word) {
			t.Errorf("%q cannot be made of the syllables: drop it", word)
		}
	}
}

func TestNewPasswordRefuses(t *testing.T) {
	t.Parallel()
	if _, err := NewPassword(iotest.ErrReader(io.ErrUnexpectedEOF)); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("broken source: %v", err)
	}
	var all []string
	for a := range strings.FieldsSeq(syllables) {
		for b := range strings.FieldsSeq(syllables) {
			all = append(all, a+b)
		}
	}
	if p, err := NewPassword(rand.Reader, all...); err == nil {
		t.Errorf("everything to avoid: %q", p.Reveal())
	}
}

// A password that is logged, printed, wrapped or stored by accident shows as "[redacted]".
func TestPasswordDoesNotLeak(t *testing.T) {
	t.Parallel()
	p, err := NewPassword(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	type holder struct {
		Public  Password
		private Password
		pointer *Password
	}
	h := holder{p, p, &p}
	var out bytes.Buffer
	for _, logger := range []*slog.Logger{slog.New(slog.NewJSONHandler(&out, nil)), slog.New(slog.NewTextHandler(&out, nil))} {
		logger.Info("x", "p", p, "pp", &p, "h", h, slog.Any("m", map[string]any{"p": p}))
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%T"} {
		fmt.Fprintf(&out, verb+verb+verb, p, &p, h)
	}
	if err := json.NewEncoder(&out).Encode(map[string]any{"p": p, "h": h, "k": map[Password]int{p: 1}}); err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(&out, p.String(), p.GoString(), fmt.Errorf("set: %v", p))
	if strings.Contains(out.String(), p.Reveal()) || !strings.Contains(out.String(), redacted) {
		t.Errorf("leaks %q:\n%s", p.Reveal(), out.String())
	}
	if (Password{}).Reveal() != "" {
		t.Error("the zero value reveals something")
	}
}

func BenchmarkNewPassword(b *testing.B) {
	for b.Loop() {
		if _, err := NewPassword(rand.Reader, "Maximiliano Alejandro", "Hinojosa de los Santos Coy", "Villarreal"); err != nil {
			b.Fatal(err)
		}
	}
}
