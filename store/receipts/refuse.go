package receipts

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// Reasons of this package's errors, keys of the text catalogue.
const (
	ReasonUnavailable  = "receipts.unavailable"   // CodeUnavailable: down, slow, full, read-only, or the table is not as mapped
	ReasonRefused      = "receipts.refused"       // CodeInvalid, Permanent: Field is the invalid field
	ReasonStampTaken   = "receipts.stamp_taken"   // CodeConflict, Permanent: Args["holder"] of the row with the stamp
	ReasonAddressTaken = "receipts.address_taken" // CodeConflict, Permanent: Args["address"], Args["stamp"] of the row with the address
)

// refuse returns the error of a value that not every database can store; it is the same for all.
func refuse(fieldName, fault string, args ...string) error {
	return job.Permanent(problem.Invalid(fieldName, ReasonRefused, append([]string{"fault", fault}, args...)...))
}

// check refuses a value that a database would truncate, alter or reject: text that is longer
// than its column, is not UTF-8, or contains a NUL (which PostgreSQL cannot store); in keys,
// blanks and control characters.
func (c *column) check(s string) error {
	switch {
	case !utf8.ValidString(s), c.narrow && !fitsWindows1252(s):
		return refuse(c.name, "encoding")
	case strings.ContainsRune(s, 0):
		return refuse(c.name, "nul")
	case tooLong(s, c.size):
		return refuse(c.name, "length", "max", strconv.Itoa(c.size), "got", strconv.Itoa(units(s)))
	case c.key && strings.ContainsFunc(s, isBlankOrControl):
		return refuse(c.name, "character")
	}
	return nil
}

func fitsWindows1252(s string) bool {
	_, err := charmap.Windows1252.NewEncoder().String(s)
	return err == nil
}

func isBlankOrControl(r rune) bool { return r <= ' ' || r >= 0x7f && r <= 0xa0 }

func tooLong(s string, size int) bool { return len(s) > size && units(s) > size }

func units(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}

// canonical returns a key in its stored form: an address in lower case, CURP and CCT in upper
// case. Other fields are returned unchanged.
func canonical(fieldName, s string) string {
	switch fieldName {
	case "address":
		return strings.ToLower(strings.TrimSpace(s))
	case "curp", "cct":
		return strings.ToUpper(strings.TrimSpace(s))
	}
	return s
}
