package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"seducoahuila.gob.mx/altas/bot/console"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/manifest"
)

// makeManifest writes the Teams app package.
func makeManifest(_ context.Context, c call) error {
	f := c.flags("manifest", "manifest -o altas.zip [flags]")
	out := f.String("o", "altas.zip", "the package's `file`")
	var m manifest.Config
	f.StringVar(&m.BotID, "bot", os.Getenv("BOT_APP_ID"), "the bot's application `id`; BOT_APP_ID")
	f.StringVar(&m.AppID, "app", "", "the package's `id` in Teams' catalogue; the bot's where empty")
	f.StringVar(&m.Version, "version", "1.0.0", "the package's `version`")
	f.StringVar(&m.Developer, "developer", "SEDU Coahuila, DGTI", "`name` of whoever publishes it")
	f.StringVar(&m.Website, "website", "https://www.seducoahuila.gob.mx", "`address` of the developer")
	f.StringVar(&m.Privacy, "privacy", "https://www.seducoahuila.gob.mx/privacidad", "`address` of the notice of privacy")
	f.StringVar(&m.Terms, "terms", "https://www.seducoahuila.gob.mx/terminos", "`address` of the terms of use")
	f.StringVar(&m.Domain, "domain", publicHost(), "`domain` of the bot's own pages; that of ALTAS_PUBLIC_URL")
	if err := parse(c, f); err != nil {
		return err
	}
	if err := m.Validate(); err != nil {
		return configError{err}
	}
	file, err := os.Create(*out)
	if err != nil {
		return err
	}
	if err := errors.Join(manifest.Write(file, m), file.Close()); err != nil {
		return err
	}
	if m.Domain == "" {
		c.warn("altas: the package names no domain, so Teams opens none of the bot's pages; -domain or ALTAS_PUBLIC_URL names it")
	}
	_, err = fmt.Fprintln(c.out, *out)
	return err
}

// publicHost returns the host of ALTAS_PUBLIC_URL; "" if it is not set.
func publicHost() string {
	u, err := url.Parse(os.Getenv("ALTAS_PUBLIC_URL"))
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// writeCards writes the card gallery: DIR/locale/name.json.
func writeCards(_ context.Context, c call) error {
	f := c.flags("cards", "cards -o DIR")
	dir := f.String("o", "", "the `folder` to write to")
	if err := parse(c, f); err != nil {
		return err
	}
	if *dir == "" {
		f.Usage()
		return errUsage
	}
	for _, g := range cards.Gallery(time.Now()) {
		body, err := json.MarshalIndent(g.Card, "", "  ")
		if err != nil {
			return console.Errorf("draw %s: %w", g.Name, err)
		}
		folder := filepath.Join(*dir, g.Locale)
		if err := os.MkdirAll(folder, 0o750); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(folder, g.Name+".json"), body, 0o600); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintln(c.out, *dir)
	return err
}
