package provisioning

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Generic reports whether the CURP is a generic one such as XEXX010101HNEXXXA4, which payrolls
// write for people without a CURP: its letters match no name. It identifies no person, so it does
// not relate two records, and gives no age.
func (c CURP) Generic() bool {
	return len(c) == curpLength && c[0] == 'X' && strings.IndexByte("AEX", c[1]) >= 0 && c[2:4] == "XX" && c[13:16] == "XXX"
}

// Identifies reports whether the CURP identifies a person.
func (c CURP) Identifies() bool { return c != "" && !c.Generic() }

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
