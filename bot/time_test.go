package bot_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
)

// want compares the messages since the last call.
func (o *office) want(what string, lines ...string) {
	o.t.Helper()
	if diff := cmp.Diff(lines, o.said()); diff != "" {
		o.t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// wantState compares a request's state.
func (o *office) wantState(f provisioning.Folio, want provisioning.RequestState) {
	o.t.Helper()
	if got := o.request(f).State; got != want {
		o.t.Errorf("State = %s, want %s", got, want)
	}
}

// wantRefusal clicks the approval of the newest request, and compares the text of the response;
// "" if the person may decide.
func (o *office) wantRefusal(when string, who teamsfake.Person, stage provisioning.StageName, want string) {
	o.t.Helper()
	if got := o.decide(who, stage, cards.ApprovalApprove, nil); got != want {
		o.t.Errorf("%s: told %q, want %q", when, got, want)
	}
}

// Rosa's request is submitted on the Thursday before Independence Day, an hour before the offices
// close, and nobody decides. The process is restarted at every step; each notice is sent once.
func TestLongWeekend(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "2022-09-15 15:00")
	f := o.submit(1)
	o.said()

	o.until("2022-09-19 14:59")
	o.want("on the holiday, the weekend, and before eight hours of work")
	o.until("2022-09-19 15:00")
	o.want("after eight hours",
		"Mon 19 15:00 director: La solicitud 2022-000001 espera a la Dirección General desde el jueves 15 de septiembre, 15:00 (8 horas hábiles). Asunto: cuenta de docente para José Luis de la Garza Muñoz. [Abrir la tarjeta] Espera a: <at>Dirección General</at>")
	o.until("2022-09-30 14:59")
	o.want("after sixteen and twenty-four",
		"Tue 20 15:00 director: La solicitud 2022-000001 espera a la Dirección General desde el jueves 15 de septiembre, 15:00 (16 horas hábiles). Asunto: cuenta de docente para José Luis de la Garza Muñoz. [Abrir la tarjeta] Espera a: <at>Dirección General</at>",
		"Wed 21 15:00 platform: La solicitud 2022-000001 sigue sin respuesta de la Dirección General desde el jueves 15 de septiembre, 15:00 (24 horas hábiles). Asunto: cuenta de docente para José Luis de la Garza Muñoz. No hay suplente; puede nombrarlo un administrador con «suplente».")
	o.wantState(f, provisioning.StateDirector)
	address := o.line(f).Address

	o.until("2022-10-20 15:00")
	o.want("after ten days at work",
		"Fri 30 15:00 rosa: Su solicitud 2022-000001, para José Luis de la Garza Muñoz, venció sin respuesta. Puede solicitarla de nuevo.")
	o.wantState(f, provisioning.StateExpired)
	if card := o.teams.NewestCard(o.channels[provisioning.Director], o.elena.ID, cards.ApprovalApprove); card != nil {
		t.Error("the director's card still offers to decide")
	}
	o.update(func(tx provisioning.Tx) error {
		if holder, err := tx.HolderOf(address); err != nil || holder != "" {
			t.Errorf("%s is still held by %q, %v", address, holder, err)
		}
		return nil
	})
}

// Elena is away for the long weekend and names Saúl from Friday to Tuesday. He may decide on
// those days only, and not at both stages.
func TestSubstituteOverTheLongWeekend(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "2022-09-15 15:00")
	f := o.submit(1)
	g := o.submit(2)
	o.said()
	o.say(o.elena, provisioning.Director, "suplente @Saúl Valdés del 16/09/2022 al 20/09/2022", o.saul)
	o.want("named",
		"Thu 15 15:00 director: Saúl Valdés puede decidir por la Dirección General: del viernes 16 de septiembre al martes 20 de septiembre. Para terminar antes escriba «suplente quitar» y mencione a la persona.")
	o.wantRefusal("on Thursday, before his time", o.saul, provisioning.Director, "Usted no está entre quienes deciden aquí. Si debe estarlo, avise a la Plataforma Office 365.")

	o.until("2022-09-20 15:30")
	o.want("reminders name him",
		"Mon 19 15:00 director: La solicitud 2022-000001 espera a la Dirección General desde el jueves 15 de septiembre, 15:00 (8 horas hábiles). Asunto: cuenta de docente para José Luis de la Garza Muñoz. [Abrir la tarjeta] También puede decidirla Saúl Valdés. Espera a: <at>Dirección General</at>, <at>Saúl Valdés</at>",
		"Mon 19 15:00 director: La solicitud 2022-000002 espera a la Dirección General desde el jueves 15 de septiembre, 15:00 (8 horas hábiles). Asunto: cuenta de docente para Ana Sofía Treviño Muñoz. [Abrir la tarjeta] También puede decidirla Saúl Valdés. Espera a: <at>Dirección General</at>, <at>Saúl Valdés</at>",
		"Tue 20 15:00 director: La solicitud 2022-000001 espera a la Dirección General desde el jueves 15 de septiembre, 15:00 (16 horas hábiles). Asunto: cuenta de docente para José Luis de la Garza Muñoz. [Abrir la tarjeta] También puede decidirla Saúl Valdés. Espera a: <at>Dirección General</at>, <at>Saúl Valdés</at>",
		"Tue 20 15:00 director: La solicitud 2022-000002 espera a la Dirección General desde el jueves 15 de septiembre, 15:00 (16 horas hábiles). Asunto: cuenta de docente para Ana Sofía Treviño Muñoz. [Abrir la tarjeta] También puede decidirla Saúl Valdés. Espera a: <at>Dirección General</at>, <at>Saúl Valdés</at>")
	o.wantRefusal("on Tuesday", o.saul, provisioning.Director, "")
	o.wantState(g, provisioning.StateSubdirector)
	o.said()

	o.say(o.ines, provisioning.Platform, "suplente @Saúl Valdés al 30/09/2022 subdirector", o.saul)
	o.said()
	o.wantRefusal("at both stages of a request", o.saul, provisioning.Subdirector, "Usted ya decidió en la etapa anterior. Esta etapa la decide otra persona.")
	o.until("2022-09-21 15:30")
	o.want("Elena's office is told of no more; escalation of what it still holds, and the next stage's reminder",
		"Wed 21 15:00 platform: La solicitud 2022-000001 sigue sin respuesta de la Dirección General desde el jueves 15 de septiembre, 15:00 (24 horas hábiles). Asunto: cuenta de docente para José Luis de la Garza Muñoz. No hay suplente; puede nombrarlo un administrador con «suplente».",
		"Wed 21 15:30 subdirector: La solicitud 2022-000002 espera a la Subdirección de Sistemas desde ayer, 15:30 (8 horas hábiles). Asunto: cuenta de docente para Ana Sofía Treviño Muñoz. [Abrir la tarjeta] También puede decidirla Saúl Valdés. Espera a: <at>Subdirección de Sistemas</at>, <at>Saúl Valdés</at>")
	o.wantRefusal("on Wednesday, after his time", o.saul, provisioning.Director, "Usted no está entre quienes deciden aquí. Si debe estarlo, avise a la Plataforma Office 365.")
	o.wantState(f, provisioning.StateDirector)
	o.wantTrail("substitute.name", "substitute.name")
}

