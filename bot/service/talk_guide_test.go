package service_test

import (
	"testing"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
)

// If the bot knows its own address, the help has a link to the page about the form; if it does not,
// there is no link.
func TestHelpLeadsToTheGuide(t *testing.T) {
	t.Parallel()
	help := func(o *office) *teamsfake.Card {
		o.says(o.silvia, "ayuda")
		return o.card(o.chats[o.silvia.ID], o.silvia, "request.mine", "Qué puede pedir")
	}
	without := openOffice(t)
	if help(without).Action("Cómo se llena") != nil {
		t.Error("a link to a page that nobody can reach")
	}
	o := openOffice(t, func(o *office, _ *tenantConfig) { o.env["ALTAS_PUBLIC_URL"] = "https://altas.example.mx/" })
	link := help(o).Action("Cómo se llena")
	if link == nil || link.Raw["url"] != "https://altas.example.mx/guia" {
		t.Errorf("the help leads to %+v", link)
	}
}
