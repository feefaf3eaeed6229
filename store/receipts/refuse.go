package receipts

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
)

// Reasons of this package's errors, keys of the text catalogue.
const (
	ReasonUnavailable  = "receipts.unavailable"   // CodeUnavailable: away, slow, full, read-only, or the table is not as mapped
	ReasonRefused      = "receipts.refused"       // CodeInvalid, Permanent: Field is the row's field at fault
	ReasonStampTaken   = "receipts.stamp_taken"   // CodeConflict, Permanent: Args["holder"] whom the row of the stamp is for
	ReasonAddressTaken = "receipts.address_taken" // CodeConflict, Permanent: Args["address"], Args["stamp"] of the row that has it
)

// refuse is the same answer on every database for what not all of them can hold.
func refuse(fieldName, fault string, args ...string) error {
	return job.Permanent(provisioning.Invalid(fieldName, ReasonRefused, append([]string{"fault", fault}, args...)...))
}

// check refuses a value that some database would cut, alter or choke on: text
// that is longer than its column, is no UTF-8, or holds a NUL (PostgreSQL has no
// such character).
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

// canonical returns a key as every row holds it: address in small letters, CURP
// and CCT in capitals.
func canonical(fieldName, s string) string {
	switch fieldName {
	case "address":
		return strings.ToLower(strings.TrimSpace(s))
	case "curp", "cct":
		return strings.ToUpper(strings.TrimSpace(s))
	}
	return s
}
