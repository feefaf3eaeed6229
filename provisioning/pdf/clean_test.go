package pdf

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestCleanDropsWhatCannotBePrinted(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ in, want string }{
		"Spanish":             {"¿Qué? ¡Ñandú! «Sí» — 3–4 Güémez", "¿Qué? ¡Ñandú! «Sí» — 3–4 Güémez"},
		"composes":            {"Nun\u0303ez", "Nuñez"},
		"controls":            {"a\x00b\x1b[31mc\u0085d", "ab[31mc d"},
		"direction":           {"gpj.\u202eexe\u202c \u2066x\u2069\u200f", "gpj.exe x"},
		"line ends":           {"a\r\nb\rc\u2028d\u2029e", "a\nb\nc\nd\ne"},
		"spaces":              {"a\u00a0b\tc\u3000d", "a b c d"},
		"soft hyphen and BOM": {"\ufeffco\u00adda", "coda"},
		"zero width":          {"a\u200bb\u200d", "ab"},
		"stacked marks":       {"Z\u0336\u0337\u0338algo", "Zalgo"},
		"skin tone":           {"👍🏽", "👍"},
		"invalid UTF-8":       {"a\xff\xfeb", "a�b"},
		"private use":         {"a\ue000b", "ab"},
	} {
		if got := Clean(c.in); got != c.want {
			t.Errorf("%s: Clean(%q) = %q, want %q", name, c.in, got, c.want)
		}
	}
}

func TestWhatTheFontLacksIsReplaced(t *testing.T) {
	t.Parallel()
	face, err := newTypeface()
	if err != nil {
		t.Fatal(err)
	}
	has := func(r rune) bool { return face.regular.Face().GlyphIndex(r) != 0 }
	for in, want := range map[string]string{
		"Íñigo Güémez": "Íñigo Güémez",
		"ＡＢＣ":          "ABC",
		"ốẻ":           "ốẻ", // Open Sans has Vietnamese
		"ẛ":            "s",
		"a 👍👍👍 b 漢字":   "a � b �",
		"שלום":         "�",
		"∑x":           "∑x",
	} {
		if got := inFont(Clean(in), has); got != want {
			t.Errorf("%q is printed as %q, want %q", in, got, want)
		}
	}
}

// What both faces print is the same, so that a text does not change when it is set in bold.
func TestBothFacesHaveTheSameLetters(t *testing.T) {
	t.Parallel()
	face, err := newTypeface()
	if err != nil {
		t.Fatal(err)
	}
	for r := rune(' '); r < 0x3000; r++ {
		if (face.regular.Face().GlyphIndex(r) != 0) != (face.bold.Face().GlyphIndex(r) != 0) {
			t.Errorf("only one face has %U", r)
		}
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"José Ñáñez", "a\u202eb", "👍🏽", "\xff", "Z\u0336\u0337", "\r\n\u2028"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		clean := Clean(s)
		if !utf8.ValidString(clean) {
			t.Errorf("Clean(%q) = %q is not UTF-8", s, clean)
		}
		if again := Clean(clean); again != clean {
			t.Errorf("Clean(%q) = %q, and cleaned again %q", s, clean, again)
		}
		bad := func(r rune) bool {
			return r != '\n' && (unicode.Is(unicode.C, r) || unicode.Is(unicode.M, r) || unicode.IsSpace(r) && r != ' ')
		}
		if i := strings.IndexFunc(clean, bad); i >= 0 {
			t.Errorf("Clean(%q) = %q keeps %q", s, clean, clean[i:])
		}
	})
}
