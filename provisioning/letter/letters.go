package letter

import (
	"context"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/pdf"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// Catalogue has the names of work centres; bot/catalogue implements it.
type Catalogue interface {
	CentreName(ctx context.Context, key identity.CCT) string // "" if it is not known
}

// Settings are the organisation's settings of letters.
type Settings struct {
	Template  Template
	Numbering Numbering
	Stage     provisioning.StageName // in whose channel letters are numbered, sent and annulled
	Senders   []string               // Entra object ids that may do so, besides the stage's approvers
	File      string                 // expediente, with {year} and {folio}; "" for none
}

// Config are the dependencies of Letters.
type Config struct {
	Store     provisioning.Store
	Centres   Catalogue
	Settings  Settings
	Keys      Keys
	HighWater HighWater
	Engine    pdf.Engine
	PublicURL string // https://host of the page that verifies a code; "" for none
	Location  *time.Location
	Now       func() time.Time
}

// Letters issues letters. It is safe for concurrent use.
type Letters struct{ Config }

// Authority decides who may do what with letters. It is made in the transaction of the act.
type Authority struct {
	provisioning.Authority
	office  provisioning.StageName
	senders []string
}

// Authority returns the Authority of an instant, from that of the stages.
func (ls *Letters) Authority(of provisioning.Authority) Authority {
	return Authority{Authority: of, office: ls.Settings.Stage, senders: ls.Settings.Senders}
}

// MaySend returns nil if the person may number, send and annul letters: the office's approvers,
// substitutes and senders, and administrators, in the office's channel. Else it is CodeForbidden.
func (a Authority) MaySend(c provisioning.Click) error {
	switch {
	case c.Channel != a.office:
		return problem.Refuse(problem.CodeForbidden, "letter.channel")
	case a.InOffice(a.office, c), a.sends(c.By), a.Administrator(c.By):
		return nil
	}
	return problem.Refuse(problem.CodeForbidden, "letter.office")
}

// MayRead returns nil if the person may receive the letters of the request: whoever asked for it,
// decided on it, or may send letters or is an approver of a stage that decides on it, and
// administrators. For others it is CodeNotFound, as for a folio that does not exist.
func (a Authority) MayRead(r provisioning.Request, c provisioning.Click) error {
	switch {
	case c.By.ID == "":
	case c.By.ID == r.Requester.ID, a.Administrator(c.By), a.sends(c.By):
		return nil
	default:
		for _, d := range r.Decisions {
			if d.By.ID == c.By.ID {
				return nil
			}
		}
		for _, stage := range a.Stages.Of(r) {
			if a.InOffice(stage.Name, provisioning.Click{By: c.By, Channel: stage.Name, Groups: c.Groups}) {
				return nil
			}
		}
	}
	return notFound(r.Folio)
}

func (a Authority) sends(by provisioning.Actor) bool {
	for _, id := range a.senders {
		if id == by.ID && id != "" {
			return true
		}
	}
	return false
}

func notFound(f provisioning.Folio) error {
	return problem.Refuse(problem.CodeNotFound, "request.not_found", "folio", string(f))
}