func TestSubstitutesAreListedAndRemoved(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "2022-09-15 09:00")
	o.say(o.elena, provisioning.Director, "suplente @Saúl Valdés del 16/09/2022 al 20/09/2022", o.saul)
	o.said()
	o.say(o.elena, provisioning.Director, "suplentes")
	o.say(o.elena, provisioning.Director, "suplente quitar @Saúl Valdés", o.saul)
	o.say(o.elena, provisioning.Director, "suplente quitar @Saúl Valdés", o.saul)
	o.want("listed, removed, and not there to be removed again",
		"Thu 15 09:00 director: [1 suplente nombrado.]",
		"Thu 15 09:00 director: [Por ahora no hay ninguno. Para nombrar a alguien escriba «suplente», mencione a la persona y ponga las fechas: del 15/09/2026 al 18/09/2026.]",
		"Thu 15 09:00 director: Esa persona no es suplente. Escriba «suplentes» para ver quiénes lo son.")
	o.wantTrail("substitute.name", "substitute.remove")
}

// A person without authority to name a substitute, or an invalid substitute, is refused with the
// reason; no one gets authority by it.
func TestSubstitutesRefused(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "2022-09-15 09:00")
	guest := o.teams.AddPerson(teamsfake.Person{Name: "Gil Ajeno", UPN: "gil_ajeno.com#EXT#@seducoahuila.gob.mx"})
	away := o.teams.AddPerson(teamsfake.Person{Name: "Luz Lejos", TenantID: "99999999-9999-4999-8999-999999999999"})
	days := " del 16/09/2022 al 20/09/2022"
	for _, c := range []struct {
		who    teamsfake.Person
		where  provisioning.StageName
		words  string
		others []teamsfake.Person
		want   string
	}{
		{o.saul, provisioning.Director, "suplente @Saúl Valdés" + days, []teamsfake.Person{o.saul}, "Solo nombra suplente quien tiene el cargo, o un administrador de Altas."},
		{o.elena, provisioning.Subdirector, "suplente @Saúl Valdés" + days, []teamsfake.Person{o.saul}, "Solo nombra suplente quien tiene el cargo, o un administrador de Altas."},
		{o.elena, provisioning.Director, "suplente @Saúl Valdés subdirector" + days, []teamsfake.Person{o.saul}, "Eso se decide en otro canal."},
		{o.ines, provisioning.Platform, "suplente @Saúl Valdés" + days, []teamsfake.Person{o.saul}, "Diga también a quién suple: director o subdirector."},
		{o.elena, provisioning.Director, "suplente" + days, nil, "Mencione con @ a una sola persona, además de Altas."},
		{o.elena, provisioning.Director, "suplente @Saúl Valdés @Rosa Ibarra" + days, []teamsfake.Person{o.saul, o.rosa}, "Mencione con @ a una sola persona, además de Altas."},
		{o.elena, provisioning.Director, "suplente @Gil Ajeno" + days, []teamsfake.Person{guest}, "Una persona invitada, de otra organización, no puede decidir aquí. Mencione a alguien de la institución."},
		{o.elena, provisioning.Director, "suplente @Luz Lejos" + days, []teamsfake.Person{away}, "No encontramos a esa persona en este equipo. Agréguela al equipo e intente de nuevo."},
		{o.ines, provisioning.Director, "suplente @Inés Muñoz" + days, []teamsfake.Person{o.ines}, "Nadie se nombra suplente a sí mismo. Pídalo a quien tiene el cargo o a otro administrador."},
		{o.elena, provisioning.Director, "suplente @Saúl Valdés", []teamsfake.Person{o.saul}, "Ponga las fechas como día/mes/año, por ejemplo: del 15/09/2026 al 18/09/2026."},
		{o.elena, provisioning.Director, "suplente @Saúl Valdés del 31/02/2022 al 20/09/2022", []teamsfake.Person{o.saul}, "Ponga las fechas como día/mes/año, por ejemplo: del 15/09/2026 al 18/09/2026."},
		{o.elena, provisioning.Director, "suplente @Saúl Valdés del 20/09/2022 al 16/09/2022", []teamsfake.Person{o.saul}, "Ponga las fechas como día/mes/año, por ejemplo: del 15/09/2026 al 18/09/2026."},
		{o.elena, provisioning.Director, "suplente @Saúl Valdés del 12/09/2022 al 14/09/2022", []teamsfake.Person{o.saul}, "Esas fechas ya pasaron. Revíselas."},
		{o.elena, provisioning.Director, "suplente @Saúl Valdés al 16/09/2032", []teamsfake.Person{o.saul}, "La suplencia dura un año como máximo. Revise las fechas."},
	} {
		o.say(c.who, c.where, c.words, c.others...)
		o.want(c.words, "Thu 15 09:00 "+string(c.where)+": "+c.want)
	}
	o.wantTrail()
}

