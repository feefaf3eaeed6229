package cards

import (
	"fmt"
	"maps"
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/input"
)

// sample makes the gallery's views. Its people and CURPs are invented.
type sample struct {
	now time.Time
}

// ago returns the instant some hours before now.
func (s sample) ago(hours int) time.Time { return s.now.Add(-time.Duration(hours) * time.Hour) }

// sampleMark is the mark of every request in the gallery.
const sampleMark = "K3VQ7M2PXA"

var (
	rosa   = provisioning.Actor{ID: "a1", Name: "Rosa Elena Villarreal Cantú"}
	ernest = provisioning.Actor{ID: "a2", Name: "Ernesto Ramos Dávila"}
	silvia = provisioning.Actor{ID: "a3", Name: "Silvia Treviño Sánchez"}
	marta  = provisioning.Actor{ID: "a4", Name: "Marta Alicia Flores Ibarra"}
)

var samplePeople = []identity.Person{
	{GivenNames: "Lucía", FirstSurname: "Ñáñez", SecondSurname: "Garza", CURP: "XAGL910703MCLXRC00", CCT: "05DPR0221C", EmployeeNumber: "104523"},
	{GivenNames: "José Juan", FirstSurname: "García", SecondSurname: "Rodríguez", CURP: "GARJ881122HCLRDN05", CCT: "05DPR0221C", EmployeeNumber: "98311"},
	{GivenNames: "Xavier", FirstSurname: "De la Cruz", SecondSurname: "Muñoz", CURP: "MAXP790214HCLRXD06", CCT: "05DES0040M"},
}

var sampleStudent = identity.Person{
	GivenNames: "Valeria", FirstSurname: "Soto", SecondSurname: "Molina", CURP: "SOMV120309MCLLRLA1", CCT: "05DES0040M",
	Level: "secundaria", Grade: "2", Group: "B",
}

var sampleCentre = identity.Centre{CCT: "05EPR0093X", Name: `Escuela Primaria "20 de Noviembre"`, Responsible: "Marta Alicia Flores Ibarra"}

func teacher(i int) identity.Holder {
	return identity.Holder{Type: identity.Teacher, Person: samplePeople[i]}
}

func (s sample) holders(n int) []identity.Holder {
	all := make([]identity.Holder, n)
	for i := range all {
		all[i] = teacher(i % len(samplePeople))
	}
	return all
}

// longest is a person with the longest names that a form accepts.
func longest(i int) identity.Holder {
	long := strings.Repeat("Peña Gutiérrez ", 4)[:60]
	return identity.Holder{Type: identity.Student, Person: identity.Person{
		GivenNames: fmt.Sprint(long[:56], " ", i), FirstSurname: long, SecondSurname: long, CURP: "SOMV120309MCLLRLA1", CCT: "05DES0040M",
		Level: "secundaria", Grade: strings.Repeat("3", 30), Group: strings.Repeat("B", 30),
	}}
}

// request is a request with that many lines in a state, with the decisions that lead to it.
func (s sample) request(lines int, state provisioning.RequestState) provisioning.Request {
	r := provisioning.Request{
		Folio: "2026-000123", Mark: sampleMark, Type: identity.Teacher, State: state, Version: 1, Round: 1, Requester: silvia,
		Area: "Servicios Regionales Saltillo", CCT: "05DPR0221C", Phone: "8444118800 ext. 1234",
		Petition: provisioning.Petition{Medium: input.MediumOficio, Number: "SEDU/SRS/045/2026", Date: s.ago(30)},
		Lines:    lines, Subject: samplePeople[0].GivenNames + " Ñáñez Garza", SubmittedAt: s.ago(26), StageSince: s.ago(2),
	}
	switch state {
	case provisioning.StateDirector:
		r.StageSince = s.ago(26)
	case provisioning.StateSubdirector:
		r.Decisions = []provisioning.Decision{s.decision(provisioning.Director, provisioning.Approve, "")}
	case provisioning.StateProvisioning, provisioning.StateAttention, provisioning.StateCompleted:
		r.Decisions = s.bothApprove()
	case provisioning.StateReturned:
		r.Decisions = []provisioning.Decision{s.decision(provisioning.Director, provisioning.Return, "La CURP no corresponde al nombre. Compárela con la constancia.")}
	case provisioning.StateRejected:
		r.Decisions = []provisioning.Decision{
			s.decision(provisioning.Director, provisioning.Approve, ""),
			s.decision(provisioning.Subdirector, provisioning.Reject, "Esa escuela ya no pertenece a la región."),
		}
	}
	if state.Final() {
		r.EndedAt = s.ago(1)
	}
	return r
}

