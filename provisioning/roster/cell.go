package roster

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// cell is what somebody put in a cell; remark says what is odd about it. With a remark
// and no text it is left out.
type cell struct{ text, remark string }

func leftOut(typed, why string) cell {
	return cell{remark: fmt.Sprintf("%.60q %s; left out", typed, why)}
}

// textCell is a cell that holds a text.
func textCell(s string) cell {
	s = undressed(strings.TrimFunc(s, blank))
	switch {
	case s == "":
		return cell{}
	case isErrorValue(s):
		return leftOut(s, "is an error of the spreadsheet, not a value")
	case s[0] >= '0' && s[0] <= '9':
		return numeral(s)
	}
	return readable(s)
}

// numeral is a text that begins like a number.
func numeral(s string) cell {
	if scientific.MatchString(s) {
		return exactly(s)
	}
	if m := wholeNumber.FindStringSubmatch(s); m != nil {
		return cell{text: m[1]}
	}
	return readable(s)
}

func blank(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || r == 0 }

// asText is how programs keep a spreadsheet from taking a text for a number: ="00123".
var asText = regexp.MustCompile(`^="((?:[^"]|"")*)"$`)

// undressed takes off what a spreadsheet was told by: ="00123", '00123. The apostrophe
// of 't Hooft is the name's.
func undressed(s string) string {
	if s == "" || s[0] != '=' && s[0] != '\'' {
		return s
	}
	if m := asText.FindStringSubmatch(s); m != nil {
		return strings.TrimSpace(strings.ReplaceAll(m[1], `""`, `"`))
	}
	rest, is := strings.CutPrefix(s, "'")
	if !is || rest == "" {
		return s
	}
	if rest[len(rest)-1] == '\'' {
		return strings.TrimSpace(rest[:len(rest)-1])
	}
	first, _, more := strings.Cut(rest, " ")
	if utf8.RuneCountInString(first) == 1 && more {
		return s
	}
	return strings.TrimSpace(rest)
}

var errorValue = regexp.MustCompile(`^(#[¡¿]?[\p{Lu}/0_]+[!?]|#N/[AD]|#(GETTING_DATA|OBTENIENDO_DATOS)|#{3,}|Err:\d{3})$`)

// isErrorValue knows what spreadsheets show for a formula that failed, in English and
// Spanish: #N/A, #¡REF!, #¿NOMBRE?, #####.
func isErrorValue(s string) bool {
	return (s[0] == '#' || s[0] == 'E') && errorValue.MatchString(s)
}

var (
	wholeNumber = regexp.MustCompile(`^(\d+)[.]0+$`)
	scientific  = regexp.MustCompile(`^(\d)(?:[.,](\d+))?[eE]\+?(\d{1,2})$`)
)

// exactly writes the number of a text in digits where it has them all: 1.0452312E7, but
// not 1.23E+05. "1E2" is a group of a school as well, and stays.
func exactly(s string) cell {
	m := scientific.FindStringSubmatch(s)
	exponent, _ := strconv.Atoi(m[3])
	switch {
	case m[2] == "" && !strings.Contains(s, "+"):
		return cell{text: s}
	case len(strings.TrimRight(m[2], "0")) > exponent:
		return cell{text: s}
	case len(m[2]) < exponent:
		return leftOut(s, "is a number whose digits are lost, to be written whole in a column of text")
	}
	return cell{text: m[1] + m[2][:exponent]}
}

// exactDigits is how many digits of a number a spreadsheet keeps.
const exactDigits = 15

// numberCell is a cell that holds a number: whole ones in digits, and none of the noise
// beyond what a spreadsheet keeps or shows.
func numberCell(raw string) cell {
	x, err := strconv.ParseFloat(strings.TrimSpace(raw), 64)
	if err != nil || math.IsInf(x, 0) || math.IsNaN(x) {
		return textCell(raw)
	}
	shown, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'g', exactDigits, 64), 64)
	text := strconv.FormatFloat(shown, 'f', -1, 64)
	if math.Abs(shown) >= 1e15 {
		return leftOut(text, "is a number of more than 15 digits, of which spreadsheets keep no more, to be written in a column of text")
	}
	return cell{text: text}
}

// readable mends a text that was taken for another encoding where that is certain, and
// warns of letters that are lost.
func readable(s string) cell {
	if mended, is := twiceEncoded(s); is {
		return cell{mended, fmt.Sprintf("%.60q was read as %.60q", s, mended)}
	}
	if hasOddLetter(s) {
		return cell{s, fmt.Sprintf("%.60q seems to have lost letters: compare it", s)}
	}
	return cell{text: s}
}

// twiceEncoded mends UTF-8 that a program took for Windows-1252: "MuÃ±oz".
func twiceEncoded(s string) (string, bool) {
	if !strings.ContainsAny(s, "ÃÂâ") {
		return s, false
	}
	var plain []byte
	for _, r := range s {
		b, known := charmap.Windows1252.EncodeRune(r)
		if r >= 0x80 && r < 0xa0 { // the five that it has no letter for, Windows passes on
			b, known = byte(r), true
		}
		if !known {
			return s, false
		}
		plain = append(plain, b)
	}
	if !utf8.Valid(plain) || strings.ContainsFunc(string(plain), unicode.IsControl) {
		return s, false
	}
	return string(plain), true
}

// oddMarks stand for a letter where one is on both sides.
const oddMarks = "¤¥¢£¦§¨©¬®±¶¸¼½¾×÷µ€‚ƒ„…†‡ˆ‰‹›•–—˜™?"

// hasOddLetter reports whether a letter seems to have become a mark: Mu–oz, Mu¤oz, Mu?oz.
func hasOddLetter(s string) bool {
	if strings.ContainsRune(s, utf8.RuneError) {
		return true
	}
	if !strings.ContainsAny(s, oddMarks) {
		return false
	}
	letters := []rune(s)
	for i := 1; i+1 < len(letters); i++ {
		if strings.ContainsRune(oddMarks, letters[i]) && insideWord(letters, i) {
			return true
		}
	}
	return false
}

// insideWord reports whether letters of one word are on both sides: not so in
// "López–Portillo", nor in "PÉREZ–CANO", where a dash is a dash.
func insideWord(letters []rune, i int) bool {
	before, after := letters[i-1], letters[i+1]
	if !unicode.IsLetter(before) || !unicode.IsLetter(after) {
		return false
	}
	return unicode.IsLower(after) || !strings.ContainsRune("–—", letters[i])
}
