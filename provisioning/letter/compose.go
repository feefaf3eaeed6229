package letter

import (
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/pdf"
)

// Seal is by what a letter is verified: its short code, and the address of the page that tells
// whether it is valid; "" where there is no such page. Without a code nothing is printed.
type Seal struct{ Code, URL string }

// Compose writes the letter. Parts that the template names and that do not exist are skipped:
// Template.Validate tells of them.
func Compose(t Template, c Content, s Seal) pdf.Document {
	w := writer{Template: t, Content: c, seal: s}
	d := pdf.Document{
		Title:   w.say("title"),
		Author:  w.say("metadata.author"),
		Subject: w.say(plural("subject", len(c.Lines))),
		Lang:    "es-MX",
		Created: w.local(c.Date),
		Footer:  pdf.Footer{Left: w.say("footer.left"), Right: w.say("footer.right")},
	}
	for parts := t.Parts; len(parts) > 0; {
		if n := abreast(parts); n > 0 {
			d.Blocks, parts = append(d.Blocks, w.sideBySide(parts[:n])...), parts[n:]
			continue
		}
		d.Blocks, parts = append(d.Blocks, w.part(parts[0])...), parts[1:]
	}
	return d
}

// writer writes one letter.
type writer struct {
	Template
	Content
	seal Seal
}

func (w writer) part(p Part) []pdf.Block {
	parts := map[Part]func() []pdf.Block{
		PartLetterhead: w.letterhead, PartLegend: w.legend, PartNumber: w.number, PartSubject: w.subject, PartDate: w.date,
		PartAddressee: w.addressee, PartReference: w.reference, PartBody: w.body, PartAccounts: w.accounts,
		PartAccess: w.access, PartDecisions: w.decisions, PartClosing: w.closing, PartSignature: w.signature,
		PartCopies: w.copies, PartInitials: w.initials, PartSeal: w.sealed,
	}
	if write, ok := parts[p]; ok {
		return write()
	}
	return nil
}

// say returns the text of a key, with the pairs of names and values in the place of its
// placeholders: that of the request's kind, if there is one. A placeholder in a value stays as it is.
func (w writer) say(key string, pairs ...string) string {
	all := []string{
		"{number}", line(w.Number, maxLine), "{folio}", string(w.Folio), "{date}", DateInWords(w.local(w.Date)),
		"{office}", w.Office, "{place}", w.Place,
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		all = append(all, "{"+pairs[i]+"}", pairs[i+1])
	}
	return strings.NewReplacer(all...).Replace(w.text(key))
}

func (w writer) text(key string) string {
	for _, k := range []string{key + "@" + string(w.Kind), key} {
		if own, ok := w.Texts[k]; ok {
			return own
		}
		if usual, ok := texts[k]; ok {
			return usual.spanish
		}
	}
	return ""
}

func (w writer) local(t time.Time) time.Time {
	if w.Zone == nil {
		return t.UTC()
	}
	return t.In(w.Zone)
}

func (w writer) rejected() bool { return w.State == provisioning.StateRejected }
