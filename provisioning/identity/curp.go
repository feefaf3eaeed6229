package identity

import (
	"log/slog"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// CURP is a person's national key: 18 characters A–Z and 0–9, validated. It encodes birth date, sex
// and birth state, so it is printed masked; string(c) is the whole. The zero value means none was
// given.
//
// Source: Instructivo Normativo para la asignación de la CURP, DOF 18/10/2021.
type CURP string

const curpLength = 18

// curpShape gives the class of each position, as in curpClass.
const curpShape = "AVAADDDDDDSAACCCBD"

func curpClass(class byte) (set, reason string) {
	switch class {
	case 'A':
		return keyLetters, reasonCURPLetter
	case 'V':
		return "AEIOUX", reasonCURPVowel
	case 'C':
		return "BCDFGHJKLMNPQRSTVWXYZ", reasonCURPConsonant
	case 'D':
		return keyDigits, reasonCURPDigit
	case 'S':
		return "HMX", reasonCURPSex
	default:
		return keyLetters + keyDigits, reasonCURPCharacter
	}
}

// curpEntities are the birth states of positions 12–13, and NE, born abroad.
const curpEntities = "AS BC BS CC CL CM CS CH DF DG GT GR HG JC MC MN MS NT NL OC PL QT QR SP SL SR TC TS TL VZ YN ZS NE"

// ParseCURP returns the CURP written in s, regardless of case, spaces, hyphens, accents and
// full-width letters. It is CodeInvalid at the input "curp", with one reason: empty, length, the
// first position with a wrong character, birth state, a date that does not exist in its century,
// check digit. The check digit of a generic CURP (see Generic) is not checked, because payrolls
// write one that is wrong.
func ParseCURP(s string) (CURP, error) {
	key := normalizeKey(s)
	switch n := len([]rune(key)); {
	case n == 0:
		return "", problem.Invalid("curp", reasonCURPEmpty)
	case n != curpLength:
		return "", problem.Invalid("curp", reasonCURPLength, "got", strconv.Itoa(n), "want", strconv.Itoa(curpLength))
	}
	if reason, args := checkKey(key, curpShape, curpClass); reason != "" {
		return "", problem.Invalid("curp", reason, args...)
	}
	c := CURP(key)
	if !slices.Contains(strings.Fields(curpEntities), key[11:13]) {
		return "", problem.Invalid("curp", reasonCURPEntity, "entity", key[11:13])
	}
	if c.BirthDate().IsZero() {
		return "", problem.Invalid("curp", reasonCURPDate, "date", key[8:10]+"/"+key[6:8]+"/"+key[4:6])
	}
	if key[17] != curpCheckDigit(key) && !c.Generic() {
		return "", problem.Invalid("curp", reasonCURPCheckDigit)
	}
	return c, nil
}

// curpCheckDigit weights the first 17 characters by 18…2. The alphabet counts Ñ between N and O
// although no CURP contains it, so O to Z count one more.
func curpCheckDigit(key string) byte {
	sum := 0
	for i := range curpLength - 1 {
		sum += curpValue(key[i]) * (curpLength - i)
	}
	return '0' + byte((10-sum%10)%10)
}

func curpValue(c byte) int {
	switch {
	case c <= '9':
		return int(c - '0')
	case c <= 'N':
		return int(c-'A') + 10
	default:
		return int(c-'A') + 11
	}
}

// maskRune stands for a character that is not shown.
const maskRune = "·"

// masked reports whether only the masked form was kept.
func (c CURP) masked() bool { return strings.Contains(string(c), maskRune) }

// Masked returns the first four and the last two characters, "GAPM············A4", for cards in
// channels and for logs.
func (c CURP) Masked() string {
	if c.masked() {
		return string(c)
	}
	if len(c) != curpLength {
		return strings.Repeat(maskRune, len(c))
	}
	return string(c[:4]) + strings.Repeat(maskRune, curpLength-6) + string(c[curpLength-2:])
}

// String returns the masked form, so that no log or message contains the whole by accident.
func (c CURP) String() string { return c.Masked() }

// GoString returns the masked form.
func (c CURP) GoString() string { return strconv.Quote(c.Masked()) }

// LogValue returns the masked form.
func (c CURP) LogValue() slog.Value { return slog.StringValue(c.Masked()) }

// BirthDate returns the birth date at midnight UTC, zero for the zero CURP. Position 17 gives the
// century: a digit up to 1999, a letter from 2000.
func (c CURP) BirthDate() time.Time {
	if len(c) != curpLength {
		return time.Time{}
	}
	century := "19"
	if c[16] >= 'A' {
		century = "20"
	}
	date, err := time.Parse("20060102", century+string(c[4:10]))
	if err != nil {
		return time.Time{}
	}
	return date
}

// Age returns the full years on now's date, negative before birth, 0 if the birth date is unknown.
func (c CURP) Age(now time.Time) int {
	birth := c.BirthDate()
	if birth.IsZero() || c.Generic() {
		return 0
	}
	years := now.Year() - birth.Year()
	if now.Month() < birth.Month() || (now.Month() == birth.Month() && now.Day() < birth.Day()) {
		years--
	}
	return years
}

// Minor reports whether the person is under 18 on now's date; false for a CURP that does not
// identify a person.
func (c CURP) Minor(now time.Time) bool { return c.Identifies() && c.Age(now) < 18 }

// AgeWarnings returns what is doubtful about the age for an account of the type: a birth date in
// the future, or a teacher under 18.
func (c CURP) AgeWarnings(t AccountType, now time.Time) []problem.Warning {
	switch age := c.Age(now); {
	case !c.Identifies():
		return nil
	case age < 0:
		return []problem.Warning{{Reason: reasonCURPFuture, Field: "curp"}}
	case t == Teacher && age < 18:
		return []problem.Warning{{Reason: reasonCURPMinorTeacher, Field: "curp", Args: map[string]string{"age": strconv.Itoa(age)}}}
	}
	return nil
}

// curpWithin matches what looks like a CURP within a text.
var curpWithin = regexp.MustCompile(`(?i)[A-ZÑ]{4}[\s\p{Zs}.-]*\d{6}[\s\p{Zs}.-]*[HMX][\s\p{Zs}.-]*[A-Z]{2}[\s\p{Zs}.-]*[A-Z]{3}[\s\p{Zs}.-]*[0-9A-Z][\s\p{Zs}.-]*\d`)

// ContainsCURP reports whether a text that is not to have one, for its readers, contains a CURP or
// what looks like one.
func ContainsCURP(text string) bool { return curpWithin.MatchString(text) }

// MaskCURPs returns a text with each CURP in it, or what looks like one, masked.
func MaskCURPs(text string) string {
	return ReplaceCURPs(text, func(_ string, c CURP) string { return c.Masked() })
}

// ReplaceCURPs returns a text with what with returns in the place of each CURP, or what looks like one.
// with gets it as it was written, and in capitals without spaces and hyphens.
func ReplaceCURPs(text string, with func(written string, c CURP) string) string {
	return curpWithin.ReplaceAllStringFunc(text, func(written string) string {
		return with(written, CURP(strings.ToUpper(strings.Map(func(r rune) rune {
			if r == '-' || r == '.' || unicode.IsSpace(r) {
				return -1
			}
			return r
		}, written))))
	})
}
