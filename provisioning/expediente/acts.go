package expediente

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/audit"
	"seducoahuila.gob.mx/altas/provisioning/retention"
)

// acts are the acts of the audit, in words, after the person's name. A test finds an act that the
// program records and that is missing.
var acts = map[string]string{ //nolint:gosec // they tell of passwords, and have none
	provisioning.ActSubmit: "Envió la solicitud",
	"request.cancel":       "Canceló la solicitud",
	"request.expire":       "Dio por vencida la solicitud",

	"approval.approve": "Aprobó la solicitud",
	"approval.return":  "Devolvió la solicitud para corregir",
	"approval.reject":  "Rechazó la solicitud",

	"account.attention": "Pidió la atención de la Plataforma Office 365",
	"account.exists":    "Halló que la cuenta ya existía",
	"account.created":   "Creó la cuenta",
	"account.licensed":  "Asignó la licencia y los grupos",
	"account.recorded":  "Registró la cuenta en los recibos",
	"account.announced": "Avisó que la cuenta está lista",
	"account.recovered": "Renovó la contraseña",
	"account.disabled":  "Halló inhabilitada la cuenta",
	"account.enabled":   "Halló habilitada la cuenta",
	"account.renamed":   "Halló cambiada la dirección de la cuenta",

	"attention.retry":   "Mandó intentar de nuevo",
	"attention.adopt":   "Decidió que se use la cuenta que ya existía",
	"attention.rename":  "Decidió que se cree una cuenta nueva",
	"attention.drop":    "Quitó la cuenta de la solicitud",
	"attention.disable": "Inhabilitó la cuenta creada",

	"password.reveal": "Pidió ver la contraseña temporal",
	"password.done":   "Confirmó que entregó la contraseña",

	"letter.issue":  "Emitió el oficio de respuesta",
	"letter.number": "Escribió el número del oficio de respuesta",
	"letter.range":  "Reservó números de oficio",
	"letter.send":   "Marcó como enviado el oficio de respuesta",
	"letter.annul":  "Anuló el oficio de respuesta",
	"letter.fetch":  "Recibió el archivo del oficio de respuesta",

	"inquiry.told":        "Supo, al preparar otra solicitud, de esta o de su cuenta",
	"inquiry.folio":       "Preguntó por este folio, que no es suyo",
	"recovery.identified": "Identificó una cuenta para recuperar su contraseña",
	"recovery.wrong":      "Escribió datos que no corresponden a ninguna cuenta",
	"recovery.locked":     "Agotó los intentos de identificar una cuenta",
	"privacy.acknowledge": "Se enteró del aviso de privacidad",
	"channel.register":    "Vinculó un canal de Teams",
	"substitute.name":     "Nombró a un suplente",
	"substitute.remove":   "Retiró a un suplente",
	audit.Redact:          "Suprimió nombres y detalles de la bitácora",
	ActExport:             "Exportó este expediente",
	retention.ActMask:     "Enmascaró las CURP, al terminar su plazo de conservación",
	retention.ActShow:     "Consultó los datos de la persona titular, a petición suya",
	retention.ActErase:    "Suprimió los datos de la persona titular, a petición suya",
}

// Act returns in Spanish what was done, after whoever did it; the act's name if it is not known.
func Act(e provisioning.Entered) string {
	switch {
	case e.Act == provisioning.ActSubmit && e.Before == string(provisioning.StateReturned):
		return "Corrigió y envió de nuevo la solicitud"
	case e.Act == "approval.approve" && e.After == string(provisioning.StateProvisioning):
		return "Autorizó la solicitud"
	case e.Act == "approval.approve" && e.After != "": // entries of earlier versions have no states
		return "Turnó la solicitud a la etapa siguiente"
	}
	return wordOf(acts, e.Act)
}

