package service_test

import (
	"bytes"
	"encoding/base64"
	"image/png"
	"strings"
	"testing"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
)

// imageOf returns the picture of a card.
func imageOf(t *testing.T, card *teamsfake.Card) (url, alt string) {
	t.Helper()
	body, _ := card.Content["body"].([]any)
	for _, element := range body {
		if e, _ := element.(map[string]any); e["type"] == "Image" {
			url, _ = e["url"].(string)
			alt, _ = e["altText"].(string)
		}
	}
	return url, alt
}

// displays waits for a card about something, which offers nothing, in a person's chat.
func (o *office) displays(p teamsfake.Person, about string) (found *teamsfake.Card) {
	o.t.Helper()
	o.waits("card of "+about, func() bool {
		for _, c := range o.teams.Cards(o.chats[p.ID], p.ID) {
			if strings.Contains(c.Text(), about) {
				found = c
			}
		}
		return found != nil
	})
	return found
}

// Without a public address the card contains the picture itself, which Teams takes; with one it has
// links to the bot's own pages.
func TestFlujoShowsTheFlowChart(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.says(o.silvia, "flujo")
	url, alt := imageOf(t, o.displays(o.silvia, "Diagrama de flujo (F-007)"))
	raw, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(url, "data:image/png;base64,"))
	if err != nil {
		t.Fatalf("%v: %.60s", err, url)
	}
	img, err := png.DecodeConfig(bytes.NewReader(raw))
	if err != nil || img.Width > 1024 || img.Height > 1024 || img.Height < 900 || len(raw) > 1<<20 {
		t.Errorf("%+v of %d bytes, %v", img, len(raw), err)
	}
	if !strings.Contains(alt, "Secretaria del Director · actividad 2: Recibe la solicitud") {
		t.Errorf("the picture in words: %s", alt)
	}
	o.says(o.silvia, "flujo recuperar")
	_, alt = imageOf(t, o.displays(o.silvia, "Diagrama de flujo de una recuperación"))
	if strings.Contains(alt, "Secretaria del Director") || !strings.Contains(alt, "Pone una contraseña temporal") {
		t.Errorf("a recovery in words: %s", alt)
	}
}

// With a public address the card leads to the bot's own pages, in the person's language.
func TestFlujoLeadsToThePages(t *testing.T) {
	t.Parallel()
	o := openOffice(t, func(o *office, _ *tenantConfig) { o.env["ALTAS_PUBLIC_URL"] = "https://altas.example.mx/" })
	o.says(o.silvia, "flow")
	card := o.displays(o.silvia, "Diagrama de flujo (F-007)")
	if url, _ := imageOf(t, card); url != "https://altas.example.mx/flujo.png" {
		t.Errorf("the picture is at %s", url)
	}
	link := card.Action("Verlo en la web")
	if link == nil || link.Raw["url"] != "https://altas.example.mx/flujo.svg" {
		t.Errorf("the card leads to %+v", link)
	}
}
