package receipts

import (
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/input"
)

// record is a row with one Go field per field. Records with the same content are equal by ==,
// because times are UTC.
type record struct {
	stamp, folio, address, kind                string
	givenNames, firstSurname, secondSurname    string
	centreName, responsible                    string
	curp, cct, employeeNumber                  string
	level, grade, classGroup                   string
	petitionMedium, petitionNumber             string
	requesterID, requesterName                 string
	director, subdirector                      string
	objectID, state                            string
	petitionDate                               time.Time
	requestedAt, authorizedAt, createdAt, upAt time.Time
	recoveryFolio                              string
	recoveredAt                                time.Time
}

// The sorts of columns.
const (
	text sort = iota
	instant
	day
)

type sort int

// field describes a field of a row. Its name is the column's in our own schema and the key in a
// TableMap. size is in UTF-16 code units, as in SQL Server: no database counts more, so a value
// that fits fits all of them.
type field struct {
	name string
	sort sort
	size int
	str  func(*record) *string
	at   func(*record) *time.Time
	key  bool // used in lookups: compared exactly, but without case

	recovery bool // of the latest recovery: an existing row's is changed by Recovered alone
	holder   bool // tells who the holder is: blanked by Erase
}

// fields returns all fields, in the order of our own schema. The sizes are those of the
// migrations.
func fields() []field {
	return []field{
		{name: "stamp", size: 16, key: true, str: func(r *record) *string { return &r.stamp }},
		{name: "folio", size: 11, str: func(r *record) *string { return &r.folio }},
		{name: "address", size: 113, key: true, str: func(r *record) *string { return &r.address }},
		{name: "type", size: 16, str: func(r *record) *string { return &r.kind }},
		{name: "given_names", size: 128, holder: true, str: func(r *record) *string { return &r.givenNames }},
		{name: "first_surname", size: 128, holder: true, str: func(r *record) *string { return &r.firstSurname }},
		{name: "second_surname", size: 128, holder: true, str: func(r *record) *string { return &r.secondSurname }},
		{name: "centre_name", size: 256, holder: true, str: func(r *record) *string { return &r.centreName }},
		{name: "responsible", size: 256, holder: true, str: func(r *record) *string { return &r.responsible }},
		{name: "curp", size: 18, key: true, holder: true, str: func(r *record) *string { return &r.curp }},
		{name: "cct", size: 10, key: true, holder: true, str: func(r *record) *string { return &r.cct }},
		{name: "employee_number", size: 32, holder: true, str: func(r *record) *string { return &r.employeeNumber }},
		{name: "level", size: 64, holder: true, str: func(r *record) *string { return &r.level }},
		{name: "grade", size: 64, holder: true, str: func(r *record) *string { return &r.grade }},
		{name: "class_group", size: 64, holder: true, str: func(r *record) *string { return &r.classGroup }},
		{name: "petition_medium", size: 16, str: func(r *record) *string { return &r.petitionMedium }},
		{name: "petition_number", size: 128, str: func(r *record) *string { return &r.petitionNumber }},
		{name: "petition_date", sort: day, at: func(r *record) *time.Time { return &r.petitionDate }},
		{name: "requester_id", size: 64, str: func(r *record) *string { return &r.requesterID }},
		{name: "requester_name", size: 256, str: func(r *record) *string { return &r.requesterName }},
		{name: "director", size: 256, str: func(r *record) *string { return &r.director }},
		{name: "subdirector", size: 256, str: func(r *record) *string { return &r.subdirector }},
		{name: "object_id", size: 64, str: func(r *record) *string { return &r.objectID }},
		{name: "state", size: 16, str: func(r *record) *string { return &r.state }},
		{name: "requested_at", sort: instant, at: func(r *record) *time.Time { return &r.requestedAt }},
		{name: "authorized_at", sort: instant, at: func(r *record) *time.Time { return &r.authorizedAt }},
		{name: "created_at", sort: instant, at: func(r *record) *time.Time { return &r.createdAt }},
		{name: "updated_at", sort: instant, at: func(r *record) *time.Time { return &r.upAt }},
		{name: "recovered_at", sort: instant, recovery: true, at: func(r *record) *time.Time { return &r.recoveredAt }},
		{name: "recovery_folio", size: 11, recovery: true, str: func(r *record) *string { return &r.recoveryFolio }},
	}
}

