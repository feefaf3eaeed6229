package provisioningtest

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
)

// Start is the time of the tests' records: a Monday morning in Saltillo.
var Start = time.Date(2026, 8, 17, 15, 0, 0, 0, time.UTC)

var (
	givenNames = [...]string{"María Fernanda", "José Luis", "Ana Sofía", "Íñigo", "Guadalupe", "Miguel Ángel", "Ximena", "Óscar"}
	surnames   = [...]string{"Muñoz", "de la Garza", "Treviño", "Valdés", "Peña", "Cárdenas", "Güereca", "Ibarra", "Zúñiga", "Rodríguez", "O'Farrill"}
)

// CURP returns the n-th of 500,000 synthetic CURPs of adults. They are valid but assigned to
// nobody: born abroad, with a name of Zs only. Names do not match them.
func CURP(n int) identity.CURP {
	return curp(n, time.Date(1930, 1, 1, 0, 0, 0, 0, time.UTC), 25_000, "0123456789")
}

// ChildCURP is CURP for 150,000 children, born from 2010 to 2018.
func ChildCURP(n int) identity.CURP {
	return curp(n, time.Date(2010, 1, 1, 0, 0, 0, 0, time.UTC), 3_000, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
}

// curp varies the sex first, then the day of birth, then the homonym character.
func curp(n int, from time.Time, days int, homonyms string) identity.CURP {
	born := from.AddDate(0, 0, n/2%days).Format("060102")
	body := fmt.Sprintf("ZXZZ%s%cNEZZZ%c", born, "HM"[n%2], homonyms[n/2/days%len(homonyms)])
	for digit := range 10 {
		if c, err := identity.ParseCURP(fmt.Sprint(body, digit)); err == nil {
			return c
		}
	}
	return ""
}

// CCT returns the n-th of 10,000 synthetic work centres of Coahuila, with a valid check letter.
func CCT(n int) identity.CCT {
	body := fmt.Sprintf("05EPR%04d", n%10_000)
	c, err := identity.ParseCCT(body + checkLetter(body))
	if err != nil {
		return ""
	}
	return c
}

// checkLetter weights the characters by 7, 26, 7 …; a letter counts as the two digits of its
// position in the alphabet.
func checkLetter(body string) string {
	var digits strings.Builder
	for _, r := range body {
		if r >= 'A' {
			fmt.Fprintf(&digits, "%02d", r-'A'+1)
			continue
		}
		digits.WriteRune(r)
	}
	sum := 0
	for i, r := range digits.String() {
		sum += int(r-'0') * [...]int{7, 26}[i%2]
	}
	return string("ABCDEFGHIJKLMNOPQRSTUVWXYZZ"[sum%27])
}

// Teacher returns the n-th teacher. Names repeat, so there are homonyms.
func Teacher(n int) identity.Holder {
	return identity.Holder{Type: identity.Teacher, Person: identity.Person{
		GivenNames: givenNames[n%len(givenNames)], FirstSurname: surnames[n%len(surnames)], SecondSurname: surnames[n/7%len(surnames)],
		CURP: CURP(n), CCT: CCT(n / 30), EmployeeNumber: fmt.Sprintf("%06d", n),
	}}
}

// Student returns the n-th student, a child.
func Student(n int) identity.Holder {
	h := Teacher(n)
	h.Type, h.Person.CURP = identity.Student, ChildCURP(n)
	h.Person.EmployeeNumber, h.Person.Level, h.Person.Grade, h.Person.Group = "", "primaria", "3", "A"
	return h
}

// Centre returns the n-th work centre.
func Centre(n int) identity.Holder {
	return identity.Holder{Type: identity.WorkCentre, Centre: identity.Centre{
		CCT: CCT(n), Name: fmt.Sprintf("Escuela Primaria No. %d", n), Responsible: Teacher(n).DisplayName(),
	}}
}

// Request returns a request for teachers' accounts that the requester with that id submitted at
// Start; the director decides next.
func Request(f provisioning.Folio, requester string, lines int) provisioning.Request {
	return provisioning.Request{
		Folio: f, Type: identity.Teacher, State: provisioning.StateDirector, Version: 1, Round: 1,
		Requester: provisioning.Actor{ID: requester, Name: "Solicitante " + requester}, Locale: "es-MX",
		Area: "Supervisión de zona 12", CCT: CCT(12), Lines: lines, Subject: Teacher(1).DisplayName(),
		SubmittedAt: Start, StageSince: Start,
	}
}

// Account returns a pending line of a request, without an address.
func Account(f provisioning.Folio, number int, h identity.Holder) provisioning.Account {
	return provisioning.Account{
		Stamp: provisioning.NewStamp(f, number), Number: number, Holder: h, State: provisioning.AccountPending,
	}
}

// PutRequest puts a request whose folio the test chose, and has NextFolio continue after it, so
// that the folio is not assigned again.
func PutRequest(tx provisioning.Tx, r provisioning.Request) error {
	if _, err := tx.Request(r.Folio); err == nil {
		return tx.PutRequest(r)
	}
	year, err := strconv.Atoi(string(r.Folio[:4]))
	for f := provisioning.Folio(""); err == nil && f < r.Folio; {
		f, err = tx.NextFolio(year)
		if err == nil && f > r.Folio {
			break // NextFolio is beyond it
		}
	}
	return errors.Join(err, tx.PutRequest(r))
}
