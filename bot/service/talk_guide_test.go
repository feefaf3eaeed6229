package service_test

import (
	"slices"
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

// Those who decide are led to the page about deciding, in their channel and in their own chat; who asks is not.
func TestHelpLeadsThoseWhoDecideToTheirPage(t *testing.T) {
	t.Parallel()
	o := openOffice(t, func(o *office, _ *tenantConfig) { o.env["ALTAS_PUBLIC_URL"] = "https://altas.example.mx/" })
	o.says(o.silvia, "ayuda")
	if own := o.card(o.chats[o.silvia.ID], o.silvia, "request.mine", "Qué puede pedir"); own.Action("Cómo se decide") != nil {
		t.Error("who asks is led to the page about deciding")
	}
	o.installs(o.rosa)
	for place, chat := range map[string]string{"channel": o.channels["director"], "chat": o.chats[o.rosa.ID]} {
		o.types(o.rosa, chat, "ayuda")
		o.waits("help in her "+place, func() bool {
			return slices.ContainsFunc(o.teams.Cards(chat, o.rosa.ID), func(c *teamsfake.Card) bool {
				link := c.Action("Cómo se decide")
				return link != nil && link.Raw["url"] == "https://altas.example.mx/guia/autorizar"
			})
		})
	}
}
