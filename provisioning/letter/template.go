package letter

import (
	"slices"
	"time"
)

// Template is what letters have in common: their parts, and the organisation's data and texts. It is
// safe for concurrent use as long as it is not changed.
type Template struct {
	// Parts are printed in this order; a part that is not named is not printed, and one that has
	// nothing to say in a letter is left out of it.
	Parts []Part
	// Letterhead is the lines of the letterhead, from the whole organisation to the office that signs.
	Letterhead []string
	// Logo is a PNG that stands beside the letterhead; nil for none.
	Logo []byte
	// LogoAlt says what the logo shows; required with a logo.
	LogoAlt string
	// Legends are the legends of the years. The first whose dates hold the letter's is printed.
	Legends []Legend
	// Place is where letters are issued, as "Saltillo, Coahuila de Zaragoza".
	Place string
	// Office is whom to ask whether a letter is authentic, with its article: "la Subdirección de Sistemas".
	Office string
	// Portal is the page on which people sign in, without "https://".
	Portal string
	// Signer signs. Without a name a line is left to write it on.
	Signer Signer
	// Copies are those who get a copy (c.c.p.), one a line.
	Copies []string
	// Initials are those of who signs, who revised and who typed, as "GFHG/CAGS/mrl"; "" for none.
	Initials string
	// Zone is where the dates are told; nil is UTC.
	Zone *time.Location
	// Texts take the place of those in texts.go, by key. "key@recovery" is the text of one kind of request.
	Texts map[string]string
}

// Signer is who signs, and their post.
type Signer struct{ Name, Post string }

// Legend is the legend of a year, with the first and the last day on which letters bear it, as
// "2026-01-01"; "" is without limit.
type Legend struct{ From, To, Text string }

// Part names a part of a letter.
type Part string

// The parts, in the order that an oficio has.
const (
	PartLetterhead Part = "letterhead"
	PartLegend     Part = "legend"    // of the year
	PartNumber     Part = "number"    // of the oficio, and its expediente
	PartSubject    Part = "subject"   // asunto
	PartDate       Part = "date"      // place and date
	PartAddressee  Part = "addressee" // with post, and PRESENTE
	PartReference  Part = "reference" // to the petition
	PartBody       Part = "body"      // what came of the request
	PartAccounts   Part = "accounts"  // the table of accounts; none in a rejection
	PartAccess     Part = "access"    // how to sign in; only with accounts made or renewed
	PartDecisions  Part = "decisions" // who turned the request over, and who authorised it
	PartClosing    Part = "closing"   // farewell, and ATENTAMENTE
	PartSignature  Part = "signature" // room for the autograph, name, post
	PartCopies     Part = "copies"    // c.c.p.
	PartInitials   Part = "initials"
	PartSeal       Part = "seal" // code of verification, and its QR
)

// Parts returns all parts in the order of an oficio.
func Parts() []Part {
	return []Part{
		PartLetterhead, PartLegend, PartNumber, PartSubject, PartDate, PartAddressee, PartReference, PartBody, PartAccounts,
		PartAccess, PartDecisions, PartClosing, PartSignature, PartCopies, PartInitials, PartSeal,
	}
}

func (p Part) known() bool { return slices.Contains(Parts(), p) }

// DefaultTemplate returns the template of the Subdirección de Sistemas of the Secretaría de
// Educación de Coahuila, without signer and legends.
func DefaultTemplate() Template {
	return Template{
		Parts: Parts(),
		Letterhead: []string{
			"Secretaría de Educación del Estado de Coahuila de Zaragoza",
			"Dirección General de Tecnologías de la Información",
			"Subdirección de Sistemas",
		},
		Place:  "Saltillo, Coahuila de Zaragoza",
		Office: "la Subdirección de Sistemas",
		Portal: "m365.cloud.microsoft",
		Signer: Signer{Post: "Titular de la Subdirección de Sistemas"},
		Copies: []string{"Archivo."},
	}
}
