package receipts

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/input"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// hostileTexts are stored exactly, or refused for their length.
var hostileTexts = []string{
	`O'Higgins "la Güera"`, `'; DROP TABLE receipts; --`, `\'; DROP TABLE receipts; #`, `back\slash \n \0 \`, "línea\r\nnueva\ttab",
	"emoji 👩🏽‍🏫 🇲🇽", "marcas \u202Eadelante\u202C \u200F\u2066", "e\u0301 no es é", " blancos  al borde ", "100% _ ? :name ::x $1 @p1 {{.}}",
	"\uFEFFBOM", "\u0085\u2028\u2029", "\uFFFD\uFFFE\uFFFF", "𠜎𠜱", "NULL", "null", "0x41", "\x01\x7f\x1b[31m", "ﷺ",
}

// refusedTexts are refused for all databases, although some would accept them.
var refusedTexts = map[string]string{
	"10,000 characters": strings.Repeat("ñ", 10_000), "nul": "a\x00b", "nul alone": "\x00", "broken UTF-8": "a\xffb", "surrogate": "\xed\xa0\x80",
}

// textSetters returns a function for each text field of a row that sets only that field.
func textSetters() map[string]func(*provisioning.Receipt, string) {
	return map[string]func(*provisioning.Receipt, string){
		"given_names":     func(r *provisioning.Receipt, s string) { r.Holder.Person.GivenNames = s },
		"first_surname":   func(r *provisioning.Receipt, s string) { r.Holder.Person.FirstSurname = s },
		"second_surname":  func(r *provisioning.Receipt, s string) { r.Holder.Person.SecondSurname = s },
		"employee_number": func(r *provisioning.Receipt, s string) { r.Holder.Person.EmployeeNumber = s },
		"level":           func(r *provisioning.Receipt, s string) { r.Holder.Person.Level = s },
		"grade":           func(r *provisioning.Receipt, s string) { r.Holder.Person.Grade = s },
		"class_group":     func(r *provisioning.Receipt, s string) { r.Holder.Person.Group = s },
		"petition_number": func(r *provisioning.Receipt, s string) { r.Petition.Number = s },
		"requester_id":    func(r *provisioning.Receipt, s string) { r.Requester.ID = s },
		"requester_name":  func(r *provisioning.Receipt, s string) { r.Requester.Name = s },
		"director":        func(r *provisioning.Receipt, s string) { r.Director = s },
		"subdirector":     func(r *provisioning.Receipt, s string) { r.Subdirector = s },
		"object_id":       func(r *provisioning.Receipt, s string) { r.ObjectID = s },
		"folio":           func(r *provisioning.Receipt, s string) { r.Folio = provisioning.Folio(s) },
		"recovery_folio":  func(r *provisioning.Receipt, s string) { r.RecoveryFolio = provisioning.Folio(s) },
		"petition_medium": func(r *provisioning.Receipt, s string) { r.Petition.Medium = input.Medium(s) },
		"state":           func(r *provisioning.Receipt, s string) { r.State = provisioning.ReceiptState(s) },
		"stamp": func(r *provisioning.Receipt, s string) {
			r.Stamp, r.Address = provisioning.Stamp(s), identity.Address(fmt.Sprintf("%x@x.mx", s[:min(len(s), 40)]))
		},
		"address": func(r *provisioning.Receipt, s string) {
			*r = teacher(5000) // the account has each address in turn
			r.Address = identity.Address(s)
		},
		"curp": func(r *provisioning.Receipt, s string) { r.Holder.Person.CURP = identity.CURP(s) },
		"cct":  func(r *provisioning.Receipt, s string) { r.Holder.Person.CCT = identity.CCT(s) },
		"centre_name": func(r *provisioning.Receipt, s string) {
			r.Holder = identity.Holder{Type: identity.WorkCentre, Centre: identity.Centre{CCT: "05EPR0093X", Name: s}}
		},
		"responsible": func(r *provisioning.Receipt, s string) {
			r.Holder = identity.Holder{Type: identity.WorkCentre, Centre: identity.Centre{CCT: "05EPR0093X", Responsible: s}}
		},
	}
}

// Hostile input is stored exactly, or refused with the name of the field; it is never stored
// differently.
func TestHostileTextIsStoredExactlyOrRefused(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		db := b.open(t, nil)
		n := 0 // a new stamp for each, because a stamp is one holder's
		for name, set := range textSetters() {
			for _, hostile := range hostileTexts {
				n++
				storesOrRefuses(t, db, name, set, teacher(n), hostile)
			}
			for what, hostile := range refusedTexts {
				row := teacher(7)
				set(&row, hostile)
				err := db.Put(t.Context(), row)
				if problem.ReasonOf(err) != ReasonRefused || !job.IsPermanent(err) {
					t.Errorf("%s: %s: %v, want a refusal", name, what, err)
				}
			}
		}
	})
}

func storesOrRefuses(t *testing.T, db *DB, name string, set func(*provisioning.Receipt, string), want provisioning.Receipt, hostile string) {
	t.Helper()
	set(&want, hostile)
	if err := db.Put(t.Context(), want); err != nil {
		if problem.ReasonOf(err) != ReasonRefused {
			t.Errorf("%s %q: %v", name, hostile, err)
		}
		return
	}
	got := findAddress(t, db, want.Address)
	want = canonicalReceipt(want)
	if diff := cmp.Diff([]provisioning.Receipt{want}, got); diff != "" {
		t.Errorf("%s %q (-want +got):\n%s", name, hostile, diff)
	}
	if err := db.Put(t.Context(), want); err != nil {
		t.Errorf("%s %q again: %v", name, hostile, err)
	}
}

func canonicalReceipt(r provisioning.Receipt) provisioning.Receipt {
	r.Address = identity.Address(canonical("address", string(r.Address)))
	p, c := &r.Holder.Person, &r.Holder.Centre
	p.CURP = identity.CURP(canonical("curp", string(p.CURP)))
	p.CCT = identity.CCT(canonical("cct", string(p.CCT)))
	c.CCT = identity.CCT(canonical("cct", string(c.CCT)))
	return r
}

// The limits are the same for all databases: UTF-16 code units, of which SQL Server counts the
// most.
func TestLongestTextsFit(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		db := b.open(t, nil)
		for n, f := range fields() {
			set, free := textSetters()[f.name]
			if !free || f.key || f.name == "folio" || f.name == "state" || f.name == "petition_medium" {
				continue
			}
			for _, letter := range []string{"ñ", "👩"} {
				row := teacher(n)
				set(&row, strings.Repeat(letter, f.size/units(letter)))
				mustPut(t, db, row)
				set(&row, strings.Repeat(letter, f.size/units(letter)+1))
				wantReason(t, db.Put(t.Context(), row), problem.CodeInvalid, ReasonRefused, true)
			}
		}
	})
}
