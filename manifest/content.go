package manifest

import (
	"cmp"
	"fmt"
)

// text is one text of the package in its two languages.
type text struct{ es, en string }

// command is one entry of a command list: what it types, and what that does.
type command struct{ title, description text }

var (
	shortDescription = text{
		"Solicite cuentas de correo de alumno, docente y centro de trabajo.",
		"Request mail accounts for students, teachers and work centres.",
	}
	fullDescription = text{
		"Altas lleva en Teams el procedimiento PE-DS-DGTI-011. Usted llena el formulario en el chat; la Dirección General y la " +
			"Subdirección de Sistemas lo revisan en sus canales. Cuando la cuenta queda lista, usted recibe aquí los datos.",
		"Altas carries out procedure PE-DS-DGTI-011 in Teams. You fill in the form in the chat; the Director General's office and the " +
			"Systems subdirectorate review it in their channels. When the account is ready, you receive its details here.",
	}
)

// tabName is the name of the personal tab.
var tabName = text{"Mis listas", "My lists"}

// personalCommands and channelCommands are what the bot understands where; Teams
// offers them while somebody types.
func personalCommands() []command {
	return []command{
		{text{"solicitar", "request"}, text{"Pedir una cuenta nueva", "Ask for a new account"}},
		{text{"estado", "status"}, text{"Ver cómo va una solicitud, por su folio", "See how a request is going, by its number"}},
		{text{"mis solicitudes", "my requests"}, text{"Ver todas sus solicitudes", "See all your requests"}},
		{text{"buscar", "find"}, text{"Buscar por nombre, CURP, CCT o dirección", "Find by name, CURP, CCT or address"}},
		{text{"recuperar", "recover"}, text{"Renovar la contraseña de una cuenta que ya existe", "Renew the password of an account that exists"}},
		{text{"cancelar", "cancel"}, text{"Cancelar una solicitud, por su folio", "Cancel a request, by its number"}},
		{text{"idioma", "language"}, text{"Cambiar de idioma", "Change the language"}},
		{text{"botones", "buttons"}, text{"Cambiar los botones, si no responden en su teléfono", "Change the buttons, if they do not respond on your phone"}},
		{text{"privacidad", "privacy"}, text{"Ver el aviso de privacidad", "See the privacy notice"}},
		{text{"ayuda", "help"}, text{"Saber qué puede pedir", "Learn what you can ask for"}},
	}
}

func channelCommands() []command {
	return []command{
		{text{"pendientes", "pending"}, text{"Ver las solicitudes que esperan en este canal", "See the requests that wait in this channel"}},
		{text{"turnar", "pass on"}, text{"Turnar una solicitud, en el hilo de su tarjeta o con el folio", "Pass a request on, in its card's thread or by its number"}},
		{text{"autorizar", "authorise"}, text{"Autorizar una solicitud, en el hilo de su tarjeta o con el folio", "Authorise a request, in its card's thread or by its number"}},
		{text{"devolver", "return"}, text{"Devolver una solicitud para corregir, con el motivo", "Return a request for correction, with the reason"}},
		{text{"rechazar", "reject"}, text{"Rechazar una solicitud, con el motivo", "Reject a request, with the reason"}},
		{text{"excluir", "leave out"}, text{"Aprobar sin algunas personas, con sus números y el motivo", "Approve without some people, with their numbers and the reason"}},
		{text{"suplente", "substitute"}, text{"Nombrar suplente, con fechas", "Name a substitute, with dates"}},
		{text{"suplentes", "substitutes"}, text{"Ver quién suple a quién", "See who substitutes whom"}},
		{text{"registrar", "register"}, text{"Vincular este canal con una etapa", "Bind this channel to a stage"}},
		{text{"ayuda", "help"}, text{"Saber qué puede pedir aquí", "Learn what you can ask for here"}},
	}
}

// manifest is the whole manifest.json.
func (c Config) manifest() map[string]any {
	m := map[string]any{
		"$schema": schemaURL, "manifestVersion": schemaVersion, "version": c.Version, "id": c.appID(),
		"developer": map[string]any{
			"name": c.Developer, "websiteUrl": c.Website, "privacyUrl": c.Privacy, "termsOfUseUrl": c.Terms,
		},
		"name":             map[string]any{"short": "Altas", "full": "Altas: cuentas de correo institucionales"},
		"description":      map[string]any{"short": shortDescription.es, "full": fullDescription.es},
		"icons":            map[string]any{"color": "color.png", "outline": "outline.png"},
		"accentColor":      "#6B1D36",
		"localizationInfo": map[string]any{"defaultLanguageTag": "es", "additionalLanguages": []any{map[string]any{"languageTag": "en", "file": "en.json"}}},
		"bots": []any{map[string]any{
			"botId": c.BotID, "scopes": []string{"personal", "team", "groupChat"}, "supportsFiles": true,
			"commandLists": []any{
				commandList([]string{"personal"}, personalCommands()),
				commandList([]string{"team", "groupChat"}, channelCommands()),
			},
		}},
		"defaultInstallScope": "personal",
		"validDomains":        []string{},
	}
	if c.Domain != "" {
		m["validDomains"] = []string{c.Domain}
		m["staticTabs"] = []any{
			map[string]any{"entityId": "conversations", "scopes": []string{"personal"}}, // first, so that the chat stays what opens
			map[string]any{"entityId": "lists", "name": tabName.es, "contentUrl": "https://" + c.Domain + "/panel", "scopes": []string{"personal"}},
		}
		m["webApplicationInfo"] = map[string]any{"id": c.BotID, "resource": "api://" + c.Domain + "/botid-" + c.BotID}
	}
	return m
}

func (c Config) appID() string {
	return cmp.Or(c.AppID, c.BotID)
}

func commandList(scopes []string, commands []command) map[string]any {
	var list []any
	for _, c := range commands {
		list = append(list, map[string]any{"title": c.title.es, "description": c.description.es})
	}
	return map[string]any{"scopes": scopes, "commands": list}
}

// englishTexts is en.json: the texts of the manifest, by their paths in it.
func (c Config) englishTexts() map[string]any {
	texts := map[string]any{
		"$schema": textsURL, "name.short": "Altas", "name.full": "Altas: institutional mail accounts",
		"description.short": shortDescription.en, "description.full": fullDescription.en,
	}
	if c.Domain != "" {
		texts["staticTabs[1].name"] = tabName.en
	}
	for i, list := range [][]command{personalCommands(), channelCommands()} {
		for j, c := range list {
			path := fmt.Sprintf("bots[0].commandLists[%d].commands[%d].", i, j)
			texts[path+"title"], texts[path+"description"] = c.title.en, c.description.en
		}
	}
	return texts
}
