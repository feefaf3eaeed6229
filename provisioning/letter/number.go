package letter

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/input"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// Source is where a letter's number comes from.
type Source string

// The sources.
const (
	FromSeries Source = "serie"   // a yearly series of Altas' own
	FromRange  Source = "rango"   // a range of numbers that the office reserved for Altas
	FromOffice Source = "oficina" // each is typed by the office
)

// Numbering is how letters are numbered.
type Numbering struct {
	Source Source
	Format string // with {number} and {year}, as "SEDU/DGTI/SS/{number}/{year}"
	Digits int    // least digits of {number}
}

// DefaultNumbering is a series of Altas' own.
func DefaultNumbering() Numbering {
	return Numbering{Source: FromSeries, Format: "SEDU/DGTI/{number}/{year}", Digits: 4}
}

// Validate returns what is wrong with the numbering.
func (n Numbering) Validate() error {
	var faults []error
	switch n.Source {
	case FromSeries, FromRange, FromOffice:
	default:
		faults = append(faults, errors.New("source: want serie, rango or oficina"))
	}
	if n.Source != FromOffice && (!strings.Contains(n.Format, "{number}") || !strings.Contains(n.Format, "{year}")) {
		faults = append(faults, errors.New("format: must contain {number}, and {year}: each year counts from its beginning"))
	}
	if left := strings.NewReplacer("{number}", "", "{year}", "").Replace(n.Format); strings.ContainsAny(left, "{}") {
		faults = append(faults, errors.New("format: may have only {number} and {year} in braces"))
	}
	if n.Digits < 1 || n.Digits > 9 {
		faults = append(faults, errors.New("digits: want 1 to 9"))
	}
	if _, err := input.ParseOficio(n.of(2026, 1)); err != nil && n.Source != FromOffice {
		faults = append(faults, errors.New("format: too long, or with characters that an oficio's number cannot have"))
	}
	return errors.Join(faults...)
}

// of returns the n-th number of a year as it is printed.
func (n Numbering) of(year, number int) string {
	digits := strconv.Itoa(number)
	digits = strings.Repeat("0", max(0, n.Digits-len(digits))) + digits
	return strings.NewReplacer("{number}", digits, "{year}", strconv.Itoa(year)).Replace(n.Format)
}

// Range is a range of numbers, both ends included, that the office reserved.
type Range struct {
	From int                `json:"from"`
	To   int                `json:"to"`
	Used int                `json:"used,omitempty"` // the last one given out; below From if none
	By   provisioning.Actor `json:"by"`
}

// maxRange is the most numbers in a range: more is a slip of the finger.
const maxRange = 10000

// ParseRange reads the ends of a range as typed. Errors are at the inputs "rangeFrom" and "rangeTo".
func ParseRange(from, to string) (Range, error) {
	first, err := strconv.Atoi(strings.TrimSpace(from))
	if err != nil || first < 1 {
		return Range{}, problem.Invalid("rangeFrom", "letter.range_number")
	}
	last, err := strconv.Atoi(strings.TrimSpace(to))
	switch {
	case err != nil || last < 1:
		return Range{}, problem.Invalid("rangeTo", "letter.range_number")
	case last < first:
		return Range{}, problem.Invalid("rangeTo", "letter.range_order")
	case last-first >= maxRange:
		return Range{}, problem.Invalid("rangeTo", "letter.range_long", "max", strconv.Itoa(maxRange))
	}
	return Range{From: first, To: last}, nil
}

func (r Range) overlaps(other Range) bool { return r.From <= other.To && other.From <= r.To }

// HighWater keeps the highest number given out, of each year's series, "2026", and of each range,
// "2026/181-240", outside of the store, so that a store that was restored from a backup does not give
// a number again.
type HighWater interface {
	// Highest returns the highest number given out; 0 for none.
	Highest(series string) (int, error)
	// Raise records a number before it is given out.
	Raise(series string, number int) error
}

// take returns the next free number of a year, and assigns it to the letter. It is "" if the
// office must give one.
func (n Numbering) take(tx provisioning.Tx, high HighWater, year int, letter string) (string, error) {
	for {
		var number int
		var err error
		switch n.Source {
		case FromSeries:
			number, err = nextOfSeries(tx, high, year)
		case FromRange:
			number, err = nextOfRange(tx, high, year)
		}
		if err != nil || number == 0 {
			return "", err
		}
		printed := n.of(year, number)
		if err = assign(tx, printed, letter); err == nil || problem.CodeOf(err) != problem.CodeInvalid {
			return printed, err // typed before by the office: the next one
		}
	}
}

func nextOfSeries(tx provisioning.Tx, high HighWater, year int) (int, error) {
	given, _, err := series.Get(tx, strconv.Itoa(year))
	if err != nil {
		return 0, err
	}
	outside, err := high.Highest(strconv.Itoa(year))
	if err != nil {
		return 0, err
	}
	next := max(given, outside) + 1
	return next, errors.Join(high.Raise(strconv.Itoa(year), next), series.Put(tx, strconv.Itoa(year), next))
}

func nextOfRange(tx provisioning.Tx, high HighWater, year int) (int, error) {
	all, _, err := ranges.Get(tx, strconv.Itoa(year))
	if err != nil {
		return 0, err
	}
	for i, r := range all {
		name := fmt.Sprintf("%d/%d-%d", year, r.From, r.To)
		outside, err := high.Highest(name)
		if err != nil {
			return 0, err
		}
		next := max(r.From, r.Used+1, outside+1)
		if next > r.To {
			continue
		}
		all[i].Used = next
		return next, errors.Join(high.Raise(name, next), ranges.Put(tx, strconv.Itoa(year), all))
	}
	return 0, nil
}

// assign records that a letter has the number; CodeInvalid at the input "oficio" if another has it,
// or had it.
func assign(tx provisioning.Tx, number, letter string) error {
	folded := foldNumber(number)
	holder, found, err := numbers.Get(tx, folded)
	switch {
	case err != nil:
		return err
	case found && holder != letter:
		folio, _ := parseKey(holder)
		return problem.Invalid("oficio", "letter.number_taken", "number", number, "folio", string(folio))
	}
	return numbers.Put(tx, folded, letter)
}

// foldNumber returns what tells a number from others: without case, marks other than between its
// parts, and leading zeros, so that "sedu / 012-2026" is "SEDU/12/2026".
func foldNumber(s string) string {
	parts := strings.FieldsFunc(strings.ToUpper(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for i, part := range parts {
		if trimmed := strings.TrimLeft(part, "0"); trimmed != "" {
			parts[i] = trimmed
		}
	}
	return strings.Join(parts, "/")
}

// parseNumber reads a number as typed, at the input "oficio", in the usual characters: those that only
// look alike would make two numbers of one.
func parseNumber(s string) (string, error) {
	s = norm.NFKC.String(width.Fold.String(s))
	if input.Placeholder(s) || !strings.ContainsAny(s, "0123456789") {
		return "", problem.Invalid("oficio", "letter.number_empty")
	}
	for _, r := range s {
		if r > unicode.MaxASCII && !unicode.Is(unicode.Latin, r) && !unicode.IsSpace(r) && !strings.ContainsRune("º°ª–—", r) {
			return "", problem.Invalid("oficio", "letter.number_character", "character", input.Printable(r))
		}
	}
	return input.ParseOficio(s)
}
