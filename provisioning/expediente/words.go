package expediente

import (
	"strings"
	"unicode"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/input"
	"seducoahuila.gob.mx/altas/provisioning/letter"
)

// The words of the cards, which a test compares with these.
var (
	types = map[identity.AccountType]string{
		identity.Teacher: "docente", identity.Student: "alumno", identity.WorkCentre: "centro de trabajo",
	}
	pluralTypes = map[identity.AccountType]string{
		identity.Teacher: "docentes", identity.Student: "alumnos", identity.WorkCentre: "centros de trabajo",
	}
	media = map[input.Medium]string{
		input.MediumOficio: "Oficio", input.MediumTarjeta: "Tarjeta", input.MediumCorrespondence: "Sistema de correspondencia",
		input.MediumMail: "Correo electrónico",
	}
	identityMedia = map[input.Medium]string{
		"persona": "En persona", "videollamada": "En videollamada", input.MediumOficio: "Por oficio", input.MediumTarjeta: "Por tarjeta informativa",
	}
	stages = map[provisioning.StageName]string{
		provisioning.Director: "Dirección General", provisioning.Subdirector: "Subdirección de Sistemas", provisioning.Platform: "Plataforma Office 365",
	}
	theStages = map[provisioning.StageName]string{
		provisioning.Director: "la Dirección General", provisioning.Subdirector: "la Subdirección de Sistemas", provisioning.Platform: "la Plataforma Office 365",
	}
	requestStates = map[provisioning.RequestState]string{
		provisioning.StateDirector: "En revisión de la Dirección General", provisioning.StateSubdirector: "En revisión de la Subdirección de Sistemas",
		provisioning.StateReturned: "Devuelta para corregir", provisioning.StateProvisioning: "Autorizada, en creación",
		provisioning.StateAttention: "En revisión de la Plataforma Office 365", provisioning.StateCompleted: "Concluida",
		provisioning.StateRejected: "Rechazada", provisioning.StateCancelled: "Cancelada", provisioning.StateExpired: "Vencida",
	}
	accountStates = map[provisioning.AccountState]string{
		provisioning.AccountPending: "Por crear", provisioning.AccountReserved: "Dirección apartada",
		provisioning.AccountCreated: "Creada, sin licencia", provisioning.AccountLicensed: "Creada, con licencia",
		provisioning.AccountRecorded: "Registrada", provisioning.AccountAnnounced: "Lista", provisioning.AccountExists: "Ya existía",
		provisioning.AccountAttention: "Requiere atención", provisioning.AccountExcluded: "Excluida",
	}
	// Those of requests about accounts that exist, where they are others.
	renewalStates = map[string]string{
		string(provisioning.StateProvisioning): "Autorizada, en renovación",
		string(provisioning.AccountPending):    "Contraseña por renovar", string(provisioning.AccountAnnounced): "Contraseña renovada",
		string(provisioning.AccountExcluded): "No se renovó",
	}
)

// letterStates are the states of a letter in the audit.
var letterStates = map[letter.State]string{
	letter.StateWaiting: "En espera de su número", letter.StateNumbered: "Numerado", letter.StateIssued: "Emitido",
	"sent": "Enviado", letter.StateAnnulled: "Anulado",
}

// wordOf returns the word for a name; the name itself if there is none.
func wordOf[K ~string](words map[K]string, name K) string {
	if word, ok := words[name]; ok {
		return word
	}
	return string(name)
}

// stateOf returns the word for a state of an audit entry: of a line, a letter or a request.
func stateOf(e provisioning.Entered, kind provisioning.RequestKind, state string) string {
	if word, ok := renewalStates[state]; ok && !kind.Creates() {
		return word
	}
	switch {
	case e.Stamp != "":
		return wordOf(accountStates, provisioning.AccountState(state))
	case strings.HasPrefix(e.Act, "letter."):
		return wordOf(letterStates, letter.State(state))
	}
	return wordOf(requestStates, provisioning.RequestState(state))
}

// typed returns a typed text on one line, with its CURPs masked and without what cannot be printed.
func typed(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		if !unicode.IsGraphic(r) {
			return -1
		}
		return r
	}, identity.MaskCURPs(s))
	return strings.Join(strings.Fields(s), " ")
}

// quoted returns a typed text between quotation marks; "" for none.
func quoted(s string) string {
	if s = typed(s); s == "" {
		return ""
	}
	return "«" + strings.NewReplacer("«", "“", "»", "”").Replace(s) + "»"
}
