package identity

import (
	"strconv"

	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// CCT is a work centre's key (Clave de Centro de Trabajo), 10 characters such as "05DPR0221C":
// entity, classifier, level, serial number, check letter. The zero value means none was given.
type CCT string

// Coahuila is the entity of the ministry's own work centres.
const Coahuila = "05"

const cctLength = 10

// cctShape gives the class of each position, as in cctClass.
const cctShape = "DDAAADDDDA"

func cctClass(class byte) (set, reason string) {
	switch class {
	case 'A':
		return keyLetters, reasonCCTLetter
	case 'D':
		return keyDigits, reasonCCTDigit
	default:
		return keyLetters + keyDigits, reasonCCTCharacter
	}
}

// ParseCCT returns the CCT written in s, regardless of case, spaces, hyphens and full-width
// letters. It is CodeInvalid at the input "cct", with one reason: empty, length, or the first
// position with a wrong character. What is merely unusual is left to Warnings.
func ParseCCT(s string) (CCT, error) {
	key := normalizeKey(s)
	switch n := len([]rune(key)); {
	case n == 0:
		return "", problem.Invalid("cct", reasonCCTEmpty)
	case n != cctLength:
		return "", problem.Invalid("cct", reasonCCTLength, "got", strconv.Itoa(n), "want", strconv.Itoa(cctLength))
	}
	if reason, args := checkKey(key, cctShape, cctClass); reason != "" {
		return "", problem.Invalid("cct", reason, args...)
	}
	return CCT(key), nil
}

// Warnings returns what is doubtful: a check letter that does not match, a work centre of another
// state.
func (c CCT) Warnings() []problem.Warning {
	if len(c) != cctLength {
		return nil
	}
	var warnings []problem.Warning
	if c[9] != c.CheckLetter() {
		warnings = append(warnings, problem.Warning{Reason: reasonCCTCheckLetter, Field: "cct"})
	}
	if c[:2] != Coahuila {
		warnings = append(warnings, problem.Warning{
			Reason: reasonCCTOtherEntity, Field: "cct", Args: map[string]string{"entity": string(c[:2])},
		})
	}
	return warnings
}

// CheckLetter returns the check letter of the first nine characters, 0 for the zero CCT. No
// document of the SEP gives the rule; this one matches 354 of 355 keys of public school lists, so a
// mismatch is a warning, never an error.
func (c CCT) CheckLetter() byte {
	if len(c) != cctLength {
		return 0
	}
	var digits []int
	for _, r := range c[:9] {
		if r >= 'A' {
			ordinal := int(r-'A') + 1
			digits = append(digits, ordinal/10, ordinal%10)
			continue
		}
		digits = append(digits, int(r-'0'))
	}
	sum := 0
	for i, d := range digits {
		sum += d * [2]int{7, 26}[i%2]
	}
	return "ABCDEFGHIJKLMNOPQRSTUVWXYZZ"[sum%27]
}
