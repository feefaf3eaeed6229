package cards

import (
	"embed"
	"errors"
	"io/fs"
	"strings"
	"sync"
	"time"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"go.yaml.in/yaml/v3"
	"golang.org/x/text/language"

	"seducoahuila.gob.mx/altas/provisioning"
)

// The locales of the texts.
const (
	Spanish = "es-MX"
	English = "en"
)

// Locales are all locales, the default first.
var Locales = [...]string{Spanish, English}

//go:embed texts/*.yaml
var files embed.FS

// Texts are the texts of one locale at one moment. In returns them; they are safe for concurrent
// use.
type Texts struct {
	locale        string
	localizer     *i18n.Localizer
	fixed         map[string]string // texts without arguments
	kinds         map[provisioning.RequestKind]*kindTexts
	kind          *kindTexts // set by about; the usual texts are of kind ""
	months        []string
	weekdays      []string
	now           time.Time
	absoluteDates bool // no "today", for cards that are read on other days too
	buttons       Buttons
	reaches       map[string]bool // keys of the texts with the argument "contact"
	contact       Contact
}

// In returns the texts of a BCP-47 locale: English for "en" and its regions, Spanish for all
// others.
func In(locale string) *Texts {
	all, _ := catalogues() // embedded; a test checks that they parse
	if strings.HasPrefix(strings.ToLower(locale), English) {
		return all[English]
	}
	return all[Spanish]
}

// At returns the texts at an instant: "today" is now's date, and times are shown in now's location.
func (t *Texts) At(now time.Time) *Texts {
	copied := *t
	copied.now = now
	return &copied
}

// With returns the texts for cards with these buttons.
func (t *Texts) With(b Buttons) *Texts {
	copied := *t
	copied.buttons = b
	return &copied
}

// withAbsoluteDates returns the texts for a card that is displayed for weeks without an update, on
// which "today" would become wrong.
func (t *Texts) withAbsoluteDates() *Texts {
	copied := *t
	copied.absoluteDates = true
	return &copied
}

// Locale returns the locale of the texts, one of Locales.
func (t *Texts) Locale() string { return t.locale }

var catalogues = sync.OnceValues(func() (map[string]*Texts, error) { return load(files) })

// load reads the catalogues of all locales.
func load(fsys fs.FS) (map[string]*Texts, error) {
	bundle := i18n.NewBundle(language.MustParse(Spanish))
	bundle.RegisterUnmarshalFunc("yaml", yaml.Unmarshal)
	all := make(map[string]*Texts)
	for _, locale := range Locales {
		all[locale] = &Texts{locale: locale, fixed: make(map[string]string), kinds: make(map[provisioning.RequestKind]*kindTexts), reaches: make(map[string]bool)}
	}
	paths, err := fs.Glob(fsys, "texts/*.yaml")
	if err != nil {
		return all, err
	}
	var errs []error
	for _, path := range paths {
		file, err := bundle.LoadMessageFileFS(fsys, path)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		all[file.Tag.String()].addMessages(file.Messages)
	}
	for _, t := range all {
		t.mergeKinds()
		t.localizer = i18n.NewLocalizer(bundle, t.locale)
		t.months = strings.Fields(t.fixed["when.months"])
		t.weekdays = strings.Fields(t.fixed["when.weekdays"])
	}
	return all, errors.Join(errs...)
}

// addMessages stores the messages without arguments in fixed: they are most of a card, and go-i18n
// matches the language in each call.
func (t *Texts) addMessages(messages []*i18n.Message) {
	for _, m := range messages {
		if base, kind, ok := strings.Cut(m.ID, "@"); ok {
			t.textsOfKind(provisioning.RequestKind(kind)).overrides[base] = true
		}
		t.reaches[m.ID] = strings.Contains(m.Other, "{{.contact}}")
		if m.One == "" && !strings.Contains(m.Other, "{{") {
			t.fixed[m.ID] = m.Other
		}
	}
}
