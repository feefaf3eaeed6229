package identity

import (
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// AccountType is the type of account requested.
type AccountType string

// The three types of the procedure.
const (
	Student    AccountType = "alumno"
	Teacher    AccountType = "docente"
	WorkCentre AccountType = "centro"
)

// AccountTypes lists the types in the order in which forms offer them.
var AccountTypes = [...]AccountType{Teacher, Student, WorkCentre}

// ParseAccountType returns the type named by s, or an error at the input "type".
func ParseAccountType(s string) (AccountType, error) {
	for _, t := range AccountTypes {
		if string(t) == strings.ToLower(strings.TrimSpace(s)) {
			return t, nil
		}
	}
	return "", problem.Invalid("type", "type.unknown")
}

// Person is the holder of a student's or teacher's account. CCT is their work centre; Level, Grade
// and Group are for students, EmployeeNumber is for teachers.
type Person struct {
	GivenNames     string `json:"givenNames,omitempty"`
	FirstSurname   string `json:"firstSurname,omitempty"`
	SecondSurname  string `json:"secondSurname,omitempty"`
	CURP           CURP   `json:"curp,omitempty"`
	CCT            CCT    `json:"cct,omitempty"`
	Level          string `json:"level,omitempty"`
	Grade          string `json:"grade,omitempty"`
	Group          string `json:"group,omitempty"`
	EmployeeNumber string `json:"employeeNumber,omitempty"`
}

// Centre is the work centre that holds an account.
type Centre struct {
	CCT         CCT    `json:"cct,omitempty"`
	Name        string `json:"name,omitempty"`
	Responsible string `json:"responsible,omitempty"`
}

// Holder is whose account it is: a Person or, for WorkCentre, a Centre.
type Holder struct {
	Type   AccountType `json:"type"`
	Person Person      `json:"person,omitzero"`
	Centre Centre      `json:"centre,omitzero"`
}

// DisplayName returns the name as typed, a person's with single spaces.
func (h Holder) DisplayName() string {
	if h.Type == WorkCentre {
		return h.Centre.Name
	}
	return strings.Join(strings.Fields(h.Person.GivenNames+" "+h.Person.FirstSurname+" "+h.Person.SecondSurname), " ")
}

// CCT returns the work centre that the holder is, or belongs to.
func (h Holder) CCT() CCT {
	if h.Type == WorkCentre {
		return h.Centre.CCT
	}
	return h.Person.CCT
}

// Identity is the key by which a holder is recognised: the type with the CURP, or with the CCT. A
// person who is a student and a teacher has two. It does not identify a holder who is not Known:
// compare with Is.
type Identity string

// Identity returns the holder's key, "docente:HEGG560427MVZRRL04".
func (h Holder) Identity() Identity {
	if h.Type == WorkCentre {
		return Identity(string(h.Type) + ":" + string(h.Centre.CCT))
	}
	return Identity(string(h.Type) + ":" + string(h.Person.CURP))
}

// Known reports whether the holder's key is unique to them. A person without a CURP, or with a
// generic one, is not Known.
func (h Holder) Known() bool {
	if h.Type == WorkCentre {
		return h.Centre.CCT != ""
	}
	return h.Person.CURP.Identifies()
}

// HasCURP reports whether the holder is a person with a CURP that identifies them.
func (h Holder) HasCURP() bool { return h.Type != WorkCentre && h.Known() }

// Key returns the holder's key for display: the CURP masked, or the CCT.
func (h Holder) Key() string {
	if h.Type == WorkCentre {
		return string(h.Centre.CCT)
	}
	return h.Person.CURP.Masked()
}

// Is reports whether both are Known and have the same Identity.
func (h Holder) Is(other Holder) bool { return h.Known() && h.Identity() == other.Identity() }

// Warnings returns the doubts about the holder's identifiers, on now's date.
func (h Holder) Warnings(now time.Time) []problem.Warning {
	var w []problem.Warning
	if h.Type != WorkCentre {
		w = append(h.Person.CURP.Match(h.Person), h.Person.CURP.AgeWarnings(h.Type, now)...)
	}
	return append(w, h.CCT().Warnings()...)
}

// Differs reports whether an account known to be owner's is therefore not the holder's: the owner
// has a key of their own, or another name.
func (h Holder) Differs(owner Holder) bool {
	return !owner.Is(h) && (owner.Known() || !h.Named(owner.DisplayName()))
}

// Inquired returns the key by which inquiries about a holder are counted. The same key with another
// name is another inquiry.
func (h Holder) Inquired() string { return string(h.Identity()) + "/" + foldName(h.DisplayName()) }