// The requester of a returned request is reminded once; then it expires.
func TestReturnedAndForgotten(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "2022-09-14 15:00")
	f := o.submit(1)
	o.decide(o.elena, provisioning.Director, cards.ApprovalReturn, teamsfake.Inputs{"comment": "Falta la CURP."})
	o.wantState(f, provisioning.StateReturned)
	o.said()
	o.until("2022-11-30 15:00")
	o.want("in ten days at work, and in twenty",
		"Thu 29 15:00 rosa: Su solicitud 2022-000001, para José Luis de la Garza Muñoz, sigue devuelta, en espera de que la corrija. Vence el jueves 13 de octubre.",
		"Thu 13 15:00 rosa: Su solicitud 2022-000001, para José Luis de la Garza Muñoz, venció porque no se corrigió a tiempo. Puede enviar una nueva.")
	o.wantState(f, provisioning.StateExpired)
	if !o.request(f).Lapsed() {
		t.Error("the cards would say that nobody decided")
	}
}

// The server is down for a month. Overdue notices are sent once, and nothing expires before the
// reminder of it was sent.
func TestOutage(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "2022-09-15 15:00")
	f := o.submit(1)
	o.said()
	o.advance(o.at("2022-10-17 10:00"))
	o.want("at once, and not the first reminder too",
		"Mon 17 10:00 director: La solicitud 2022-000001 espera a la Dirección General desde el jueves 15 de septiembre, 15:00 (163 horas hábiles). Asunto: cuenta de docente para José Luis de la Garza Muñoz. [Abrir la tarjeta] Espera a: <at>Dirección General</at>",
		"Mon 17 10:00 platform: La solicitud 2022-000001 sigue sin respuesta de la Dirección General desde el jueves 15 de septiembre, 15:00 (163 horas hábiles). Asunto: cuenta de docente para José Luis de la Garza Muñoz. No hay suplente; puede nombrarlo un administrador con «suplente».")
	o.until("2022-10-18 09:59")
	o.wantState(f, provisioning.StateDirector)
	o.until("2022-10-18 10:00")
	o.wantState(f, provisioning.StateExpired)
	o.want("a day at work later",
		"Tue 18 10:00 rosa: Su solicitud 2022-000001, para José Luis de la Garza Muñoz, venció sin respuesta. Puede solicitarla de nuevo.")
}

