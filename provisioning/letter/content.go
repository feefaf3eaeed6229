package letter

import (
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
)

// Content is what one letter says. It is stored with the letter; it has no password and no CURP.
type Content struct {
	Number    string                    `json:"number"`         // of the oficio, as "SEDU/DGTI/SS/0123/2026"
	File      string                    `json:"file,omitempty"` // expediente
	Folio     provisioning.Folio        `json:"folio"`
	Kind      provisioning.RequestKind  `json:"kind,omitempty"` // "" is provisioning.Create
	Type      identity.AccountType      `json:"type"`
	State     provisioning.RequestState `json:"state"` // StateCompleted or StateRejected
	Date      time.Time                 `json:"date"`  // when it was issued
	Addressee Addressee                 `json:"addressee"`
	Petition  provisioning.Petition     `json:"petition"`
	Lines     []Line                    `json:"lines,omitempty"`
	Decisions []Decision                `json:"decisions,omitempty"` // of the last round, in order
	Replaces  string                    `json:"replaces,omitempty"`  // number of the annulled letter that it takes the place of
}

// Addressee is to whom the letter is directed.
type Addressee struct {
	Name   string       `json:"name"` // the requester's
	Post   string       `json:"post,omitempty"`
	Area   string       `json:"area,omitempty"`
	CCT    identity.CCT `json:"cct,omitempty"`
	Centre string       `json:"centre,omitempty"` // name of the work centre, from the catalogue
}

// Line is one account of the letter's table.
type Line struct {
	Number  int                       `json:"number"` // within the request
	Name    string                    `json:"name"`
	CCT     identity.CCT              `json:"cct,omitempty"`
	Group   string                    `json:"group,omitempty"`   // level, grade and group of a pupil
	Address identity.Address          `json:"address,omitempty"` // "" where there is no account
	State   provisioning.AccountState `json:"state"`             // AccountAnnounced, AccountExists or AccountExcluded
	Note    string                    `json:"note,omitempty"`    // why it was excluded
}

// Decision is who turned the request over, authorised or rejected it.
type Decision struct {
	Stage   provisioning.StageName `json:"stage"`
	Verdict provisioning.Verdict   `json:"verdict"`
	Name    string                 `json:"name"`
	At      time.Time              `json:"at"`
	Comment string                 `json:"comment,omitempty"`
}
