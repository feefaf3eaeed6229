package flowchart

import (
	"context"
	"encoding/base64"

	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/bot/words"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/recovery"
)

// Routes are the commands that show a chart, anywhere: it says nothing of anybody.
func (c *Charts) Routes() turn.Routes {
	return turn.Routes{Commands: []turn.Command{
		{
			Name: "flow", Offered: true,
			Words:    []string{"flujo", "diagrama", "diagrama de flujo", "flujograma", "flow", "flow chart", "flowchart"},
			Personal: c.show(provisioning.Create), Channel: c.show(provisioning.Create),
		},
		{
			Name:     "recovery_flow",
			Words:    []string{"flujo recuperar", "flujo de recuperar", "flujo recuperacion", "flow recover", "flow recovery"},
			Personal: c.show(recovery.Kind), Channel: c.show(recovery.Kind),
		},
	}}
}

// show answers with the chart of a kind of request, in the person's language.
func (c *Charts) show(kind provisioning.RequestKind) func(context.Context, turn.Context, words.Asked) (cards.Message, error) {
	return func(_ context.Context, t turn.Context, _ words.Asked) (cards.Message, error) {
		p := c.find(t.Texts.Locale(), func(p *picture) bool { return p.flow.Kind == kind })
		f, err := p.files()
		if err != nil {
			return cards.Message{}, err
		}
		shown := cards.FlowPicture{Chart: t.Texts.Chart(p.flow), PNG: dataURI(f.png)}
		if c.publicURL != "" {
			shown.PNG, shown.Page = c.publicURL+p.address(".png"), c.publicURL+p.address(".svg")
		}
		return cards.Message{Card: t.Texts.Flow(p.flow, shown)}, nil
	}
}

// dataURI returns a PNG as an address that contains it: a picture of the card without a public
// address. It does not count against the size of a message.
// https://learn.microsoft.com/microsoftteams/platform/bots/how-to/format-your-bot-messages
func dataURI(png []byte) string {
	return "data:image/png;base64," + base64.StdEncoding.EncodeToString(png)
}
