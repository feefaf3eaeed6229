package input

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"

	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// Medium is how a petition arrived.
type Medium string

// The media of the procedure, and mail.
const (
	MediumOficio         Medium = "oficio"
	MediumTarjeta        Medium = "tarjeta"
	MediumCorrespondence Medium = "correspondencia"
	MediumMail           Medium = "correo"
)

// Media returns the media in the order in which forms offer them.
func Media() []Medium {
	return []Medium{MediumOficio, MediumTarjeta, MediumCorrespondence, MediumMail}
}

// ParseMedium returns the medium named by s, or an error at the input "medium".
func ParseMedium(s string) (Medium, error) {
	m := Medium(strings.ToLower(strings.TrimSpace(s)))
	if !slices.Contains(Media(), m) {
		return "", problem.Invalid("medium", reasonMediumUnknown)
	}
	return m, nil
}

// Limits of typed text, in characters.
const (
	maxOficio         = 60
	MaxNotes          = 1000
	maxEmployeeNumber = 20
	maxDetail         = 30
	maxArea           = 120
)

// petitionYears is the greatest age of a petition.
const petitionYears = 2

// ParseOficio returns the petition's number as written on it, free text such as
// "SEDU/DTI/045/2025", "123/2024-2025" or "S/N", at the input "oficio".
func ParseOficio(s string) (string, error) {
	number, err := ParseLine("oficio", s, maxOficio)
	if err == nil && strings.IndexFunc(number, isLetterOrDigit) < 0 {
		return "", problem.Invalid("oficio", reasonOficioEmpty)
	}
	return number, err
}

// ParseOficioDate returns the petition's date, written yyyy-mm-dd, at midnight UTC, at the input
// "oficioDate"; the zero time for an empty text. It refuses a date after tomorrow (clocks differ),
// and one more than two years old, in now's location.
func ParseOficioDate(s string, now time.Time) (time.Time, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return time.Time{}, nil
	}
	date, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return time.Time{}, problem.Invalid("oficioDate", reasonDateFormat)
	}
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
	switch {
	case date.After(today.AddDate(0, 0, 1)):
		return time.Time{}, problem.Invalid("oficioDate", reasonDateFuture)
	case date.Before(today.AddDate(-petitionYears, 0, 0)):
		return time.Time{}, problem.Invalid("oficioDate", reasonDateOld)
	}
	return date, nil
}

var (
	phoneExtension = regexp.MustCompile(`(?i)[,;]?\s*(?:extensi[oó]n|ext|x)\.?\s*([0-9]{1,6})$`)
	phonePrefix    = regexp.MustCompile(`^(\+?521?|01|04[45])([0-9]{10})$`)
)

// ParsePhone returns a Mexican telephone number as "8441234567", with " ext. 123" if it has an
// extension, at the input "phone". Country code, the old prefixes 01, 044, 045 and the marks
// between digits are dropped. An empty text is "".
func ParsePhone(s string) (string, error) {
	s = strings.TrimSpace(width.Fold.String(s))
	if s == "" {
		return "", nil
	}
	extension := ""
	if m := phoneExtension.FindStringSubmatchIndex(s); m != nil {
		extension, s = " ext. "+s[m[2]:m[3]], s[:m[0]]
	}
	digits := strings.Map(dropPhoneMark, s)
	if m := phonePrefix.FindStringSubmatch(digits); m != nil {
		digits = m[2]
	}
	switch {
	case strings.Trim(digits, "0123456789") != "":
		return "", problem.Invalid("phone", reasonPhoneFormat)
	case len(digits) != 10:
		return "", problem.Invalid("phone", reasonPhoneLength, "got", strconv.Itoa(len(digits)))
	}
	return digits + extension, nil
}

func dropPhoneMark(r rune) rune {
	if strings.ContainsRune("()-–—./", r) || unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) {
		return -1
	}
	return r
}

var employeeNumberShape = regexp.MustCompile(`^[A-Z0-9]+([-/.][A-Z0-9]+)*$`)

// ParseEmployeeNumber returns a teacher's employee number in capitals, without spaces, at the input
// "employeeNumber". An empty text is "", and so is a placeholder ("S/N", "0000").
func ParseEmployeeNumber(s string) (string, error) {
	if Placeholder(s) {
		return "", nil
	}
	number := strings.ToUpper(strings.Join(strings.Fields(norm.NFKC.String(s)), ""))
	if number != "" && (len(number) > maxEmployeeNumber || !employeeNumberShape.MatchString(number)) {
		return "", problem.Invalid("employeeNumber", reasonEmployeeNumber, "max", strconv.Itoa(maxEmployeeNumber))
	}
	return number, nil
}

// ParseDetail returns a student's level, grade or group, which the procedure does not restrict, at
// the input of that name. An empty text is "".
func ParseDetail(field, s string) (string, error) { return ParseLine(field, s, maxDetail) }

// ParseArea returns the name of the requester's area, at the input "area". An empty text is "".
func ParseArea(s string) (string, error) { return ParseLine("area", s, maxArea) }

// ParseLine returns s as one line of composed characters and single spaces. It refuses it if longer
// than limit characters, or with an invisible one.
func ParseLine(field, s string, limit int) (string, error) {
	line := strings.Join(strings.Fields(norm.NFC.String(strings.Map(PlainMark, s))), " ")
	if n := len([]rune(line)); n > limit {
		return "", problem.Invalid(field, reasonTextLength, "max", strconv.Itoa(limit), "got", strconv.Itoa(n))
	}
	for _, r := range line {
		if !unicode.IsPrint(r) || r == unicode.ReplacementChar {
			return "", problem.Invalid(field, reasonTextCharacter, "character", Printable(r))
		}
	}
	return line, nil
}

// ParseNotes returns free text of several lines, typed at the input field (notes, comment), without
// control and direction characters, and with at most one empty line in a row. Text longer than
// MaxNotes is refused, as is an empty one if required.
func ParseNotes(field, s string, required bool) (string, error) {
	var lines []string
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n").Replace(s)
	for line := range strings.Lines(norm.NFC.String(s)) {
		line = strings.TrimSpace(strings.Map(dropUnseen, line))
		if line != "" || len(lines) > 0 && lines[len(lines)-1] != "" {
			lines = append(lines, line)
		}
	}
	text := strings.TrimSpace(strings.Join(lines, "\n"))
	switch n := len([]rune(text)); {
	case n == 0 && required:
		return "", problem.Invalid(field, reasonTextEmpty)
	case n > MaxNotes:
		return "", problem.Invalid(field, reasonTextLength, "max", strconv.Itoa(MaxNotes), "got", strconv.Itoa(n))
	}
	return text, nil
}

// dropUnseen drops control and format characters, except the joiner of emoji.
func dropUnseen(r rune) rune {
	switch {
	case r == '\t':
		return ' '
	case r == '\u200d':
		return r
	case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == unicode.ReplacementChar:
		return -1
	}
	return r
}

func isLetterOrDigit(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