func toRecord(r provisioning.Receipt) record {
	p, c := r.Holder.Person, r.Holder.Centre
	rec := record{
		stamp: string(r.Stamp), folio: string(r.Folio), address: string(r.Address), kind: string(r.Holder.Type),
		petitionMedium: string(r.Petition.Medium), petitionNumber: r.Petition.Number, petitionDate: r.Petition.Date.UTC(),
		requesterID: r.Requester.ID, requesterName: r.Requester.Name,
		director: r.Director, subdirector: r.Subdirector, objectID: r.ObjectID, state: string(r.State),
		requestedAt: r.RequestedAt.UTC(), authorizedAt: r.AuthorizedAt.UTC(), createdAt: r.CreatedAt.UTC(),
		recoveredAt: r.RecoveredAt.UTC(), recoveryFolio: string(r.RecoveryFolio),
	}
	if rec.state == "" {
		rec.state = string(rec.receiptState())
	}
	if r.Holder.Type == identity.WorkCentre {
		rec.cct, rec.centreName, rec.responsible = string(c.CCT), c.Name, c.Responsible
		return rec
	}
	rec.givenNames, rec.firstSurname, rec.secondSurname = p.GivenNames, p.FirstSurname, p.SecondSurname
	rec.curp, rec.cct, rec.employeeNumber = string(p.CURP), string(p.CCT), p.EmployeeNumber
	rec.level, rec.grade, rec.classGroup = p.Level, p.Grade, p.Group
	return rec
}

func (rec record) receipt() provisioning.Receipt {
	return provisioning.Receipt{
		Stamp: provisioning.Stamp(rec.stamp), Folio: provisioning.Folio(rec.folio), Address: identity.Address(rec.address),
		Holder: rec.holder(),
		Petition: provisioning.Petition{
			Medium: input.Medium(rec.petitionMedium), Number: rec.petitionNumber, Date: rec.petitionDate,
		},
		Requester: provisioning.Actor{ID: rec.requesterID, Name: rec.requesterName},
		Director:  rec.director, Subdirector: rec.subdirector,
		ObjectID: rec.objectID, State: rec.receiptState(),
		RequestedAt: rec.requestedAt, AuthorizedAt: rec.authorizedAt, CreatedAt: rec.createdAt,
		RecoveredAt: rec.recoveredAt, RecoveryFolio: provisioning.Folio(rec.recoveryFolio),
	}
}

func (rec record) holder() identity.Holder {
	h := identity.Holder{Type: identity.AccountType(rec.kind)}
	if h.Type == identity.WorkCentre {
		h.Centre = identity.Centre{CCT: identity.CCT(rec.cct), Name: rec.centreName, Responsible: rec.responsible}
		return h
	}
	h.Person = identity.Person{
		GivenNames: rec.givenNames, FirstSurname: rec.firstSurname, SecondSurname: rec.secondSurname,
		CURP: identity.CURP(rec.curp), CCT: identity.CCT(rec.cct), EmployeeNumber: rec.employeeNumber,
		Level: rec.level, Grade: rec.grade, Group: rec.classGroup,
	}
	return h
}

// receiptState returns the state. If the table has no such column, it follows from the stamp.
func (rec record) receiptState() provisioning.ReceiptState {
	switch {
	case rec.state != "":
		return provisioning.ReceiptState(rec.state)
	case rec.stamp == "":
		return provisioning.ReceiptImported
	}
	return provisioning.ReceiptActive
}

// lacks returns the name of an empty required field; "" if there is none.
func (rec record) lacks() string {
	switch {
	case rec.stamp == "":
		return "stamp"
	case rec.address == "":
		return "address"
	case rec.kind == "":
		return "type"
	}
	return ""
}

// sameHolder reports whether both rows are of one holder, by CURP or CCT. A row without either
// has no known holder.
func (rec record) sameHolder(other record) bool { return rec.holder().Is(other.holder()) }

// sameAccount reports whether two rows of one stamp are of one account: the same holder or, if
// a row does not identify its holder, the same directory user, or the same address or name.
func (rec record) sameAccount(other record) bool {
	switch {
	case rec.kind != other.kind:
		return false
	case rec.identity() != "" && other.identity() != "":
		return rec.sameHolder(other)
	case rec.objectID != "" && other.objectID != "":
		return rec.objectID == other.objectID
	}
	name := rec.holder().DisplayName()
	return rec.address == other.address || name != "" && input.Fold(name) == input.Fold(other.holder().DisplayName())
}

// identity returns the holder's identity; "" if the row does not identify its holder.
func (rec record) identity() identity.Identity {
	h := rec.holder()
	if !h.Known() {
		return ""
	}
	return h.Identity()
}