func (s sample) bothApprove() []provisioning.Decision {
	return []provisioning.Decision{
		s.decision(provisioning.Director, provisioning.Approve, "Es para la inscripción de agosto."),
		s.decision(provisioning.Subdirector, provisioning.Approve, ""),
	}
}

func (s sample) decision(stage provisioning.StageName, v provisioning.Verdict, comment string) provisioning.Decision {
	d := provisioning.Decision{Stage: stage, Verdict: v, By: rosa, At: s.ago(20), Comment: comment, Round: 1}
	if stage == provisioning.Subdirector {
		d.By, d.At = ernest, s.ago(2)
	}
	return d
}

// requestView is a request whose lines are all in one state.
func (s sample) requestView(holders []identity.Holder, state provisioning.RequestState, lines provisioning.AccountState) RequestView {
	d := RequestView{Request: s.request(len(holders), state), Tally: provisioning.Tally{lines: len(holders)}}
	d.Request.Type, d.Request.Subject = holders[0].Type, holders[0].DisplayName()
	for i, h := range holders[:min(len(holders), MaxPeople)] {
		d.Accounts = append(d.Accounts, s.account(i+1, h, lines))
	}
	if state == provisioning.StateDirector || state == provisioning.StateSubdirector {
		d.Worked = 5 * time.Hour
	}
	return d
}

func (s sample) account(n int, h identity.Holder, state provisioning.AccountState) provisioning.Account {
	a := provisioning.Account{
		Stamp: provisioning.NewStamp("2026-000123", n), Number: n, Holder: h, State: state, Address: sampleAddress(h, n),
	}
	if state == provisioning.AccountAnnounced {
		a.ObjectID, a.CreatedAt, a.AnnouncedAt = "0f6d", s.ago(2), s.ago(1)
	}
	return a
}

func sampleAddress(h identity.Holder, n int) identity.Address {
	switch h.Type {
	case identity.Student:
		return identity.Address(fmt.Sprintf("valeria.soto.%d@alumnocoahuila.gob.mx", n))
	case identity.WorkCentre:
		return "05epr0093x@seducoahuila.gob.mx"
	}
	return [...]identity.Address{
		"lucia.nanez@docentecoahuila.gob.mx", "jose.garcia.rodriguez@docentecoahuila.gob.mx", "xavier.delacruz@docentecoahuila.gob.mx",
	}[(n-1)%3]
}

// handed is a completed request of so many accounts, some of which were handed over today.
func (g gallery) handed(of, done int) RequestView {
	d := g.s.requestView(g.s.holders(of), provisioning.StateCompleted, provisioning.AccountAnnounced)
	for i := range d.Accounts[:done] {
		d.Accounts[i].Handover.Done, d.Accounts[i].Handover.DoneAt = true, g.s.now
	}
	return d
}

// form is a draft at the review, with that many teachers.
func (s sample) form(people int) Form {
	f := Form{Draft: "K3VQ7M2PXA4R", Version: 3, Values: map[string]string{
		"type": "docente", "medium": "oficio", "oficio": "SEDU/SRS/045/2026", "oficioDate": s.now.AddDate(0, 0, -2).Format(time.DateOnly),
		"area": "Servicios Regionales Saltillo", "phone": "844 411 8800 ext. 1234",
	}}
	for i, h := range s.holders(people) {
		f.People = append(f.People, Entry{Holder: h, Address: sampleAddress(h, i+1)})
	}
	return f
}

// typed sets values of the form.
func (f Form) typed(values map[string]string) Form {
	maps.Copy(f.Values, values)
	return f
}

// sampleContact is an invented contact.
var sampleContact = Contact{
	Name: "Rocío Dávila Peña, Plataforma Office 365", Phone: "8444118800 ext. 3412",
	Mail: "plataforma@seducoahuila.gob.mx", Chat: "rocio.davila@seducoahuila.gob.mx",
}
