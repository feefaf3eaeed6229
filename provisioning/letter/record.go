package letter

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
)

// Letter is the record of one letter. A request has one; a further one takes the place of each that
// was annulled. Content and PDF are records of their own.
type Letter struct {
	Folio  provisioning.Folio `json:"folio"`
	Serial int                `json:"serial"` // among the request's letters, from 1
	State  State              `json:"state"`
	Number string             `json:"number,omitempty"` // of the oficio; "" while it waits for one
	Lines  int                `json:"lines"`            // accounts that it lists; 0 in a rejection
	Digest string             `json:"digest,omitempty"` // SHA-256 of the content, hexadecimal
	Code   string             `json:"code,omitempty"`   // of verification, "ABCD-EFGH-IJKL-MNOP"
	File   string             `json:"file,omitempty"`   // SHA-256 of the PDF, hexadecimal
	Size   int                `json:"size,omitempty"`   // of the PDF, in bytes
	Seal   string             `json:"seal,omitempty"`   // HMAC of what verification tells, hexadecimal
	Key    string             `json:"key,omitempty"`    // id of the key of code and seal

	AskedAt    time.Time          `json:"askedAt"`
	Date       time.Time          `json:"date,omitzero"` // that it bears: when it was numbered
	IssuedAt   time.Time          `json:"issuedAt,omitzero"`
	SentAt     time.Time          `json:"sentAt,omitzero"`
	SentBy     provisioning.Actor `json:"sentBy,omitzero"`
	AnnulledAt time.Time          `json:"annulledAt,omitzero"`
	AnnulledBy provisioning.Actor `json:"annulledBy,omitzero"`
	Reason     string             `json:"reason,omitempty"`  // why it was annulled
	ErasedAt   time.Time          `json:"erasedAt,omitzero"` // when its file was removed for good: see Erase
}

// State is the state of a letter.
type State string

// The states of a letter, in order. A letter that is sent stays StateIssued, with SentAt.
const (
	StateWaiting  State = "waiting"  // for its number, which the office gives
	StateNumbered State = "numbered" // its content is fixed; the PDF is not made yet
	StateIssued   State = "issued"
	StateAnnulled State = "annulled" // it is not valid any more
)

// Valid reports whether the letter exists and was not annulled.
func (l Letter) Valid() bool { return l.State == StateIssued }

// FileName is the name of the PDF, "Oficio SEDU-DGTI-0123-2026.pdf".
func (l Letter) FileName() string {
	plain := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|#%&{}~`, r) || r < ' ' {
			return '-'
		}
		return r
	}, l.Number)
	return "Oficio " + strings.Trim(plain, " .-") + ".pdf"
}

func (l Letter) key() string { return key(l.Folio, l.Serial) }

// key is "2026-000123/001", so that the keys of a folio are in order of serial.
func key(f provisioning.Folio, serial int) string { return fmt.Sprintf("%s/%03d", f, serial) }

// parseKey is the reverse of key; zeros for anything else.
func parseKey(k string) (provisioning.Folio, int) {
	folio, rest, _ := strings.Cut(k, "/")
	serial, err := strconv.Atoi(rest)
	if err != nil {
		return "", 0
	}
	return provisioning.Folio(folio), serial
}

// The records, by key of the letter unless said otherwise.
var (
	letters  = provisioning.Document[Letter]{Kind: "letter"}
	contents = provisioning.Document[Content]{Kind: "letter.content"} // until the PDF is made
	pdfs     = provisioning.Document[[]byte]{Kind: "letter.pdf"}
	codes    = provisioning.Document[string]{Kind: "letter.code"}   // by code: the letter's key
	files    = provisioning.Document[string]{Kind: "letter.file"}   // by SHA-256 of the PDF: the letter's key
	numbers  = provisioning.Document[string]{Kind: "letter.number"} // by number, folded: the key of the letter that has it, or had it
	series   = provisioning.Document[int]{Kind: "letter.series"}    // by year: the last number of our own series
	waiting  = provisioning.Document[bool]{Kind: "letter.waiting"}  // by folio: its letter waits for a number
	ranges   = provisioning.Document[[]Range]{Kind: "letter.range"} // by year: the ranges that the office reserved
)

// Last returns the newest letter of a request; false if there is none.
func Last(tx provisioning.Tx, f provisioning.Folio) (Letter, bool, error) {
	all, err := Of(tx, f)
	if err != nil || len(all) == 0 {
		return Letter{}, false, err
	}
	return all[len(all)-1], true, nil
}

// Of returns the letters of a request, oldest first.
func Of(tx provisioning.Tx, f provisioning.Folio) ([]Letter, error) {
	var all []Letter
	for k, err := range letters.Keys(tx, string(f)+"/") {
		if err != nil {
			return nil, err
		}
		l, _, err := letters.Get(tx, k)
		if err != nil {
			return nil, err
		}
		all = append(all, l)
	}
	return all, nil
}

// PDF returns the letter's file; false if it is not made yet.
func PDF(tx provisioning.Tx, l Letter) ([]byte, bool, error) { return pdfs.Get(tx, l.key()) }
