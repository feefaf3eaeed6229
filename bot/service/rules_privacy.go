package service

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"seducoahuila.gob.mx/altas/bot/console"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning/privacy"
)

// PrivacyRules is the privacy notice. Without the section the catalogue's texts are used; with it,
// they are used for the texts that are empty.
type PrivacyRules struct {
	Version      string `koanf:"version"` // people are asked again when it changes
	Date         string `koanf:"date"`    // yyyy-mm-dd; "" for none
	PrivacyTexts `koanf:",squash"`
	En           PrivacyTexts `koanf:"en"`
}

// PrivacyTexts are the notice's texts in one language; "" for those not written.
type PrivacyTexts struct {
	Responsible string `koanf:"responsible"`
	Address     string `koanf:"address"`
	Data        string `koanf:"data"`
	Purposes    string `koanf:"purposes"`
	Transfers   string `koanf:"transfers"`
	Refuse      string `koanf:"refuse"`
	Contact     string `koanf:"contact"`
	URL         string `koanf:"url"` // https, of the full notice
}

// The most characters of the notice's version and of each of its texts.
const (
	maxNoticeVersion = 20
	maxNoticeText    = 600
)

func (r *PrivacyRules) validate() error {
	if r == nil {
		return nil
	}
	var faults []error
	version := strings.TrimSpace(r.Version)
	switch {
	case version == "":
		faults = append(faults, console.Errorf(`privacy.version: missing; write the notice's version, such as "1", and another one whenever its text changes`))
	case utf8.RuneCountInString(version) > maxNoticeVersion:
		faults = append(faults, console.Errorf("privacy.version: %d characters; at most %d", utf8.RuneCountInString(version), maxNoticeVersion))
	case strings.ContainsFunc(version, unicode.IsControl):
		faults = append(faults, console.Errorf("privacy.version: one line without control characters"))
	}
	if _, err := r.date(); err != nil {
		faults = append(faults, console.Errorf("privacy.date: %q is no date; write it as \"2026-01-31\"", r.Date))
	}
	return errors.Join(append(faults, r.PrivacyTexts.validate("privacy"), r.En.validate("privacy.en"))...)
}

func (r *PrivacyRules) date() (time.Time, error) {
	if r.Date == "" {
		return time.Time{}, nil
	}
	return time.Parse(time.DateOnly, r.Date)
}

func (t PrivacyTexts) validate(where string) error {
	var faults []error
	for _, text := range t.byKey() {
		if n := utf8.RuneCountInString(text.value); n > maxNoticeText {
			faults = append(faults, console.Errorf("%s.%s: %d characters; at most %d, since it is the short notice", where, text.key, n, maxNoticeText))
		}
	}
	if u, err := url.Parse(t.URL); t.URL != "" && (err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil) {
		faults = append(faults, console.Errorf("%s.url: %q is no address of a page that begins with https://", where, t.URL))
	}
	return errors.Join(faults...)
}

// noticeText is a text of the notice with its key.
type noticeText struct{ key, value string }

func (t PrivacyTexts) byKey() []noticeText {
	return []noticeText{
		{"responsible", t.Responsible}, {"address", t.Address}, {"data", t.Data}, {"purposes", t.Purposes},
		{"transfers", t.Transfers}, {"refuse", t.Refuse}, {"contact", t.Contact}, {"url", t.URL},
	}
}

// warnings names what the organisation has still to write.
func (r *PrivacyRules) warnings() []string {
	if r == nil {
		return []string{"privacy: missing, so that people are shown the texts that Altas brings along; the legal office must review the notice and write its own"}
	}
	var missing []string
	for _, text := range r.byKey() {
		if strings.TrimSpace(text.value) == "" && text.key != "contact" {
			missing = append(missing, text.key)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("privacy: %s not written, so that the texts that Altas brings along are shown for it; the legal office must review them", strings.Join(missing, ", "))}
}

// domain returns the notice in force.
func (r *PrivacyRules) domain() privacy.Notice {
	if r == nil {
		return privacy.BuiltIn()
	}
	date, _ := r.date() // validated
	return privacy.Notice{Version: strings.TrimSpace(r.Version), Date: date, Texts: map[string]privacy.Text{
		cards.Spanish: privacy.Text(r.PrivacyTexts), cards.English: privacy.Text(r.En),
	}}
}
