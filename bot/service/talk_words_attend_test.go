package service_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
)

// caseOf is the thread of the newest card in the platform channel about somebody, once the bot
// knows its id.
func (o *office) caseOf(about string) string {
	o.t.Helper()
	card := o.card(o.channels["platform"], o.oscar, "attention.drop", about)
	o.eventually("cards that are drawn", o.drawn)
	return card.Conversation
}

// Gabriela settles a homonym by commands, in each way that its card offers; other people's
// commands, and those that the card does not offer, settle nothing.
func TestAHomonymInWords(t *testing.T) {
	t.Parallel()
	const other = "lucia.nanez.garza@docentecoahuila.gob.mx"
	for name, c := range map[string]struct {
		said   [][]string // what Gabriela writes, and what she reads
		then   func(o *office, folio string)
		decide string
	}{
		"is she": {
			[][]string{{"adoptar", "decidió usar la cuenta que ya existía", "Gabriela"}, {"adoptar", "No cambió nada", "decidió usar la cuenta"}, {"quitar No es ella", "No cambió nada"}},
			func(o *office, _ string) { o.told(o.silvia, luciaMail, "ya tenía cuenta") }, "attention.adopt",
		},
		"is she, by her address": {
			[][]string{{"adoptar 2", "Hay más de una cuenta"}, {"adoptar " + luciaMail, "decidió usar la cuenta que ya existía"}},
			func(o *office, _ string) { o.told(o.silvia, luciaMail, "ya tenía cuenta") }, "attention.adopt",
		},
		"is somebody else": {
			[][]string{{"otra dirección", "Lucía", "Para confirmar escriba: sí, otra dirección"}, {"sí, otra dirección", "decidió crear otra cuenta"}},
			func(o *office, folio string) { o.account(other, folio) }, "attention.rename",
		},
		"gets an address that Gabriela chose": {
			[][]string{{"otra dirección lucia@ejemplo.mx", "debe terminar en @docentecoahuila.gob.mx"}, {"otra dirección " + other + ", gracias", other, "Para confirmar escriba: sí, otra dirección"}, {"sí, otra dirección", "decidió crear otra cuenta", other}},
			func(o *office, folio string) { o.account(other, folio) }, "attention.rename",
		},
		"gets none": {
			[][]string{{"quitar", "Escriba el motivo"}, {"sí, quitar", "No hay nada por confirmar"}, {"quitar Ya tiene otra", "Para confirmar escriba: sí, quitar"}, {"sí, inhabilitar", "No hay nada por confirmar"}, {"sí, quitar", "la quitó de la solicitud"}},
			func(o *office, _ string) { o.told(o.silvia, "Ya tiene otra") }, "attention.drop",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := openOffice(t)
			o.seeds(map[string]any{"userPrincipalName": luciaMail, "displayName": "Lucía Ñáñez Garza", "department": "05DPR0093X"})
			folio := o.sends(o.silvia, lucia)
			o.authorises(folio)
			thread, platform := o.caseOf(folio), o.channels["platform"]
			for _, refused := range []struct {
				who          teamsfake.Person
				where, words string
				answer       string
			}{
				{o.rosa, thread, "adoptar", "Usted no está entre quienes deciden aquí"},
				{o.gabriela, o.channels["director"], "adoptar " + folio, "Eso se decide en otro canal"},
				{o.gabriela, platform, "adoptar", "Pendientes"},
				{o.gabriela, platform, "quitar No es ella", "Falta saber de qué cuenta"},
				{o.gabriela, platform, "adoptar 2019-000001", "no hay una tarjeta del folio 2019-000001"},
				{o.gabriela, thread, "adoptar 2019-000001", "no hay una tarjeta del folio 2019-000001"},
				{o.gabriela, thread, "reintentar", "La tarjeta no ofrece eso para este caso. No se decidió nada. Ofrece: adoptar, otra dirección, quitar."},
				{o.gabriela, thread, "restaurar", "La tarjeta no ofrece eso"},
				{o.gabriela, thread, "inhabilitar", "La tarjeta no ofrece eso"},
				{o.gabriela, thread, "turnar", "Eso se decide en otro canal"},
			} {
				o.writes(refused.who, refused.where, refused.words, refused.answer)
				o.eventually("cards that are drawn", o.drawn) // «pendientes» updates them
			}
			for _, said := range c.said {
				o.writes(o.gabriela, thread, said[0], said[1:]...)
			}
			c.then(o, folio)
			o.waits("settled card", func() bool { return o.teams.NewestCard(platform, o.oscar.ID, "attention.drop") == nil })
			o.stop()
			acts := slices.DeleteFunc(o.decided(folio), func(act string) bool { return act == "approval.approve" })
			if diff := cmp.Diff([]string{c.decide}, acts); diff != "" {
				t.Errorf("decided (-want +got):\n%s", diff)
			}
		})
	}
}

