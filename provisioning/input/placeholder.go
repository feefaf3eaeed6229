package input

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// placeholders are what people type if there is no value, without the punctuation between the
// letters.
const placeholders = "SN SINNUMERO SINNUM SINNO SINDATO SINDATOS SINCLAVE NA NOAPLICA NOTIENE NINGUNO NINGUNA NULL NONE ND PENDIENTE"

// Placeholder reports whether a text has no value: empty, "S/N", "N/A", "sin número", zeros, one
// letter repeated.
func Placeholder(s string) bool {
	plain := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, norm.NFD.String(strings.ToUpper(norm.NFKC.String(s))))
	switch {
	case plain == "", slices.Contains(strings.Fields(placeholders), plain):
		return true
	case strings.Trim(plain, "0") == "":
		return true
	}
	first, size := utf8.DecodeRuneInString(plain)
	return len(plain) > size && unicode.IsLetter(first) && strings.Trim(plain, string(first)) == ""
}
