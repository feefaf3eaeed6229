package form

import (
	"errors"
	"strings"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/input"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// petition holds the parsed inputs of the form's first step.
type petition struct {
	kind        identity.AccountType
	document    provisioning.Petition
	area, phone string
	notes       string
}

// parseHolder parses the inputs of a person or work centre; the errors are by input.
func parseHolder(kind identity.AccountType, typed map[string]string) (identity.Holder, map[string]*fault) {
	f := faults{}
	h := identity.Holder{Type: kind}
	cct := read(f, identity.ParseCCT, typed["cct"])
	name := func(field string, required bool) string {
		if !required && strings.TrimSpace(typed[field]) == "" {
			return ""
		}
		text, err := input.ParseName(field, typed[field])
		f.add(err)
		return text
	}
	if kind == identity.WorkCentre {
		h.Centre = identity.Centre{
			CCT: cct, Name: read(f, input.ParseCentreName, typed["centerName"]), Responsible: name("responsible", true),
		}
		return h, f
	}
	detail := func(field string) string {
		text, err := input.ParseDetail(field, typed[field])
		f.add(err)
		return text
	}
	h.Person = identity.Person{
		GivenNames: name("givenNames", true), FirstSurname: name("firstSurname", true), SecondSurname: name("secondSurname", false),
		CURP: read(f, identity.ParseCURP, typed["curp"]), CCT: cct,
	}
	if kind == identity.Teacher {
		h.Person.EmployeeNumber = read(f, input.ParseEmployeeNumber, typed["employeeNumber"])
		return h, f
	}
	h.Person.Level, h.Person.Grade, h.Person.Group = detail("level"), detail("grade"), detail("group")
	return h, f
}

// valuesOf returns the inputs that a holder would be entered with.
func valuesOf(h identity.Holder) map[string]string {
	p, c := h.Person, h.Centre
	return nonEmpty(map[string]string{
		"givenNames": p.GivenNames, "firstSurname": p.FirstSurname, "secondSurname": p.SecondSurname,
		"curp": string(p.CURP), "cct": string(h.CCT()), "employeeNumber": p.EmployeeNumber,
		"level": p.Level, "grade": p.Grade, "group": p.Group,
		"centerName": c.Name, "responsible": c.Responsible,
	})
}

// faults collects errors by input; the first of an input is kept.
type faults map[string]*fault

func (f faults) add(err error) {
	wrong, ok := errors.AsType[*problem.Error](err)
	if !ok {
		return
	}
	if _, there := f[wrong.Field]; !there {
		f[wrong.Field] = wrong
	}
}

// read parses an input and collects its error.
func read[T any](f faults, parse func(string) (T, error), typed string) T {
	v, err := parse(typed)
	f.add(err)
	return v
}
