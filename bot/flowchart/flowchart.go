package flowchart

import (
	"fmt"
	"strings"
	"sync"

	"seducoahuila.gob.mx/altas/bot/diagram"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/creation"
	"seducoahuila.gob.mx/altas/provisioning/flow"
	"seducoahuila.gob.mx/altas/provisioning/recovery"
)

// maxWidth and maxHeight are the largest picture in a card, in pixels.
// https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-format
const (
	maxWidth  = 1024
	maxHeight = 1024
)

// Flows returns the flow of each kind of request, of new accounts first.
func Flows(rules *provisioning.Rules, r recovery.Settings) []flow.Flow {
	return []flow.Flow{
		flow.Of(rules, flow.Kind{Name: provisioning.Create, Moves: (&creation.Creation{}).Moves(), Letter: true}),
		flow.Of(rules, flow.Kind{
			Name: recovery.Kind, Stages: append([]provisioning.StageName{}, r.Stages...), // not nil, which is all stages
			Moves: (&recovery.Recovery{}).Moves(), Recent: r.Recent, Letter: true,
		}),
	}
}

// Draw draws a flow with the texts of a locale.
func Draw(f flow.Flow, locale string) (*diagram.Picture, error) {
	return diagram.Draw(cards.In(locale).Chart(f))
}

// Charts answers with the flow charts. It draws each once, when it is first asked for.
type Charts struct {
	publicURL string
	pictures  []*picture
}

// picture is a flow in one language, drawn.
type picture struct {
	flow   flow.Flow
	locale string
	path   string // without its ending: "/flujo"
	files  func() (files, error)
}

type files struct{ svg, png []byte }

// paths are the paths of the kinds' pictures, without their ending.
var paths = map[provisioning.RequestKind]string{provisioning.Create: "/flujo", recovery.Kind: "/flujo-recuperar"}

// New returns the charts of the flows. publicURL is https://host of the bot's pages; "" if it has
// none.
func New(flows []flow.Flow, publicURL string) *Charts {
	c := &Charts{publicURL: strings.TrimRight(publicURL, "/")}
	for _, f := range flows {
		for _, locale := range cards.Locales {
			draw := sync.OnceValues(func() (files, error) { return drawn(f, locale) })
			c.pictures = append(c.pictures, &picture{f, locale, paths[f.Kind], draw})
		}
	}
	return c
}

func drawn(f flow.Flow, locale string) (files, error) {
	p, err := Draw(f, locale)
	if err != nil {
		return files{}, fmt.Errorf("draw the flow of %s: %w", f.Kind, err)
	}
	png, err := p.PNG(maxWidth, maxHeight)
	return files{p.SVG(), png}, err
}

// find returns the picture that match accepts, in the locale; nil if there is none.
func (c *Charts) find(locale string, match func(*picture) bool) *picture {
	locale = cards.In(locale).Locale()
	for _, p := range c.pictures {
		if p.locale == locale && match(p) {
			return p
		}
	}
	return nil
}