// The app lost the permission to create accounts, and then the one to license them. Lines are named
// with the folio, all at once, or by their stamp; an account that was created is disabled only
// after a confirmation.
func TestLinesInWords(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	deny := func(op string) {
		o.tenant.Heal()
		o.tenant.OnRequest(func(asked string) (graphfake.Fault, bool) {
			return graphfake.Fault{Status: 403, Code: "Authorization_RequestDenied"}, asked == op
		})
	}
	deny("users.create")
	folio := o.sends(o.silvia, lucia, luis)
	o.authorises(folio)
	o.caseOf("Lucía")
	second := o.caseOf("Luis")
	platform := o.channels["platform"]
	o.writes(o.gabriela, platform, "reintentar "+folio, "tiene varias cuentas por resolver", "reintentar "+folio+" línea 1")
	o.writes(o.gabriela, second, "reintentar "+folio+"-0001", "Contesta a la tarjeta de "+folio+"-0002")
	o.writes(o.gabriela, second, "reintentar "+folio+" línea 1", "Contesta a la tarjeta de "+folio+"-0002")
	deny("users.assignLicense")
	o.writes(o.gabriela, platform, "reintentar "+folio+" línea 1", "pidió intentarlo de nuevo")
	var thread string
	o.waits("Lucía's case, once her account is made", func() bool {
		for _, c := range o.teams.Cards(platform, o.oscar.ID) {
			if c.Action("Inhabilitar la cuenta") != nil {
				thread = c.Conversation
			}
		}
		return thread != ""
	})
	o.eventually("cards that are drawn", o.drawn)
	o.writes(o.gabriela, thread, "inhabilitar", "no podrá usarse", "Para confirmar escriba: sí, inhabilitar")
	if u, _ := o.tenant.User(luciaMail); !u.Enabled {
		t.Error("the account is disabled before that is confirmed")
	}
	o.writes(o.gabriela, thread, "sí, inhabilitar", "inhabilitó la cuenta creada", "Gabriela")
	if u, _ := o.tenant.User(luciaMail); u.Enabled {
		t.Error("the account is not disabled")
	}
	o.tenant.Heal()
	o.eventually("cards that are drawn", o.drawn)
	o.writes(o.gabriela, second, "reintentar todas", "pidió intentar de nuevo las 2 cuentas")
	o.account("luis.ibarra@docentecoahuila.gob.mx", folio)
}

// Teams accepts no update, so that the card in the channel shows an earlier trouble of the line:
// commands in its thread do nothing until it shows the present one.
func TestWordsBelowACardThatIsBehind(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	deny := func(op string) {
		o.tenant.Heal()
		o.tenant.OnRequest(func(asked string) (graphfake.Fault, bool) {
			return graphfake.Fault{Status: 403, Code: "Authorization_RequestDenied"}, asked == op
		})
	}
	deny("users.create")
	folio := o.sends(o.silvia, lucia)
	o.authorises(folio)
	thread := o.caseOf("Lucía")
	deny("users.assignLicense")
	o.teams.Inject(teamsfake.Fault{Method: "PUT", Status: 502, Times: 10_000})
	o.writes(o.gabriela, thread, "reintentar", "pidió intentarlo de nuevo")
	o.eventually("the line stops anew", func() bool {
		_, owed := o.metrics(nil)
		return strings.Count(o.log.String(), `"msg":"attention needed"`) == 2 && strings.Contains(owed, `altas_jobs_owed{kind="line"} 0`)
	})
	o.writes(o.gabriela, thread, "inhabilitar", "se está actualizando")
	o.writes(o.gabriela, thread, "sí, inhabilitar", "No hay nada por confirmar")
	o.teams.Heal()
	o.writes(o.gabriela, o.channels["platform"], "pendientes", folio)
	o.waits("the present case", func() bool { return o.teams.NewestCard(o.channels["platform"], o.oscar.ID, "attention.disable") != nil })
}
