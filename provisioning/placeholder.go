package provisioning

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Generic reports whether the CURP is a stand-in such as XEXX010101HNEXXXA4, which
// payrolls write for whoever has none: its letters tell no name. It is nobody's, so
// that it ties no two records to each other, and nothing is known of an age by it.
func (c CURP) Generic() bool {
	return len(c) == curpLength && c[0] == 'X' && strings.IndexByte("AEX", c[1]) >= 0 && c[2:4] == "XX" && c[13:16] == "XXX"
}

// Identifies reports whether the CURP is one person's.
func (c CURP) Identifies() bool { return c != "" && !c.Generic() }

// placeholders are what people write where there is nothing to write, less the
// marks between the letters.
const placeholders = "SN SINNUMERO SINNUM SINNO SINDATO SINDATOS SINCLAVE NA NOAPLICA NOTIENE NINGUNO NINGUNA NULL NONE ND PENDIENTE"

// Placeholder reports whether a text stands for nothing: empty, "S/N", "N/A", "sin
// número", zeros, one letter over and over.
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
