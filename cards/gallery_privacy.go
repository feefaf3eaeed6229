package cards

import (
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/privacy"
)

// privacyNotices adds the privacy notice: built in and the organisation's, before and after it was
// acknowledged.
func (g *gallery) privacyNotices() {
	t, builtIn := g.t, privacy.BuiltIn()
	opens := Data{Kind: provisioning.Create}
	g.add("privacy-before", t.Privacy(Privacy{Notice: builtIn, Why: WhyBegin, Opens: opens}))
	g.add("privacy-refused", t.Privacy(Privacy{Notice: builtIn, Why: WhyRefused, Opens: Data{Folio: "2026-000123", Mark: sampleMark}}))
	g.add("privacy-typed", t.Privacy(Privacy{Notice: builtIn, Why: WhyTyped}))
	g.add("privacy-written", t.Privacy(Privacy{Notice: sampleNotice(), Why: WhyBegin, Opens: opens}))
	g.add("privacy-longest", t.Privacy(Privacy{Notice: longestNotice(), Why: WhyRefused, Opens: opens}))
	g.add("privacy-read", t.Privacy(Privacy{Notice: sampleNotice(), At: g.s.ago(72)}))
	g.add("privacy-acknowledged", t.PrivacyAcknowledged(Privacy{Notice: builtIn, At: g.s.now, Opens: opens}))
	g.add("privacy-acknowledged-alone", t.PrivacyAcknowledged(Privacy{Notice: builtIn, At: g.s.now}))
}

// sampleNotice is a notice that an organisation wrote; the organisation and its address are invented.
func sampleNotice() privacy.Notice {
	return privacy.Notice{Version: "2.1", Date: time.Date(2026, time.July, 1, 0, 0, 0, 0, time.UTC), Texts: map[string]privacy.Text{
		Spanish: {
			Responsible: "Secretaría de Educación del Estado", Address: "Calle de la Escuela 100, Centro, Saltillo, Coahuila",
			Data:      "Nombre, CURP, centro de trabajo y número de empleado.",
			Purposes:  "Crear y recuperar cuentas de correo institucional, comprobar la identidad y evitar cuentas repetidas. Ninguna requiere consentimiento.",
			Transfers: "Ninguna que requiera consentimiento.",
			Refuse:    "Puede negarse por escrito en la Unidad de Transparencia, en el mismo domicilio.",
			Contact:   "transparencia@secretaria.prueba", URL: "https://secretaria.prueba/privacidad",
		},
		English: {
			Responsible: "State Ministry of Education", Address: "Calle de la Escuela 100, Centro, Saltillo, Coahuila",
			Data:      "Name, CURP, work centre and employee number.",
			Purposes:  "Creating and recovering institutional mail accounts, verifying the identity, avoiding a second account. None needs consent.",
			Transfers: "None that needs consent.",
			Refuse:    "You can refuse in writing at the Transparency Unit, at the same address.",
			Contact:   "transparencia@secretaria.prueba", URL: "https://secretaria.prueba/privacidad",
		},
	}}
}

// longestNotice has the longest texts that the configuration accepts.
func longestNotice() privacy.Notice {
	long := strings.Repeat("Peña Gutiérrez ", maxNoticeText/15)
	return privacy.Notice{Version: strings.Repeat("9", 20), Date: time.Date(2025, time.September, 30, 0, 0, 0, 0, time.UTC), Texts: map[string]privacy.Text{
		Spanish: {
			Responsible: long, Address: long, Data: long, Purposes: long, Transfers: long, Refuse: long, Contact: long,
			URL: "https://secretaria.prueba/" + strings.Repeat("aviso/", 60),
		},
	}}
}