// reasons are why a line was in attention, or what somebody was told in an inquiry, by the names that
// the audit has.
var reasons = map[string]string{
	"trouble.homonym":       "hay una cuenta con el mismo nombre y no se sabe de quién es",
	"trouble.deleted":       "hay una cuenta borrada que le corresponde",
	"trouble.stamp":         "otra cuenta lleva su número",
	"trouble.curp":          "la CURP se conoce con otro nombre",
	"trouble.addresses":     "todas las direcciones posibles están ocupadas",
	"trouble.unseen_holder": "la dirección está ocupada y Microsoft 365 no muestra de quién es",
	"trouble.chosen":        "la dirección elegida está ocupada por otra cuenta",
	"trouble.no_seats":      "no hay licencias libres",
	"trouble.permission":    "falta un permiso en Microsoft 365",
	"trouble.domain":        "el dominio no está verificado en Microsoft 365",
	"trouble.refused":       "Microsoft 365 no aceptó los datos de la cuenta",
	"trouble.password":      "Microsoft 365 no aceptó ninguna contraseña",
	"trouble.not_ready":     "Microsoft 365 aún no muestra la cuenta en todas partes",
	"trouble.vanished":      "la cuenta se creó y ya no está en Microsoft 365",
	"trouble.receipts":      "el servidor de recibos no aceptó el registro",
	"trouble.type":          "el tipo de cuenta no está en la configuración",
	"trouble.kind":          "la versión instalada no conoce la clase de la solicitud",
	"trouble.office":        "la cuenta es de quien decide en Altas",
	"trouble.gone":          "la cuenta ya no existe en Microsoft 365",
	"trouble.synchronised":  "la cuenta viene del directorio local, donde se cambia su contraseña",
	"trouble.protected":     "Microsoft 365 no deja cambiar esa contraseña",
	"trouble.disabled":      "la cuenta está inhabilitada",
	"trouble.replaced":      "la cuenta ya no tiene esa dirección",
	"trouble.internal":      "un error interno; consta en el registro con la referencia",
}

// detail is a detail of an entry: its label, and what its value is called; nil for the value itself.
type detail struct {
	label string
	word  func(string) string
}

// details are those that the audit has, by name.
var details = map[string]detail{
	"stage":     {"etapa", func(s string) string { return wordOf(stages, provisioning.StageName(s)) }},
	"as":        {"en calidad de", wording(map[string]string{"substitute": "suplente"})},
	"comment":   {"comentario", nil},
	"reason":    {"motivo", wording(reasons)},
	"ref":       {"referencia en el registro", nil},
	"from":      {"desde", func(s string) string { return wordOf(requestStates, provisioning.RequestState(s)) }},
	"to":        {"hasta", nil},
	"until":     {"hasta", nil},
	"number":    {"número de oficio", nil},
	"sha256":    {"SHA-256", nil},
	"address":   {"dirección", nil},
	"objectId":  {"identificador en Microsoft 365", nil},
	"sku":       {"licencia", nil},
	"sessions":  {"sesiones abiertas", wording(map[string]string{"revoked": "se cerraron"})},
	"type":      {"tipo", nil},
	"key":       {"CURP o CCT", nil},
	"guarded":   {"se reservó de quién es", wording(map[string]string{"true": "sí"})},
	"name":      {"nombre", nil},
	"person":    {"identificador de la persona", nil},
	"channel":   {"canal", nil},
	"version":   {"versión", nil},
	"lines":     {"cuentas", nil},
	"reference": {"número de la petición", nil},
}

func wording(words map[string]string) func(string) string {
	return func(s string) string { return wordOf(words, s) }
}

// detailsOf returns the details in words, "etapa: Dirección General; comentario: …".
func detailsOf(e provisioning.Entered) string {
	names := slices.SortedFunc(maps.Keys(e.Detail), func(x, y string) int {
		return cmp.Or(cmp.Compare(rank(x), rank(y)), cmp.Compare(x, y))
	})
	var all []string
	for _, name := range names {
		value := typed(e.Detail[name])
		if value == "" {
			continue
		}
		d := details[name]
		if d.word != nil {
			value = d.word(value)
		}
		all = append(all, cmp.Or(d.label, name)+": "+value)
	}
	return strings.Join(all, "; ")
}

// rank puts the comment last, because it may be long and have semicolons, and the rest by name.
func rank(name string) int {
	if name == "comment" {
		return 1
	}
	return 0
}