// A line waits for the head of department over the weekend; once it is settled there are no more
// reminders.
func TestAttentionIsRemindedOf(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "2022-09-15 15:00")
	f := o.submit(1)
	o.decide(o.elena, provisioning.Director, cards.ApprovalApprove, nil)
	o.decide(o.ines, provisioning.Subdirector, cards.ApprovalApprove, nil)
	o.move(f, provisioning.AccountAttention)
	o.wantState(f, provisioning.StateAttention)
	o.said()
	o.until("2022-09-19 15:00")
	o.want("after eight hours",
		"Mon 19 15:00 platform: La solicitud 2022-000001 requiere su atención desde el jueves 15 de septiembre, 15:00 (8 horas hábiles). Asunto: cuenta de docente para José Luis de la Garza Muñoz. [Abrir la tarjeta] Espera a: <at>Plataforma Office 365</at>")
	o.move(f, provisioning.AccountExcluded)
	o.settle()
	o.said()
	o.until("2022-10-20 15:00")
	o.want("and no more")
	o.update(func(tx provisioning.Tx) error {
		for key, err := range tx.Keys("reminded", "") {
			t.Errorf("left behind: %s, %v", key, err)
		}
		return nil
	})
}

// A reminder that could not be delivered is dropped once the request has moved on.
func TestReminderThatCameTooLate(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "2022-09-15 15:00")
	channel := o.channels[provisioning.Director]
	delete(o.channels, provisioning.Director)
	o.close()
	o.open()
	f := o.submit(1)
	o.advance(o.at("2022-09-19 15:00"))
	o.channels[provisioning.Director] = channel
	o.close()
	o.open()
	o.update(func(tx provisioning.Tx) error {
		act := provisioning.Act{Folio: f, Stage: provisioning.Director, Round: 1, Verdict: provisioning.Approve,
			Click: provisioning.Click{By: provisioning.Actor{ID: o.elena.ID}, Channel: provisioning.Director}}
		_, err := o.desk.Decide(tx, o.rules.Authority(o.Now(), nil), act)
		return err
	})
	o.said()
	o.say(o.ines, provisioning.Director, "registrar director")
	o.want("the next stage has its card, the channel is bound; the reminder is not sent",
		"Mon 19 15:00 rosa: Su solicitud 2022-000001, para José Luis de la Garza Muñoz, fue turnada a la Subdirección de Sistemas.",
		"Mon 19 15:00 subdirector: [Subdirección de Sistemas: por revisar, cuenta de docente para José Luis de la Garza Muñoz. Solicita Rosa Ibarra.]",
		"Mon 19 15:00 director: Este canal recibe desde ahora lo que corresponde a: Dirección General.")
}

// Rosa asks on Monday about her request, and the stage lists its requests: both show working
// hours, not elapsed hours.
func TestWorkedHoursAreTold(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "2022-09-15 15:00")
	o.submit(1)
	o.until("2022-09-19 10:00")
	o.said()
	o.say(o.elena, provisioning.Director, "pendientes")
	if _, err := o.teams.Say(t.Context(), o.rosa.ID, o.teams.Chat(o.rosa.ID), "estado"); err != nil {
		t.Fatal(err)
	}
	o.settle()
	for place, viewer := range map[string]string{o.channels[provisioning.Director]: o.elena.ID, o.teams.Chat(o.rosa.ID): o.rosa.ID} {
		text := strings.ReplaceAll(o.teams.NewestCard(place, viewer, "").Text(), "\u00a0", " ")
		if !strings.Contains(text, "desde el jueves, 15:00 · 3 horas hábiles") {
			t.Errorf("%s is not told the working hours: %s", viewer, text)
		}
	}
}

// Rosa submits while the clock is a month ahead. After it is corrected, the stage is reminded
// after a working day, not after a month.
func TestRemindersOfAClockThatWasAhead(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "2022-10-03 09:00")
	f := o.submit(1)
	o.said()
	o.close()
	o.mu.Lock()
	o.now = o.at("2022-09-05 09:00")
	o.mu.Unlock()
	o.open()
	o.enqueueReminders()
	o.until("2022-09-06 10:00")
	if n := o.countSaid(string(f) + " espera a la Dirección General"); n != 1 {
		t.Errorf("reminded %d times", n)
	}
}
