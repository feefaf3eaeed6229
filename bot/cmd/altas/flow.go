package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"seducoahuila.gob.mx/altas/bot/diagram"
	"seducoahuila.gob.mx/altas/bot/flowchart"
	"seducoahuila.gob.mx/altas/bot/service"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/flow"
	"seducoahuila.gob.mx/altas/provisioning/recovery"
)

// drawFlow writes the flow chart of a kind of request, annex F-007, by the organisation's rules.
func drawFlow(_ context.Context, c call) error {
	f := c.flags("flow", "flow -o FILE.svg|FILE.png [flags]")
	out := f.String("o", "", "the `file` to write, .svg or .png")
	config := f.String("config", os.Getenv("ALTAS_CONFIG"), "the rules' `file`; ALTAS_CONFIG")
	locale := f.String("lang", cards.Spanish, "the `language`: es-MX or en")
	recovers := f.Bool("recovery", false, "the chart of recovering a password, in place of new accounts'")
	if err := parse(c, f); err != nil {
		return err
	}
	if ending := filepath.Ext(*out); ending != ".svg" && ending != ".png" {
		f.Usage()
		return errUsage
	}
	if *config == "" {
		*config = "altas.yaml"
	}
	rules, err := service.LoadRules(*config)
	if err != nil {
		return configError{err}
	}
	kind := provisioning.Create
	if *recovers {
		kind = recovery.Kind
	}
	picture, err := flowchart.Draw(flowOf(rules.Flows(time.UTC), kind), *locale)
	if err != nil {
		return err
	}
	if err := writePicture(*out, picture); err != nil {
		return err
	}
	_, err = fmt.Fprintln(c.out, *out)
	return err
}

func flowOf(flows []flow.Flow, kind provisioning.RequestKind) flow.Flow {
	for _, f := range flows {
		if f.Kind == kind {
			return f
		}
	}
	return flow.Flow{}
}

// printed is the largest PNG, in pixels: twice what a card shows.
const printed = 2048

func writePicture(name string, p *diagram.Picture) error {
	body := p.SVG()
	if filepath.Ext(name) == ".png" {
		var err error
		if body, err = p.PNG(printed, printed); err != nil {
			return err
		}
	}
	return os.WriteFile(name, body, 0o644) //nolint:gosec // it is published
}
