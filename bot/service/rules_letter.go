package service

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/bot/console"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/letter"
)

// LetterRules are the settings of the oficio de respuesta. An empty field is the default.
type LetterRules struct {
	Parts      []string          `koanf:"parts"`
	Letterhead []string          `koanf:"letterhead"`
	Logo       string            `koanf:"logo"` // a PNG, relative to the rules' file
	LogoAlt    string            `koanf:"logoAlt"`
	Legends    []LegendRules     `koanf:"legends"`
	Place      string            `koanf:"place"`
	Office     string            `koanf:"office"`
	Portal     string            `koanf:"portal"`
	File       string            `koanf:"expediente"`
	Signer     SignerRules       `koanf:"signer"`
	Copies     []string          `koanf:"copies"`
	Initials   string            `koanf:"initials"`
	Texts      map[string]string `koanf:"texts"`
	Numbering  NumberingRules    `koanf:"numbering"`
	Stage      string            `koanf:"stage"`   // whose channel sends letters
	Senders    []string          `koanf:"senders"` // object ids
}

// LegendRules is the legend of the year between two dates, both included.
type LegendRules struct {
	From string `koanf:"from"`
	To   string `koanf:"to"`
	Text string `koanf:"text"`
}

// SignerRules is who signs letters.
type SignerRules struct {
	Name string `koanf:"name"`
	Post string `koanf:"post"`
}

// NumberingRules are how letters are numbered.
type NumberingRules struct {
	Source string `koanf:"source"` // serie, rango or oficina
	Format string `koanf:"format"`
	Digits int    `koanf:"digits"`
}

// LetterTemplate returns the template of the organisation's letters, which LoadRules has validated.
func (r Rules) LetterTemplate(zone *time.Location) (letter.Template, error) {
	s, err := r.Letter.settings(r.folder, zone)
	return s.Template, err
}

// settings returns the settings in package letter's terms, or all faults. folder is that of the
// rules' file.
func (r LetterRules) settings(folder string, zone *time.Location) (letter.Settings, error) {
	s := letter.Settings{
		Template: r.template(zone), Numbering: r.Numbering.domain(), Stage: provisioning.Subdirector, Senders: r.Senders, File: r.File,
	}
	var faults []error
	if r.Stage != "" {
		s.Stage = provisioning.StageName(r.Stage)
	}
	if s.Stage != provisioning.Director && s.Stage != provisioning.Subdirector {
		faults = append(faults, console.Errorf("letter.stage: %q is neither %s nor %s", r.Stage, provisioning.Director, provisioning.Subdirector))
	}
	if r.Logo != "" {
		path := r.Logo
		if !filepath.IsAbs(path) {
			path = filepath.Join(folder, path)
		}
		data, err := os.ReadFile(path)
		if err != nil {
			faults = append(faults, console.Errorf("letter.logo: %w", err))
		}
		s.Template.Logo = data
	}
	for _, fault := range flatten(s.Template.Validate()) {
		faults = append(faults, console.Errorf("letter.%w", fault))
	}
	for _, fault := range flatten(s.Numbering.Validate()) {
		faults = append(faults, console.Errorf("letter.numbering.%w", fault))
	}
	if left := strings.NewReplacer("{year}", "", "{folio}", "").Replace(r.File); strings.ContainsAny(left, "{}") {
		faults = append(faults, console.Errorf("letter.expediente: may have only {year} and {folio} in braces"))
	}
	return s, errors.Join(faults...)
}

func (r NumberingRules) domain() letter.Numbering {
	n := letter.DefaultNumbering()
	if r.Source != "" {
		n.Source = letter.Source(r.Source)
	}
	if r.Format != "" {
		n.Format = r.Format
	}
	if r.Digits != 0 {
		n.Digits = r.Digits
	}
	return n
}

// template returns the default template with what the rules say otherwise.
func (r LetterRules) template(zone *time.Location) letter.Template {
	t := letter.DefaultTemplate()
	t.Zone = zone
	if r.Parts != nil {
		t.Parts = nil
		for _, part := range r.Parts {
			t.Parts = append(t.Parts, letter.Part(part))
		}
	}
	if r.Letterhead != nil {
		t.Letterhead = r.Letterhead
	}
	if r.Legends != nil {
		t.Legends = nil
		for _, l := range r.Legends {
			t.Legends = append(t.Legends, letter.Legend(l))
		}
	}
	for _, set := range []struct {
		to   *string
		text string
	}{
		{&t.LogoAlt, r.LogoAlt}, {&t.Place, r.Place}, {&t.Office, r.Office}, {&t.Portal, r.Portal},
		{&t.Signer.Name, r.Signer.Name}, {&t.Signer.Post, r.Signer.Post}, {&t.Initials, r.Initials},
	} {
		if set.text != "" {
			*set.to = set.text
		}
	}
	if r.Copies != nil {
		t.Copies = r.Copies
	}
	t.Texts = r.Texts
	return t
}
