// Package manifest makes the Teams app package of Altas: a zip with manifest.json,
// its English texts and the two icons, ready to be uploaded to the organisation's
// catalogue.
//
//	err := manifest.Write(file, manifest.Config{BotID: id, Domain: "altas.example.gob.mx", …})
//
// The manifest follows schema v1.30. Spanish is its own language; en.json holds the
// English. The icons are drawn from the SVG files beside the PNGs.
package manifest

import (
	"archive/zip"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"time"

	"seducoahuila.gob.mx/altas/bot/console"
)

//go:embed icons/color.png icons/outline.png
var icons embed.FS

// schema is the newest generally available one.
// https://developer.microsoft.com/json-schemas/teams/v1.30/MicrosoftTeams.schema.json
const (
	schemaVersion = "1.30"
	schemaURL     = "https://developer.microsoft.com/json-schemas/teams/v1.30/MicrosoftTeams.schema.json"
	textsURL      = "https://developer.microsoft.com/json-schemas/teams/v1.30/MicrosoftTeams.Localization.schema.json"
)

// Config is what differs between installations.
type Config struct {
	BotID     string // the bot's application id, a GUID
	AppID     string // of the package in Teams' catalogue, a GUID; the bot's where ""
	Version   string // of the package, "1.0.0": Teams updates to a higher one
	Developer string // 32 characters at most
	Website   string // https, of the developer
	Privacy   string // https, the notice of privacy
	Terms     string // https, the terms of use
	Domain    string // of the bot's own pages; "" where it shows none
}

var (
	guid    = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)
	domain  = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$`) // a wildcard would trust neighbours, too
	version = regexp.MustCompile(`^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)$`)
)

// Validate returns every fault at once.
func (c Config) Validate() error {
	var faults []error
	require := func(ok bool, format string, args ...any) {
		if !ok {
			faults = append(faults, console.Errorf(format, args...))
		}
	}
	require(guid.MatchString(c.BotID), "manifest: -bot %q is not a GUID; it is the application (client) id of the bot's registration, and BOT_APP_ID where -bot is not given", c.BotID)
	require(c.AppID == "" || guid.MatchString(c.AppID), "manifest: -app %q is not a GUID", c.AppID)
	require(version.MatchString(c.Version), "manifest: -version %q is not like 1.0.0", c.Version)
	require(c.Developer != "" && len([]rune(c.Developer)) <= 32, "manifest: -developer has 1 to 32 characters")
	for _, page := range []struct{ what, address string }{{"website", c.Website}, {"privacy", c.Privacy}, {"terms", c.Terms}} {
		u, err := url.Parse(page.address)
		require(err == nil && u.Scheme == "https" && u.Host != "", "manifest: -%s %q is not the https address of a page", page.what, page.address)
	}
	require(c.Domain == "" || domain.MatchString(c.Domain), "manifest: -domain %q is not a host's name alone, as altas.example.gob.mx", c.Domain)
	return errors.Join(faults...)
}

// JSON returns manifest.json.
func (c Config) JSON() ([]byte, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	return indented(c.manifest())
}

// Write writes the app package.
func Write(w io.Writer, c Config) error {
	body, err := c.JSON()
	if err != nil {
		return err
	}
	texts, err := indented(c.englishTexts())
	if err != nil {
		return err
	}
	z := zip.NewWriter(w)
	files := []struct {
		name string
		body []byte
	}{{"manifest.json", body}, {"en.json", texts}}
	for _, name := range []string{"color.png", "outline.png"} {
		png, err := icons.ReadFile("icons/" + name)
		if err != nil {
			return fmt.Errorf("read icon: %w", err)
		}
		files = append(files, struct {
			name string
			body []byte
		}{name, png})
	}
	for _, f := range files {
		if err := add(z, f.name, f.body); err != nil {
			return fmt.Errorf("pack %s: %w", f.name, err)
		}
	}
	return z.Close()
}

// packed is the time of every file, so that the same package has the same bytes.
var packed = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func add(z *zip.Writer, name string, body []byte) error {
	w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: packed})
	if err != nil {
		return err
	}
	_, err = w.Write(body)
	return err
}

func indented(v any) ([]byte, error) {
	body, err := json.MarshalIndent(v, "", "  ")
	return append(body, '\n'), err
}
