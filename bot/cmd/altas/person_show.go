package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/bot/service"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/expediente"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/retention"
)

// showPerson prints what is kept about a person, in Spanish, since it is handed to them.
func showPerson(ctx context.Context, c call, archive *service.Archive, who retention.Subject, act retention.Act) error {
	zone, err := service.LoadLocation(os.Getenv)
	if err != nil {
		return configError{err}
	}
	p, err := archive.Person(ctx, who, act)
	if err != nil {
		return err
	}
	if p.Empty() {
		_, err = fmt.Fprintln(c.out, "Altas no conserva datos de esa persona.")
		return err
	}
	c.warn("read it before it is handed over: comments may name other people")
	return statement{c.out, zone, cards.In(cards.Spanish)}.print(p, act)
}

// statement prints what is kept about a person, with the times of a zone.
type statement struct {
	io.Writer
	zone *time.Location
	*cards.Texts
}

func (s statement) print(p retention.Person, act retention.Act) error {
	s.line("Datos personales que conserva Altas, la plataforma de cuentas de Office 365")
	s.field("CURP", string(p.CURP))
	s.field("Solicitud de acceso", act.Reference)
	s.field("Fecha", s.at(time.Now()))
	s.field("Para qué se usan", "crear la cuenta institucional, comprobar de quién es y responder a quien la solicitó")
	for _, a := range p.Lines {
		s.account(a)
	}
	for _, folio := range p.Folios() {
		s.request(p.Requests[folio])
	}
	for _, l := range p.Letters {
		s.line("")
		s.line("Oficio de respuesta " + l.Number)
		s.field("Folio de la solicitud", string(l.Folio))
		s.field("Emitido", s.at(l.IssuedAt))
		s.field("Anulado", s.at(l.AnnulledAt))
	}
	for _, row := range p.Rows {
		s.row(row)
	}
	if len(p.Acts) > 0 {
		s.line("")
		s.line("Bitácora de su cuenta")
	}
	for _, e := range p.Acts {
		s.line(fmt.Sprintf("  %s  %s: %s", s.at(e.At), e.By.Name, expediente.Act(e)))
	}
	s.line("")
	_, err := fmt.Fprintln(s.Writer, "No incluye lo que usted haya hecho en Altas como solicitante o servidor público, ni lo escrito en Teams.")
	return err
}

func (s statement) account(a provisioning.Account) {
	s.line("")
	s.line("Cuenta solicitada " + string(a.Stamp))
	s.field("Tipo", s.word("type", a.Holder.Type))
	s.holder(a.Holder)
	s.field("Dirección", string(a.Address))
	s.field("Estado", s.word("account", a.State))
	s.field("Id. de objeto en Entra", a.ObjectID)
	s.field("Creada", s.at(a.CreatedAt))
	s.field("Entregada a quien la solicitó", s.at(a.AnnouncedAt))
	s.field("Inhabilitada", s.at(a.DisabledAt))
	s.field("Nota", a.Note)
	s.field("Otros nombres con esta CURP", strings.Join(a.OtherNames, "; "))
}

func (s statement) holder(h identity.Holder) {
	p := h.Person
	s.field("Nombre", h.DisplayName())
	s.field("CCT", string(h.CCT()))
	s.field("Número de empleado", p.EmployeeNumber)
	s.field("Nivel, grado y grupo", strings.TrimSpace(p.Level+" "+p.Grade+" "+p.Group))
}

func (s statement) request(r provisioning.Request) {
	s.line("")
	s.line("Solicitud " + string(r.Folio))
	s.field("Recibida", s.at(r.SubmittedAt))
	s.field("Quien solicitó", r.Requester.Name)
	s.field("Área solicitante", r.Area)
	s.field("Documento", strings.TrimSpace(s.word("medium", r.Petition.Medium)+" "+r.Petition.Number))
	s.field("Notas", r.Notes)
	for _, d := range r.Decisions {
		s.field(s.word("stage", d.Stage), decided(verdicts[d.Verdict], d.By.Name, s.at(d.At), d.Comment))
	}
	s.field("Estado", s.word("state", r.State))
	s.field("Concluida", s.at(r.EndedAt))
}

func (s statement) row(row provisioning.Receipt) {
	s.line("")
	s.line("Renglón del Servidor de Recibos " + string(row.Stamp))
	s.holder(row.Holder)
	s.field("CURP", string(row.Holder.Person.CURP))
	s.field("Dirección", string(row.Address))
	s.field("Estado", string(row.State))
	s.field("Creada", s.at(row.CreatedAt))
	s.field("Contraseña recuperada", s.at(row.RecoveredAt))
}

// decided joins what is known of a decision.
func decided(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), ", ")
}

// verdicts are the decisions in words.
var verdicts = map[provisioning.Verdict]string{
	provisioning.Approve: "aprobada", provisioning.Return: "devuelta", provisioning.Reject: "rechazada",
}

// word returns how cards call a value; "" for none.
func (s statement) word(of string, value any) string {
	if text := fmt.Sprint(value); text != "" {
		return s.Say(of+"."+text, nil)
	}
	return ""
}

func (s statement) line(text string) { fmt.Fprintln(s.Writer, strings.Map(visible, text)) }

// field prints a field that is not empty.
func (s statement) field(name, value string) {
	if value != "" {
		s.line(fmt.Sprintf("  %-30s %s", name, value))
	}
}

// at returns a time in the zone; "" for none.
func (s statement) at(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(s.zone).Format("2006-01-02 15:04")
}

// printErasure prints what was erased, and what could not be, without naming anybody.
func (c call) printErasure(done service.Erasure) error {
	for _, p := range done.People {
		c.note("erased: lines %d, audit entries without their details %d, other records %d", len(p.Lines), p.Entries, p.Records)
		for _, s := range p.Lines {
			c.note("  line %s", s)
		}
		for _, number := range p.Letters {
			c.note("  file of the letter %s: whoever sends letters may void it, to have another one made", number)
		}
	}
	if done.Empty() {
		c.note("nothing is kept that names the person; nothing was erased")
	}
	c.note("erased: rows of the receipts %d", done.Rows)
	c.note("the store was compacted, from %d to %d bytes", done.Before, done.After)
	for _, p := range done.People {
		for _, id := range p.Accounts {
			c.note("LEFT in the directory: the account with the object id %s, with its name and address", id)
		}
	}
	for _, row := range done.Left {
		c.note("LEFT in the ministry's own table of receipts: the row with the stamp %q", row.Stamp)
	}
	for _, p := range done.People {
		for _, where := range p.SameName {
			c.note("LEFT since it may be another person's: the same name, without this CURP, in %s", where)
		}
	}
	return c.say("LEFT elsewhere: earlier backups, exported files, what people wrote in Teams, what the person did in Altas themselves, as a requester or an official; cards are drawn anew when the bot runs")
}
